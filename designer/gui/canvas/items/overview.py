"""The design from afar: coloured blocks and straight lines, painted in a few batches instead of item by item."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import chain, pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from designer.graph.document import Link
from designer.gui.canvas.items.link_item import LinkItem
from designer.gui.canvas.items.node_item import NodeItem
from designer.gui.canvas.look import Look
from designer.problems import Severity

HEAD_HEIGHT = 22.0
"""How much of a block shows its colour."""


class Overview:
    """The blocks and lines of a scene, kept in step with its items one at a time."""

    def __init__(self) -> None:
        self._bodies: dict[str, QRectF] = {}
        self._heads: dict[str, dict[str, QRectF]] = {}
        self._hues: dict[str, str] = {}
        self._lines: dict[Link, QLineF] = {}
        self._further: dict[Link, list[QLineF]] = {}
        self._chosen: dict[str, QRectF] = {}
        self._signs: dict[str, Severity] = {}
        self._carried: Collection[str] = ()
        self._way = (0.0, 0.0)

    def carry(self, names: Collection[str], dx: float, dy: float) -> None:
        """Paint these nodes, and what is linked to them, so far from where they stand."""
        self._carried, self._way = names, (dx, dy)

    def _rects(self, rects: Mapping[str, QRectF]) -> list[QRectF]:
        if not self._carried:
            return list(rects.values())
        return [rect.translated(*self._way) if name in self._carried else rect for name, rect in rects.items()]

    def _all_lines(self) -> list[QLineF]:
        if not self._carried:
            return [*self._lines.values(), *chain.from_iterable(self._further.values())]
        way, carried = QPointF(*self._way), self._carried
        straight = [
            QLineF(line.p1() + way if link.source in carried else line.p1(),
                   line.p2() + way if link.target in carried else line.p2())
            for link, line in self._lines.items() if link not in self._further
        ]  # fmt: skip
        return [*straight, *chain.from_iterable(map(self._bent, self._further))]

    def _bent(self, link: Link) -> list[QLineF]:
        """The lines of a link through dots, which go along where both its ends are carried."""
        still, way = QPointF(), QPointF(*self._way)
        start, end = (way if name in self._carried else still for name in (link.source, link.target))
        dots = way if start == end == way else still
        first, *others = self._lines[link], *self._further[link]
        steps = [dots] * len(others)
        return [
            QLineF(line.p1() + before, line.p2() + after)
            for line, before, after in zip((first, *others), (start, *steps), (*steps, end), strict=True)
        ]

    def put_node(self, item: NodeItem) -> None:
        """Take a node in, or where and how it is now."""
        name = item.id
        body = QRectF(item.pos().x(), item.pos().y(), item.width, item.height)
        self._bodies[name] = body
        hue = item.hue
        if self._hues.get(name, hue) != hue:
            self._heads[self._hues[name]].pop(name, None)
        self._hues[name] = hue
        self._heads.setdefault(hue, {})[name] = QRectF(body.x(), body.y(), body.width(), HEAD_HEIGHT)
        if item.chosen:
            self._chosen[name] = body
        else:
            self._chosen.pop(name, None)
        if item.severity is not None:
            self._signs[name] = item.severity
        else:
            self._signs.pop(name, None)

    def drop_node(self, name: str) -> None:
        """Forget a node."""
        del self._bodies[name]
        del self._heads[self._hues.pop(name)][name]
        self._chosen.pop(name, None)
        self._signs.pop(name, None)

    def put_link(self, item: LinkItem) -> None:
        """Take a link in, or where it is now."""
        dots = [QPointF(*dot) for dot in item.dots]
        start, end = item.path.pointAtPercent(0.0), item.path.currentPosition()
        self._lines[item.link] = QLineF(start, dots[0] if dots else end)
        self._further.pop(item.link, None)
        if dots:
            self._further[item.link] = [QLineF(*ends) for ends in pairwise((*dots, end))]

    def drop_link(self, link: Link) -> None:
        """Forget a link."""
        del self._lines[link]
        self._further.pop(link, None)

    def bounds(self) -> QRectF:
        """The rectangle around all blocks; a null one around none."""
        found = self._bodies.values()
        if not found:
            return QRectF()
        left, top = min(map(QRectF.left, found)), min(map(QRectF.top, found))
        return QRectF(left, top, max(map(QRectF.right, found)) - left, max(map(QRectF.bottom, found)) - top)

    def bodies(self, names: Iterable[str]) -> list[QRectF]:
        """The blocks of some nodes."""
        return [self._bodies[name] for name in names if name in self._bodies]

    def lines(self, links: Iterable[Link]) -> list[QLineF]:
        """The lines of some links."""
        return [self._lines[link] for link in links if link in self._lines]

    def paint(self, painter: QPainter, look: Look) -> None:
        """Paint everything; `painter` is in scene coordinates."""
        theme = look.theme
        painter.setPen(_hairline(theme.link))
        painter.drawLines(self._all_lines())
        painter.setPen(_hairline(theme.border))
        painter.setBrush(look.body)
        painter.drawRects(self._rects(self._bodies))
        painter.setPen(Qt.PenStyle.NoPen)
        for hue, heads in self._heads.items():
            painter.setBrush(look.hue(hue))
            painter.drawRects(self._rects(heads))
        for severity in Severity:
            bodies = {name: self._bodies[name] for name, found in self._signs.items() if found is severity}
            signs = [QRectF(body.right() - 30, body.y() - 20, 50, 50) for body in self._rects(bodies)]
            painter.setBrush(theme.severity(severity))
            for sign in signs:
                painter.drawEllipse(sign)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(look.outline)
        painter.drawRects(self._rects(self._chosen))

    def paint_small(self, painter: QPainter, look: Look) -> None:
        """Paint everything where a node is a few pixels large; `painter` is in scene coordinates."""
        theme = look.theme
        painter.setPen(_hairline(theme.link))
        painter.drawLines(list(self._lines.values()))
        painter.drawLines(list(chain.from_iterable(self._further.values())))
        for hue, heads in self._heads.items():
            colour = look.hue(hue)
            # The line around a block keeps it in sight where it is smaller than a pixel.
            painter.setPen(_hairline(colour))
            painter.setBrush(colour)
            painter.drawRects([self._bodies[name] for name in heads])
        painter.setPen(_hairline(theme.accent))
        painter.setBrush(theme.accent)
        painter.drawRects(list(self._chosen.values()))


def _hairline(colour: object) -> QPen:
    pen = QPen(colour)
    pen.setWidth(0)
    return pen
