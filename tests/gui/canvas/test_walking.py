"""The arrow keys: along the links, among siblings, and back the way one came."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from designer.graph import edits
from designer.graph.document import Document

SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT, RIGHT, UP, DOWN = Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down


@pytest.fixture
def walk(hand, workspace):
    """Presses arrow keys; gives what is selected after each."""

    def walk(*keys: Qt.Key) -> list[str]:
        seen = []
        for key in keys:
            hand.key(key)
            seen.extend(workspace.selection)
        return seen

    return walk


def test_the_first_arrow_goes_to_the_first_node(walk):
    assert walk(LEFT) == ["image"]


def test_right_goes_to_who_reads_a_node_and_left_to_what_it_reads(workspace, walk):
    workspace.select(("image",))
    assert walk(RIGHT, RIGHT, RIGHT, RIGHT) == ["conv1", "relu1", "sum", "sum"]
    assert walk(LEFT, LEFT) == ["relu1", "conv1"]


def test_left_goes_back_by_the_branch_that_was_come(workspace, walk):
    workspace.commit(lambda document: edits.move(document, {"relu1": (440.0, 120.0)}), "Move")
    workspace.select(("conv1",))
    # Straight on stands the sum, which reads conv1 too; from it the way back is to conv1.
    assert walk(RIGHT, LEFT) == ["sum", "conv1"]


def test_up_and_down_go_among_those_at_the_same_fork(workspace, walk):
    workspace.commit(lambda document: edits.move(document, {"relu1": (440.0, 120.0)}), "Move")
    workspace.select(("conv1",))
    assert walk(RIGHT, DOWN, UP, DOWN, LEFT) == ["sum", "relu1", "sum", "relu1", "conv1"]


def test_up_and_down_go_to_the_nearest_where_there_is_no_sibling(workspace, walk):
    workspace.select(("image",))
    assert walk(DOWN, UP) == ["lstm1", "image"]


def test_shift_extends_the_selection_and_takes_back_on_the_way_back(workspace, hand):
    workspace.select(("image",))
    hand.key(RIGHT, SHIFT)
    hand.key(RIGHT, SHIFT)
    assert workspace.selection == {"image", "conv1", "relu1"}
    hand.key(LEFT, SHIFT)
    assert workspace.selection == {"image", "conv1"}
    hand.key(RIGHT)
    assert workspace.selection == {"relu1"}


def test_the_node_gone_to_is_in_view(workspace, canvas, hand):
    workspace.commit(lambda document: edits.move(document, {"conv1": (9000.0, 0.0)}), "Move")
    workspace.select(("image",))
    hand.key(RIGHT)
    assert canvas.viewport().rect().contains(hand.node("conv1").toPoint())


def test_on_an_empty_canvas_the_arrows_do_nothing(workspace, hand):
    workspace.commit_whole(lambda _: Document(), "Empty")
    hand.key(RIGHT)
    assert workspace.selection == frozenset()
