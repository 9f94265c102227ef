"""Search at the pointer: by Tab, by a double click, and at the loose end of a link."""

from __future__ import annotations

import pytest
from hand import Hand
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer.graph.blocks import make_block
from designer.graph.document import Document, Link
from designer.gui.canvas.view import Canvas
from designer.gui.finder.popup import Finder
from designer.gui.workspace import Workspace

SHIFT = Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


def finder_of(canvas: Canvas) -> Finder:
    finder = canvas.quick_add.finder
    assert finder is not None
    return finder


def type_and_enter(canvas: Canvas, text: str) -> None:
    field = finder_of(canvas).field
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Key.Key_Return)


def offered(canvas: Canvas, qtbot: QtBot) -> list[str]:
    """All that the open search lists."""
    finder = finder_of(canvas)
    qtbot.waitUntil(lambda: finder.complete)
    return [choice.key for choice in finder.choices.rows]


def middle(workspace: Workspace, node: str) -> QPointF:
    x, y = workspace.document.positions[node]
    return QPointF(x + 84, y + 30)


def near(one: QPointF, other: QPointF, reach: float = 10.0) -> bool:
    return abs(one.x() - other.x()) <= reach and abs(one.y() - other.y()) <= reach


def test_tab_adds_a_layer_by_another_name_where_the_pointer_is(
    workspace: Workspace, canvas: Canvas, hand: Hand
) -> None:
    hand.hover(hand.at(700, 300))
    hand.key(Key.Key_Tab)
    assert finder_of(canvas).field.hasFocus()
    steps = len(workspace.history.states)
    type_and_enter(canvas, "dense")
    assert workspace.selection == {"linear1"}
    assert near(middle(workspace, "linear1"), QPointF(700, 300))
    assert workspace.document.links_of("linear1") == ()
    assert len(workspace.history.states) == steps + 1
    assert canvas.quick_add.finder is None
    assert canvas.hasFocus()


def test_tab_with_a_node_selected_by_key_adds_behind_it_again_and_again(
    workspace: Workspace, canvas: Canvas, hand: Hand
) -> None:
    hand.hover(hand.at(700, 300))
    workspace.select(("sum",))
    for word in ("relu", "fc"):
        hand.key(Key.Key_Tab)
        type_and_enter(canvas, word)
    assert Link("sum", "relu2") in workspace.document.links
    assert Link("relu2", "linear1") in workspace.document.links
    assert workspace.document.positions["relu2"][0] > workspace.document.positions["sum"][0]


def test_tab_adds_at_the_pointer_once_it_was_brought_elsewhere(
    workspace: Workspace, canvas: Canvas, hand: Hand
) -> None:
    hand.click(hand.node("sum"))
    hand.hover(hand.at(700, 300))
    hand.key(Key.Key_Tab)
    type_and_enter(canvas, "relu")
    assert near(middle(workspace, "relu2"), QPointF(700, 300))
    assert workspace.document.links_of("relu2") == ()


def test_tab_adds_in_the_middle_of_the_view_where_nothing_points_or_is_selected(
    workspace: Workspace, canvas: Canvas, hand: Hand
) -> None:
    centre = canvas.to_scene(canvas.viewport().rect().center())
    hand.key(Key.Key_Tab)
    type_and_enter(canvas, "add")
    (name,) = workspace.selection
    assert workspace.document.nodes[name].layer == "Add"
    assert near(middle(workspace, name), centre)


def test_a_double_click_on_empty_ground_adds_there_what_the_arrows_choose(
    workspace: Workspace, canvas: Canvas, hand: Hand
) -> None:
    hand.double_click(hand.at(640, 320))
    field = finder_of(canvas).field
    QTest.keyClicks(field, "pool")
    QTest.keyClick(field, Key.Key_Down)
    QTest.keyClick(field, Key.Key_Down)
    QTest.keyClick(field, Key.Key_Up)
    second = finder_of(canvas).choices.rows[1].key
    QTest.keyClick(field, Key.Key_Return)
    (name,) = workspace.selection
    assert workspace.document.nodes[name].layer == second
    assert near(middle(workspace, name), QPointF(640, 320))


def test_a_click_on_a_row_adds_it(workspace: Workspace, canvas: Canvas, hand: Hand) -> None:
    hand.double_click(hand.at(640, 320))
    finder = finder_of(canvas)
    QTest.keyClicks(finder.field, "conv 2d")
    place = finder.list.visualRect(finder.choices.index(0, 0)).center()
    QTest.mouseClick(finder.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    (name,) = workspace.selection
    assert workspace.document.nodes[name].layer == "Conv2d"


@pytest.mark.parametrize("leave", ["escape", "press"])
def test_a_search_that_is_left_changes_nothing(workspace: Workspace, canvas: Canvas, hand: Hand, leave: str) -> None:
    before = workspace.document
    hand.double_click(hand.at(640, 320))
    QTest.keyClicks(finder_of(canvas).field, "conv")
    if leave == "escape":
        QTest.keyClick(finder_of(canvas).field, Key.Key_Escape)
        assert canvas.hasFocus()
    else:
        hand.click(hand.at(300, 320))
    assert canvas.quick_add.finder is None
    assert workspace.document is before


def test_an_empty_search_begins_with_what_was_used_lately_then_with_what_is_usual(
    workspace: Workspace, canvas: Canvas, hand: Hand, qtbot: QtBot
) -> None:
    workspace.add("Mish", (0.0, 400.0))
    workspace.add("GRU", (300.0, 400.0))
    hand.double_click(hand.at(640, 320))
    rows = offered(canvas, qtbot)
    assert rows[:2] == ["GRU", "Mish"]
    assert {"Linear", "Conv2d", "ReLU"} <= set(rows[2:20])
    assert len(rows) == len(set(rows))


def test_letters_that_are_left_out_still_find_the_layer(workspace: Workspace, canvas: Canvas, hand: Hand) -> None:
    hand.double_click(hand.at(640, 320))
    type_and_enter(canvas, "drpt")
    (name,) = workspace.selection
    assert workspace.document.nodes[name].layer == "Dropout"


def test_a_link_dropped_on_nothing_offers_only_what_takes_its_shape_and_connects_it(
    workspace: Workspace, canvas: Canvas, hand: Hand, qtbot: QtBot
) -> None:
    before, steps = workspace.document, len(workspace.history.states)
    hand.drag(hand.port("sum", "outputs"), hand.at(700, 300))
    rows = offered(canvas, qtbot)
    assert "N x 16 x 8 x 8" in finder_of(canvas).caption.text()
    assert {"Conv2d", "Linear", "MaxPool2d", "Flatten", "residual"} <= set(rows)
    assert not {"LSTM", "Embedding", "Conv1d", "Input", "BatchNorm1d"} & set(rows)
    assert canvas.quick_add.pending is not None
    assert workspace.document is before
    type_and_enter(canvas, "max pool")
    (name,) = workspace.selection
    assert Link("sum", name) in workspace.document.links
    assert str(workspace.report.nodes[name].shape) == "N x 16 x 4 x 4"
    assert workspace.document.positions[name][0] == 700.0
    assert len(workspace.history.states) == steps + 1
    workspace.undo()
    assert workspace.document is before


def test_a_group_placed_at_a_link_takes_its_width(workspace: Workspace, canvas: Canvas, hand: Hand) -> None:
    hand.drag(hand.port("sum", "outputs"), hand.at(700, 300))
    type_and_enter(canvas, "residual")
    (name,) = workspace.selection
    assert workspace.report.nodes[name].problems == ()
    assert str(workspace.report.nodes[name].shape) == "N x 16 x 8 x 8"


def test_a_link_from_another_port_than_the_first_keeps_its_name(
    workspace: Workspace, canvas: Canvas, hand: Hand, qtbot: QtBot
) -> None:
    hand.drag(hand.port("image", "outputs"), hand.port("lstm1", "inputs"))
    hand.drag(hand.port("lstm1", "outputs", 1), hand.at(640, 340))
    assert "not known yet" in finder_of(canvas).caption.text()
    assert "Input" not in offered(canvas, qtbot)
    type_and_enter(canvas, "fc")
    assert Link("lstm1", "linear1", "last") in workspace.document.links


def test_a_link_drawn_backwards_offers_what_can_give_such_a_shape(
    workspace: Workspace, canvas: Canvas, hand: Hand, qtbot: QtBot
) -> None:
    hand.drag(hand.port("lstm1", "inputs"), hand.at(640, 340))
    rows = offered(canvas, qtbot)
    assert {"Input", "Embedding", "Linear", "LSTM", "Sum"} <= set(rows)
    assert not {"Output", "Flatten", "MaxPool2d", "Conv3d"} & set(rows)
    type_and_enter(canvas, "embedding")
    (name,) = workspace.selection
    assert workspace.document.links_of(name) == (Link(name, "lstm1"),)
    x, _ = workspace.document.positions[name]
    assert near(QPointF(x + 168, 0), QPointF(640, 0))


def test_a_link_drawn_backwards_from_a_taken_port_takes_the_place_of_the_one_there(
    workspace: Workspace, canvas: Canvas, hand: Hand
) -> None:
    hand.press(hand.port("relu1", "inputs"), keys=SHIFT)
    for x in (500.0, 640.0):
        hand.go(hand.at(x, 340), keys=SHIFT)
    hand.release(hand.at(640, 340), keys=SHIFT)
    type_and_enter(canvas, "dropout")
    assert workspace.document.incoming["relu1"] == (Link("dropout1", "relu1"),)


def test_a_link_dropped_inside_a_group_adds_there(workspace: Workspace, canvas: Canvas, hand: Hand) -> None:
    workspace.enter(("block1",))
    QApplication.processEvents()
    hand.drag(hand.port("fc", "outputs"), hand.port("fc", "outputs") + QPointF(30, 120))
    type_and_enter(canvas, "relu")
    inside = workspace.document.nodes["block1"].inside
    assert inside is not None
    assert Link("fc", "relu1") in inside.links


def test_a_link_drawn_backwards_from_a_group_that_shows_a_block_asks_the_block(
    workspace: Workspace, canvas: Canvas, hand: Hand, qtbot: QtBot
) -> None:
    workspace.commit_whole(lambda document: make_block(document, (), "block1"), "Make a block")
    hand.drag(hand.port("block1", "inputs"), hand.at(640, 340))
    rows = offered(canvas, qtbot)
    assert {"Input", "Linear"} <= set(rows)
    assert "Output" not in rows
    type_and_enter(canvas, "fc")
    assert Link("linear1", "block1") in workspace.document.links


def test_an_edit_from_elsewhere_ends_the_search(workspace: Workspace, canvas: Canvas, hand: Hand) -> None:
    hand.drag(hand.port("sum", "outputs"), hand.at(700, 300))
    workspace.add("ReLU", (0.0, 400.0))
    assert canvas.quick_add.finder is None
    assert canvas.quick_add.pending is None


def test_what_nothing_answers_is_said(canvas: Canvas, hand: Hand, workspace: Workspace) -> None:
    before: Document = workspace.document
    hand.double_click(hand.at(640, 320))
    type_and_enter(canvas, "zebra")
    assert finder_of(canvas).empty.isVisible()
    assert workspace.document is before


def test_shift_tab_leaves_the_canvas_and_adds_nothing(canvas: Canvas, hand: Hand) -> None:
    hand.key(Key.Key_Backtab, SHIFT)
    assert canvas.quick_add.finder is None
