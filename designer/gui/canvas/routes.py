"""The ways of links: a curve from port to port, or one around the nodes that stand in between."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from designer.graph.document import Link
from designer.graph.routes import Route
from designer.gui.canvas.cells import Cells
from designer.gui.canvas.curves import through
from designer.gui.canvas.look import WIDTH

CLEARANCE = 14.0
"""How far a link passes above or below a node, in scene pixels."""
LONGEST = 40_000.0
"""A link that spans more than this is drawn as it is: a file may put a node anywhere."""
ROW = 80.0
"""From this height between its ends on, a link back to the left runs between the rows of its ends."""
STUB, CORNER = 22.0, 14.0
"""How far such a link goes out and comes in beside its nodes, and how round its corners are."""
SAMPLES = 24
"""At how many points of a link nodes are looked for."""


def curve(start: QPointF, end: QPointF) -> QPainterPath:
    """The path of a link: it leaves to the right and arrives from the left."""
    across, down = end.x() - start.x(), abs(end.y() - start.y())
    if across < 0 and down >= ROW:
        return turn_back(start, end)
    bend = across / 2 if across > 60 else min(30 + abs(across) / 4 + down / 6, 160)
    bend = max(bend, 24)
    path = QPainterPath(start)
    path.cubicTo(start + QPointF(bend, 0), end - QPointF(bend, 0), end)
    return path


def turn_back(start: QPointF, end: QPointF) -> QPainterPath:
    """The path of a link to a row above or below, back to the left: along the middle between the two rows."""
    middle, down = (start.y() + end.y()) / 2, 1 if end.y() > start.y() else -1
    path = QPainterPath(start)
    corners = (
        (QPointF(start.x() + STUB, start.y()), QPointF(0, CORNER * down)),
        (QPointF(start.x() + STUB, middle), QPointF(-CORNER, 0)),
        (QPointF(end.x() - STUB, middle), QPointF(0, CORNER * down)),
        (QPointF(end.x() - STUB, end.y()), QPointF(CORNER, 0)),
    )
    way = QPointF(CORNER, 0)
    for corner, onward in corners:
        path.lineTo(corner - way)
        path.quadTo(corner, corner + onward)
        way = onward
    path.lineTo(end)
    return path


def detour(start: QPointF, end: QPointF, blocked: QRectF) -> QPainterPath:
    """The path of a link that passes above or below what stands in its way, whichever is nearer.

    The longer, the farther out, so that links around the same nodes do not run on each other.
    """
    level = (start.y() + end.y()) / 2
    clearance = CLEARANCE + min((blocked.width() - WIDTH) / 20, 3 * CLEARANCE)
    over, under = blocked.top() - clearance, blocked.bottom() + clearance
    y = over if level - over <= under - level else under
    first, last = max(blocked.left() - 6, start.x() + 12), min(blocked.right() + 6, end.x() - 12)
    path = QPainterPath(start)
    bend = (first - start.x()) * 0.7
    path.cubicTo(start + QPointF(bend, 0), QPointF(first - bend, y), QPointF(first, y))
    path.lineTo(last, y)
    bend = (end.x() - last) * 0.7
    path.cubicTo(QPointF(last + bend, y), end - QPointF(bend, 0), end)
    return path


class Ways:
    """Knows where bodies of nodes stand, and which links are long enough to meet one."""

    def __init__(self) -> None:
        self._bodies: dict[str, QRectF] = {}
        self._near: Cells[str] = Cells()
        self._long: Cells[Link] = Cells()

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
        return {link for area in areas for link in self._long.near(area)}

    def find(self, link: Link, start: QPointF, end: QPointF, dots: Route = (), under: str = "") -> QPainterPath:
        """The path of a link between two points: through its dots, or else around nodes.

        It does not go around the nodes at its ends, nor around `under`.
        """
        if dots:
            self._long.drop(link)
            return through(start, [QPointF(*dot) for dot in dots], end)
        path = curve(start, end)
        span = path.controlPointRect().adjusted(0, -1, 0, 1)
        if end.x() - start.x() <= WIDTH or max(span.width(), span.height()) > LONGEST:
            self._long.drop(link)
            return path
        self._long.put(link, span)
        others = self._near.near(span) - {link.source, link.target, under}
        blocked = self._in_the_way([name for name in others if self._bodies[name].intersects(span)], path)
        return path if blocked.isNull() else detour(start, end, blocked)

    def _in_the_way(self, names: Collection[str], path: QPainterPath) -> QRectF:
        """The rectangle around those nodes that a path would run behind; a null one if it is free."""
        points = [path.pointAtPercent(step / SAMPLES) for step in range(1, SAMPLES)] if names else []
        blocked = QRectF()
        for name in names:
            body = self._bodies[name]
            if any(body.contains(point) for point in points):
                blocked = blocked.united(body)
        return blocked
