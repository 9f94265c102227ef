"""Groups by hand: made of the selection, taken apart, entered and left."""

from __future__ import annotations

from hand import Hand
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from designer.graph import edits
from designer.graph.document import Document, Link
from designer.graph.files import loads
from designer.graph.writing import dumps
from designer.gui.canvas.editing.menu import menu_for
from designer.gui.canvas.floating.overlays import NameField, Note
from designer.gui.canvas.spots import Spot
from designer.gui.canvas.view import Canvas
from designer.gui.workspace import Workspace


def choose(canvas: Canvas, spot: Spot, title: str) -> None:
    """Choose an entry of the context menu."""
    menu: QMenu = menu_for(canvas, spot, QPointF())
    next(action for action in menu.actions() if action.text() == title).trigger()
    menu.deleteLater()


def test_a_selection_becomes_a_group_whose_inside_lives(canvas: Canvas, workspace: Workspace, hand: Hand) -> None:
    before = workspace.report
    hand.click(hand.node("conv1"))
    hand.click(hand.node("relu1"), Qt.KeyboardModifier.ShiftModifier)
    choose(canvas, Spot("relu1"), "Group")
    assert workspace.selection == {"group1"}
    assert set(workspace.document.nodes) == {"image", "group1", "sum", "lstm1", "block1", "fc1"}
    assert workspace.report.parameters == before.parameters
    assert workspace.report.nodes["sum"].shape == before.nodes["sum"].shape
    hand.double_click(hand.node("group1"))
    assert workspace.place == ("group1",)
    assert workspace.shown_report.nodes["conv1"].shape == before.nodes["conv1"].shape
    hand.click(hand.node("conv1"))
    hand.key(Qt.Key.Key_Delete)
    assert "conv1" not in workspace.document.nodes["group1"].inside.nodes  # type: ignore[union-attr]
    canvas.leave_group()
    assert workspace.place == ()
    assert workspace.selection == {"group1"}


def test_ungrouping_takes_grouping_back_and_both_are_one_step(workspace: Workspace, canvas: Canvas) -> None:
    before = workspace.document
    workspace.select(("conv1", "relu1", "sum"))
    canvas.groups.group()
    grouped = workspace.document
    canvas.groups.ungroup()
    assert workspace.selection == {"conv1", "relu1", "sum"}
    assert workspace.document.nodes == before.nodes
    assert set(workspace.document.links) == set(before.links)
    assert workspace.document.positions == before.positions
    workspace.undo()
    assert workspace.document is grouped
    workspace.undo()
    assert workspace.document is before


def test_a_repeated_group_is_unrolled_with_the_weights_of_its_rounds(workspace: Workspace, canvas: Canvas) -> None:
    workspace.commit(lambda d: Document(d.nodes, (*d.links, Link("image", "block1")), d.positions), "Link")
    before = workspace.report
    workspace.select(("block1",))
    canvas.groups.ungroup()
    assert workspace.selection == {"fc", "fc2"}
    assert Link("fc", "fc2") in workspace.document.links
    assert workspace.report.parameters == before.parameters


def test_what_cannot_be_a_group_says_why_and_nothing_changes(workspace: Workspace, canvas: Canvas) -> None:
    before, told = workspace.document, []
    workspace.refused.connect(told.append)
    workspace.select(("conv1", "sum"))
    canvas.groups.group()
    assert told == ["relu1 lies between the selected layers, so a group takes it too. Select it as well."]
    assert workspace.document is before


def test_a_group_is_made_and_taken_apart_inside_a_group_too(workspace: Workspace, canvas: Canvas) -> None:
    workspace.enter(("block1",))
    before = workspace.shown
    workspace.select(("fc",))
    canvas.groups.group()
    assert set(workspace.shown.nodes) == {"input", "group1", "output"}
    canvas.groups.ungroup()
    assert workspace.shown.nodes == before.nodes
    assert workspace.place == ("block1",)


def test_a_block_is_edited_once_for_all_that_show_it_until_one_is_made_unique(
    canvas: Canvas, workspace: Workspace, hand: Hand
) -> None:
    hand.click(hand.node("block1"))
    choose(canvas, Spot("block1"), "Make a block")
    assert workspace.document.nodes["block1"].settings == {"repeat": 2, "block": "block1"}
    canvas.commands.duplicate()
    (copy,) = workspace.selection
    assert canvas.design.nodes[copy].description().startswith(f"{copy}: Block, 2 uses")
    workspace.enter((copy,))
    workspace.commit(lambda d: edits.change_settings(d, "fc", {"out_features": 5}), "Wider")
    workspace.enter(())
    assert workspace.document.at(("block1",)).nodes["fc"].settings == {"out_features": 5}
    workspace.select((copy,))
    choose(canvas, Spot(copy), "Make unique")
    workspace.enter((copy,))
    workspace.commit(lambda d: edits.change_settings(d, "fc", {"out_features": 7}), "Wider")
    assert workspace.document.at(("block1",)).nodes["fc"].settings == {"out_features": 5}
    workspace.enter(())
    assert "Block, 1 use" in canvas.design.nodes["block1"].description()


def test_a_block_is_renamed_in_a_field_over_a_group_that_shows_it(
    canvas: Canvas, workspace: Workspace, hand: Hand
) -> None:
    workspace.select(("block1",))
    canvas.groups.make_block()
    canvas.commands.duplicate()
    refused: list[str] = []
    workspace.refused.connect(refused.append)
    hand.click(hand.node("block1"))
    choose(canvas, Spot("block1"), "Rename the block")
    field = canvas.findChild(NameField)
    assert field is not None
    assert field.text() == "block1"
    field.setText("2 towers")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert refused
    assert field.isVisible()
    field.setText("tower")
    QTest.keyClick(field, Qt.Key.Key_Return)
    shown = {node.settings.get("block") for node in workspace.document.nodes.values()} - {None}
    assert (shown, list(workspace.document.blocks)) == ({"tower"}, ["tower"])
    assert workspace.history.undo_label == "Rename block block1"
    workspace.undo()
    assert list(workspace.document.blocks) == ["block1"]


def test_what_is_copied_to_another_design_brings_its_block(canvas: Canvas, workspace: Workspace) -> None:
    workspace.select(("block1",))
    canvas.groups.make_block()
    canvas.copy_selection()
    workspace.new()
    canvas.paste()
    assert set(workspace.document.blocks) == {"block1"}
    assert workspace.report.nodes["block1"].rounds


def test_how_often_a_group_runs_is_chosen_or_typed(canvas: Canvas, workspace: Workspace, hand: Hand) -> None:
    hand.click(hand.node("block1"))
    canvas.groups.repeat(1)
    assert workspace.document.nodes["block1"].settings == {}
    canvas.groups.ask_rounds()
    field = canvas.findChild(NameField)
    assert field.text() == "1"
    assert "How many times in a row" in [note.text() for note in canvas.findChildren(Note) if note.isVisible()]
    QTest.keyClicks(field, "10" + 60 * " ")
    assert field.width() > field.fontMetrics().horizontalAdvance(field.text())
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert workspace.document.nodes["block1"].settings == {"repeat": 10}


def test_a_group_is_expanded_in_place_and_neighbours_make_room(
    canvas: Canvas, workspace: Workspace, hand: Hand
) -> None:
    before = workspace.document
    hand.click(hand.node("block1"))
    choose(canvas, Spot("block1"), "Expand in place")
    assert workspace.document.nodes["block1"].expanded
    item = canvas.design.nodes["block1"]
    assert not any(
        item.body.translated(item.pos()).intersects(other.body.translated(other.pos()))
        for name, other in canvas.design.nodes.items()
        if name != "block1"
    )
    assert item.ports()[-1][2].x() == item.pos().x() + item.width  # links end at the border that moved
    assert workspace.report.nodes["block1"].rounds is not None
    canvas.grab()
    choose(canvas, Spot("block1"), "Collapse")
    assert workspace.document.positions == before.positions
    assert workspace.document.nodes == before.nodes


def test_an_expanded_group_stays_so_in_the_file(workspace: Workspace, canvas: Canvas) -> None:
    workspace.select(("block1",))
    canvas.groups.toggle_expanded()
    assert loads(dumps(workspace.document)).nodes["block1"].expanded
