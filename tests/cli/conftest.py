"""What the tests of the command line share: a broken design, a finished run, and the module `shell`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from designer.cli import main
from designer.resources import samples

sys.path.insert(0, str(Path(__file__).parent))

IRIS = next(str(path) for path in samples() if path.stem == "iris")


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A design whose Linear nothing reaches."""
    raw = {
        "format": "netwright/1",
        "nodes": [
            {"id": "image", "layer": "Input", "settings": {"shape": [4]}},
            {"id": "dense", "layer": "Linear"},
            {"id": "answer", "layer": "Output"},
        ],
        "links": [["dense", "answer"]],
    }
    path = tmp_path / "broken.netwright"
    path.write_text(json.dumps(raw), "utf-8")
    return path


@pytest.fixture(scope="session")
def run_of_iris(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run."""
    folder = tmp_path_factory.mktemp("runs") / "iris"
    assert main(["train", IRIS, "--epochs", "2", "--device", "cpu", "--out", str(folder), "--json"]) == 0
    return folder
