"""Clicks, the rubber band, dragging nodes, arrow keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from same_scene import assert_shows_its_design

from designer.graph import edits
from designer.graph.document import Document, Link, Node

SHIFT, CONTROL, ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


def test_a_click_selects_a_node_and_a_click_beside_it_none(workspace, hand):
    hand.click(hand.node("conv1"))
    assert workspace.selection == {"conv1"}
    hand.click(hand.at(330, 150))
    assert workspace.selection == frozenset()


def test_shift_adds_to_the_selection_and_ctrl_toggles(workspace, hand):
    hand.click(hand.node("conv1"))
    hand.click(hand.node("relu1"), SHIFT)
    assert workspace.selection == {"conv1", "relu1"}
    hand.click(hand.node("conv1"), CONTROL)
    assert workspace.selection == {"relu1"}


def test_a_click_on_one_of_several_selected_nodes_selects_it_alone(workspace, hand):
    workspace.select(("conv1", "relu1"))
    hand.click(hand.node("relu1"))
    assert workspace.selection == {"relu1"}


def test_the_rubber_band_selects_what_it_touches(workspace, hand):
    hand.drag(hand.at(200, -30), hand.at(450, 80))
    assert workspace.selection == {"conv1", "relu1"}


def test_the_rubber_band_adds_with_shift_and_toggles_with_ctrl(workspace, hand):
    workspace.select(("image", "conv1"))
    hand.drag(hand.at(420, -30), hand.at(480, 80), keys=SHIFT)
    assert workspace.selection == {"image", "conv1", "relu1"}
    hand.drag(hand.at(200, -30), hand.at(480, 80), keys=CONTROL)
    assert workspace.selection == {"image"}


def test_escape_ends_the_rubber_band_and_keeps_the_selection(workspace, canvas, hand):
    workspace.select(("image",))
    hand.pull(hand.at(420, -30), hand.at(480, 80), keys=SHIFT)
    assert canvas.design.nodes["relu1"].chosen
    hand.key(Qt.Key.Key_Escape)
    hand.release(hand.at(480, 80))
    assert workspace.selection == {"image"}
    assert not canvas.design.nodes["relu1"].chosen


def test_a_node_that_is_dragged_moves_once_and_on_the_grid(workspace, hand):
    steps = len(workspace.history.states)
    start = hand.node("relu1")
    hand.drag(start, start + hand.at(33, 57) - hand.at(0, 0))
    assert workspace.document.positions["relu1"] == (470.0, 60.0)
    assert len(workspace.history.states) == steps + 1


def test_while_a_node_is_dragged_only_its_item_moves(workspace, canvas, hand):
    before = workspace.document
    start = hand.node("relu1")
    hand.pull(start, start + hand.at(50, 50) - hand.at(0, 0))
    assert workspace.document is before
    assert canvas.design.nodes["relu1"].pos().y() == 50.0
    hand.key(Qt.Key.Key_Escape)
    assert canvas.design.nodes["relu1"].pos().y() == 0.0
    hand.release(start)
    assert workspace.document is before


def test_alt_moves_a_node_off_the_grid(workspace, canvas, hand):
    canvas.zoom_reset()
    start = hand.node("relu1")
    hand.drag(start, start + hand.at(33, 57) - hand.at(0, 0), keys=ALT)
    assert workspace.document.positions["relu1"] == (473.0, 57.0)


def test_all_selected_nodes_move_together_and_links_follow(workspace, canvas, hand):
    workspace.select(("conv1", "relu1"))
    start = hand.node("relu1")
    hand.drag(start, start + hand.at(0, 70) - hand.at(0, 0))
    assert workspace.document.positions["conv1"] == (220.0, 70.0)
    assert workspace.document.positions["relu1"] == (440.0, 70.0)
    item = canvas.design.links[Link("image", "conv1")]
    assert item.path.currentPosition() == canvas.design.nodes["conv1"].anchor("inputs", "x")


def test_a_move_is_taken_back_by_undo(workspace, canvas, hand):
    start = hand.node("relu1")
    hand.drag(start, start + hand.at(0, 70) - hand.at(0, 0))
    workspace.undo()
    assert canvas.design.nodes["relu1"].pos().y() == 0.0


def test_a_tremble_while_clicking_is_no_drag(workspace, hand):
    before = workspace.document
    start = hand.node("relu1")
    hand.press(start)
    hand.go(start + hand.at(2, 1) - hand.at(0, 0))
    hand.release(start)
    assert workspace.document is before


def test_ctrl_with_arrow_keys_nudges_the_selection_as_one_step(workspace, hand):
    workspace.select(("relu1",))
    steps = len(workspace.history.states)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right):
        hand.key(key, CONTROL)
    assert workspace.document.positions["relu1"] == (460.0, 0.0)
    assert len(workspace.history.states) == steps + 2
    hand.key(Qt.Key.Key_Down, CONTROL | SHIFT)
    assert workspace.document.positions["relu1"] == (460.0, 50.0)


def test_an_arrow_key_that_is_held_makes_one_step(workspace, canvas):
    workspace.select(("relu1",))
    steps = len(workspace.history.states)
    for repeated in (False, True, True):
        kind = QEvent.Type.KeyPress
        QApplication.sendEvent(canvas, QKeyEvent(kind, Qt.Key.Key_Right, CONTROL, "", repeated))
    QApplication.sendEvent(canvas, QKeyEvent(QEvent.Type.KeyRelease, Qt.Key.Key_Right, CONTROL))
    assert workspace.document.positions["relu1"] == (470.0, 0.0)
    assert len(workspace.history.states) == steps + 1


def test_ctrl_with_arrow_keys_moves_the_view_where_nothing_is_selected(workspace, hand):
    before, design = hand.node("relu1"), workspace.document
    hand.key(Qt.Key.Key_Right, CONTROL)
    assert hand.node("relu1").x() < before.x()
    assert workspace.document is design


def test_select_all_and_escape(workspace, hand):
    hand.key(Qt.Key.Key_A, CONTROL)
    assert workspace.selection == set(workspace.document.nodes)
    hand.key(Qt.Key.Key_Escape)
    assert workspace.selection == frozenset()


def test_a_link_is_selected_by_a_click_and_deleted_by_key(workspace, canvas, hand):
    link = Link("relu1", "sum")
    hand.click(hand.middle_of(link))
    assert canvas.design.chosen_links == {link}
    hand.key(Qt.Key.Key_Delete)
    assert link not in workspace.document.links
    assert canvas.design.chosen_links == frozenset()


def test_selecting_a_node_lets_go_of_the_links(workspace, canvas, hand):
    hand.click(hand.middle_of(Link("relu1", "sum")))
    hand.click(hand.node("relu1"))
    assert canvas.design.chosen_links == frozenset()
    assert workspace.selection == {"relu1"}


def test_many_nodes_dragged_together_stand_where_they_were_let_go(workspace, canvas, hand):
    names = [f"relu_{number}" for number in range(160)]
    places = {name: (30.0 * place, 400.0 + 90.0 * (place % 2)) for place, name in enumerate(names)}

    def fill(document: Document) -> Document:
        for name in names:
            document = edits.add_node(document, Node(name, "ReLU"), places[name])
        return edits.connect(document, Link("relu1", names[0]))

    workspace.commit(fill, "Fill")
    workspace.select(names)
    canvas.zoom_reset()
    canvas.centerOn(canvas.design.nodes[names[3]])
    start = hand.node(names[3])
    hand.pull(start, start + QPointF(60, 40))
    assert canvas.design.nodes[names[3]].pos() == QPointF(90 + 60, 490 + 40)
    assert workspace.document.positions[names[159]] == places[names[159]]
    hand.release(start + QPointF(60, 40))
    moved = {name: (x + 60, y + 40) for name, (x, y) in places.items()}
    assert {name: workspace.document.positions[name] for name in names} == moved
    assert_shows_its_design(canvas)
    hand.pull(start, start + QPointF(-200, 0))
    hand.key(Qt.Key.Key_Escape)
    assert_shows_its_design(canvas)
