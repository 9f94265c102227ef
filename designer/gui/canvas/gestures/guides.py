"""Lines that show where what is dragged is in line with the nodes around it, and pull it there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from designer.graph.document import Position
from designer.gui.canvas.gestures.gesture import Line
from designer.gui.canvas.items.node_item import NodeItem
from designer.gui.canvas.look import Look
from designer.gui.canvas.scene import DesignScene

PULL = 6.0
"""How near to a line, in screen pixels, an edge or a middle is pulled onto it."""
NEAR = 500.0
"""How far around what is dragged neighbours are looked for, in screen pixels."""
OVERHANG = 8.0
"""How far a line goes on beyond what it goes along, in scene pixels."""
SHARES = (0.0, 1.0, 0.5)
"""What is compared, in this order where several fit: starts, ends, middles."""
SAME = 0.01
"""Two lines nearer than this are one, in scene pixels."""

Span = tuple[float, float]
"""Where something starts along an axis, and where it ends."""
Extent = tuple[Span, Span]
"""A span along x, and one along y."""
View = Callable[[], tuple[QRectF, float]]
"""What is in view, in scene coordinates, and screen pixels for one scene pixel; 0 where all is too small for guides."""


class Guides:
    """Follows a drag of nodes, which counts as one rectangle. `lines` are those to draw now."""

    def __init__(self, scene: DesignScene, names: Collection[str], view: View) -> None:
        self._scene, self._names, self._view = scene, names, view
        self._start = _extent(scene.bounds(names))
        self._still: dict[NodeItem, Extent | None] = {}
        """Where the others stand, which do not move meanwhile; None for what is dragged."""
        self.lines: frozenset[Line] = frozenset()

    def shift(self, wanted: Position, otherwise: Position) -> Position:
        """How far to go: on each axis onto the line of a neighbour near `wanted`, else as `otherwise` says."""
        area, zoom = self._view()
        if not zoom:
            self.lines = frozenset()
            return otherwise
        box = _moved(self._start, wanted)
        others = self._neighbours(box, area, NEAR / zoom)
        pulls = [_pull(box[axis], [other[axis] for other in others], PULL / zoom) for axis in (0, 1)]
        found = [
            otherwise[axis] if pull is None else wanted[axis] + pull for axis, pull in zip((0, 1), pulls, strict=True)
        ]
        placed = _moved(self._start, (found[0], found[1]))
        self.lines = frozenset(line for axis in (0, 1) for line in _lines(placed, others, axis))
        return found[0], found[1]

    def clear(self) -> None:
        """Draw nothing any more."""
        self.lines = frozenset()

    def _neighbours(self, box: Extent, area: QRectF, near: float) -> list[Extent]:
        (left, right), (top, bottom) = box
        around = QRectF(left - near, top - near, right - left + 2 * near, bottom - top + 2 * near).intersected(area)
        items = self._scene.items(around, Qt.ItemSelectionMode.IntersectsItemBoundingRect)
        found = [item for item in items if isinstance(item, NodeItem)]
        for item in found:
            if item not in self._still:
                self._still[item] = None if item.id in self._names else _extent(item.body.translated(item.pos()))
        return [extent for item in found if (extent := self._still[item]) is not None]

    def draw(self, painter: QPainter, look: Look) -> None:
        """Paint the lines over all."""
        pen = QPen(look.theme.accent, 1.0)
        pen.setCosmetic(True)
        painter.setPen(pen)
        fine = painter.testRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # between two pixels it would be a blur
        painter.drawLines([QLineF(*line) for line in self.lines])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, fine)


def _extent(rect: QRectF) -> Extent:
    return (rect.left(), rect.right()), (rect.top(), rect.bottom())


def _moved(box: Extent, by: Position) -> Extent:
    (left, right), (top, bottom) = box
    return (left + by[0], right + by[0]), (top + by[1], bottom + by[1])


def _at(span: Span, share: float) -> float:
    return span[0] + share * (span[1] - span[0])


def _pull(own: Span, others: Iterable[Span], reach: float) -> float | None:
    """How far to go for the nearest line within reach; None where there is none."""
    gaps = [_at(other, share) - _at(own, share) for other in others for share in SHARES]
    gap = min(gaps, key=abs, default=reach + 1)
    return gap if abs(gap) <= reach else None


def _lines(own: Extent, others: Iterable[Extent], axis: int) -> list[Line]:
    """The line that what is dragged shares with neighbours on an axis, from the first to the last of them."""
    for share in SHARES:
        at = _at(own[axis], share)
        level = [other[1 - axis] for other in others if abs(_at(other[axis], share) - at) < SAME]
        if level:
            first = min(start for start, _ in (*level, own[1 - axis])) - OVERHANG
            last = max(end for _, end in (*level, own[1 - axis])) + OVERHANG
            return [(first, at, last, at) if axis else (at, first, at, last)]
    return []
