"""Two canvases on one design: each looks where it likes, edits appear in both, one that is closed is gone."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from hand import Hand
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import SIGNAL, QEvent, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer.graph import edits
from designer.graph.document import Document, Link, Node
from designer.gui.canvas.view import Canvas
from designer.gui.sheets import Sheets
from designer.gui.split_view import SplitView
from designer.gui.theme import LIGHT, Appearance
from designer.gui.workspace import Workspace

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow

Key, Way = Qt.Key, Qt.Orientation
CONTROL = Qt.KeyboardModifier.ControlModifier
SIGNALS = ("changed(PyObject,PyObject)", "selection_changed(PyObject)", "place_changed(PyObject)", "gone_to()",
           "parked(PyObject)", "opened()")  # fmt: skip


def design() -> Document:
    """x -> block -> y; the block is a group that is repeated."""
    inside = Document(
        {"input": Node("input", "Input"), "fc": Node("fc", "Linear"), "output": Node("output", "Output")},
        (Link("input", "fc"), Link("fc", "output")),
        {"input": (0.0, 0.0), "fc": (220.0, 0.0), "output": (440.0, 0.0)},
    )
    nodes = (Node("x", "Input", {"shape": (8,)}), Node("block", "Group", {"repeat": 2}, inside), Node("y", "Output"))
    links = (Link("x", "block"), Link("block", "y"))
    places = {"x": (0.0, 0.0), "block": (220.0, 0.0), "y": (440.0, 0.0)}
    return Document({node.id: node for node in nodes}, links, places)


@pytest.fixture
def workspace() -> Workspace:
    workspace = Workspace()
    workspace.commit_whole(lambda _: design(), "Open")
    return workspace


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication, workspace: Workspace) -> Iterator[SplitView]:
    qapp.setStyle("Fusion")
    appearance = Appearance(qapp, LIGHT)
    view = SplitView(workspace, appearance)
    view.resize(1200, 500)
    view.show()
    qtbot.waitExposed(view)
    view.active.setFocus()
    yield view
    view.close()
    view.deleteLater()
    appearance.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def both(view: SplitView) -> tuple[Hand, Hand]:
    """A hand for each of two canvases side by side; the first is worked in."""
    view.toggle(Way.Horizontal)
    first, second = view.all
    return Hand(first), Hand(second)


def assert_shows(canvas: Canvas, workspace: Workspace) -> None:
    """That a canvas shows its own level of the design as it is."""
    shown, report = workspace.document.at(canvas.place), workspace.report_at(canvas.place)
    assert set(canvas.design.nodes) == set(shown.nodes)
    assert set(canvas.design.links) == set(shown.links)
    for name, item in canvas.design.nodes.items():
        assert item.report is report.nodes[name]
        assert (item.x(), item.y()) == shown.positions[name]
        assert item.chosen == (canvas.place == workspace.place and name in workspace.selection)


def test_two_canvases_share_design_and_selection_and_each_has_its_own_view(
    view: SplitView, both: tuple[Hand, Hand], workspace: Workspace
) -> None:
    first, second = view.all
    assert first.width() == pytest.approx(second.width(), abs=4)
    zoom = first.zoom
    both[1].wheel(QPointF(100, 100), 4)
    assert second.zoom > zoom == first.zoom
    assert view.active is first
    both[1].click(both[1].node("x"))
    assert view.active is second
    assert workspace.selection == {"x"}
    assert_shows(first, workspace)
    before = workspace.document.positions["x"]
    both[0].drag(both[0].node("x"), both[0].node("x") + QPointF(0, 80))
    assert view.active is first
    assert workspace.document.positions["x"] != before
    assert_shows(first, workspace)
    assert_shows(second, workspace)
    workspace.undo()
    assert_shows(second, workspace)


def test_each_canvas_shows_a_level_of_its_own_and_edits_appear_in_both(
    view: SplitView, both: tuple[Hand, Hand], workspace: Workspace
) -> None:
    first, second = view.all
    both[0].click(both[0].node("y"))
    both[1].double_click(both[1].node("block"))
    assert (first.place, second.place, workspace.place) == ((), ("block",), ("block",))
    assert second.breadcrumb.isVisible()
    assert not first.breadcrumb.isVisible()
    shape = first.design.nodes["y"].report.shape
    both[1].click(both[1].node("fc"))
    workspace.commit(lambda design: edits.change_settings(design, "fc", {"out_features": 5}), "Set")
    assert first.design.nodes["y"].report.shape != shape
    both[1].key(Key.Key_Delete)
    assert set(second.design.nodes) == {"input", "output"}
    # The whole design is worked in again as soon as the hand comes to it; the other stays inside the group.
    both[0].drag(both[0].node("x"), both[0].node("x") + QPointF(0, 60))
    assert (workspace.place, second.place) == ((), ("block",))
    for canvas in view.all:
        assert_shows(canvas, workspace)
    workspace.undo()
    workspace.undo()
    assert "fc" in second.design.nodes
    for canvas in view.all:
        assert_shows(canvas, workspace)


def test_a_canvas_inside_a_group_follows_its_name_and_leaves_it_when_it_goes(
    view: SplitView, both: tuple[Hand, Hand], workspace: Workspace
) -> None:
    first, second = view.all
    both[1].double_click(both[1].node("block"))
    view.turn_to(first)
    zoom = second.zoom
    first.commands.rename("block", "tower")
    assert (second.place, second.zoom) == (("tower",), zoom)
    assert_shows(second, workspace)
    workspace.select(("tower",))
    first.groups.ungroup()
    assert second.place == ()
    assert not second.breadcrumb.isVisible()
    assert_shows(second, workspace)
    workspace.undo()
    assert_shows(second, workspace)


def test_keys_and_drops_go_to_the_canvas_that_has_the_focus(
    view: SplitView, both: tuple[Hand, Hand], workspace: Workspace
) -> None:
    first, second = view.all
    both[1].double_click(both[1].node("block"))
    second.setFocus()
    first.setFocus()
    assert view.active is first
    both[0].key(Key.Key_A, CONTROL)
    assert workspace.selection == {"x", "block", "y"}
    assert both[1].drop(b"ReLU", QPointF(150, 300))
    assert view.active is second
    assert "relu1" in workspace.document.at(("block",)).nodes
    assert "relu1" not in workspace.document.nodes
    assert workspace.place == ("block",)
    both[1].key(Key.Key_Escape)
    both[1].key(Key.Key_Escape)
    assert (first.place, second.place) == ((), ())


@pytest.mark.usefixtures("both")
def test_a_node_that_is_gone_to_is_shown_on_the_active_canvas_alone(view: SplitView, workspace: Workspace) -> None:
    first, second = view.all
    second.set_zoom(0.2)
    middle = second.viewpoint
    workspace.show_node("block.0.fc")
    assert (first.place, workspace.selection) == (("block",), {"fc"})
    assert (second.place, second.viewpoint) == ((), middle)
    assert_shows(second, workspace)


def test_another_design_comes_to_both_canvases_and_each_looks_at_the_first_as_before(
    view: SplitView, both: tuple[Hand, Hand], workspace: Workspace
) -> None:
    first, second = view.all
    both[1].double_click(both[1].node("block"))
    second.set_zoom(2.0)
    before, sheet = second.viewpoint, workspace.sheet
    view.turn_to(first)
    workspace.new(beside=True)
    assert (first.design.nodes, second.design.nodes, second.place) == ({}, {}, ())
    workspace.add("ReLU")
    assert set(second.design.nodes) == {"relu1"}
    workspace.show_sheet(sheet)
    assert (first.place, second.place) == ((), ("block",))
    assert second.viewpoint.zoom == before.zoom
    for canvas in view.all:
        assert_shows(canvas, workspace)


def test_one_canvas_again_shows_what_the_active_one_showed(
    view: SplitView, both: tuple[Hand, Hand], workspace: Workspace
) -> None:
    first, second = view.all
    both[1].double_click(both[1].node("block"))
    both[1].click(both[1].node("fc"))
    second.zoom_by(1.5)
    second.centerOn(200.0, 10.0)
    seen = second.viewpoint
    view.toggle(Way.Vertical)
    assert view.is_split(Way.Vertical)
    assert view.several
    view.toggle(Way.Vertical)
    assert view.all == [first]
    assert view.active is first
    assert (first.place, workspace.place, workspace.selection) == (("block",), ("block",), {"fc"})
    assert first.zoom == seen.zoom
    assert_shows(first, workspace)


DEEDS = ("turn", "enter", "leave", "add", "delete", "group", "ungroup", "rename", "block", "undo", "redo", "tab",
         "other tab", "close tab", "unite")  # fmt: skip


def do(deed: str, number: int, view: SplitView, sheets: Sheets) -> None:
    """Do what somebody at two canvases may do."""
    canvas = view.active
    workspace = canvas.workspace
    names = list(workspace.shown.nodes)
    workspace.select(names[number % len(names) :][:2] if names else ())
    if deed == "turn":
        view.turn_to(view.all[-1 if view.active is view.all[0] else 0])
    elif deed == "enter":
        canvas.open()
    elif deed == "leave":
        canvas.leave_group()
    elif deed == "add":
        workspace.add(("ReLU", "Linear", "residual")[number % 3])
    elif deed == "rename" and names:
        canvas.commands.rename(names[number % len(names)], f"name{number}")
    elif deed in ("undo", "redo"):
        getattr(workspace, deed)()
    elif deed == "tab":
        workspace.new(beside=True)
    elif deed == "other tab":
        sheets.step(1)
    elif deed == "close tab" and sheets.several:
        sheets.drop(workspace.sheet)
    elif deed == "unite":
        view.toggle(Way.Horizontal)
    elif deed == "delete":
        canvas.delete_selection()
    elif deed == "group" and workspace.selection:
        canvas.groups.group()
    elif deed == "block" and len(canvas.groups.chosen) == 1:
        canvas.groups.make_block()
    elif deed == "ungroup":
        canvas.groups.ungroup()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 9)), max_size=30))
def test_whatever_is_done_every_canvas_shows_its_own_level(qapp: QApplication, deeds: list[tuple[str, int]]) -> None:
    workspace, appearance = Workspace(), Appearance(qapp, LIGHT)
    view, sheets = SplitView(workspace, appearance), Sheets(workspace)
    view.toggle(Way.Horizontal)
    workspace.commit_whole(lambda _: design(), "Open")
    for deed, number in deeds:
        do(deed, number, view, sheets)
        assert view.active.place == workspace.place
        for canvas in view.all:
            assert_shows(canvas, workspace)
    view.deleteLater()
    appearance.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_canvas_that_was_closed_leaves_nothing_behind(view: SplitView, workspace: Workspace) -> None:
    def ears() -> list[int]:
        return [workspace.receivers(SIGNAL(signal)) for signal in SIGNALS]

    before, children = ears(), len(view.children())
    assert all(before)
    view.toggle(Way.Horizontal)
    second = view.all[1]
    assert ears() != before
    Hand(second).double_click(Hand(second).node("block"))
    second.colouring.choose("memory")
    gone = [weakref.ref(part) for part in (second, second.design, second.following, second.mouse, second.commands,
                                           next(iter(second.design.nodes.values())))]  # fmt: skip
    view.unite()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    del second
    gc.collect()
    assert [each() for each in gone] == [None] * len(gone)
    assert ears() == before
    assert len(view.children()) == children
    workspace.undo()
    workspace.redo()
    workspace.new()
    QApplication.processEvents()


def test_the_window_splits_by_key_and_every_action_means_the_canvas_with_the_focus(
    window: MainWindow, press: Callable[[str], None]
) -> None:
    window.file.new()
    window.workspace.add("Linear")
    press("split_right")
    first, second = window.canvases.all
    assert window.all_actions["split_right"].isChecked()
    press("next_panel")
    assert second.hasFocus()
    assert window.canvas is second
    QTest.keyClick(second, Key.Key_D, CONTROL)
    assert set(first.design.nodes) == set(second.design.nodes) == {"linear1", "linear2"}
    second.set_zoom(0.5)
    assert window.status.zoom.text() == "50%"
    press("other_canvas")
    assert first.hasFocus()
    assert window.status.zoom.text() != "50%"
    press("zoom_reset")
    assert (first.zoom, second.zoom) == (1.0, 0.5)
    window.compared.begin(Document(), "nothing")
    assert first.veil is not None
    assert second.veil is None
    press("other_canvas")
    window.compared.begin(Document(), "nothing")
    assert (first.veil, window.compared.list.parentWidget()) == (None, second)
    press("split_right")
    assert window.canvases.all == [first]
    assert not window.compared.active
    press("find")
    assert first.isAncestorOf(QApplication.focusWidget())
