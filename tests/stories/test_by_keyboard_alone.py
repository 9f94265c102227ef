"""A small network with a shortcut around one layer, built, set, mended and saved without a pointer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from designer.graph import files
from designer.graph.document import Link

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow

Key, NONE, SHIFT, CONTROL = (
    Qt.Key, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
)  # fmt: skip


class Typist:
    """Presses keys wherever the focus is, and nothing else."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(QApplication.focusWidget(), key, modifiers)

    def type(self, text: str) -> None:
        QTest.keyClicks(QApplication.focusWidget(), text)

    def add(self, layer: str) -> None:
        """Tab searches, Enter adds behind what is selected."""
        self.press(Key.Key_Tab)
        self.type(layer)
        self.press(Key.Key_Return)

    def set_first(self, text: str) -> None:
        """Enter goes to the first setting, Escape back to the canvas."""
        self.press(Key.Key_Return)
        field = QApplication.focusWidget()
        if isinstance(field, QLineEdit):
            field.selectAll()
        else:
            self.press(Key.Key_A, CONTROL)
        self.type(text)
        self.press(Key.Key_Return)
        self.press(Key.Key_Escape)
        assert self.window.canvas.hasFocus()


def test_a_network_is_built_connected_set_and_saved_by_keyboard_alone(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, workspace, path = Typist(window), window.workspace, tmp_path / "typed.netwright"
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    keys.press(Key.Key_N, CONTROL)
    qtbot.waitUntil(window.canvas.hasFocus)

    keys.add("input")
    keys.set_first("4")
    assert workspace.report.nodes["input1"].outgoing
    keys.add("linear")
    keys.set_first("4")
    keys.add("add")
    assert workspace.selection == {"add1"}

    # The shortcut: back along the links to the Input, and from there to the sum.
    keys.press(Key.Key_Left)
    keys.press(Key.Key_Left)
    assert workspace.selection == {"input1"}
    keys.press(Key.Key_C)
    keys.type("add")
    keys.press(Key.Key_Return)
    assert Link("input1", "add1") in workspace.document.links

    # In the outline to the sum, and its end.
    keys.press(Key.Key_O, CONTROL | Qt.KeyboardModifier.AltModifier)
    keys.press(Key.Key_End)
    keys.press(Key.Key_Return)
    assert window.canvas.hasFocus()
    assert workspace.selection == {"add1"}
    keys.add("output")
    keys.press(Key.Key_F2)
    keys.type("answer")
    keys.press(Key.Key_Return)
    assert workspace.selection == {"answer"}

    # One thing too many, and back.
    keys.press(Key.Key_D, CONTROL)
    keys.press(Key.Key_Delete)
    keys.press(Key.Key_Z, CONTROL)
    keys.press(Key.Key_Z, CONTROL)
    assert workspace.report.sound

    # Which file it is to be is asked by the system's own dialog, which no test can press.
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    keys.press(Key.Key_S, CONTROL)
    saved = files.read(path)
    assert [*saved.nodes] == ["input1", "linear1", "add1", "answer"]
    assert saved.nodes["linear1"].settings == {"out_features": 4}
    assert {link.ends for link in saved.links} == {
        ("input1", "linear1"), ("linear1", "add1"), ("input1", "add1"), ("add1", "answer"),
    }  # fmt: skip
