"""After any edits, undos and redos the scene says the same as the design."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from designer.graph import edits
from designer.graph.document import Document, Link, Node
from designer.graph.routes import add_dot, remove_dots
from designer.gui.canvas.view import Canvas
from designer.gui.theme import LIGHT, Appearance
from designer.gui.workspace import Workspace
from designer.problems import UserError

LAYERS = ("ReLU", "Linear", "Conv2d", "Add", "LSTM", "Input", "Output", "MultiheadAttention", "Unheard")
NAMES = tuple("abcdefgh")

BEGINNING = Document(
    {"a": Node("a", "Input"), "b": Node("b", "Conv2d"), "c": Node("c", "ReLU"), "d": Node("d", "Add")},
    (Link("a", "b"), Link("b", "c"), Link("c", "d"), Link("b", "d")),
    {"a": (0.0, 0.0), "b": (220.0, 0.0), "c": (440.0, 0.0), "d": (660.0, 0.0)},
)

names = st.sampled_from(NAMES)
ports = st.sampled_from(("", "x", "state", "last", "nonsense"))
places = st.tuples(st.integers(-50, 50), st.integers(-50, 50)).map(lambda at: (at[0] * 20.0, at[1] * 20.0))
steps = st.one_of(
    st.tuples(st.just("add"), names, st.sampled_from(LAYERS), places),
    st.tuples(st.just("connect"), names, names, ports, ports, st.booleans()),
    st.tuples(st.just("remove"), st.frozensets(names, max_size=3)),
    st.tuples(st.just("cut"), st.integers(0, 20)),
    st.tuples(st.just("dot"), st.integers(0, 20), st.integers(0, 2), places),
    st.tuples(st.just("undot"), st.integers(0, 20), st.integers(0, 2)),
    st.tuples(st.just("move"), st.dictionaries(names, places, max_size=3)),
    st.tuples(st.just("rename"), names, names),
    st.tuples(st.just("set"), names, st.integers(1, 9)),
    st.tuples(st.just("layer"), names, st.sampled_from(LAYERS)),
    st.tuples(st.just("duplicate"), st.frozensets(names, max_size=4)),
    st.tuples(st.just("select"), st.frozensets(names, max_size=4)),
    st.tuples(st.just("undo")),
    st.tuples(st.just("redo")),
    st.tuples(st.just("new")),
)


def edit_for(step: tuple, document: Document) -> Document:
    """The edit that a step stands for; raises UserError where it cannot be made."""
    kind, *rest = step
    if kind == "add":
        return edits.add_node(document, Node(rest[0], rest[1]), rest[2])
    if kind == "connect":
        return edits.connect(document, Link(*rest[:4]), replacing=rest[4])
    if kind == "remove":
        return edits.remove(document, rest[0])
    if kind == "cut":
        return edits.remove(document, links=document.links[rest[0] : rest[0] + 1])
    if kind in ("dot", "undot"):
        link = document.links[rest[0] % len(document.links)] if document.links else Link("", "")
        return add_dot(document, link, *rest[1:]) if kind == "dot" else remove_dots(document, {(link, rest[1])})
    if kind == "move":
        return edits.move(document, rest[0])
    if rest[0] not in document.nodes:
        raise UserError("There is no such node.")
    if kind == "rename":
        return edits.rename(document, *rest)
    if kind == "set":
        return edits.change_settings(document, rest[0], {"out_features": rest[1]})
    return edits.change_layer(document, *rest)


def perform(step: tuple, workspace: Workspace, canvas: Canvas) -> None:
    kind = step[0]
    if kind in ("undo", "redo", "new"):
        getattr(workspace, kind)()
    elif kind == "select":
        workspace.select(step[1])
    elif kind == "duplicate":
        workspace.select(step[1])
        canvas.commands.duplicate()
    else:
        workspace.commit(lambda document: edit_for(step, document), kind)


def assert_same(workspace: Workspace, canvas: Canvas) -> None:
    design, document = canvas.design, workspace.document
    assert set(design.nodes) == set(document.nodes)
    assert set(design.links) == set(document.links)
    assert len(design.items()) == len(document.nodes) + len(document.links)
    for name, item in design.nodes.items():
        assert (item.pos().x(), item.pos().y()) == document.positions[name]
        assert item.report is workspace.report.nodes[name]
        assert item.problems == workspace.report.problems_by_node.get(name, ())
        assert item.chosen == (name in workspace.selection)
    for link, item in design.links.items():
        assert item.source is design.nodes[link.source]
        assert item.target is design.nodes[link.target]
        assert item.dots == document.routes.get(link, ())
        assert (item.path.pointAtPercent(0) - item.start()).manhattanLength() < 0.1
        assert (item.path.pointAtPercent(1) - item.end()).manhattanLength() < 0.1
    overview = design.overview
    assert set(overview._bodies) == set(document.nodes)
    assert set(overview._lines) == set(document.links)
    assert set(overview._further) == set(document.routes)
    assert {name for heads in overview._heads.values() for name in heads} == set(document.nodes)
    assert set(overview._chosen) == set(workspace.selection)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(todo=st.lists(steps, max_size=25))
def test_the_scene_equals_the_design_after_any_edits(qapp, todo):
    workspace, appearance = Workspace(), Appearance(qapp, LIGHT)
    canvas = Canvas(workspace, appearance)
    workspace.commit(lambda _: BEGINNING, "Begin")
    for step in todo:
        perform(step, workspace, canvas)
        assert_same(workspace, canvas)
    while workspace.history.undo_label is not None:
        workspace.undo()
    assert_same(workspace, canvas)
    while workspace.history.redo_label is not None:
        workspace.redo()
    assert_same(workspace, canvas)
    canvas.deleteLater()
    appearance.deleteLater()
    QApplication.processEvents()


def test_a_group_that_is_undone_from_within_is_left_for_the_design_around_it(qapp: QApplication) -> None:
    workspace, appearance = Workspace(), Appearance(qapp, LIGHT)
    canvas = Canvas(workspace, appearance)
    workspace.commit(lambda _: BEGINNING, "Begin")
    workspace.select(("b",))
    group = workspace.add("residual")
    workspace.enter((group,))
    assert set(canvas.design.nodes) == set(workspace.shown.nodes)
    workspace.undo()
    assert workspace.place == ()
    assert_same(workspace, canvas)
    workspace.redo()
    assert_same(workspace, canvas)
    canvas.deleteLater()
    appearance.deleteLater()
    QApplication.processEvents()
