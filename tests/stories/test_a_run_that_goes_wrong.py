"""Somebody takes far too large a learning rate, sees where it shows, is told what it is, mends it, and trains."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from designer.gui.canvas.floating.scale import HEAT_FIRST, LAST

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow

PATIENCE = 180_000
"""Milliseconds that the worker may take to start and train on a busy machine."""


def type_into(qtbot: QtBot, window: MainWindow, name: str, text: str) -> None:
    """Type into a field of the training panel, found by the name that a screen reader says."""
    window.show_panel("training")

    def fields() -> list[QWidget]:
        widgets = window.docks.training.findChildren(QWidget)
        return [each for each in widgets if each.accessibleName() == name and each.isVisible()]

    qtbot.waitUntil(lambda: bool(fields()))
    field = fields()[0]
    line = field if isinstance(field, QLineEdit) else field.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def done(window: MainWindow) -> bool:
    run = window.runs.current
    return run is not None and run.finished is not None and not window.runs.busy


def test_a_learning_rate_of_ten_is_seen_told_and_mended(
    qtbot: QtBot, window: MainWindow, press: Callable[[str], None], file: Path
) -> None:
    window.open(file)
    press("colour_by_update_ratio")
    assert window.canvas.colouring.legend.text == "Update ratio: none"
    type_into(qtbot, window, "lr", "10")
    type_into(qtbot, window, "epochs", "30")
    press("train")
    qtbot.waitUntil(lambda: done(window), timeout=PATIENCE)

    advice = window.docks.training.advice
    qtbot.waitUntil(lambda: [problem.code for problem in advice.found] == ["diverging"])
    assert "a learning rate of 10" in advice.rows[0].accessibleName()
    qtbot.waitUntil(lambda: window.canvas.design.look.steps is not None)
    steps = window.canvas.design.look.steps or {}
    assert set(steps) == {"hidden", "scores"}
    assert all(HEAT_FIRST <= step <= HEAT_FIRST + LAST for step in steps.values())

    qtbot.mouseClick(advice.rows[0].fixes.buttons[0], Qt.MouseButton.LeftButton)
    assert window.workspace.document.training["optimizer"]["lr"] == 0.001
    press("train")
    assert advice.isHidden(), "a new run begins with nothing found"
    qtbot.waitUntil(lambda: done(window), timeout=PATIENCE)
    assert not [problem for problem in advice.found if problem.code == "diverging"]

    window.show_panel("parameters")
    table = window.docks.parameters
    titles = [table.model.headerData(place, Qt.Orientation.Horizontal) for place in range(table.model.columnCount())]
    relu = next(place for place, row in enumerate(table.model.rows) if row.id == "relu")
    assert table.model.index(relu, titles.index("dead units")).data().endswith("%")
    window.show_panel("curves")
    curves = window.docks.curves
    qtbot.waitUntil(lambda: "validation" in curves.loss.values_at(1))
    names = [curves.chosen.itemText(place) for place in range(curves.chosen.count())]
    assert {"accuracy", "learning rate", "examples/s"} <= set(names)
