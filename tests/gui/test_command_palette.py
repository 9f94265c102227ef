"""The command palette: every action by a few letters of what it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest

from designer.gui.action_rows import ROWS
from designer.gui.command_palette import CommandPalette, rank
from designer.gui.finder.lately import Lately

if TYPE_CHECKING:
    from collections.abc import Callable

    from designer.gui.main_window import MainWindow

Key = Qt.Key


@pytest.fixture
def palette(window: MainWindow, press: Callable[[str], None]) -> Callable[[str], CommandPalette]:
    """Opens the palette by its key and types."""

    def opened(text: str) -> CommandPalette:
        press("commands")
        found = next(each for each in window.findChildren(CommandPalette) if each.isVisible())
        QTest.keyClicks(found.field, text)
        return found

    return opened


def keys_of(palette: CommandPalette) -> list[str]:
    return [choice.key for choice in palette.choices.rows]


def test_a_command_is_found_by_a_few_letters_and_done_by_enter(
    window: MainWindow, palette: Callable[[str], CommandPalette]
) -> None:
    window.file.new()
    window.workspace.add("Linear")
    window.canvas.setFocus()
    found = palette("undo")
    assert found.choices.rows[0].title == "Undo Add Linear"
    assert found.choices.rows[0].aside == "Ctrl+Z"
    QTest.keyClick(found.field, Key.Key_Return)
    assert window.workspace.document.nodes == {}
    assert window.canvas.hasFocus()


def test_what_cannot_be_done_says_why_and_is_not_done(
    window: MainWindow, palette: Callable[[str], CommandPalette]
) -> None:
    window.file.new()
    found = palette("pytorch")
    assert found.choices.rows[0].key == "export_source"
    assert found.choices.rows[0].why_not == "Mend the problems of the design first."
    QTest.keyClick(found.field, Key.Key_Return)
    assert found.isVisible()
    QTest.keyClick(found.field, Key.Key_Escape)
    assert not found.isVisible()


def test_what_was_done_lately_comes_first_then_what_can_be_done(
    window: MainWindow, palette: Callable[[str], CommandPalette], press: Callable[[str], None]
) -> None:
    for text in ("dark", "light"):
        QTest.keyClick(palette(text).field, Key.Key_Return)
    assert window.appearance.mode == "light"
    found = palette("")
    assert keys_of(found)[:2] == ["light", "dark"]
    assert sorted(keys_of(found)) == sorted(row.id for row in ROWS if row.id != "commands")
    greyed = [bool(choice.why_not) for choice in found.choices.rows[2:]]
    assert greyed == sorted(greyed)
    press("commands")
    assert not found.isVisible()


def test_a_title_comes_before_a_menu_and_that_before_a_tip() -> None:
    found = (("Fit", "View"), ("Fit all", "View"), ("Re-fit", "View"), ("Zoom", "View fit"), ("Zoom", "View"))
    best = [rank("fit", title, menu, "Show what fits.") for title, menu in found]
    assert best == sorted(best)
    assert len(set(best)) == len(best)
    assert rank("oem", "One epoch more", "Training", "") is not None
    assert rank("zebra", "One epoch more", "Training", "Go on.") is None


def test_tab_on_the_canvas_of_a_window_searches_for_a_layer_and_remembers_it(
    window: MainWindow, settings: QSettings
) -> None:
    window.file.new()
    QTest.keyClick(window.canvas, Key.Key_Tab)
    finder = window.canvas.quick_add.finder
    assert finder is not None
    assert finder.parent() is window
    QTest.keyClicks(finder.field, "fully connected")
    QTest.keyClick(finder.field, Key.Key_Tab)
    QTest.keyClick(finder.field, Key.Key_Backtab)
    QTest.keyClick(finder.field, Key.Key_Return)
    assert [node.layer for node in window.workspace.document.nodes.values()] == ["Linear"]
    assert window.canvas.hasFocus()
    assert Lately(settings, "lately/layers").names == ("Linear",)
