"""Problems are mended from the canvas: by key at the selected node, by its context menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hand import Hand

from designer.graph.document import Document, Link, Node
from designer.gui.canvas.editing.menu import menu_for

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow


@pytest.fixture
def unequal(window: MainWindow) -> Hand:
    """Two convolutions that give 16 and 4 channels, added."""
    nodes = [
        Node("image", "Input", {"shape": (1, 8, 8)}), Node("wide", "Conv2d", {"padding": 1}),
        Node("narrow", "Conv2d", {"padding": 1, "out_channels": 4}), Node("sum", "Add"), Node("out", "Output"),
    ]  # fmt: skip
    ends = ("image wide", "image narrow", "wide sum", "narrow sum", "sum out")
    links = tuple(Link(*pair.split()) for pair in ends)
    places = {"image": (0.0, 0.0), "wide": (220.0, -60.0), "narrow": (220.0, 60.0), "sum": (440.0, 0.0),
              "out": (660.0, 0.0)}  # fmt: skip
    window.file.new()
    window.workspace.commit_whole(lambda _: Document({node.id: node for node in nodes}, links, places), "Draw")
    window.canvas.fit_all()
    return Hand(window.canvas)


def test_alt_enter_makes_the_first_mend_of_the_selected_node(
    window: MainWindow, unequal: Hand, press: Callable[[str], None]
) -> None:
    unequal.click(unequal.node("sum"))
    press("fix_selected")
    workspace = window.workspace
    assert not workspace.report.problems
    (new,) = set(workspace.document.nodes) - {"image", "wide", "narrow", "sum", "out"}
    assert workspace.document.incoming[new] == (Link("narrow", new),)
    assert workspace.history.undo_label == "Insert a 1x1 convolution to 16 channels after narrow"
    press("undo")
    assert [problem.code for problem in workspace.report.problems] == ["shapes"]


def test_the_context_menu_offers_each_mend_of_a_node(window: MainWindow, unequal: Hand) -> None:
    at = unequal.node("sum")
    unequal.click(at)
    menu = menu_for(window.canvas, window.canvas.spot_at(at), window.canvas.to_scene(at))
    fixes = [action for action in menu.actions() if action.text().startswith("Insert")]
    assert [action.text().rsplit(" ", 1)[1] for action in fixes] == ["narrow", "wide"]
    assert fixes[0].toolTip() == window.workspace.report.problems[0].sentence
    assert [action.shortcut().toString() for action in fixes] == ["Alt+Return", ""]  # the first is what the key makes
    fixes[1].trigger()
    assert not window.workspace.report.problems
    menu.deleteLater()


def test_the_action_says_why_it_cannot_be_done(window: MainWindow, unequal: Hand) -> None:
    unequal.click(unequal.node("wide"))
    action = window.all_actions["fix_selected"]
    assert not action.isEnabled()
    assert "no problem with a mend" in action.toolTip()
