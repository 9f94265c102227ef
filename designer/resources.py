"""Finds the files beside the code: icons, themes, teaching cards, samples, and the text of layers that torch lacks.

In a checkout they stand at the top level; in an installed wheel, below `designer/_files/`.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "_files"


def _room(name: str) -> Path:
    return (_INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent) / name


def resource(*parts: str) -> Path:
    """A file or folder below `resources/`, such as `resource("icons", "netwright.svg")`."""
    return _room("resources").joinpath(*parts)


def module_text(file: str) -> str:
    """The text of a file of `designer.engine.modules`, to be printed; it is not imported, since it needs torch."""
    return (_PACKAGE / "engine" / "modules" / f"{file}.py").read_text(encoding="utf-8")


def engine_text(file: str) -> str:
    """The text of a file of `designer.engine`, to be printed; it is not imported, since it needs torch."""
    return (_PACKAGE / "engine" / file).read_text(encoding="utf-8")


def resources(folder: str, pattern: str) -> tuple[Path, ...]:
    """The files of a folder of `resources/`, by name."""
    return tuple(sorted(resource(folder).glob(pattern)))


def samples() -> tuple[Path, ...]:
    """The sample designs to train, by name."""
    return tuple(sorted(_room("samples").glob("*.netwright")))


def networks() -> tuple[Path, ...]:
    """Well-known networks, to be read, counted and exported; their data does not come along."""
    return tuple(sorted((_room("samples") / "networks").glob("*.netwright")))
