"""The geometry of a link's path: a smooth way through dots, its pieces, what is near it and what crosses it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import hypot

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainterPath

BEND = 0.36
"""How far a smooth way keeps its direction at a dot, as a share of the distance to the next one."""
LONGEST_BEND = 160.0
SPACING, MOST_POINTS = 30.0, 200
"""How far apart points on a path are, in scene pixels, and how many one piece has at most."""
STEPS = 16
"""Into how many straight lines a piece is cut to measure distances."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One cubic or straight piece of a path, by its four points."""

    start: QPointF
    first: QPointF
    second: QPointF
    end: QPointF

    def at(self, share: float) -> QPointF:
        """The point at a share, 0 to 1, of the way."""
        rest = 1.0 - share
        return (
            self.start * rest**3
            + self.first * (3 * rest * rest * share)
            + self.second * (3 * rest * share * share)
            + self.end * share**3
        )

    @property
    def level(self) -> bool:
        """Whether it is a straight line along an axis."""
        ends = self.start, self.first, self.second, self.end
        return len({point.x() for point in ends}) == 1 or len({point.y() for point in ends}) == 1

    @property
    def bounds(self) -> QRectF:
        """A rectangle around it, never an empty one."""
        columns = [point.x() for point in (self.start, self.first, self.second, self.end)]
        rows = [point.y() for point in (self.start, self.first, self.second, self.end)]
        left, top = min(columns), min(rows)
        return QRectF(left, top - 0.5, max(columns) - left, max(rows) - top + 1).adjusted(-0.5, 0, 0.5, 0)

    def points(self) -> Iterator[tuple[float, float]]:
        """Points on it that are close enough to each other for it to meet no node unnoticed."""
        count = min(max(int(QLineF(self.start, self.end).length() / SPACING), 3), MOST_POINTS)
        a, b, c, d = ((point.x(), point.y()) for point in (self.start, self.first, self.second, self.end))
        for s, t, u, v in _weights(count):
            yield s * a[0] + t * b[0] + u * c[0] + v * d[0], s * a[1] + t * b[1] + u * c[1] + v * d[1]

    @property
    def width(self) -> float:
        """How far it reaches from left to right, or back."""
        return abs(self.end.x() - self.start.x())


def through(start: QPointF, dots: Sequence[QPointF], end: QPointF) -> QPainterPath:
    """A smooth way through dots: it leaves to the right and arrives from the left, one piece between two dots."""
    way = [start, *dots, end]
    path = QPainterPath(start)
    for index in range(len(way) - 1):
        here, there = way[index], way[index + 1]
        reach = min(QLineF(here, there).length() * BEND, LONGEST_BEND)
        path.cubicTo(here + _direction(way, index) * reach, there - _direction(way, index + 1) * reach, there)
    return path


def _direction(way: Sequence[QPointF], index: int) -> QPointF:
    """Where a way heads at one of its points: at a dot along the line between its neighbours.

    A dot that is the highest, lowest, first or last of the three is passed level or upright, so that a way never
    swings out beyond its dots and a level run stays level.
    """
    if index in (0, len(way) - 1):
        return QPointF(1.0, 0.0)
    before, dot, after = way[index - 1], way[index], way[index + 1]
    across = after.x() - before.x() if (dot.x() - before.x()) * (after.x() - dot.x()) > 0 else 0.0
    down = after.y() - before.y() if (dot.y() - before.y()) * (after.y() - dot.y()) > 0 else 0.0
    length = hypot(across, down)
    return QPointF(across / length, down / length) if length else QPointF(1.0, 0.0)


def pieces(path: QPainterPath) -> Iterator[Piece]:
    """The pieces of a path in their order."""
    here, index = QPointF(), 0
    while index < path.elementCount():
        element = path.elementAt(index)
        point = QPointF(element.x, element.y)
        if element.isCurveTo():
            second, end = path.elementAt(index + 1), path.elementAt(index + 2)
            piece = Piece(here, point, QPointF(second.x, second.y), QPointF(end.x, end.y))
            yield piece
            here, index = piece.end, index + 3
            continue
        if element.isLineTo():
            yield Piece(here, here + (point - here) / 3, here + (point - here) * (2 / 3), point)
        here, index = point, index + 1


def bodies_met(path: QPainterPath, bodies: Sequence[QRectF]) -> list[QRectF]:
    """Those of some rectangles that a path runs through."""
    met: dict[int, QRectF] = {}
    for piece in pieces(path):
        around = piece.bounds
        near = [(index, body) for index, body in enumerate(bodies) if index not in met and body.intersects(around)]
        if near and piece.level:
            met.update(near)
        elif near:
            points = list(piece.points())
            met.update((index, body) for index, body in near if any(body.contains(x, y) for x, y in points))
    return list(met.values())


@cache
def _weights(count: int) -> tuple[tuple[float, float, float, float], ...]:
    """How much each of its four points counts at so many places of a piece."""
    shares = [step / count for step in range(1, count + 1)]
    return tuple(
        ((1 - share) ** 3, 3 * (1 - share) ** 2 * share, 3 * (1 - share) * share**2, share**3) for share in shares
    )


def nearest_piece(path: QPainterPath, at: QPointF) -> int:
    """The index of the piece that comes nearest to a point."""

    def distance(piece: Piece) -> float:
        return min(QLineF(piece.at(step / STEPS), at).length() for step in range(STEPS + 1))

    found = list(pieces(path))
    return min(range(len(found)), key=lambda index: distance(found[index]))


def widest_piece(path: QPainterPath) -> Piece | None:
    """The piece that reaches farthest from left to right, where there is most room for a text; None for no path."""
    return max(pieces(path), key=lambda piece: piece.width, default=None)


def beside(line: QLineF, points: Iterable[QPointF]) -> bool:
    """Whether points lie all on one side of a line, however far it goes on: nothing between them crosses it."""
    x, y, dx, dy = line.x1(), line.y1(), line.dx(), line.dy()
    sides = [dx * (point.y() - y) - dy * (point.x() - x) for point in points]
    return min(sides) > 0 or max(sides) < 0


def crosses(path: QPainterPath, stroke: QLineF) -> bool:
    """Whether a straight stroke crosses a path."""
    bounded = QLineF.IntersectionType.BoundedIntersection
    for piece in pieces(path):
        if beside(stroke, (piece.start, piece.first, piece.second, piece.end)):
            continue
        before = piece.start
        for step in range(1, STEPS + 1):
            after = piece.at(step / STEPS)
            if stroke.intersects(QLineF(before, after))[0] == bounded:
                return True
            before = after
    return False
