"""The rooms keep to their floors, every contract is real, and the core loads neither Qt nor torch."""

from __future__ import annotations

import pkgutil
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import designer

PACKAGE = Path(designer.__file__).parent
PROJECT = PACKAGE.parent
LINTER = Path(sys.executable).with_name("lint-imports")

OFFENCES = {
    "a lower room imports a higher one": (
        "graph/document.py", "import designer.compiler.checking.check", "A room imports only from the floors below",
    ),
    "rooms on one floor see each other": (
        "catalogue/tensor.py", "import designer.graph.names", "A room imports only from the floors below",
    ),
    "the window imports the engine": (
        "gui/theme.py", "import designer.engine.worker", "A room imports only from the floors below",
    ),
    "the lowest files see each other": (
        "plan.py", "import designer.problems", "A room imports only from the floors below",
    ),
    "a room that stands on no floor": ("attic.py", "", "A room imports only from the floors below"),
    "a lower floor of the window imports a higher one": (
        "gui/theme.py", "import designer.gui.main_window", "The floors inside the window",
    ),
    "a panel reaches for the canvas": (
        "gui/panels/code.py", "import designer.gui.canvas.scene", "The floors inside the window",
    ),
    "a file of the window that stands on no floor": ("gui/attic.py", "", "The floors inside the window"),
    "Qt below the window": ("compiler/checking/check.py", "from PySide6 import QtCore", "Qt only in the window"),
    "Qt in a function of the command line": (
        "cli/check.py", "def draw():\n    import pyqtgraph", "Qt only in the window",
    ),
    "torch in the core": ("catalogue/layer.py", "import torch", "torch only in the engine"),
    "torch in a function of the window": (
        "gui/runner.py", "def load():\n    from torch import nn", "torch only in the engine",
    ),
    "networkx elsewhere": (
        "compiler/checking/check.py", "import networkx", "networkx only where circles are found and for its graphs",
    ),
    "polars elsewhere": ("engine/data.py", "import polars", "polars only where data files are read"),
    "Pillow elsewhere": ("gui/thumbnail.py", "import PIL", "Pillow only where image files are read"),
    "fast-sugiyama elsewhere": (
        "graph/layout/order.py", "import fast_sugiyama", "fast-sugiyama only behind its guard",
    ),
    "the engine sees a design": (
        "engine/data.py", "import designer.graph.document", "The engine sees plans, never designs",
    ),
    "two files import each other": ("catalogue/tensor.py", "import designer.catalogue.entry", "No circles"),
}  # fmt: skip


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(LINTER), "--no-cache", "--config", "pyproject.toml"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package's code and its contracts, in a folder of their own."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(PACKAGE, folder / "designer", ignore=lambda _, names: [n for n in names if n == "__pycache__"])
    shutil.copy(PROJECT / "pyproject.toml", folder)
    return folder


def test_all_import_contracts_are_kept(copied: Path) -> None:
    result = linted(copied)
    assert result.returncode == 0, result.stdout + result.stderr
    assert {title for _, _, title in OFFENCES.values()} == set(kept(result.stdout))


def kept(report: str) -> list[str]:
    """The names of the contracts that hold."""
    return [line.partition(" KEPT")[0] for line in report.splitlines() if " KEPT" in line]


@pytest.mark.parametrize("offence", OFFENCES)
def test_a_contract_is_broken_by_what_it_forbids(copied: Path, offence: str) -> None:
    name, code, contract = OFFENCES[offence]
    file = copied / "designer" / name
    before = file.read_text() if file.exists() else None
    file.write_text(f"{before or ''}\n{code}\n")
    try:
        result = linted(copied)
    finally:
        if before is None:
            file.unlink()
        else:
            file.write_text(before)
    assert result.returncode == 1, result.stdout + result.stderr
    assert contract not in kept(result.stdout)


def modules_of_the_core() -> list[str]:
    """Every module that is neither the window's nor the engine's, nor starts the program."""
    names = (each.name for each in pkgutil.walk_packages([str(PACKAGE)], "designer.", onerror=lambda _: None))
    return [name for name in names if name.split(".")[1] not in ("gui", "engine", "__main__")]


def test_the_core_loads_neither_torch_nor_qt() -> None:
    modules = modules_of_the_core()
    assert {"designer.compiler.checking.check", "designer.graph.files", "designer.cli.program"} <= set(modules)
    heavy = ("torch", "PySide6", "shiboken6", "pyqtgraph", "sklearn", "onnx", "designer.gui", "designer.engine")
    imports = "\n".join(f"import {name}" for name in modules)
    code = f"import sys\n{imports}\nprint([name for name in {heavy} if name in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True, cwd=PROJECT
    )
    assert result.stdout.strip() == "[]"


def test_the_windows_process_never_loads_torch() -> None:
    code = (
        "import sys, designer.gui.main_window, designer.gui.application\n"
        "print([name for name in ('torch', 'sklearn', 'designer.engine') if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True, cwd=PROJECT
    )
    assert result.stdout.strip() == "[]"


def test_every_module_says_what_it_is_for() -> None:
    for file in PACKAGE.rglob("*.py"):
        source = file.read_text(encoding="utf-8")
        assert not source.strip() or source.lstrip().startswith('"""'), file


def test_examples_are_collected_and_divided_without_torch() -> None:
    code = (
        "import sys\nfrom designer.engine.data.collect import collect\n"
        "from designer.engine.data.splitting import split_rows\nfrom designer.protocol import Source, Split\n"
        "for key in ('digits', 'moons', 'karate', 'tagging'):\n    split_rows(collect(Source(key)), Split())\n"
        "print('torch' in sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True, cwd=PROJECT
    )
    assert result.stdout.strip() == "False"
