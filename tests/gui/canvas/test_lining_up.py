"""Selecting more by what is selected, and putting what is selected in line."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF

from designer.graph.aligning import Edge
from designer.graph.frames import add_frame
from designer.gui.canvas.editing.lining_up import CHOICES
from designer.gui.canvas.editing.menu import menu_for
from designer.gui.canvas.items.marks import FRAME
from designer.gui.canvas.spots import Spot


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ("upstream", {"image", "conv1", "relu1"}),
        ("downstream", {"relu1", "sum"}),
        ("linked", {"image", "conv1", "relu1", "sum"}),
        ("alike", {"relu1"}),
        ("invert", {"image", "conv1", "sum", "lstm1", "block1", "fc1"}),
    ],
)
def test_more_is_selected_by_what_is_selected(workspace, canvas, what, found):
    workspace.select(("relu1",))
    getattr(canvas.selecting, what)()
    assert workspace.selection == found


def test_the_menu_aligns_the_selected_nodes_in_one_step(workspace, canvas):
    workspace.select(("relu1", "lstm1", "fc1"))
    steps, before = len(workspace.history.states), workspace.document
    inner = next(a for a in menu_for(canvas, Spot("relu1"), QPointF()).actions() if a.text().startswith("Align"))
    next(action for action in inner.menu().actions() if action.text() == "Align &right edges").trigger()
    places = workspace.document.positions
    assert {places[name][0] for name in ("relu1", "lstm1", "fc1")} == {440.0}
    assert places["image"] == before.positions["image"]
    assert len(workspace.history.states) == steps + 1
    assert workspace.history.undo_label == "Align 3 nodes"
    workspace.undo()
    assert workspace.document is before


def test_nodes_of_other_heights_are_aligned_by_what_is_seen_of_them(workspace, canvas):
    workspace.select(("sum", "lstm1"))
    canvas.lining_up.align(Edge.BOTTOM)
    rects = [canvas.design.nodes[name].sceneBoundingRect() for name in ("sum", "lstm1")]
    assert rects[0].bottom() == rects[1].bottom()
    assert rects[0].height() != rects[1].height()


def test_gaps_between_nodes_become_equal(workspace, canvas):
    workspace.select(("image", "conv1", "sum"))
    canvas.lining_up.distribute(0)
    assert [workspace.document.positions[name][0] for name in ("image", "conv1", "sum")] == [0.0, 330.0, 660.0]


def test_a_selected_frame_moves_as_one(workspace, canvas):
    workspace.commit(lambda document: add_frame(document, ("relu1", "sum")), "Frame")
    canvas.design.marks.choose({(FRAME, next(iter(workspace.document.frames)))})
    workspace.select(("fc1",))
    assert canvas.lining_up.count == 2
    canvas.lining_up.align(Edge.BOTTOM)
    places = workspace.document.positions
    assert places["sum"][0] - places["relu1"][0] == 220.0
    assert places["sum"][1] == places["relu1"][1] != 0.0


def test_one_node_alone_has_nothing_to_be_aligned_with(workspace, canvas):
    workspace.select(("relu1",))
    before = workspace.document
    for choice in CHOICES:
        choice.run(canvas.lining_up)
    assert workspace.document is before
    texts = [action.text() for action in menu_for(canvas, Spot("relu1"), QPointF()).actions()]
    assert "Align and distribute" not in texts
