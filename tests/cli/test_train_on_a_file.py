"""Training on data of one's own, on the command line: paths, what is refused, and that the run can be found again."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_iris

from designer.cli import main
from designer.compiler.project import open_design


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a table, and a design that names it by a relative path."""
    measures, species = load_iris(return_X_y=True)
    names = ("setosa", "versicolor", "virginica")
    rows = [",".join([*map(str, row), names[each]]) for row, each in zip(measures, species, strict=True)]
    (tmp_path / "flowers.csv").write_text("\n".join(["a,b,c,d,species", *rows]), "utf-8")
    write(tmp_path, {"source": "file", "path": "flowers.csv"})
    return tmp_path


def write(folder: Path, data: object, shape: tuple[int, ...] = (4,), epochs: int = 20) -> None:
    design = {
        "format": "netwright/1",
        "nodes": [
            {"id": "measures", "layer": "Input", "settings": {"shape": shape}},
            {"id": "scores", "layer": "Linear", "settings": {"out_features": 3}},
            {"id": "species", "layer": "Output", "settings": {"loss": "CrossEntropyLoss"}},
        ],
        "links": [["measures", "scores"], ["scores", "species"]],
        "data": data,
        "training": {"optimizer": {"kind": "Adam", "lr": 0.05}, "epochs": epochs},
    }
    (folder / "design.netwright").write_text(json.dumps(design), "utf-8")


def train(folder: Path) -> int:
    run = str(folder / "runs" / "one")
    return main(["train", str(folder / "design.netwright"), "--device", "cpu", "--out", run, "--json"])


def test_a_table_beside_the_design_is_learned_from(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert train(folder) == 0
    last = json.loads(capfdbinary.readouterr().out.splitlines()[-1])
    assert last["metrics"]["test_accuracy"] > 0.8
    told = json.loads((folder / "runs" / "one" / "run.json").read_text("utf-8"))
    assert len(told["scales"]["features"]["mean"]) == 4
    again = open_design(folder / "runs" / "one" / "design.netwright")
    assert again.data["path"] == str(folder / "flowers.csv")
    assert main(["check", str(folder / "runs" / "one" / "design.netwright")]) == 0


def test_arrays_beside_the_design_are_learned_from(folder: Path) -> None:
    generator = np.random.default_rng(0)
    labels = generator.integers(0, 3, 90)
    np.savez(folder / "points.npz", x=np.eye(3)[labels] + generator.normal(0, 0.1, (90, 3)), y=labels)
    write(folder, {"source": "file", "path": "points.npz"}, (3,), epochs=2)
    assert train(folder) == 0


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"path": "gone.csv"}, "There is no data file"),
        ({}, "No data file is chosen"),
        ({"path": 3}, "path is 3, but it must be a text"),
        ({"path": "flowers.csv", "columns": {"species": "answer"}}, "it must be one of feature, target, ignore"),
        ({"path": "flowers.csv", "columns": {"colour": "target"}}, 'flowers.csv has no column "colour"'),
        ({"path": "gaps.csv"}, "lacks 1 value of a, in 1 row"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(
    folder: Path, data: dict[str, object], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (folder / "flowers.csv").read_text("utf-8").replace("5.1,", ",", 1)
    (folder / "gaps.csv").write_text(text, "utf-8")
    write(folder, {"source": "file", **data})
    assert train(folder) == 1
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1
