"""What is done to the selection by key and menu: clipboard, duplicate, delete, rename; and drops from the palette."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from designer.graph import edits
from designer.graph.document import Link, Node
from designer.gui.canvas.editing.menu import menu_for
from designer.gui.canvas.floating.overlays import NameField
from designer.gui.canvas.floating.telling import explain
from designer.gui.canvas.spots import Spot

CONTROL = Qt.KeyboardModifier.ControlModifier


def entry(menu, text):
    return next(action for action in menu.actions() if action.text() == text)


def test_delete_takes_nodes_with_their_links_in_one_step(workspace, canvas, hand):
    workspace.select(("conv1", "relu1"))
    hand.key(Qt.Key.Key_Delete)
    assert set(workspace.document.nodes) == {"image", "sum", "lstm1", "block1", "fc1"}
    assert workspace.document.links == ()
    assert canvas.design.links == {}
    workspace.undo()
    assert set(canvas.design.nodes) == set(workspace.document.nodes)
    assert len(canvas.design.links) == 4


def test_copy_puts_a_readable_design_on_the_clipboard(workspace, hand):
    workspace.select(("conv1", "relu1"))
    hand.key(Qt.Key.Key_C, CONTROL)
    text = QGuiApplication.clipboard().text()
    assert '"format": "netwright/1"' in text
    assert '"id": "image"' not in text


def test_a_program_that_has_copied_ends_in_peace():
    """Qt frees what stands on the clipboard when Python is gone already; what Python made must not be there."""
    script = """
import sys
from PySide6.QtGui import QGuiApplication
from designer.graph.document import Document, Node
from designer.gui.canvas.editing.clipboard import from_clipboard, to_clipboard
application = QGuiApplication(sys.argv)
to_clipboard(Document({"a": Node("a", "ReLU")}))
assert set(from_clipboard().nodes) == {"a"}
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_paste_adds_copies_with_their_links_and_selects_them(workspace, canvas, hand):
    workspace.select(("conv1", "relu1"))
    hand.key(Qt.Key.Key_C, CONTROL)
    canvas.commands.paste(QPointF(500, 400))
    assert workspace.selection == {"conv2", "relu2"}
    assert Link("conv2", "relu2") in workspace.document.links
    assert workspace.document.nodes["conv2"].settings == {"padding": 1}
    left, right = (workspace.document.positions[name] for name in ("conv2", "relu2"))
    assert (right[0] - left[0], right[1] - left[1]) == (220.0, 0.0)
    assert abs((left[0] + right[0] + 168) / 2 - 500) <= 10


def test_pasting_twice_at_one_place_hides_nothing(workspace, canvas, hand):
    workspace.select(("conv1",))
    hand.key(Qt.Key.Key_C, CONTROL)
    for _ in range(3):
        canvas.commands.paste(QPointF(500, 400))
    places = list(workspace.document.positions.values())
    assert len(places) == len(set(places))


def test_plain_text_of_a_design_is_pasted_too(workspace, canvas):
    QGuiApplication.clipboard().setText(
        '{"format": "netwright/1", "nodes": [{"id": "a", "layer": "ReLU"}], "links": []}'
    )
    canvas.paste()
    assert workspace.document.nodes["a"].layer == "ReLU"


@pytest.mark.parametrize("text", ["hello", "{}", '{"format": "netwright/1", "nodes": [], "links": [["a", "b"]]}', ""])
def test_text_that_is_no_design_is_refused_in_a_sentence(workspace, canvas, qtbot, text):
    QGuiApplication.clipboard().setText(text)
    before = workspace.document
    with qtbot.waitSignal(workspace.refused) as refused:
        canvas.paste()
    assert refused.args[0].endswith(".")
    assert workspace.document is before


def test_cut_is_one_step_and_paste_brings_it_back(workspace, canvas, hand):
    workspace.select(("relu1",))
    steps = len(workspace.history.states)
    hand.key(Qt.Key.Key_X, CONTROL)
    assert "relu1" not in workspace.document.nodes
    assert len(workspace.history.states) == steps + 1
    canvas.commands.paste()
    assert workspace.document.nodes["relu1"].layer == "ReLU"


def test_duplicate_keeps_the_links_inside(workspace, hand):
    workspace.select(("conv1", "relu1"))
    hand.key(Qt.Key.Key_D, CONTROL)
    assert workspace.selection == {"conv2", "relu2"}
    assert workspace.document.links_of("conv2") == (Link("conv2", "relu2"),)
    assert workspace.document.positions["conv2"] == (250.0, 30.0)


def test_f2_renames_a_node_and_keeps_it_selected(workspace, canvas, hand, qtbot):
    workspace.select(("relu1",))
    hand.key(Qt.Key.Key_F2)
    field = canvas.findChild(NameField)
    assert field.text() == "relu1"
    assert field.selectedText() == "relu1"
    qtbot.keyClicks(field, "bend")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert "bend" in canvas.design.nodes
    assert Link("conv1", "bend") in canvas.design.links
    assert workspace.selection == {"bend"}
    assert canvas.design.nodes["bend"].chosen
    assert canvas.hasFocus()


def test_a_name_that_cannot_be_keeps_the_field_open_and_says_why(workspace, canvas, hand, qtbot):
    workspace.select(("relu1",))
    hand.key(Qt.Key.Key_F2)
    field = canvas.findChild(NameField)
    qtbot.keyClicks(field, "2 words")
    with qtbot.waitSignal(workspace.refused):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.isVisible()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not any(each.isVisible() for each in canvas.findChildren(QLineEdit))
    assert "relu1" in workspace.document.nodes


def test_a_press_elsewhere_takes_the_new_name(workspace, canvas, hand, qtbot):
    workspace.select(("relu1",))
    hand.key(Qt.Key.Key_F2)
    field = canvas.findChild(NameField)
    qtbot.keyClicks(field, "bend")
    field.clearFocus()
    assert "bend" in workspace.document.nodes


def test_a_layer_dropped_from_the_palette_stands_under_the_pointer(workspace, canvas, hand):
    assert hand.drop(b"Dropout", hand.at(700, 300))
    (name,) = workspace.selection
    assert workspace.document.nodes[name].layer == "Dropout"
    x, y = workspace.document.positions[name]
    assert abs(x + 84 - 700) <= 10
    assert abs(y + 30 - 300) <= 10
    assert name in canvas.design.nodes


def test_a_layer_dropped_on_a_link_is_put_into_it(workspace, canvas, hand):
    steps = len(workspace.history.states)
    assert hand.drop(b"Dropout", hand.middle_of(Link("image", "conv1")))
    assert Link("image", "dropout1") in canvas.design.links
    assert Link("dropout1", "conv1") in canvas.design.links
    assert Link("image", "conv1") not in canvas.design.links
    assert workspace.selection == {"dropout1"}
    assert len(workspace.history.states) == steps + 1


def test_a_layer_without_an_input_dropped_on_a_link_stands_for_itself(workspace, hand):
    assert hand.drop(b"Input", hand.middle_of(Link("image", "conv1")))
    assert Link("image", "conv1") in workspace.document.links


def test_what_is_no_layer_cannot_be_dropped(workspace, hand):
    before = workspace.document
    assert not hand.drop(b"Nonsense", hand.at(700, 300))
    assert not hand.drop(b"Dropout", hand.at(700, 300), "text/plain")
    assert workspace.document is before


def test_the_menu_of_a_node_offers_the_fixes_of_its_problems(workspace, canvas, hand):
    workspace.commit(lambda document: edits.connect(document, Link("relu1", "fc1")), "Connect")
    workspace.commit(
        lambda document: edits.change_settings(document, "conv1", {"kernel_size": 50}), "Take a window too large"
    )
    (problem,) = canvas.design.nodes["conv1"].problems
    menu = menu_for(canvas, canvas.spot_at(hand.node("conv1")), QPointF())
    fix = problem.fixes[0]
    entry(menu, fix.label).trigger()
    assert workspace.history.undo_label == fix.label
    assert canvas.design.nodes["conv1"].problems == ()


def test_the_menu_of_a_node_disconnects_it(workspace, canvas, hand):
    workspace.select(("conv1",))
    menu = menu_for(canvas, canvas.spot_at(hand.node("conv1")), QPointF())
    entry(menu, "Disconnect").trigger()
    assert workspace.document.links_of("conv1") == ()


def test_the_menu_of_an_empty_place_pastes_there(workspace, canvas):
    workspace.select(("conv1",))
    canvas.copy_selection()
    at = QPointF(640, 400)
    menu = menu_for(canvas, canvas.design.spot(at, 1.0), at)
    entry(menu, "Paste").trigger()
    assert abs(workspace.document.positions["conv2"][0] + 84 - 640) <= 10


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_menu_opens_where_it_is_asked_for(canvas, hand):
    at = hand.node("relu1").toPoint()
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, canvas.viewport().mapToGlobal(at))
    QApplication.sendEvent(canvas.viewport(), asked)
    menu = canvas.findChild(QMenu)
    assert menu.isVisible()
    assert menu.actions()[0].text() == "Rename"
    menu.close()


def test_a_right_press_selects_what_is_under_it(workspace, canvas, hand):
    hand.press(hand.node("relu1"), Qt.MouseButton.RightButton)
    assert workspace.selection == {"relu1"}
    hand.release(hand.node("relu1"), Qt.MouseButton.RightButton)
    link = Link("image", "conv1")
    hand.press(hand.middle_of(link), Qt.MouseButton.RightButton)
    assert canvas.design.chosen_links == {link}


def test_a_group_is_entered_by_a_double_click_and_left_by_keys(workspace, canvas, hand):
    hand.double_click(hand.node("block1"))
    assert workspace.place == ("block1",)
    assert set(canvas.design.nodes) == {"input", "fc", "output"}
    assert canvas.breadcrumb.isVisible()
    hand.key(Qt.Key.Key_Backspace)
    assert workspace.place == ()
    assert set(canvas.design.nodes) == set(workspace.document.nodes)
    hand.double_click(hand.node("block1"))
    hand.key(Qt.Key.Key_Escape)
    assert workspace.place == ()
    assert not canvas.breadcrumb.isVisible()


def test_the_path_of_groups_leads_back(workspace, canvas, hand):
    centre, zoom = canvas.to_scene(canvas.viewport().rect().center()), canvas.zoom
    hand.double_click(hand.node("block1"))
    canvas.breadcrumb.buttons[0].click()
    assert workspace.place == ()
    assert canvas.zoom == zoom
    back = canvas.to_scene(canvas.viewport().rect().center())
    assert abs(back.x() - centre.x()) + abs(back.y() - centre.y()) < 4


def test_on_a_narrow_canvas_the_path_leaves_out_the_outermost_groups(workspace, canvas):
    workspace.commit(lambda design: edits.rename(design, "block1", "the_block_with_the_long_name"), "Rename")
    workspace.enter(("the_block_with_the_long_name",))
    workspace.select(("fc",))
    canvas.groups.group()
    path = ("the_block_with_the_long_name", "group1")
    workspace.enter(path)
    breadcrumb = canvas.breadcrumb

    def shown():
        return [button.text() for button in breadcrumb.buttons]

    assert shown() == ["Design", "the_block_with_the_long_name"]
    wide = breadcrumb.width()
    canvas.resize(220, 400)
    assert breadcrumb.geometry().right() < canvas.width()
    assert shown() == ["…"]
    breadcrumb.buttons[0].click()
    assert workspace.place == path[:1]
    workspace.enter(path)
    canvas.resize(1100, 600)
    assert shown() == ["Design", "the_block_with_the_long_name"]
    assert breadcrumb.width() == wide


def test_edits_inside_a_group_are_made_there(workspace, canvas, hand):
    workspace.enter(("block1",))
    QApplication.processEvents()
    start = hand.node("fc")
    hand.drag(start, start + QPointF(0, 60 * canvas.zoom))
    assert workspace.document.nodes["block1"].inside.positions["fc"] == (220.0, 60.0)
    assert canvas.design.nodes["fc"].pos().y() == 60.0
    workspace.undo()
    assert canvas.design.nodes["fc"].pos().y() == 0.0


def test_a_node_with_a_bad_id_from_a_file_does_not_become_markup(workspace, canvas):
    bad = Node("<b>x</b>", "ReLU")
    workspace.commit(lambda document: edits.add_node(document, bad, (0.0, 400.0)), "Add")
    assert "&lt;b&gt;" in explain(canvas.design, Spot(bad.id))
