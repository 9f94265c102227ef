"""Auto-layout as a person meets it: the key, the menu, Escape, undo."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from designer.graph import edits
from designer.graph.document import Document, Link, Node
from designer.graph.layout import Direction
from designer.gui.canvas.editing import arrange


def test_the_whole_design_is_laid_out_in_one_step_and_undone_in_one(workspace, canvas, qtbot):
    before, steps = workspace.document, len(workspace.history.states)
    with qtbot.waitSignal(canvas.arranging.settled):
        canvas.arranging.arrange(Direction.RIGHT)
    after = workspace.document
    assert after.positions != before.positions
    assert after.nodes is before.nodes
    assert len(workspace.history.states) == steps + 1
    assert workspace.history.undo_label == "Lay out everything"
    assert after.positions["conv1"][1] == after.positions["relu1"][1] == after.positions["sum"][1]
    assert Link("conv1", "sum") in after.routes
    for name, place in after.positions.items():
        assert (canvas.design.nodes[name].x(), canvas.design.nodes[name].y()) == place
    workspace.undo()
    assert workspace.document.positions == before.positions
    assert not workspace.document.routes


def test_with_several_nodes_selected_only_they_are_laid_out(workspace, canvas, qtbot):
    before = workspace.document.positions
    workspace.select(("image", "conv1"))
    with qtbot.waitSignal(canvas.arranging.settled):
        canvas.arranging.arrange(Direction.DOWN)
    after = workspace.document.positions
    assert {name for name in after if after[name] != before[name]} == {"image", "conv1"}
    assert after["image"][0] == after["conv1"][0]
    assert after["image"][1] < after["conv1"][1]
    assert workspace.history.undo_label == "Lay out 2 nodes from top to bottom"


def test_a_press_puts_nodes_on_their_way_where_they_belong(workspace, canvas, hand, monkeypatch):
    monkeypatch.setattr(arrange, "GLIDE", 10_000)
    canvas.arranging.arrange(Direction.RIGHT)
    hand.click(hand.at(-300, -300))
    for name, place in workspace.document.positions.items():
        assert (canvas.design.nodes[name].x(), canvas.design.nodes[name].y()) == place


@pytest.fixture
def elsewhere(monkeypatch):
    """Even a small design is laid out in a process of its own."""
    monkeypatch.setattr(arrange, "AT_ONCE", 0)


@pytest.mark.usefixtures("elsewhere")
def test_a_large_design_is_laid_out_in_a_process_and_comes_out_the_same(workspace, canvas, qtbot):
    said = []
    canvas.arranging.told.connect(said.append)
    with qtbot.waitSignal(canvas.arranging.settled, timeout=20_000):
        canvas.arranging.arrange(Direction.RIGHT)
    assert said[0] == "Laying out 7 layers. Esc cancels."
    assert said[-1] == ""
    elsewhere = workspace.document.positions
    workspace.undo()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrange, "AT_ONCE", 1000)
        canvas.arranging.arrange(Direction.RIGHT)
    assert workspace.document.positions == elsewhere


@pytest.mark.usefixtures("elsewhere")
def test_escape_gives_a_layout_up(workspace, canvas, hand, qtbot):
    before = workspace.document
    canvas.arranging.arrange(Direction.RIGHT)
    assert canvas.arranging.busy
    with qtbot.waitSignal(canvas.arranging.done) as over:
        hand.key(Qt.Key.Key_Escape)
    assert over.args == [False]
    assert workspace.document is before
    assert not canvas.arranging.busy


@pytest.mark.usefixtures("elsewhere")
def test_an_edit_gives_a_layout_up(workspace, canvas):
    canvas.arranging.arrange(Direction.RIGHT)
    workspace.add("Linear", (0.0, 900.0))
    assert not canvas.arranging.busy
    assert workspace.history.undo_label == "Add Linear"


def test_a_circle_of_links_is_laid_out_all_the_same(workspace, canvas):
    nodes = {name: Node(name, "ReLU") for name in ("a", "b", "c")}
    links = (Link("a", "b"), Link("b", "c"), Link("c", "a"), Link("b", "b"))
    workspace.commit_whole(lambda _: Document(nodes, links, dict.fromkeys(nodes, (0.0, 0.0))), "Draw a circle")
    canvas.arranging.arrange(Direction.RIGHT)
    assert len(set(workspace.document.positions.values())) == 3


def test_after_the_whole_was_laid_out_all_of_it_is_in_view(workspace, canvas):
    far = {name: (x + 9000.0, y * 9) for name, (x, y) in workspace.document.positions.items()}
    workspace.commit(lambda document: edits.move(document, far), "Move everything")
    canvas.arranging.arrange(Direction.RIGHT)
    canvas.arranging.settle()
    seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
    assert seen.contains(canvas.design.bounds())


@pytest.mark.usefixtures("elsewhere")
def test_a_process_that_ends_in_the_middle_is_asked_again_without_foreign_help(
    workspace, canvas, qtbot, monkeypatch, tmp_path
):
    """What stands first on the path is a library that ends its process."""
    (tmp_path / "fast_sugiyama.py").write_text("import os\nos.abort()\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    nodes = {name: Node(name, "Add") for name in "abcdef"}
    links = tuple(Link(one, other) for one in "abc" for other in "def")
    tangle = Document(nodes, links, dict.fromkeys(nodes, (0.0, 0.0)))
    workspace.commit_whole(lambda _: tangle, "Draw a tangle")
    with qtbot.waitSignal(canvas.arranging.done, timeout=20_000) as over:
        canvas.arranging.arrange(Direction.RIGHT)
    assert over.args == [True]
    assert len(set(workspace.document.positions.values())) == 6
