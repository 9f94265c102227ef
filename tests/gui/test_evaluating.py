"""A run asked in the window, with the real worker: right after the training, and by its folder after a restart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QTableWidgetItem
from pytestqt.qtbot import QtBot

from designer.graph import edits
from designer.gui.panels.evaluation.panel import WAITS, EvaluationPanel
from designer.gui.panels.evaluation.prediction import PredictionPanel

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow

Press = Callable[[str], None]
LONG = 180_000
"""Milliseconds that a run may take on a busy machine, torch's start included."""


def panel_of(window: MainWindow) -> EvaluationPanel:
    panel = window.docks.panels["evaluation"]
    assert isinstance(panel, EvaluationPanel)
    return panel


def text(item: QTableWidgetItem | None) -> str:
    assert item is not None
    return item.text()


def test_a_run_is_measured_after_its_training_and_again_after_a_restart(
    qtbot: QtBot, open_window: Callable[[], MainWindow], file: Path
) -> None:
    window = open_window()
    window.open(file)
    window.runs.train()
    qtbot.waitUntil(lambda: window.runs.current is not None and window.runs.current.finished is not None, timeout=LONG)
    window.show_panel("evaluation")
    panel = panel_of(window)
    assert window.runs.current is not None
    assert panel.run.chosen == window.runs.current.folder
    qtbot.mouseClick(panel.evaluate, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.shown is not None, timeout=LONG)
    finished = window.runs.current.finished
    assert finished is not None
    assert panel.report.values["accuracy"].text() == f"{finished.metrics['test_accuracy']:.1%}"
    assert [text(panel.report.table.item(row, 0)) for row in range(3)] == ["setosa", "versicolor", "virginica"]
    assert panel.note.text() == "22 examples of the test split."

    # A cell shows its rows, with the columns of the table under their names.
    titles = [panel.tabs.tabText(place) for place in range(panel.tabs.count())]
    assert titles == ["Report", "Confusion", "Worst first"]
    panel.tabs.setCurrentIndex(1)
    cell = max(((a, b) for a in range(3) for b in range(3)), key=lambda each: panel.matrix.matrix[each[0]][each[1]])
    qtbot.waitUntil(lambda: panel.matrix.isVisible())
    QTest.mouseClick(panel.matrix.viewport(), Qt.MouseButton.LeftButton, pos=panel.matrix.cell_rect(*cell).center())
    qtbot.waitUntil(lambda: panel.examples.pages.currentWidget() is panel.examples.table, timeout=LONG)
    model = panel.examples.table.model_
    assert model.rowCount() == panel.matrix.matrix[cell[0]][cell[1]]
    assert "sepal length (cm)" in model.columns
    first = panel.report.values["accuracy"].text()
    window.close()

    again = open_window()
    again.open(file)
    again.show_panel("evaluation")
    panel = panel_of(again)
    assert panel.run.chosen == window.runs.current.folder
    qtbot.mouseClick(panel.evaluate, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.shown is not None, timeout=LONG)
    assert panel.report.values["accuracy"].text() == first


def test_while_another_run_trains_it_says_that_it_waits(qtbot: QtBot, window: MainWindow, file: Path) -> None:
    window.open(file)
    window.runs.train()
    qtbot.waitUntil(lambda: window.runs.current is not None and window.runs.current.finished is not None, timeout=LONG)
    window.show_panel("evaluation")
    panel = panel_of(window)
    window.workspace.commit_whole(lambda document: edits.change_training(document, {"epochs": 100_000}), "Train on")
    window.runs.train()
    qtbot.waitUntil(lambda: window.runs.current is not None and window.runs.current.losses.count > 0, timeout=LONG)
    qtbot.mouseClick(panel.evaluate, Qt.MouseButton.LeftButton)
    assert panel.note.text() == WAITS
    assert not panel.evaluate.isEnabled()
    window.runs.stop()
    qtbot.waitUntil(lambda: panel.shown is not None, timeout=LONG)
    assert panel.evaluate.isEnabled()


def test_without_a_run_it_says_what_to_do(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    qtbot.waitUntil(lambda: window.runner.ready is not None, timeout=LONG)
    window.file.new()
    window.show_panel("evaluation")
    panel = panel_of(window)
    assert not panel.evaluate.isEnabled()
    assert "Train a network first" in panel.note.text()
    panel.run.choose(tmp_path)
    qtbot.mouseClick(panel.evaluate, Qt.MouseButton.LeftButton)
    assert "is not the folder of a run" in panel.note.text()


def test_a_trained_run_answers_what_is_typed_and_a_table(
    qtbot: QtBot, window: MainWindow, file: Path, tmp_path: Path
) -> None:
    window.open(file)
    window.runs.train()
    qtbot.waitUntil(lambda: window.runs.current is not None and window.runs.current.finished is not None, timeout=LONG)
    window.show_panel("prediction")
    panel = window.docks.panels["prediction"]
    assert isinstance(panel, PredictionPanel)
    qtbot.waitUntil(lambda: bool(panel.texts), timeout=LONG)
    assert panel.bars[0].rows[0][0] == "setosa"
    (name, *_), first = panel.form.fields, panel.bars[0].rows
    field = panel.form.fields[name]
    assert isinstance(field, QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, "9.5")
    qtbot.waitUntil(lambda: panel.bars[0].rows != first, timeout=LONG)
    table = tmp_path / "new.csv"
    table.write_text(",".join(panel.form.fields) + "\n5.1,3.5,1.4,0.2\n6.3,3.3,6.0,2.5\n")
    panel.ask_file(table)
    qtbot.waitUntil(lambda: panel.outputs.currentWidget() is panel.table, timeout=LONG)
    assert panel.table.rowCount() == 2
    table.write_text(",".join(panel.form.fields) + "\n5.1,3.5,x,0.2\n")
    panel.ask_file(table)
    qtbot.waitUntil(lambda: "Row 1 of new.csv" in panel.note.text(), timeout=LONG)
