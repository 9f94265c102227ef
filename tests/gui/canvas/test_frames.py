"""Frames: put around nodes, named, coloured, dragged with their nodes, joined and left by dragging, taken away."""

from __future__ import annotations

import pytest
from hand import Hand
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from designer.graph.document import Frame
from designer.graph.frames import add_frame
from designer.graph.looks import set_note
from designer.gui.canvas.floating.overlays import NameField
from designer.gui.canvas.items.frame_item import UNTITLED
from designer.gui.canvas.items.glyphs import paint_note
from designer.gui.canvas.items.marks import FRAME
from designer.gui.canvas.view import Canvas
from designer.gui.workspace import Workspace

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
DELTA = QPointF(0, 120)


@pytest.fixture
def framed(workspace: Workspace) -> Workspace:
    """conv1 and relu1 in a frame."""
    workspace.commit(lambda document: add_frame(document, ("conv1", "relu1"), "Body", "green"), "Frame")
    return workspace


def members(workspace: Workspace) -> dict[str, tuple[str, ...]]:
    return {key: frame.members for key, frame in workspace.document.frames.items()}


def bar(canvas: Canvas, key: str = "frame1") -> QPointF:
    return QPointF(canvas.mapFromScene(canvas.design.marks.frames[key].bar.center()))


def test_the_selected_layers_are_framed_and_the_title_is_asked_for(canvas, workspace):
    report = workspace.report
    workspace.select(("conv1", "relu1"))
    canvas.marks.frame_selection()
    QTest.keyClicks(canvas.findChild(NameField), "Feature maps")
    QTest.keyClick(canvas.findChild(NameField), Qt.Key.Key_Return)
    assert workspace.document.frames == {"frame1": Frame("Feature maps", "blue", ("conv1", "relu1"))}
    assert workspace.report.nodes is report.nodes
    inner = canvas.design.bounds(("conv1", "relu1"))
    assert canvas.design.marks.frames["frame1"].rect.contains(inner)


def test_a_frame_stands_around_an_expanded_group(canvas, workspace):
    workspace.commit(lambda document: add_frame(document, ("block1",)), "Frame")
    workspace.select(("block1",))
    canvas.groups.toggle_expanded()
    group = canvas.design.nodes["block1"]
    assert canvas.design.marks.frames["frame1"].rect.contains(group.body.translated(group.pos()))


def test_a_frame_dragged_by_its_title_takes_its_nodes_along_in_one_step(canvas, framed, hand):
    report, before = framed.report, framed.document
    start = bar(canvas)
    hand.pull(start, start + hand.at(0, 120) - hand.at(0, 0))
    assert framed.document is before
    hand.release(start + hand.at(0, 120) - hand.at(0, 0))
    places = framed.document.positions
    assert (places["conv1"], places["relu1"], places["image"]) == ((220.0, 120.0), (440.0, 120.0), (0.0, 0.0))
    assert framed.report.nodes is report.nodes
    framed.undo()
    assert framed.document is before


def test_a_node_dropped_inside_a_frame_joins_it_and_one_dragged_with_ctrl_leaves_it(canvas, framed, hand):
    hand.pull(hand.node("sum"), hand.at(400, 10))
    assert canvas.design.marks.frames["frame1"].lit
    assert canvas.mouse.note == "Into Body"
    hand.release(hand.at(400, 10))
    assert members(framed) == {"frame1": ("conv1", "relu1", "sum")}
    hand.press(hand.node("relu1"))
    for y in (100, 200, 300):
        hand.go(hand.at(500, y), keys=CONTROL)
    hand.release(hand.at(500, 300), keys=CONTROL)
    assert members(framed) == {"frame1": ("conv1", "sum")}
    assert not canvas.design.marks.frames["frame1"].rect.intersects(canvas.design.bounds(("relu1",)))
    framed.undo()
    framed.undo()
    assert members(framed) == {"frame1": ("conv1", "relu1")}


def test_a_member_that_is_dragged_away_stretches_its_frame(canvas, framed, hand):
    hand.drag(hand.node("relu1"), hand.at(500, 150))
    assert members(framed) == {"frame1": ("conv1", "relu1")}
    assert canvas.design.marks.frames["frame1"].rect.contains(canvas.design.bounds(("relu1",)))


def test_escape_ends_a_drag_into_a_frame_without_a_trace(canvas, framed, hand):
    before = framed.document
    hand.pull(hand.node("sum"), hand.at(400, 10))
    hand.key(Qt.Key.Key_Escape)
    assert framed.document is before
    assert not canvas.design.marks.frames["frame1"].lit


def test_delete_takes_a_selected_frame_and_keeps_its_nodes(canvas, framed, hand):
    hand.click(bar(canvas))
    assert canvas.design.marks.chosen == {(FRAME, "frame1")}
    hand.key(Qt.Key.Key_Delete)
    assert not framed.document.frames
    assert {"conv1", "relu1"} <= set(framed.document.nodes)


def test_a_double_click_or_f2_names_a_frame(canvas, framed, hand):
    for name, ask in (("One", lambda: hand.double_click(bar(canvas))), ("Two", lambda: hand.key(Qt.Key.Key_F2))):
        hand.click(bar(canvas))
        ask()
        field = canvas.findChildren(NameField)[-1]
        assert field.text() == framed.document.frames["frame1"].title
        field.setText(name)
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert framed.document.frames["frame1"].title == name


def test_a_frame_is_copied_with_its_nodes(canvas, framed, hand):
    hand.click(bar(canvas))
    hand.key(Qt.Key.Key_C, CONTROL)
    hand.key(Qt.Key.Key_V, CONTROL)
    assert members(framed)["frame2"] == ("conv2", "relu2")
    assert framed.document.frames["frame2"].title == "Body"
    assert framed.selection == {"conv2", "relu2"}


def test_frames_inside_a_group_are_shown_there_alone(canvas, framed):
    framed.enter(("block1",))
    assert not canvas.design.marks.frames
    framed.select(("fc",))
    canvas.marks.frame_selection()
    assert framed.document.nodes["block1"].inside.frames["frame1"].members == ("fc",)
    framed.enter(())
    assert canvas.design.marks.frames["frame1"].title == "Body"


def test_the_title_of_a_frame_is_one_line_however_it_stands_in_a_file(canvas, framed):
    framed.commit(lambda document: add_frame(document, ("sum",), "a\n  b" + "x" * 10_000), "Frame")
    assert canvas.design.marks.frames["frame2"].title.startswith("a bxx")
    framed.commit(lambda document: add_frame(document, ("image",), " \n"), "Frame")
    assert canvas.design.marks.frames["frame3"].title == UNTITLED
    canvas.grab()


def test_frames_and_notes_have_a_menu(canvas, framed, hand: Hand):
    hand.click(bar(canvas))
    canvas.marks.paint("red")
    assert framed.document.frames["frame1"].color == "red"
    framed.select(("sum",))
    canvas.design.marks.choose(())
    canvas.marks.paint("teal")
    assert framed.document.nodes["sum"].color == "teal"
    QApplication.processEvents()


def test_a_node_shows_the_colour_that_it_was_given_near_and_far_and_a_mark_where_something_is_noted(canvas, workspace):
    report, item = workspace.report, canvas.design.nodes["conv1"]
    before = item.hue
    workspace.select(("conv1",))
    canvas.marks.paint("red")
    assert (before, item.hue) == ("Convolution", ":red")
    workspace.commit(lambda document: set_note(document, "conv1", "Why so few?"), "Note")
    canvas.grab()
    assert paint_note in item.signs
    workspace.select(())
    canvas.set_zoom(0.1)
    canvas.centerOn(item.pos())
    image = canvas.grab().toImage()
    place = canvas.mapFromScene(item.pos() + QPointF(84, 8)) + canvas.viewport().pos()
    assert image.pixelColor(place).name() == canvas.design.look.theme.named("red").name()
    assert workspace.report.order is report.order
