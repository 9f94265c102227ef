"""C connects by picking: the ports that fit in a list, narrowed by typing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from designer.graph import edits
from designer.graph.document import Link

SHIFT = Qt.KeyboardModifier.ShiftModifier
ENTER, DOWN, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Escape


@pytest.fixture
def listed(canvas):
    """What the list says now, row by row."""

    def listed() -> list[str]:
        finder = canvas.picker.finder
        return [" · ".join(filter(None, (row.title, row.aside))) for row in finder.choices.rows] if finder else []

    return listed


@pytest.fixture
def type_in(canvas):
    """Types into the list's line, key by key."""

    def type_in(*keys: Qt.Key | str) -> None:
        for key in keys:
            if isinstance(key, str):
                QTest.keyClicks(canvas.picker.finder.field, key)
            else:
                QTest.keyClick(canvas.picker.finder.field, key)

    return type_in


def test_c_lists_what_fits_and_enter_connects_in_one_step(workspace, canvas, hand, listed, type_in):
    workspace.select(("relu1",))
    steps = len(workspace.history.states)
    hand.key(Qt.Key.Key_C)
    assert "fc1 · x" in listed()
    type_in("fc", ENTER)
    assert Link("relu1", "fc1") in workspace.document.links
    assert len(workspace.history.states) == steps + 1
    assert canvas.hasFocus()
    assert not listed()
    workspace.undo()
    assert Link("relu1", "fc1") not in workspace.document.links


def test_what_would_close_a_circle_is_not_listed_and_what_does_not_fit_stands_last(workspace, hand, listed, type_in):
    workspace.select(("relu1",))
    hand.key(Qt.Key.Key_C)
    ports = [tuple(row.split(" · ")[:2]) for row in listed()]
    assert not {"image", "conv1", "relu1"} & {node for node, _ in ports}
    # Its link to the sum is drawn already.
    assert "sum" not in {node for node, _ in ports}
    # An LSTM does not read images of three axes; whoever links it gets a problem, and its mend.
    assert ("lstm1", "x") in ports[ports.index(("block1", "input")) + 1 :]
    type_in("lstm1 x", ENTER)
    assert Link("relu1", "lstm1") in workspace.document.links
    assert workspace.report.nodes["lstm1"].problems


def test_the_output_is_chosen_first_where_there_are_several(workspace, hand, listed, type_in):
    workspace.select(("lstm1",))
    hand.key(Qt.Key.Key_C)
    assert [row.split(" · ")[1] for row in listed()] == ["output", "last", "state"]
    type_in(DOWN, ENTER, "fc1", ENTER)
    assert workspace.document.links[-1] == Link("lstm1", "fc1", "last")


def test_shift_c_connects_from_elsewhere_and_takes_the_place_of_the_link_that_was(workspace, hand, listed, type_in):
    workspace.select(("conv1",))
    workspace.commit(lambda document: edits.remove(document, links=[Link("image", "conv1")]), "Disconnect")
    hand.key(Qt.Key.Key_C, SHIFT)
    assert listed()[0].startswith("image · ")
    type_in(ENTER)
    assert Link("image", "conv1") in workspace.document.links


def test_a_port_that_has_its_link_says_whose_place_would_be_taken(workspace, hand, listed, type_in):
    workspace.select(("image",))
    hand.key(Qt.Key.Key_C)
    type_in("relu1")
    assert listed() == ["relu1 · x · N x 16 x 8 x 8 · instead of conv1"]
    type_in(ENTER)
    assert Link("image", "relu1") in workspace.document.links
    assert Link("conv1", "relu1") not in workspace.document.links


def test_escape_leaves_everything_as_it_was(workspace, canvas, hand, listed, type_in):
    before = workspace.document
    workspace.select(("conv1",))
    hand.key(Qt.Key.Key_C)
    assert canvas.design.look.lit is not None
    type_in(ESCAPE)
    assert not listed()
    assert canvas.design.look.lit is None
    assert workspace.selection == {"conv1"}
    assert workspace.document is before
    assert canvas.hasFocus()


def test_where_nothing_fits_a_sentence_says_so(workspace, hand, listed, qtbot):
    workspace.select(("sum",))
    workspace.commit(lambda document: edits.remove(document, ("fc1", "lstm1", "block1")), "Delete")
    with qtbot.waitSignal(workspace.refused) as refused:
        hand.key(Qt.Key.Key_C)
    assert refused.args == ["No other layer can take what it gives at sum.output. Add one first."]
    assert not listed()
