"""Find, and back and forward: the ways through a design that is larger than the window."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from designer.compiler.checking.check import check
from designer.graph.document import Document, Frame, Link, Node, Sticky
from designer.gui.finder.popup import Finder
from designer.gui.finding import Finding, excerpt
from designer.gui.found import answer, entries

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow

Key = Qt.Key

INSIDE = Document(
    {"input": Node("input", "Input"), "fc": Node("fc", "Linear"), "output": Node("output", "Output")},
    (Link("input", "fc"), Link("fc", "output")), {"input": (0.0, 0.0), "fc": (220.0, 0.0), "output": (440.0, 0.0)},
    stickies={"note1": Sticky("Why so **narrow**?\nTry 64 here.", (3000.0, 2000.0))},
)  # fmt: skip
DESIGN = Document(
    {
        "image": Node("image", "Input", {"shape": (1, 16, 8)}),
        "conv1": Node("conv1", "Conv2d", {"padding": 1}, note="Takes most of the time"),
        "relu1": Node("relu1", "ReLU"),
        "block1": Node("block1", "Group", {"repeat": 2}, INSIDE),
        "far": Node("far", "ReLU"),
        "broken": Node("broken", "Conv2d", {"kernel_size": 99}),
    },
    (Link("image", "conv1"), Link("conv1", "relu1"), Link("relu1", "broken"), Link("conv1", "block1")),
    {"image": (0.0, 0.0), "conv1": (220.0, 0.0), "relu1": (440.0, 0.0), "block1": (440.0, 200.0),
     "far": (9000.0, 4000.0), "broken": (660.0, 0.0)},
    frames={"frame1": Frame("Backbone", members=("conv1", "relu1"))},
)  # fmt: skip


def found(text: str) -> list[str]:
    report = check(DESIGN)
    hits = [hit for entry in entries(DESIGN, report) if (hit := answer(entry, text)) is not None]
    return [hit.entry.full_id for hit in sorted(hits, key=lambda hit: hit.rank)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("fc", "block1.fc"),
        ("block1.fc", "block1.fc"),
        ("Linear", "block1.fc"),
        ("convolution", "conv1"),
        ("16 x 16 x 8", "conv1"),
        ("16x8", "image"),
        ("1, 16, 8", "image"),
        ("most of the time", "conv1"),
        ("99x99", "broken"),
        ("error", "broken"),
        ("backb", "the frame “Backbone”"),
        ("bone", "the frame “Backbone”"),
        ("try 64", "the note “Why so **narrow**? Try 64 here.”"),
    ],
)
def test_a_node_is_found_by_what_is_known_of_it(text: str, first: str) -> None:
    assert found(text)[0] == first


def test_a_shape_is_found_by_whole_sizes_alone() -> None:
    assert found("6 x 8") == []
    assert found("16 x 8")
    assert found("nothing at all") == []


def test_a_long_sentence_is_shown_from_near_where_it_was_found() -> None:
    told = "word " * 20 + "needle in the haystack"
    assert excerpt(told, "needle").startswith("… word")
    assert "needle" in excerpt(told, "needle")[:60]
    assert excerpt("A needle.", "needle") == "A needle."


@pytest.fixture
def large(window: MainWindow) -> MainWindow:
    window.file.new()
    window.workspace.commit_whole(lambda _: DESIGN, "Fill")
    return window


@pytest.fixture
def find(large: MainWindow, press: Callable[[str], None]) -> Callable[[str], Finder]:
    """Opens the field by its key, types, and waits for all that answers."""

    def typed(text: str) -> Finder:
        press("find")
        finder = next(each for each in large.canvas.findChildren(Finder) if each.isVisible())
        finder.field.clear()
        QTest.keyClicks(finder.field, text)
        return finder

    return typed


def in_view(window: MainWindow, name: str) -> bool:
    canvas = window.canvas
    return canvas.mapToScene(canvas.viewport().rect()).boundingRect().contains(canvas.design.bounds((name,)))


def test_enter_jumps_into_a_group_and_f3_goes_on(
    large: MainWindow, find: Callable[[str], Finder], press: Callable[[str], None]
) -> None:
    press("find_next")
    assert large.workspace.selection == frozenset()
    finder = find("fc")
    QTest.keyClick(finder.field, Key.Key_Return)
    assert large.workspace.place == ("block1",)
    assert large.workspace.selection == {"fc"}
    assert large.canvas.hasFocus()
    QTest.keyClick(find("relu").field, Key.Key_Return)
    assert (large.workspace.place, large.workspace.selection) == ((), {"relu1"})
    press("find_next")
    assert large.workspace.selection == {"far"}
    assert in_view(large, "far")
    press("find_next")
    assert large.workspace.selection == {"relu1"}
    press("find_previous")
    assert large.workspace.selection == {"far"}
    large.workspace.commit(lambda _: Document(), "Clear")
    press("find_next")
    assert "any more" in large.status.text.text()


def test_a_note_in_a_group_and_a_frame_are_gone_to_and_selected(
    large: MainWindow, find: Callable[[str], Finder], press: Callable[[str], None]
) -> None:
    QTest.keyClick(find("try 64").field, Key.Key_Return)
    marks, canvas = large.canvas.design.marks, large.canvas
    assert large.workspace.place == ("block1",)
    assert marks.chosen == {("sticky", "note1")}
    seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
    assert seen.contains(marks.stickies["note1"].rect)
    assert canvas.hasFocus()
    QTest.keyClick(find("backbone").field, Key.Key_Return)
    assert (large.workspace.place, marks.chosen) == ((), {("frame", "frame1")})
    press("find_next")
    assert "the frame “Backbone”" in large.status.text.text()
    press("back")
    assert large.workspace.place == ("block1",)


def test_back_and_forward_go_through_places_as_in_a_browser(large: MainWindow, press: Callable[[str], None]) -> None:
    workspace, canvas = large.workspace, large.canvas
    assert "no place before" in large.all_actions["back"].toolTip()
    canvas.set_zoom(1.0)
    canvas.centerOn(100.0, 50.0)
    start = canvas.viewpoint
    workspace.go_to(("far",))
    workspace.enter(("block1",))
    press("back")
    assert (workspace.place, workspace.selection) == ((), {"far"})
    assert in_view(large, "far")
    press("back")
    assert canvas.viewpoint.zoom == start.zoom
    assert canvas.viewpoint.middle == pytest.approx(start.middle, abs=2)
    assert not large.all_actions["back"].isEnabled()
    press("forward")
    press("forward")
    assert workspace.place == ("block1",)
    assert not large.all_actions["forward"].isEnabled()
    press("back")
    workspace.go_to(("conv1",))
    assert not large.all_actions["forward"].isEnabled()


def test_back_passes_over_groups_that_are_gone(large: MainWindow, press: Callable[[str], None]) -> None:
    workspace = large.workspace
    workspace.go_to(("conv1",))
    workspace.enter(("block1",))
    workspace.enter(())
    workspace.commit(lambda document: Document({"conv1": document.nodes["conv1"]}), "Keep one")
    press("back")
    assert workspace.place == ()
    assert workspace.selection == {"conv1"}


def test_a_click_on_a_problem_brings_its_node_into_view(large: MainWindow) -> None:
    large.canvas.set_zoom(1.0)
    large.canvas.centerOn(9000.0, 4000.0)
    large.workspace.show_node("broken")
    assert in_view(large, "broken")
    assert large.places.behind


def test_ten_thousand_nodes_are_searched_without_a_stall(large: MainWindow, find: Callable[[str], Finder]) -> None:
    nodes = {f"n{place}": Node(f"n{place}", "ReLU", note="" if place % 100 else "needle") for place in range(10_000)}
    large.workspace.commit_whole(lambda _: Document(nodes, (), dict.fromkeys(nodes, (0.0, 0.0))), "Fill")
    finder = find("")
    began = time.perf_counter()
    QTest.keyClicks(finder.field, "n9999")
    assert time.perf_counter() - began < 0.5
    assert finder.current is not None
    assert finder.current.title == "n9999"
    assert isinstance(large.finding, Finding)
