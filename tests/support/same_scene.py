"""Whether a canvas shows what its design is: nothing more, nothing less, nothing stale."""

from __future__ import annotations

from PySide6.QtCore import QPointF

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


def _near(one: QPointF, other: QPointF) -> bool:
    return (one - other).manhattanLength() < 0.5
