"""Finds the files beside the code: icons, themes, teaching cards and samples.

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


def samples() -> tuple[Path, ...]:
    """The sample designs, by name."""
    return tuple(sorted(_room("samples").glob("*.netwright")))
