"""The table of actions: nothing without a shortcut and a tooltip, nothing twice."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from designer.gui.action_rows import ROWS, TOOLBAR, TRAINING_BAR, Row
from designer.gui.canvas.editing.menu import menu_for
from designer.gui.canvas.spots import Spot
from designer.gui.shortcuts import plain_title
from designer.resources import resource

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_every_action_has_a_title_a_shortcut_and_a_sentence(row: Row) -> None:
    assert row.title
    assert not QKeySequence(row.shortcut).isEmpty(), f"{row.shortcut} is no key"
    assert row.tip.endswith(".")
    assert row.menu.startswith("&")


@pytest.mark.parametrize("row", [row for row in ROWS if row.icon], ids=lambda row: row.id)
def test_every_icon_is_there_and_can_be_tinted(row: Row) -> None:
    assert "currentColor" in resource("icons", f"{row.icon}.svg").read_text(encoding="utf-8")


def test_no_two_actions_share_a_shortcut() -> None:
    keys = Counter(QKeySequence(row.shortcut).toString() for row in ROWS)
    assert [key for key, count in keys.items() if count > 1] == []


def test_no_two_actions_share_an_id() -> None:
    assert len({row.id for row in ROWS}) == len(ROWS)


def test_no_two_entries_of_a_menu_share_a_mnemonic() -> None:
    entries = {(row.menu, row.title) for row in ROWS} | {(row.menu.rpartition("/")[0], row.menu) for row in ROWS}
    mnemonics = Counter((menu, title[title.rindex("&") + 1].lower()) for menu, title in entries if "&" in title)
    assert [key for key, count in mnemonics.items() if count > 1] == []


def test_what_stands_in_a_submenu_is_named_with_it_where_the_submenu_is_not_seen() -> None:
    rows = {row.id: row for row in ROWS}
    assert plain_title(rows["compare_file"]) == "Compare with: A file"
    assert plain_title(rows["color_red"]) == "Colour: Red"
    assert plain_title(rows["undo"]) == "Undo"


def test_an_entry_of_the_context_menu_has_the_keys_and_the_icon_of_its_action(window: MainWindow) -> None:
    menu = menu_for(window.canvas, Spot(), QPointF())
    paste = next(action for action in menu.actions() if action.text() == "Paste")
    assert paste.shortcut() == window.all_actions["paste"].shortcut()
    assert paste.icon().cacheKey() == window.all_actions["paste"].icon().cacheKey()


def test_the_bars_name_only_actions_that_there_are() -> None:
    named = {name for name in f"{TOOLBAR} {TRAINING_BAR}".split() if name != "|"}
    assert named <= {row.id for row in ROWS}


def test_every_action_stands_in_a_menu(window: MainWindow) -> None:
    in_menus: set[str] = set()

    def collect(actions: list[QAction]) -> None:
        for action in actions:
            menu = action.menu()
            if isinstance(menu, QMenu):
                collect(menu.actions())
            in_menus.add(action.objectName())

    collect(window.menuBar().actions())
    assert {row.id for row in ROWS} <= in_menus


def test_what_cannot_be_done_now_says_why(window: MainWindow) -> None:
    save = window.all_actions["save"]
    assert not save.isEnabled()
    assert "Open or begin a design first." in save.toolTip()
    window.file.new()
    assert save.isEnabled()
    assert save.toolTip() == "Save the design. (Ctrl+S)"
    weights = window.all_actions["export_weights"]
    assert not weights.isEnabled()
    assert "Train the network first." in weights.toolTip()


def test_undo_names_the_edit_it_takes_back(window: MainWindow) -> None:
    window.file.new()
    assert not window.all_actions["undo"].isEnabled()
    window.workspace.add("Linear")
    assert window.all_actions["undo"].text() == "&Undo Add Linear"
    window.workspace.undo()
    assert not window.all_actions["undo"].isEnabled()
    assert window.all_actions["redo"].text() == "&Redo Add Linear"
