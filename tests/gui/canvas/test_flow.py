"""What is done to what flows through nodes: dissolve, bypass, and insertion by dropping a node on a link."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPointF, Qt

from designer.graph import edits
from designer.graph.document import Link, Node
from designer.gui.canvas.editing.menu import menu_for
from designer.gui.canvas.spots import Spot

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def entry(menu, text):
    return next(action for action in menu.actions() if action.text() == text)


def test_ctrl_del_takes_nodes_away_and_connects_what_flowed_through_them(workspace, hand):
    workspace.select(("conv1", "relu1"))
    hand.key(Qt.Key.Key_Delete, CONTROL)
    assert "conv1" not in workspace.document.nodes
    assert workspace.document.links == (Link("image", "sum"),)
    assert workspace.history.undo_label == "Dissolve 2 nodes"
    workspace.undo()
    assert len(workspace.document.links) == 4


def test_dissolving_keeps_what_reaches_the_first_port_whatever_was_drawn_first(workspace, hand):
    def draw(document):
        document = edits.add_node(document, Node("mask", "Input"), (0.0, 300.0))
        document = edits.add_node(document, Node("attention", "MultiheadAttention"), (220.0, 300.0))
        document = edits.connect(document, Link("mask", "attention", "", "key"))
        document = edits.connect(document, Link("image", "attention", "", "query"))
        return edits.connect(document, Link("attention", "fc1"))

    workspace.commit(draw, "Draw")
    workspace.select(("attention",))
    hand.key(Qt.Key.Key_Delete, CONTROL)
    assert Link("image", "fc1") in workspace.document.links


def test_ctrl_b_switches_the_selected_nodes_off_and_on_again(workspace, canvas, hand):
    workspace.select(("conv1", "relu1"))
    hand.key(Qt.Key.Key_B, CONTROL)
    assert {name for name, node in workspace.document.nodes.items() if node.bypassed} == {"conv1", "relu1"}
    assert workspace.report.nodes["sum"].shape == workspace.report.nodes["image"].shape
    assert "bypassed" in canvas.design.nodes["conv1"].description()
    assert workspace.report.nodes["conv1"].parameters == 0
    canvas.grab()
    hand.key(Qt.Key.Key_B, CONTROL)
    assert not any(node.bypassed for node in workspace.document.nodes.values())
    workspace.undo()
    assert workspace.document.nodes["relu1"].bypassed


def test_a_mixed_selection_is_bypassed_but_for_what_cannot_be(workspace, hand):
    workspace.select(("image", "conv1"))
    hand.key(Qt.Key.Key_B, CONTROL)
    assert workspace.document.nodes["conv1"].bypassed
    assert not workspace.document.nodes["image"].bypassed


def test_an_input_alone_is_not_bypassed_and_a_sentence_says_why(workspace, hand, qtbot):
    workspace.select(("image",))
    with qtbot.waitSignal(workspace.refused) as said:
        hand.key(Qt.Key.Key_B, CONTROL)
    assert said.args == ["image cannot be bypassed: a layer must take something in and give it on."]


def test_the_context_menu_bypasses_switches_on_and_dissolves(workspace, canvas):
    workspace.select(("relu1",))
    entry(menu_for(canvas, Spot("relu1"), QPointF()), "Bypass").trigger()
    assert workspace.document.nodes["relu1"].bypassed
    entry(menu_for(canvas, Spot("relu1"), QPointF()), "Switch on").trigger()
    assert not workspace.document.nodes["relu1"].bypassed
    entry(menu_for(canvas, Spot("relu1"), QPointF()), "Dissolve").trigger()
    assert "relu1" not in workspace.document.nodes


LINK = Link("image", "conv1")


def over(hand, link):
    """Where the title of a node is held whose middle is then on the middle of a link."""
    return hand.middle_of(link) - QPointF(0, 18)


@pytest.fixture
def loose(workspace):
    """A node without links, far below the others."""
    workspace.commit(lambda document: edits.add_node(document, Node("norm", "BatchNorm2d"), (300.0, 300.0)), "Add")
    return "norm"


def test_a_node_without_links_that_is_dropped_on_a_link_is_put_into_it(workspace, canvas, hand, loose):
    end = over(hand, LINK)
    hand.pull(hand.node(loose), end)
    assert canvas.design.links[LINK].hovered
    assert canvas.mouse.gesture.message() == "image → norm → conv1\nAlt keeps it out."
    canvas.grab()
    hand.release(end)
    document = workspace.document
    assert document.links[0:2] == (Link("image", "norm"), Link("norm", "conv1"))
    assert LINK not in document.links
    columns = [document.positions[name][0] for name in ("image", "norm", "conv1", "relu1")]
    assert columns == sorted(columns)
    assert min(right - left for left, right in pairwise(columns)) >= 200
    assert workspace.history.undo_label == "Insert norm"
    workspace.undo()
    assert LINK in workspace.document.links
    assert workspace.document.positions["norm"] == (300.0, 300.0)


def test_with_alt_a_node_is_moved_over_a_link_and_stays_out(workspace, canvas, hand, loose):
    end = over(hand, LINK)
    hand.pull(hand.node(loose), end)
    hand.go(end, keys=ALT)
    assert not canvas.design.links[LINK].hovered
    hand.release(end, keys=ALT)
    assert LINK in workspace.document.links
    assert workspace.document.positions["norm"] != (300.0, 300.0)


def test_a_node_that_is_connected_is_not_put_into_a_link_by_accident(workspace, hand):
    hand.drag(hand.node("relu1"), over(hand, LINK))
    assert LINK in workspace.document.links


def test_an_insertion_that_is_given_up_leaves_no_trace(workspace, canvas, hand, loose):
    before = workspace.document
    hand.pull(hand.node(loose), over(hand, LINK))
    hand.key(Qt.Key.Key_Escape)
    assert workspace.document is before
    assert not canvas.design.links[LINK].hovered


def test_a_misfit_is_said_before_the_node_is_dropped(canvas, hand, workspace):
    workspace.commit(lambda document: edits.add_node(document, Node("seq", "Conv3d"), (300.0, 300.0)), "Add")
    hand.pull(hand.node("seq"), over(hand, LINK))
    assert canvas.mouse.gesture.message().startswith("image → seq → conv1\n")
    assert "Alt" not in canvas.mouse.gesture.message()
