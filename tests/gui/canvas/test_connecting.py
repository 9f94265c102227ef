"""Links drawn, moved, taken off and refused."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt

from designer.graph.document import Link


def test_a_link_is_drawn_from_an_output_to_an_input(workspace, hand):
    hand.drag(hand.port("sum", "outputs"), hand.port("fc1", "inputs"))
    assert Link("sum", "fc1") in workspace.document.links
    assert str(workspace.report.nodes["fc1"].shape) == "N x 16 x 8 x 64"


def test_a_link_is_drawn_from_an_input_to_an_output(workspace, hand):
    hand.drag(hand.port("fc1", "inputs"), hand.port("sum", "outputs"))
    assert Link("sum", "fc1") in workspace.document.links


def test_a_link_to_another_port_than_the_first_names_it(workspace, hand):
    hand.drag(hand.port("lstm1", "outputs", 1), hand.port("fc1", "inputs"))
    assert Link("lstm1", "fc1", "last") in workspace.document.links


def test_a_second_link_to_a_port_for_one_takes_the_place_of_the_first(workspace, hand):
    hand.drag(hand.port("image", "outputs"), hand.port("relu1", "inputs"))
    assert workspace.document.incoming["relu1"] == (Link("image", "relu1"),)


def test_a_port_for_many_takes_another_link(workspace, hand):
    hand.drag(hand.port("image", "outputs"), hand.port("sum", "inputs"))
    assert len(workspace.document.incoming["sum"]) == 3


def test_the_magnet_catches_a_link_near_a_port(workspace, hand):
    hand.drag(hand.port("sum", "outputs"), hand.port("fc1", "inputs") + QPointF(-18, 8))
    assert Link("sum", "fc1") in workspace.document.links


def test_a_link_dropped_on_a_node_finds_its_port(workspace, hand):
    hand.drag(hand.port("sum", "outputs"), hand.node("fc1"))
    assert Link("sum", "fc1") in workspace.document.links


def test_a_link_dropped_on_nothing_is_not_drawn(workspace, hand):
    before = workspace.document
    hand.drag(hand.port("sum", "outputs"), hand.at(700, 300))
    assert workspace.document is before


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (("sum", "outputs"), ("conv1", "inputs"), "circle"),
        (("sum", "outputs"), ("fc1", "outputs"), "Two outputs"),
        (("relu1", "inputs"), ("fc1", "inputs"), "Two inputs"),
        (("relu1", "outputs"), ("relu1", "inputs"), "itself"),
    ],
)
def test_a_link_that_cannot_be_is_refused_in_a_sentence(workspace, hand, qtbot, start, end, words):
    before = workspace.document
    with qtbot.waitSignal(workspace.refused) as refused:
        hand.press(hand.port(*start), keys=Qt.KeyboardModifier.ShiftModifier)
        for step in (0.4, 1.0):
            hand.go(hand.port(*start) + (hand.port(*end) - hand.port(*start)) * step)
        hand.release(hand.port(*end))
    assert words in refused.args[0]
    assert workspace.document is before


def test_compatible_ports_are_lit_and_others_dimmed_while_a_link_is_drawn(canvas, hand):
    hand.pull(hand.port("relu1", "outputs"), hand.at(640, 150))
    look = canvas.design.look
    assert ("sum", "inputs", "x") in look.lit
    assert ("fc1", "inputs", "x") in look.lit
    assert "conv1" not in look.lit_nodes
    hand.key(Qt.Key.Key_Escape)
    assert look.lit is None
    hand.release(hand.at(640, 150))


def test_what_the_target_would_say_is_told_before_the_link_is_drawn(canvas, hand):
    said = []
    canvas.hovered.connect(said.append)
    hand.pull(hand.port("sum", "outputs"), hand.port("lstm1", "inputs"))
    assert any("sum → lstm1" in line and "steps x features" in line for line in said)
    hand.release(hand.port("lstm1", "inputs"))


def test_a_link_that_does_not_fit_may_be_drawn_all_the_same(workspace, canvas, hand):
    link = Link("sum", "lstm1")
    hand.drag(hand.port("sum", "outputs"), hand.port("lstm1", "inputs"))
    assert link in workspace.document.links
    assert canvas.design.links[link].wrong


def test_the_end_of_a_link_is_moved_to_another_port(workspace, hand):
    steps = len(workspace.history.states)
    hand.drag(hand.port("relu1", "inputs"), hand.port("fc1", "inputs"))
    assert Link("conv1", "fc1") in workspace.document.links
    assert Link("conv1", "relu1") not in workspace.document.links
    assert len(workspace.history.states) == steps + 1


def test_the_end_of_a_link_dropped_on_nothing_disconnects(workspace, hand):
    hand.drag(hand.port("relu1", "inputs"), hand.at(440, 130))
    assert Link("conv1", "relu1") not in workspace.document.links
    assert workspace.history.undo_label == "Disconnect conv1 from relu1"


def test_a_link_put_back_on_its_own_port_changes_nothing(workspace, hand):
    before = workspace.document
    start = hand.port("relu1", "inputs")
    hand.press(start)
    hand.go(start + QPointF(-40, 60))
    hand.go(start + QPointF(-3, 2))
    hand.release(start)
    assert workspace.document is before


def test_escape_gives_a_link_back_that_was_being_moved(workspace, canvas, hand):
    before = workspace.document
    hand.pull(hand.port("relu1", "inputs"), hand.at(440, 130))
    assert not canvas.design.links[Link("conv1", "relu1")].isVisible()
    hand.key(Qt.Key.Key_Escape)
    hand.release(hand.at(440, 130))
    assert canvas.design.links[Link("conv1", "relu1")].isVisible()
    assert workspace.document is before


def test_an_edit_from_elsewhere_ends_the_gesture(workspace, canvas, hand):
    hand.pull(hand.port("sum", "outputs"), hand.at(640, 150))
    workspace.add("ReLU", (0.0, 400.0))
    assert canvas.mouse.gesture is None
    assert canvas.design.look.lit is None
    hand.release(hand.at(640, 150))


def test_a_port_named_in_full_counts_as_the_first(workspace, hand):
    workspace.commit(
        lambda document: type(document)(document.nodes, (Link("image", "conv1", "output", "x"),), document.positions),
        "Name ports in full",
    )
    hand.drag(hand.port("lstm1", "outputs"), hand.port("conv1", "inputs"))
    assert workspace.document.links == (Link("lstm1", "conv1"),)
