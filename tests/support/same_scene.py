"""Whether a canvas shows what its design is: nothing more, nothing less, nothing stale."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from designer.gui.canvas.items.frame_item import PADDING
from designer.gui.canvas.view import Canvas


def assert_shows_its_design(canvas: Canvas) -> None:
    """Every node and link has its item, in its place, with the newest report; and there are no others."""
    workspace, scene = canvas.workspace, canvas.design
    shown, report = workspace.shown, workspace.shown_report
    assert scene.document.nodes is shown.nodes
    assert scene.document.links is shown.links
    assert set(scene.nodes) == set(shown.nodes)
    assert set(scene.links) == set(shown.links)
    assert scene.chosen == workspace.selection
    problems = report.problems_by_node
    for name, item in scene.nodes.items():
        assert item.id == name
        assert item.scene() is scene
        assert (item.pos().x(), item.pos().y()) == shown.positions.get(name, (0.0, 0.0))
        assert item.report is report.nodes[name]
        assert item.problems == problems.get(name, ())
        assert item.chosen == (name in workspace.selection)
    assert all(index < len(shown.routes[link]) for link, index in scene.chosen_dots)
    for link, item in scene.links.items():
        assert item.scene() is scene
        assert item.source is scene.nodes[link.source]
        assert item.target is scene.nodes[link.target]
        assert item.dots == shown.routes.get(link, ())
        assert _near(item.path.pointAtPercent(0.0), item.start()), f"{link} starts elsewhere"
        assert _near(item.path.pointAtPercent(1.0), item.end()), f"{link} ends elsewhere"
    _assert_shows_its_marks(canvas)


def _assert_shows_its_marks(canvas: Canvas) -> None:
    """Frames stand around their nodes, notes where they are."""
    shown, marks = canvas.workspace.shown, canvas.design.marks
    assert {key: item.frame for key, item in marks.frames.items()} == shown.frames
    assert {key: item.sticky for key, item in marks.stickies.items()} == shown.stickies
    assert marks.frame_of == {name: key for key, frame in shown.frames.items() for name in frame.members}
    for item in marks.frames.values():
        assert all(item.rect.contains(_whole(canvas, name)) for name in item.frame.members)
        edges = [_whole(canvas, name) for name in item.frame.members]
        assert item.rect.right() == max(edge.right() for edge in edges) + PADDING
        assert item.rect.bottom() == max(edge.bottom() for edge in edges) + PADDING
    for item in marks.stickies.values():
        assert (item.rect.topLeft().toTuple(), item.rect.size().toTuple()) == (item.sticky.position, item.sticky.size)
    assert all(marks.item(mark) is not None for mark in marks.chosen)


def _whole(canvas: Canvas, name: str) -> QRectF:
    """Where a node's body stands."""
    item = canvas.design.nodes[name]
    return item.body.translated(item.pos())


def _near(one: QPointF, other: QPointF) -> bool:
    return (one - other).manhattanLength() < 0.5
