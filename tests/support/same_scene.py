"""Whether a canvas shows what its design is: nothing more, nothing less, nothing stale."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from designer.graph.blocks import uses
from designer.gui.canvas.items.frame_item import PADDING
from designer.gui.canvas.scene import DesignScene
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
        assert item.pos() == QPointF(*shown.positions.get(name, (0.0, 0.0))), f"{name} stands at {item.pos()}"
        assert item.report is report.nodes[name]
        assert item.problems == problems.get(name, ())
        assert item.chosen == (name in workspace.selection)
    assert all(index < len(shown.routes[link]) for link, index in scene.chosen_dots)
    for link, item in scene.links.items():
        assert item.scene() is scene
        assert item.source is scene.nodes[link.source]
        assert item.target is scene.nodes[link.target]
        assert item.dots == shown.routes.get(link, ()), f"{link}: {item.dots} is not {shown.routes.get(link)}"
        assert item.chosen == (link in scene.chosen_links)
        assert item.chosen_dots == {index for each, index in scene.chosen_dots if each == link}
        assert _near(item.path.pointAtPercent(0.0), item.start()), f"{link} starts elsewhere"
        assert _near(item.path.pointAtPercent(1.0), item.end()), f"{link} ends elsewhere"
    _assert_shows_its_marks(canvas)


def assert_same_as_new(canvas: Canvas) -> None:
    """A scene that is built from nothing now says and draws the same."""
    new = DesignScene(canvas.design.look.theme)
    new.look.steps = canvas.design.look.steps
    new.show_whole(canvas.workspace.shown_report)
    new.tell_uses(uses(canvas.workspace.document))
    new.mark_chosen(canvas.workspace.selection)
    for scene in (new, canvas.design):
        scene.finish()
    kept, fresh = _rounded(_drawn(canvas.design)), _rounded(_drawn(new))
    for part, things in fresh.items():
        for key, thing in things.items():
            assert kept[part].get(key) == thing, f"{part} of {key}: {kept[part].get(key)} is not {thing}"
        assert set(kept[part]) == set(things), part


def _drawn(scene: DesignScene) -> dict[str, dict[Any, Any]]:
    """What a scene draws, part by part, as data."""
    nodes, links, marks = scene.nodes, scene.links, scene.marks
    return {
        "size": {name: (item.width, item.height) for name, item in nodes.items()},
        "look": {name: (item.title, item.hue, item.bypassed, item.severity) for name, item in nodes.items()},
        "uses": {name: item.uses for name, item in nodes.items()},
        "linked ports": {name: item.linked for name, item in nodes.items()},
        "ports": {name: [(end, place.toTuple()) for end, _, place in item.ports()] for name, item in nodes.items()},
        "way": {link: _points(item.path) for link, item in links.items()},
        "text": {link: (item.description(), item.wrong) for link, item in links.items()},
        "frame": {key: (item.rect.getRect(), item.zValue()) for key, item in marks.frames.items()},
        "block from afar": {name: [rect.getRect() for rect in scene.overview.bodies((name,))] for name in nodes},
        "line from afar": {link: [line.toTuple() for line in scene.overview.lines((link,))] for link in links},
    }


def _points(path: QPainterPath) -> list[tuple[float, float]]:
    found = (path.elementAt(number) for number in range(path.elementCount()))
    return [(each.x, each.y) for each in found]


def _rounded(thing: Any) -> Any:
    """The same data with its numbers rounded: Qt takes places that differ by less than this for the same one."""
    if isinstance(thing, dict):
        return {key: _rounded(each) for key, each in thing.items()}
    if isinstance(thing, list | tuple):
        return tuple(map(_rounded, thing))
    return round(thing, 3) if isinstance(thing, float) else thing


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
        assert item.chosen == (("frame", item.key) in marks.chosen)
    for item in marks.stickies.values():
        assert (item.rect.topLeft().toTuple(), item.rect.size().toTuple()) == (item.sticky.position, item.sticky.size)
        assert item.chosen == (("sticky", item.key) in marks.chosen)
    assert all(marks.item(mark) is not None for mark in marks.chosen)


def _whole(canvas: Canvas, name: str) -> QRectF:
    """Where a node's body stands."""
    item = canvas.design.nodes[name]
    return item.body.translated(item.pos())


def _near(one: QPointF, other: QPointF) -> bool:
    return (one - other).manhattanLength() < 0.5
