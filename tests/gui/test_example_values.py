"""What one example becomes, seen on the canvas and in its panel, with the real worker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from hand import Hand
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from designer.graph import edits
from designer.gui.panels.values.panel import ValuesPanel

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow

Press = Callable[[str], None]
LONG = 180_000


def show(qtbot: QtBot, window: MainWindow, press: Press, file: Path) -> None:
    window.open(file)
    window.canvas.setFocus()
    press("values")
    qtbot.waitUntil(lambda: len(window.canvas.node_values.items) == 5, timeout=LONG)


def test_a_key_shows_the_values_of_an_example_at_every_layer_and_follows_the_design(
    qtbot: QtBot, window: MainWindow, press: Press, file: Path
) -> None:
    show(qtbot, window, press, file)
    items = window.canvas.node_values.items
    assert items["hidden"].value is not None
    assert len(items["hidden"].value.numbers) == 8
    scores = items["species"].value
    assert scores is not None
    assert sum(number or 0.0 for number in scores.numbers) > 0.99
    before = items["hidden"].value.numbers
    window.values.choose("test", 3)
    qtbot.waitUntil(lambda: items["hidden"].value is not None and items["hidden"].value.numbers != before, timeout=LONG)
    window.workspace.commit(lambda document: edits.change_settings(document, "hidden", {"out_features": 5}), "Set")
    qtbot.waitUntil(lambda: items["hidden"].value is not None and len(items["hidden"].value.numbers) == 5, timeout=LONG)
    window.workspace.commit(lambda document: edits.remove(document, ["relu"]), "Delete")
    qtbot.waitUntil(lambda: not window.canvas.node_values.items, timeout=LONG)
    assert "no errors" in window.values.note
    window.workspace.undo()
    qtbot.waitUntil(lambda: len(window.canvas.node_values.items) == 5, timeout=LONG)
    press("values")
    assert not window.canvas.node_values.items
    assert window.values.answer is None


def test_a_value_can_be_clicked_and_is_shown_large_with_the_weights(
    qtbot: QtBot, window: MainWindow, press: Press, file: Path
) -> None:
    show(qtbot, window, press, file)
    press("show_values")
    panel = window.docks.panels["values"]
    assert isinstance(panel, ValuesPanel)
    item = window.canvas.node_values.items["hidden"]
    hand = Hand(window.canvas)
    middle = item.sceneBoundingRect().center()
    hand.click(hand.at(middle.x(), middle.y()))
    assert window.workspace.selection == {"hidden"}
    qtbot.waitUntil(lambda: list(panel.node.parts) == ["output", "weight", "bias"], timeout=LONG)
    assert panel.node_heading.text() == "hidden"
    assert "8 x 4" in panel.node.text("weight")
    assert "Fresh weights" in panel.whose.text()
    assert panel.wanted.text().startswith("Right: species ")
    panel.typed.selectAll()
    QTest.keyClicks(panel.typed, "5.1, 3.5, 1.4, x")
    QTest.keyClick(panel.typed, Qt.Key.Key_Return)
    assert "not all numbers" in panel.note.text()
    panel.typed.selectAll()
    QTest.keyClicks(panel.typed, "5.1 3.5 1.4 0.2")
    QTest.keyClick(panel.typed, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.values.answer is not None and not window.values.answer.wanted, timeout=LONG)
    assert window.values.given == ((5.1, 3.5, 1.4, 0.2),)
    QTest.mouseClick(panel.back, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.values.answer is not None and bool(window.values.answer.wanted), timeout=LONG)


def test_values_follow_the_run_and_stay_with_its_weights(
    qtbot: QtBot, window: MainWindow, press: Press, file: Path
) -> None:
    show(qtbot, window, press, file)
    window.workspace.commit_whole(lambda document: edits.change_training(document, {"epochs": 100_000}), "Set")
    press("train")

    def step() -> int:
        answer = window.values.answer
        return answer.step if answer is not None and answer.weights == "run" else 0

    qtbot.waitUntil(lambda: step() > 0, timeout=LONG)
    first = step()
    qtbot.waitUntil(lambda: step() > first, timeout=LONG)
    press("stop")
    qtbot.waitUntil(lambda: not window.runs.busy, timeout=LONG)
    qtbot.waitUntil(lambda: window.values.answer is not None, timeout=LONG)
    assert window.values.answer is not None
    assert window.values.answer.weights == "run"


def test_without_data_the_panel_says_what_to_do(qtbot: QtBot, window: MainWindow, press: Press, file: Path) -> None:
    window.open(file)
    window.workspace.commit_whole(lambda document: edits.change_data(document, {"source": None}), "No data")
    press("show_values")
    panel = window.docks.panels["values"]
    assert isinstance(panel, ValuesPanel)
    qtbot.waitUntil(lambda: "Choose data first" in panel.note.text(), timeout=LONG)


def test_a_seed_that_is_none_is_no_error(qtbot: QtBot, window: MainWindow, press: Press, file: Path) -> None:
    window.open(file)
    window.workspace.commit_whole(lambda document: edits.change_training(document, {"seed": "x"}), "Set")
    window.canvas.setFocus()
    press("values")
    qtbot.waitUntil(lambda: len(window.canvas.node_values.items) == 5, timeout=LONG)
