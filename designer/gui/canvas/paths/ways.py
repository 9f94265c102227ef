"""The ways of links among the nodes: through their dots, or else clear of whatever stands in between."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from designer.graph.document import Link
from designer.graph.routes import Route
from designer.gui.canvas.look import WIDTH
from designer.gui.canvas.paths.cells import Cells
from designer.gui.canvas.paths.curves import bodies_met, through
from designer.gui.canvas.paths.routes import CLEARANCE, CORNER, STUB, curve, detours, runs_back, turn_back

LONGEST, LONGEST_BACK = 40_000.0, 6_000.0
"""A link that spans more than this is drawn as it is, forwards or back: a file may put a node anywhere."""
MANY = 500
"""From so many places on, all long links are looked at: asking place by place would take longer."""
TRIES = 4
"""How often a way around one node that meets another is made wider."""
LOOK_AROUND = 600.0
"""How far to each side a link looks for room to pass, in scene pixels."""
AIR = 10.0
"""How near to a body a link may pass."""


def plain(start: QPointF, end: QPointF, dots: Route = ()) -> QPainterPath:
    """The path of a link between two points, through its dots, whatever else stands in between."""
    return through(start, [QPointF(*dot) for dot in dots], end) if dots else curve(start, end)


class Ways:
    """Knows where bodies of nodes stand, and which links are long enough to meet one."""

    def __init__(self) -> None:
        self._bodies: dict[str, QRectF] = {}
        self._near: Cells[str] = Cells()
        self._long: Cells[Link] = Cells()
        self._asked = QRectF()
        """Around all places that were looked at for the link that is led now."""

    def put_node(self, name: str, body: QRectF) -> tuple[QRectF, ...]:
        """Say where a node stands; returns the places, old and new, that are not as they were."""
        before = self._bodies.get(name)
        if before == body:
            return ()
        self._bodies[name] = body
        self._near.put(name, body)
        return (body,) if before is None else (before, body)

    def drop_node(self, name: str) -> QRectF:
        """Forget a node; returns the place that is free now."""
        self._near.drop(name)
        return self._bodies.pop(name)

    def drop_link(self, link: Link) -> None:
        """Forget a link."""
        self._long.drop(link)

    def affected(self, areas: Iterable[QRectF]) -> set[Link]:
        """The links that may have to pass elsewhere because of what came into or left these places."""
        places = list(areas)
        if len(places) > MANY:
            return self._long.keys()
        return {link for area in places for link in self._long.near(area)}

    def find(self, link: Link, start: QPointF, end: QPointF, dots: Route = ()) -> QPainterPath:
        """The path of a link between two points: through its dots, or else around nodes, but not those at its ends.

        From now on `affected` tells when it may be another one.
        """
        self._asked = QRectF()
        path = self._lead(link, start, end, dots, "")
        if self._asked.isNull():
            self._long.drop(link)
        else:
            # Whatever comes or goes there may open a nearer way, also where the link does not run.
            self._long.put(link, self._asked)
        return path

    def find_over(self, node: str, link: Link, start: QPointF, end: QPointF, dots: Route = ()) -> QPainterPath:
        """The path that a link would have without a node; nothing is remembered of it."""
        return self._lead(link, start, end, dots, node)

    def _lead(self, link: Link, start: QPointF, end: QPointF, dots: Route, under: str) -> QPainterPath:
        path = plain(start, end, dots)
        if dots:
            return path
        span = path.controlPointRect()
        back = runs_back(start, end)
        longest = LONGEST_BACK if back else LONGEST
        if not (back or end.x() - start.x() > WIDTH) or max(span.width(), span.height()) > longest:
            return path
        own = {link.source, link.target, under}
        blocked = self._met(path, own)
        if blocked:
            path = self._back_around(start, end, under) if back else self._around(start, end, blocked, own)
        return path

    def _met(self, path: QPainterPath, own: Collection[str]) -> list[QRectF]:
        """The bodies that a path would run behind, but those of its own ends."""
        span = path.controlPointRect().adjusted(0, -1, 0, 1)
        self._asked = self._asked.united(span)
        others = [self._bodies[name] for name in self._near.near(span) if name not in own]
        others = [body for body in others if body.intersects(span)]
        return bodies_met(path, others) if others else []

    def _around(self, start: QPointF, end: QPointF, blocked: list[QRectF], own: Collection[str]) -> QPainterPath:
        """The nearest way above or below that meets nothing; the first one where all meet something."""
        around = _united(blocked)
        first: QPainterPath | None = None
        for _ in range(TRIES):
            near, far = detours(start, end, around)
            first = first or near
            met = self._met(near, own)
            if not met:
                return near
            if not self._met(far, own):
                return far
            around = around.united(_united(met))
        return first or curve(start, end)

    def _back_around(self, start: QPointF, end: QPointF, under: str) -> QPainterPath:
        """The way back to another row along a level, and beside its nodes in columns, where nothing stands."""
        out, back = start.x() + STUB, end.x() - STUB
        level = self._free_level(start, end, back, out, under)
        out = self._free_column(out, start.y(), level, 1.0, under)
        back = self._free_column(back, level, end.y(), -1.0, under)
        return turn_back(start, end, self._free_level(start, end, back, out, under), out, back)

    def _free_level(self, start: QPointF, end: QPointF, left: float, right: float, under: str) -> float:
        """The height nearest to the middle between two points where nothing stands from `left` to `right`."""
        middle = (start.y() + end.y()) / 2
        bodies = self._within(QRectF(left, middle - LOOK_AROUND, right - left, 2 * LOOK_AROUND), under)
        edges = [edge for body in bodies for edge in (body.top() - CLEARANCE, body.bottom() + CLEARANCE)]
        for level in sorted((middle, *edges), key=lambda level: (abs(level - middle), level)):
            if min(abs(level - start.y()), abs(level - end.y())) < 2 * CORNER:
                continue
            if not any(body.top() - AIR < level < body.bottom() + AIR for body in bodies):
                return level
        return middle

    def _free_column(self, x: float, top: float, bottom: float, away: float, under: str) -> float:
        """The column nearest to `x`, or beyond it to the right (1) or left (-1), where nothing stands."""
        top, bottom = sorted((top, bottom))
        wide = QRectF(x if away > 0 else x - LOOK_AROUND, top - AIR, LOOK_AROUND, bottom - top + 2 * AIR)
        bodies = self._within(wide, under)
        edges = [body.right() + CLEARANCE if away > 0 else body.left() - CLEARANCE for body in bodies]
        for column in sorted((x, *edges), key=lambda column: (abs(column - x), column)):
            if not any(body.left() - AIR < column < body.right() + AIR for body in bodies):
                return column
        return x

    def _within(self, area: QRectF, under: str) -> list[QRectF]:
        """The bodies that reach into an area, but that of `under`."""
        self._asked = self._asked.united(area)
        near = self._near.near(area) - {under}
        return [self._bodies[name] for name in near if self._bodies[name].intersects(area)]


def _united(bodies: Iterable[QRectF]) -> QRectF:
    around = QRectF()
    for body in bodies:
        around = around.united(body)
    return around
