"""The window by keyboard alone: from the canvas to the panels and back, and keys where a field wants them itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow

Key, NONE, SHIFT, CONTROL = (
    Qt.Key, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
)  # fmt: skip


@pytest.fixture
def iris_window(window: MainWindow, file: Path, qtbot: QtBot) -> MainWindow:
    """The iris network, open, the canvas in focus."""
    window.open(file)
    qtbot.waitUntil(window.canvas.hasFocus)
    return window


@pytest.fixture
def hit() -> Callable[..., None]:
    """A key, wherever the focus is."""

    def hit(key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(QApplication.focusWidget(), key, modifiers)

    return hit


def inside(window: MainWindow, name: str) -> bool:
    """Whether the focus is in a panel."""
    focus = QApplication.focusWidget()
    return focus is not None and window.docks.panels[name].isAncestorOf(focus)


def test_f6_goes_round_the_panels_and_back_to_the_canvas(iris_window: MainWindow, hit: Callable[..., None]) -> None:
    seen = []
    for _ in range(3):
        hit(Key.Key_F6)
        seen.append(next((name for name in iris_window.docks.panels if inside(iris_window, name)), "canvas"))
    assert seen == ["palette", "inspector", "canvas"]  # the panel Problems is empty
    hit(Key.Key_F6, SHIFT)
    assert inside(iris_window, "inspector")


def test_enter_goes_to_the_settings_and_escape_back(iris_window: MainWindow, hit: Callable[..., None]) -> None:
    iris_window.workspace.select(("hidden",))
    hit(Key.Key_Return)
    assert inside(iris_window, "inspector")
    assert QApplication.focusWidget().accessibleName() == "out_features"
    hit(Key.Key_Escape)
    assert iris_window.canvas.hasFocus()
    assert iris_window.workspace.selection == {"hidden"}


def test_enter_goes_into_a_group_and_ctrl_enter_to_its_settings(window: MainWindow, hit: Callable[..., None]) -> None:
    window.file.new()
    group = window.workspace.add("Group")
    hit(Key.Key_Return, CONTROL)
    assert inside(window, "inspector")
    hit(Key.Key_Escape)
    hit(Key.Key_Return)
    assert window.workspace.place == (group,)


def test_what_is_typed_over_the_canvas_is_no_shortcut_of_it(iris_window: MainWindow, hit: Callable[..., None]) -> None:
    iris_window.workspace.select(("hidden",))
    hit(Key.Key_F2)
    QTest.keyClicks(QApplication.focusWidget(), "c")
    hit(Key.Key_Return)
    assert "c" in iris_window.workspace.document.nodes
    assert iris_window.canvas.hasFocus()
    hit(Key.Key_C)
    assert iris_window.canvas.picker.finder is not None
    hit(Key.Key_Down)
    hit(Key.Key_Escape)
    assert iris_window.workspace.selection == {"c"}


def test_shift_f10_and_the_menu_key_open_the_menu_at_the_node(
    iris_window: MainWindow, hit: Callable[..., None]
) -> None:
    iris_window.workspace.select(("hidden", "relu"))
    canvas = iris_window.canvas
    reason = QContextMenuEvent.Reason.Keyboard
    for opened in (
        lambda: hit(Key.Key_F10, SHIFT),
        lambda: QApplication.sendEvent(
            canvas.viewport(), QContextMenuEvent(reason, QPoint(), canvas.mapToGlobal(QPoint()))
        ),
    ):
        opened()
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        assert "Delete" in [action.text() for action in menu.actions()]
        menu.close()
