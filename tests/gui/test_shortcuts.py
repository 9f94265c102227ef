"""The list of shortcuts: found by typing, changed by pressing, kept for the next start."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPointF, QSettings, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from designer.graph.document import Document, Node
from designer.gui.action_rows import ROWS

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow
    from designer.gui.shortcuts_dialog import ShortcutsDialog

Key, CONTROL, SHIFT = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dialog(window: MainWindow, press: Callable[[str], None], qtbot: QtBot) -> ShortcutsDialog:
    """The list, opened by its own shortcut, with a design open behind it."""
    # Here, so that it is not loaded before there is an application.
    from designer.gui.shortcuts_dialog import ShortcutsDialog

    window.file.new()
    qtbot.waitUntil(window.canvas.hasFocus)
    press("shortcuts")
    found = window.findChild(ShortcutsDialog)
    assert isinstance(found, ShortcutsDialog)
    return found


def listed(dialog: ShortcutsDialog) -> list[str]:
    """The titles of the rows that can be seen."""
    rows = enumerate(dialog.table.cells)
    return [cells[0].text() for row, cells in rows if not dialog.table.isRowHidden(row)]


def choose(dialog: ShortcutsDialog, title: str) -> None:
    """Find an action by typing and go to its keys."""
    dialog.search.clear()
    QTest.keyClicks(dialog.search, title)
    row = next(row for row, cells in enumerate(dialog.table.cells) if cells[0].text() == title)
    dialog.table.selectRow(row)
    QTest.keyClick(dialog.table, Key.Key_Return)


def test_every_action_is_listed_with_its_keys_and_found_by_either(dialog: ShortcutsDialog) -> None:
    assert len(listed(dialog)) == len(ROWS)
    QTest.keyClicks(dialog.search, "duplic")
    assert "Duplicate" in listed(dialog)
    assert "Save" not in listed(dialog)
    dialog.search.clear()
    QTest.keyClicks(dialog.search, "ctrl+d")
    assert "Duplicate" in listed(dialog)
    gestures = [cells[0].text() for cells in dialog.gestures.cells]
    assert "Alt and click on a link" in gestures


def test_another_key_counts_at_once_and_at_the_next_start(
    window: MainWindow,
    dialog: ShortcutsDialog,
    open_window: Callable[[], MainWindow],
    settings: QSettings,
    qtbot: QtBot,
) -> None:
    choose(dialog, "Duplicate")
    QTest.keyClick(dialog.field, Key.Key_J, CONTROL | SHIFT)
    assert window.all_actions["duplicate"].shortcut() == QKeySequence("Ctrl+Shift+J")
    assert settings.value("shortcuts/duplicate") == "Ctrl+Shift+J"
    dialog.close()
    window.workspace.add("Linear")
    window.activateWindow()
    window.canvas.setFocus()
    qtbot.waitUntil(window.canvas.hasFocus)
    QTest.keyClick(window.canvas, Key.Key_D, CONTROL)
    assert len(window.workspace.document.nodes) == 1
    QTest.keyClick(window.canvas, Key.Key_J, CONTROL | SHIFT)
    assert len(window.workspace.document.nodes) == 2
    again = open_window()
    assert again.all_actions["duplicate"].shortcut() == QKeySequence("Ctrl+Shift+J")
    assert "Ctrl+Shift+J" in again.all_actions["duplicate"].toolTip()


def test_texts_that_name_keys_name_those_that_an_action_has_now(window: MainWindow) -> None:
    from designer.gui.panels.run_status import RunStatus

    train, hint = window.docks.training.findChild(RunStatus), window.canvas.hint
    assert train is not None
    assert train.train.toolTip() == "Train the network from fresh weights (F5)"
    assert window.status.problems.toolTip() == "Go to the problems (Alt+5)"
    assert hint.text().endswith("or press Tab and type its name")
    window.shortcuts.take("train", QKeySequence("Ctrl+Shift+J"))
    window.shortcuts.give("add_here", QKeySequence())
    assert train.train.toolTip() == "Train the network from fresh weights (Ctrl+Shift+J)"
    assert hint.text() == "Drag a layer here from the palette"
    empty = next(label for label in window.docks.curves.findChildren(QLabel) if "appear here" in label.text())
    assert empty.text().endswith("Press Ctrl+Shift+J to train.")
    window.shortcuts.reset_all()
    assert window.compared.list.next.toolTip() == "Next difference (F7)"
    assert empty.text().endswith("Press F5 to train.")


def test_keys_of_another_action_are_refused_in_a_sentence_until_they_are_taken_from_it(
    window: MainWindow, dialog: ShortcutsDialog
) -> None:
    choose(dialog, "Duplicate")
    QTest.keyClick(dialog.field, Key.Key_F2)
    assert dialog.note.text() == "F2 belongs to “Rename”. Press other keys, or take them from it."
    assert window.shortcuts.text("duplicate") == "Ctrl+D"
    assert window.shortcuts.text("rename") == "F2"
    QTest.mouseClick(dialog.take, LEFT)
    assert window.shortcuts.text("duplicate") == "F2"
    assert window.shortcuts.text("rename") == ""
    assert dialog.note.text() == ""


def test_keys_that_are_taken_for_good_are_refused(window: MainWindow, dialog: ShortcutsDialog) -> None:
    choose(dialog, "Duplicate")
    QTest.keyClick(dialog.field, Key.Key_Space)
    assert dialog.note.text() == "Space moves the view while it is held. Press other keys."
    assert dialog.take.isHidden()
    assert window.shortcuts.is_default("duplicate")


def test_one_or_all_go_back_to_the_keys_they_came_with(
    window: MainWindow, dialog: ShortcutsDialog, settings: QSettings
) -> None:
    choose(dialog, "Copy")
    QTest.mouseClick(dialog.clear, LEFT)
    assert window.shortcuts.text("copy") == ""
    for title, key in (("Duplicate", Key.Key_F2), ("Save", Key.Key_F3)):
        choose(dialog, title)
        QTest.keyClick(dialog.field, key)
        if dialog.take.isVisible():
            QTest.mouseClick(dialog.take, LEFT)
    assert not dialog.reset.isHidden()
    QTest.mouseClick(dialog.reset, LEFT)
    assert window.shortcuts.is_default("save")
    choose(dialog, "Rename")
    QTest.mouseClick(dialog.reset, LEFT)
    assert "belongs to “Duplicate”" in dialog.note.text()
    QTest.mouseClick(dialog.reset_all, LEFT)
    assert all(window.shortcuts.is_default(row.id) for row in ROWS)
    settings.beginGroup("shortcuts")
    assert settings.childKeys() == []
    settings.endGroup()


def test_keys_the_user_chose_stand_against_those_of_an_action_that_is_new(
    open_window: Callable[[], MainWindow], settings: QSettings
) -> None:
    settings.setValue("shortcuts/duplicate", "F2")
    settings.setValue("shortcuts/an_action_of_long_ago", "F3")
    window = open_window()
    assert window.shortcuts.text("duplicate") == "F2"
    assert window.shortcuts.text("rename") == ""


def test_the_context_menu_shows_the_keys_that_the_user_chose(window: MainWindow) -> None:
    # Here, so that they are not loaded before there is an application.
    from designer.gui.canvas.editing.menu import menu_for
    from designer.gui.canvas.spots import Spot

    window.file.new()
    window.workspace.commit(lambda _: Document({"relu1": Node("relu1", "ReLU")}), "Draw")
    window.workspace.select(("relu1",))
    window.shortcuts.give("dissolve", QKeySequence("Ctrl+Alt+9"))
    window.shortcuts.give("bypass", QKeySequence())
    menu = menu_for(window.canvas, Spot("relu1"), QPointF())
    shown = {action.text(): action.shortcut().toString() for action in menu.actions()}
    assert (shown["Dissolve"], shown["Bypass"], shown["Cut"], shown["Group"]) == ("Ctrl+Alt+9", "", "Ctrl+X", "Ctrl+G")
    menu.deleteLater()
