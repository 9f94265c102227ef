"""The forms of links: a curve from port to port, one that goes back to another row, one around what is in between."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from designer.gui.canvas.look import WIDTH

CLEARANCE = 14.0
"""How far a link passes above or below a node, in scene pixels."""
ROW = 80.0
"""From this height between its ends on, a link back to the left runs between the rows of its ends."""
STUB, CORNER = 22.0, 14.0
"""How far such a link goes out and comes in beside its nodes, and how round its corners are."""


def curve(start: QPointF, end: QPointF) -> QPainterPath:
    """The path of a link: it leaves to the right and arrives from the left."""
    left, top, right, bottom = start.x(), start.y(), end.x(), end.y()
    across, down = right - left, abs(bottom - top)
    if across < 0 and down >= ROW:
        return turn_back(start, end)
    bend = across / 2 if across > 60 else max(min(30 + abs(across) / 4 + down / 6, 160), 24)
    path = QPainterPath(start)
    path.cubicTo(left + bend, top, right - bend, bottom, right, bottom)
    return path


def runs_back(start: QPointF, end: QPointF) -> bool:
    """Whether a link goes back to the left, to a row above or below."""
    return end.x() < start.x() and abs(end.y() - start.y()) >= ROW


def turn_back(
    start: QPointF, end: QPointF, level: float | None = None, out: float | None = None, back: float | None = None
) -> QPainterPath:
    """The path of such a link: out to the column `out`, along `level`, and in from the column `back`.

    As a rule it runs along the middle between the two rows, and close to its nodes.
    """
    level = (start.y() + end.y()) / 2 if level is None else level
    out = start.x() + STUB if out is None else out
    back = end.x() - STUB if back is None else back
    path = QPainterPath(start)
    corners = (
        (QPointF(out, start.y()), QPointF(0, CORNER if level > start.y() else -CORNER)),
        (QPointF(out, level), QPointF(-CORNER, 0)),
        (QPointF(back, level), QPointF(0, CORNER if end.y() > level else -CORNER)),
        (QPointF(back, end.y()), QPointF(CORNER, 0)),
    )
    way = QPointF(CORNER, 0)
    for corner, onward in corners:
        path.lineTo(corner - way)
        path.quadTo(corner, corner + onward)
        way = onward
    path.lineTo(end)
    return path


def detours(start: QPointF, end: QPointF, blocked: QRectF) -> tuple[QPainterPath, QPainterPath]:
    """The paths of a link above and below what stands in its way, the nearer one first.

    The longer, the farther out, so that links around the same nodes do not run on each other.
    """
    level = (start.y() + end.y()) / 2
    clearance = CLEARANCE + min((blocked.width() - WIDTH) / 20, 3 * CLEARANCE)
    over, under = blocked.top() - clearance, blocked.bottom() + clearance
    first, last = max(blocked.left() - 6, start.x() + 12), min(blocked.right() + 6, end.x() - 12)
    near, far = (over, under) if level - over <= under - level else (under, over)
    return _detour(start, end, near, first, last), _detour(start, end, far, first, last)


def _detour(start: QPointF, end: QPointF, y: float, first: float, last: float) -> QPainterPath:
    path = QPainterPath(start)
    bend = (first - start.x()) * 0.7
    path.cubicTo(start + QPointF(bend, 0), QPointF(first - bend, y), QPointF(first, y))
    path.lineTo(last, y)
    bend = (end.x() - last) * 0.7
    path.cubicTo(QPointF(last + bend, y), end - QPointF(bend, 0), end)
    return path
