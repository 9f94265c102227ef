"""Find and replace of layers as a person does it: what would change is seen first, and one step does it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from designer.graph import edits
from designer.graph.document import Node
from designer.gui.panels.replacing import ReplaceDialog, Scope, open_replacing
from designer.gui.theme import Appearance
from designer.gui.workspace import Workspace


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def dialog(qtbot: QtBot, workspace: Workspace, appearance: Appearance, window: QWidget) -> ReplaceDialog:
    open_replacing(workspace, appearance, window)
    dialog = window.findChild(ReplaceDialog)
    assert isinstance(dialog, ReplaceDialog)
    qtbot.waitExposed(dialog)
    return dialog


def choose(dialog: ReplaceDialog, find: str, by: str, where: Scope = Scope.WHOLE) -> None:
    dialog.where.setCurrentIndex(dialog.where.findData(where))
    dialog.what.setCurrentIndex(dialog.what.findData(find))
    dialog.by.setCurrentIndex(dialog.by.findData(by))


def rows(dialog: ReplaceDialog) -> list[tuple[str, str]]:
    items = (dialog.rows.topLevelItem(place) for place in range(dialog.rows.topLevelItemCount()))
    return [(item.text(0), item.text(1)) for item in items if item is not None]


def kinds(workspace: Workspace) -> list[str]:
    inside = workspace.document.nodes["block1"].inside
    assert inside is not None
    return [node.layer for network in (workspace.document, inside) for node in network.nodes.values()]


def test_all_layers_of_a_kind_are_replaced_inside_groups_too_in_one_step(
    qtbot: QtBot, dialog: ReplaceDialog, workspace: Workspace
) -> None:
    choose(dialog, "Conv2d", "ConvTranspose2d")
    assert rows(dialog) == [("conv1", "keeps padding"), ("block1.conv", "loses padding")]
    steps = len(workspace.history.states)
    assert dialog.replace_button.text() == "Replace 2 layers"
    qtbot.mouseClick(dialog.replace_button, Qt.MouseButton.LeftButton)
    assert kinds(workspace).count("ConvTranspose2d") == 2
    assert len(workspace.history.states) == steps + 1
    assert rows(dialog) == [("conv1", "padding 1")] or dialog.what.currentData() != "Conv2d"
    workspace.undo()
    assert kinds(workspace).count("Conv2d") == 2


def test_what_would_be_wrong_is_said_before_and_the_design_stays_as_it_is(
    qtbot: QtBot, dialog: ReplaceDialog, workspace: Workspace
) -> None:
    before = workspace.document
    choose(dialog, "Flatten", "ReLU")
    qtbot.waitUntil(lambda: bool(dialog.outcome.text()))
    assert "new problem" in dialog.outcome.text()
    choose(dialog, "ReLU", "GELU")
    qtbot.waitUntil(lambda: bool(dialog.outcome.text()))
    assert dialog.outcome.text() == "No new problem comes of it."
    assert dialog.problems.isHidden()
    assert workspace.document is before


def test_a_row_without_its_tick_is_left_out(qtbot: QtBot, dialog: ReplaceDialog, workspace: Workspace) -> None:
    choose(dialog, "Conv2d", "ConvTranspose2d")
    item = dialog.rows.topLevelItem(1)
    assert item is not None
    item.setCheckState(0, Qt.CheckState.Unchecked)
    assert dialog.replace_button.text() == "Replace 1 layer"
    qtbot.mouseClick(dialog.replace_button, Qt.MouseButton.LeftButton)
    assert workspace.document.nodes["conv1"].layer == "ConvTranspose2d"
    assert kinds(workspace).count("Conv2d") == 1


def test_the_selection_or_the_place_that_is_shown_can_be_all_that_is_looked_at(
    dialog: ReplaceDialog, workspace: Workspace
) -> None:
    choose(dialog, "Conv2d", "Conv1d", Scope.HERE)
    assert [name for name, _ in rows(dialog)] == ["conv1"]
    workspace.enter(("block1",))
    assert [name for name, _ in rows(dialog)] == ["block1.conv"]
    choose(dialog, "Conv2d", "Conv1d", Scope.SELECTION)
    assert rows(dialog) == []
    assert not dialog.replace_button.isEnabled()
    workspace.enter(())
    workspace.select(("block1",))
    dialog.what.setCurrentIndex(dialog.what.findData("Conv2d"))
    assert [name for name, _ in rows(dialog)] == ["block1.conv"]


def test_a_click_on_a_row_goes_there_and_what_is_selected_is_offered_first(
    dialog: ReplaceDialog, workspace: Workspace, appearance: Appearance, window: QWidget
) -> None:
    choose(dialog, "Conv2d", "Conv1d")
    item = dialog.rows.topLevelItem(1)
    dialog.rows.itemClicked.emit(item, 0)
    assert (workspace.place, workspace.selection) == (("block1",), {"conv"})
    workspace.enter(())
    workspace.select(("relu1",))
    open_replacing(workspace, appearance, window)
    assert window.findChildren(ReplaceDialog) == [dialog]
    assert dialog.what.currentData() == "ReLU"


def test_a_layer_that_is_not_known_can_be_replaced(qtbot: QtBot, dialog: ReplaceDialog, workspace: Workspace) -> None:
    workspace.commit(lambda document: edits.change_layer(document, "relu1", "Mystery", {"a": 1}), "Break it")
    assert workspace.document.nodes["relu1"] == Node("relu1", "Mystery", {"a": 1})
    choose(dialog, "Mystery", "GELU")
    assert rows(dialog) == [("relu1", "loses a")]
    qtbot.waitUntil(lambda: "would be gone" in dialog.outcome.text())
    qtbot.mouseClick(dialog.replace_button, Qt.MouseButton.LeftButton)
    assert workspace.report.sound
