"""Data of one's own in the window: a file dropped on the canvas, trained on, and run again from the command line."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hand import Hand
from own_sources import paint
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from sklearn.datasets import load_iris

from designer.graph import edits
from designer.problems import Problem
from designer.protocol import Finished

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow

PATIENCE = 180_000


@pytest.fixture
def flowers(tmp_path: Path) -> Path:
    """The iris flowers as a table, each twice, their species as words."""
    measures, species = load_iris(return_X_y=True)
    names = ("setosa", "versicolor", "virginica")
    rows = [",".join([*map(str, row), names[each]]) for row, each in zip(measures, species, strict=True)]
    path = tmp_path / "flowers.csv"
    path.write_text("\n".join(["a,b,c,d,species", *rows, *rows]), "utf-8")
    return path


def drop(window: MainWindow, path: Path, x: float = 0.0, y: float = 0.0) -> bool:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    hand = Hand(window.canvas)
    return hand.drop_data(data, hand.at(x, y))


def add(window: MainWindow, words: str) -> None:
    """Search for a layer and put it behind the selected one."""
    QTest.keyClick(window.canvas, Qt.Key.Key_Tab)
    finder = window.canvas.quick_add.finder
    assert finder is not None
    QTest.keyClicks(finder.field, words)
    QTest.keyClick(finder.field, Qt.Key.Key_Return)


def found(window: MainWindow, code: str) -> Problem:
    """The one problem of a kind."""
    (problem,) = (problem for problem in window.workspace.report.problems if problem.code == code)
    return problem


def test_a_table_dropped_on_an_empty_canvas_is_trained_on(
    qtbot: QtBot, window: MainWindow, press: Callable[[str], None], flowers: Path, tmp_path: Path
) -> None:
    press("new")
    workspace = window.workspace
    assert drop(window, flowers)
    qtbot.waitUntil(lambda: bool(workspace.document.nodes))
    assert workspace.document.data == {"source": "file", "path": str(flowers)}
    assert workspace.document.nodes["input1"].settings == {"shape": (4,)}
    assert workspace.selection == {"input1"}
    for layer in ("linear", "output"):
        add(window, layer)
    while window.workspace.report.problems or window.runs.problems:
        problems = (*window.workspace.report.problems, *window.runs.problems)
        assert workspace.fix(problems[0].fixes[0])
    assert workspace.document.nodes["linear1"].settings["out_features"] == 3
    values = {"epochs": 2, "batch_size": 4, "optimizer": {"kind": "Adam", "lr": 0.05}}
    workspace.commit_whole(lambda document: edits.change_training(document, values), "Change the training")
    press("train")
    run = window.runs.current
    assert run is not None
    qtbot.waitUntil(lambda: run.finished is not None or run.problem is not None, timeout=PATIENCE)
    assert isinstance(run.finished, Finished), run.problem
    accuracy = run.finished.metrics["test_accuracy"]
    assert accuracy is not None
    assert accuracy > 0.6
    workspace.save(tmp_path / "deeper.netwright")
    command = [sys.executable, "-m", "designer", "train", str(tmp_path / "deeper.netwright"), "--epochs", "1"]
    ended = subprocess.run([*command, "--out", str(tmp_path / "run")], capture_output=True, timeout=120)
    assert ended.returncode == 0, ended.stderr.decode()
    again = subprocess.run(
        [sys.executable, "-m", "designer", "check", str(run.folder / "design.netwright")],
        capture_output=True,
        timeout=60,
    )
    assert again.returncode == 0, again.stdout.decode()


def test_a_drop_is_one_step_and_the_only_input_takes_the_shape(
    qtbot: QtBot, window: MainWindow, file: Path, tmp_path: Path
) -> None:
    window.open(file)
    workspace = window.workspace
    before = workspace.document
    np.savez(tmp_path / "points.npz", x=np.random.default_rng(0).normal(size=(30, 7)), y=np.arange(30) % 3)
    assert drop(window, tmp_path / "points.npz")
    qtbot.waitUntil(lambda: workspace.document is not before)
    assert workspace.document.nodes["measures"].settings == {"shape": (7,)}
    assert workspace.document.data == {"source": "file", "path": "points.npz"}
    assert len(workspace.document.nodes) == len(before.nodes)
    assert not window.runs.problems
    workspace.undo()
    assert workspace.document is before


def test_a_file_that_is_no_data_is_one_sentence_and_a_design_is_opened(
    qtbot: QtBot, window: MainWindow, press: Callable[[str], None], file: Path, tmp_path: Path
) -> None:
    press("new")
    other = tmp_path / "letter.doc"
    other.write_text("Dear reader", "utf-8")
    with qtbot.waitSignal(window.workspace.refused) as refused:
        assert drop(window, other)
    assert "letter.doc is no data file that can be read" in refused.args[0]
    assert not window.workspace.document.nodes
    assert drop(window, file)
    qtbot.waitUntil(lambda: window.workspace.path == file)


def test_gaps_are_told_with_a_fix_and_roles_are_chosen_in_the_panel(
    qtbot: QtBot, window: MainWindow, press: Callable[[str], None], flowers: Path
) -> None:
    press("new")
    workspace, panel = window.workspace, window.docks.data
    flowers.write_text(flowers.read_text("utf-8").replace("5.1,", "?,", 1), "utf-8")
    drop(window, flowers)
    qtbot.waitUntil(lambda: bool(workspace.document.nodes))
    problem = found(window, "data")
    assert problem.message.startswith("flowers.csv lacks 1 value of a, in 1 row.")
    assert problem.sentence in panel.facts.text()
    workspace.fix(problem.fixes[0])
    assert "299 examples" in panel.facts.text()
    window.show_panel("data")
    role = panel.file.roles["a"].combo
    role.setCurrentIndex(role.findText("ignore"))
    role.activated.emit(role.currentIndex())
    assert workspace.document.data["columns"] == {"a": "ignore"}
    assert workspace.report.facts is not None
    assert workspace.report.facts.examples == 300
    assert found(window, "data-shape").node == "input1"


def test_a_design_saved_elsewhere_still_learns_from_its_file(
    qtbot: QtBot, window: MainWindow, press: Callable[[str], None], flowers: Path, tmp_path: Path
) -> None:
    press("new")
    workspace = window.workspace
    workspace.save(tmp_path / "first.netwright")
    drop(window, flowers)
    qtbot.waitUntil(lambda: bool(workspace.document.nodes))
    assert workspace.document.data["path"] == "flowers.csv"
    (tmp_path / "elsewhere").mkdir()
    workspace.save(tmp_path / "elsewhere" / "second.netwright")
    assert workspace.document.data["path"] == str(flowers)
    assert not workspace.modified
    assert workspace.report.facts is not None
    workspace.save(tmp_path / "third.netwright")
    window.open(tmp_path / "elsewhere" / "second.netwright")
    qtbot.waitUntil(lambda: workspace.report.facts is not None)


def test_a_folder_dropped_is_a_source_and_its_settings_are_in_the_panel(
    qtbot: QtBot, window: MainWindow, press: Callable[[str], None], tmp_path: Path
) -> None:
    press("new")
    workspace, panel = window.workspace, window.docks.data
    for name in ("cat", "dog"):
        paint(tmp_path / "pets" / name / "1.png", mode="L")
    (tmp_path / "pets" / "cat" / "bad.png").write_bytes(b"no image")
    assert drop(window, tmp_path / "pets")
    qtbot.waitUntil(lambda: bool(workspace.document.nodes))
    assert workspace.document.data == {"source": "images", "path": str(tmp_path / "pets")}
    assert workspace.document.nodes["input1"].settings == {"shape": (1, 8, 8)}
    problem = found(window, "data")
    assert "cat/bad.png is no image" in problem.message
    workspace.fix(problem.fixes[0])
    assert "2 examples" in panel.facts.text()
    assert "cat/bad.png is no image; it is left out." in panel.facts.text()
    window.show_panel("data")
    assert panel.form is not None
    panel.form.edited.emit("size", (6, 4))
    assert found(window, "data-shape").fixes[0].arguments["values"]["shape"] == (1, 6, 4)
    paint(tmp_path / "pets" / "fox" / "1.png", mode="L")
    qtbot.waitUntil(lambda: workspace.report.facts is not None and workspace.report.facts.examples == 3)


def test_a_file_that_changes_or_goes_is_noticed(
    qtbot: QtBot, window: MainWindow, press: Callable[[str], None], flowers: Path
) -> None:
    press("new")
    workspace = window.workspace
    drop(window, flowers)
    qtbot.waitUntil(lambda: workspace.report.facts is not None)
    flowers.write_text("a,b,c,species\n" + "1,2,3,x\n4,5,6,y\n" * 20, "utf-8")
    qtbot.waitUntil(lambda: workspace.report.facts is not None and workspace.report.facts.examples == 40)
    assert found(window, "data-shape").node == "input1"
    flowers.unlink()
    qtbot.waitUntil(lambda: workspace.report.facts is None)
    assert "There is no data file" in found(window, "data").message
