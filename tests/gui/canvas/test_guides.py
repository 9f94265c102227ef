"""Nodes that are dragged snap to the lines of the nodes around them, which are drawn as long as it lasts."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt

from designer.graph import edits

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def off_grid(workspace, canvas):
    """A neighbour that no line of the grid leads to: at (223, 203)."""
    workspace.commit(lambda document: edits.move(document, {"block1": (223.0, 203.0)}), "Move")
    canvas.set_zoom(1.0)
    canvas.centerOn(400, 150)
    return canvas


def test_an_edge_near_a_neighbours_is_pulled_onto_it_and_a_line_is_drawn(workspace, off_grid, hand):
    start = hand.node("fc1")
    hand.pull(start, start + QPointF(-111, -77))
    assert off_grid.mouse.gesture.lines() == frozenset()
    hand.go(start + QPointF(-213, 66))
    lines = off_grid.mouse.gesture.lines()
    assert [(x, right) for x, _, right, _ in lines] == [(223.0, 223.0)]
    hand.release(start + QPointF(-213, 66))
    assert workspace.document.positions["fc1"] == (223.0, 270.0)
    assert off_grid.mouse.gesture is None


def test_both_axes_can_be_pulled_at_once(workspace, off_grid, hand):
    start = hand.node("fc1")
    hand.pull(start, start + QPointF(2, 5))
    lines = off_grid.mouse.gesture.lines()
    assert {(x, right) for x, y, right, bottom in lines if x == right} == {(440.0, 440.0)}
    assert {(y, bottom) for x, y, right, bottom in lines if y == bottom} == {(203.0, 203.0)}
    hand.release(start + QPointF(2, 5))
    assert workspace.document.positions["fc1"] == (440.0, 203.0)


def test_alt_leaves_the_lines_alone(workspace, off_grid, hand):
    start = hand.node("fc1")
    hand.pull(start, start + QPointF(2, 4))
    assert off_grid.mouse.gesture.lines()
    hand.go(start + QPointF(2, 4), keys=ALT)
    assert off_grid.mouse.gesture.lines() == frozenset()
    hand.release(start + QPointF(2, 4), keys=ALT)
    assert workspace.document.positions["fc1"] == (442.0, 204.0)


def test_several_nodes_are_pulled_as_one_and_not_onto_each_other(workspace, hand):
    workspace.select(("fc1", "lstm1"))
    start = hand.node("fc1")
    hand.drag(start, start + QPointF(0, -196))
    places = workspace.document.positions
    assert (places["fc1"], places["lstm1"]) == ((440.0, 0.0), (0.0, 0.0))


def test_from_afar_nothing_pulls(workspace, canvas, hand):
    canvas.set_zoom(0.3)
    start = hand.node("fc1")
    hand.pull(start, start + QPointF(20, 1))
    assert canvas.mouse.gesture.lines() == frozenset()
    hand.release(start + QPointF(20, 1))
    x, y = workspace.document.positions["fc1"]
    assert (x % 10, y % 10) == (0, 0)


def test_the_lines_are_painted_and_gone_afterwards(canvas, off_grid, hand):
    def on_the_line() -> str:
        at = off_grid.mapFromScene(QPointF(440, 120))
        return off_grid.viewport().grab().toImage().pixelColor(at).name()

    empty, start = on_the_line(), hand.node("fc1")
    hand.pull(start, start + QPointF(2, 5))
    assert on_the_line() == canvas.design.look.theme.accent.name()
    hand.release(start + QPointF(2, 5))
    assert on_the_line() == empty
