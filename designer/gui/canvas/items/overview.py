"""The design from afar: coloured blocks and straight lines, painted in a few batches instead of item by item."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import chain, pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from designer.graph.document import Link
from designer.gui.canvas.items.link_item import LinkItem
from designer.gui.canvas.items.node_item import NodeItem
from designer.gui.canvas.look import Look
from designer.problems import Severity

HEAD_HEIGHT = 22.0
"""How much of a block shows its colour."""
BLOCKS_BELOW = 0.1
"""Below this zoom a node is so few pixels large that all of it shows its colour, without a line around."""

MOST_OUTLINED = 200
"""Where more nodes are selected a hairline shows it: wide lines take four times as long to paint."""


class Overview:
    """The blocks and lines of a scene, kept in step with its items one at a time."""

    def __init__(self) -> None:
        self.version = 0
        """Another one whenever something else is to be painted."""
        self._bodies: dict[str, QRectF] = {}
        self._heads: dict[str, dict[str, QRectF]] = {}
        self._blocks: dict[str, dict[str, QRectF]] = {}
        self._hues: dict[str, str] = {}
        self._lines: dict[Link, QLineF] = {}
        self._further: dict[Link, list[QLineF]] = {}
        self._chosen: dict[str, QRectF] = {}
        self._signs: dict[str, Severity] = {}
        self._carried: Collection[str] = ()
        self._way = QPointF()
        self._path: QPainterPath | None = None
        self._painted = -1

    def carry(self, names: Collection[str], dx: float, dy: float) -> None:
        """Paint these nodes, and what is linked to them, so far from where they stand."""
        self._carried, self._way = names, QPointF(dx, dy)
        self.version += 1

    def _rects(self, painter: QPainter, rects: Mapping[str, QRectF]) -> None:
        """Paint rectangles; those that are carried are moved all at once, not one by one."""
        carried = self._carried
        if not carried:
            painter.drawRects(list(rects.values()))
            return
        painter.drawRects([rect for name, rect in rects.items() if name not in carried])
        painter.translate(self._way)
        painter.drawRects([rect for name, rect in rects.items() if name in carried])
        painter.translate(-self._way)

    def _all_lines(self, painter: QPainter) -> None:
        carried = self._carried
        if not carried and self._painted == self.version:
            painter.drawPath(self._whole_path())
            return
        if not carried:
            painter.drawLines([*self._lines.values(), *chain.from_iterable(self._further.values())])
            return
        still: list[QLineF] = []
        along: list[QLineF] = []
        for link, line in self._lines.items():
            there, here = link.source in carried, link.target in carried
            if there is not here or (there and link in self._further):
                still.extend(self._stretched(link))
            else:
                (along if there else still).append(line)
                still.extend(self._further.get(link, ()))
        painter.drawLines(still)
        painter.translate(self._way)
        painter.drawLines(along)
        painter.translate(-self._way)

    def _whole_path(self) -> QPainterPath:
        """All lines in one path: slow to make, but quick to paint where nothing changes, as while the view moves."""
        if self._path is None:
            self._path = QPainterPath()
            for line in chain(self._lines.values(), *self._further.values()):
                x1, y1, x2, y2 = line.toTuple()
                self._path.moveTo(x1, y1)
                self._path.lineTo(x2, y2)
        return self._path

    def _stretched(self, link: Link) -> list[QLineF]:
        """The lines of a link, whose dots go along where both its ends are carried."""
        still = QPointF()
        start, end = (self._way if name in self._carried else still for name in (link.source, link.target))
        dots = self._way if start == end else still
        every = [self._lines[link], *self._further.get(link, ())]
        steps = [dots] * (len(every) - 1)
        return [
            QLineF(line.p1() + before, line.p2() + after)
            for line, before, after in zip(every, (start, *steps), (*steps, end), strict=True)
        ]

    def put_node(self, item: NodeItem) -> None:
        """Take a node in, or where and how it is now."""
        self.version += 1
        name = item.id
        place = item.pos()
        body = QRectF(place.x(), place.y(), item.width, item.height)
        self._bodies[name] = body
        hue = item.hue
        if self._hues.get(name, hue) != hue:
            self._uncolour(name)
        self._hues[name] = hue
        self._blocks.setdefault(hue, {})[name] = body
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
        self.version += 1
        del self._bodies[name]
        self._uncolour(name)
        self._chosen.pop(name, None)
        self._signs.pop(name, None)

    def _uncolour(self, name: str) -> None:
        hue = self._hues.pop(name)
        del self._heads[hue][name]
        del self._blocks[hue][name]

    def put_link(self, item: LinkItem) -> None:
        """Take a link in, or where it is now."""
        self.version += 1
        self._path = None
        dots = [QPointF(*dot) for dot in item.dots]
        first, end = item.path.elementAt(0), item.path.currentPosition()
        self._lines[item.link] = QLineF(QPointF(first.x, first.y), dots[0] if dots else end)
        self._further.pop(item.link, None)
        if dots:
            self._further[item.link] = [QLineF(*ends) for ends in pairwise((*dots, end))]

    def drop_link(self, link: Link) -> None:
        """Forget a link."""
        self.version += 1
        self._path = None
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

    def paint(self, painter: QPainter, look: Look, zoom: float = 1.0) -> None:
        """Paint everything; `painter` is in scene coordinates."""
        theme, tiny = look.theme, zoom < BLOCKS_BELOW
        painter.setPen(_hairline(theme.link))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self._all_lines(painter)
        self._painted = self.version
        if not tiny:
            painter.setPen(_hairline(theme.border))
            painter.setBrush(look.body)
            self._rects(painter, self._bodies)
        painter.setPen(Qt.PenStyle.NoPen)
        for hue, rects in (self._blocks if tiny else self._heads).items():
            painter.setBrush(look.hue(hue))
            self._rects(painter, rects)
        for severity in Severity:
            painter.setBrush(theme.severity(severity))
            self._signs_on(painter, severity)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(look.outline if len(self._chosen) <= MOST_OUTLINED else _hairline(theme.accent))
        self._rects(painter, self._chosen)

    def _signs_on(self, painter: QPainter, severity: Severity) -> None:
        """Paint the sign of a severity at each node that has it."""
        for name, found in self._signs.items():
            if found is severity:
                body = self._bodies[name].translated(self._way) if name in self._carried else self._bodies[name]
                painter.drawEllipse(QRectF(body.right() - 30, body.y() - 20, 50, 50))

    def paint_small(self, painter: QPainter, look: Look) -> None:
        """Paint everything where a node is a few pixels large; `painter` is in scene coordinates."""
        theme = look.theme
        painter.setPen(_hairline(theme.link))
        painter.drawLines(list(self._lines.values()))
        painter.drawLines(list(chain.from_iterable(self._further.values())))
        for hue, blocks in self._blocks.items():
            colour = look.hue(hue)
            # The line around a block keeps it in sight where it is smaller than a pixel.
            painter.setPen(_hairline(colour))
            painter.setBrush(colour)
            painter.drawRects(list(blocks.values()))
        painter.setPen(_hairline(theme.accent))
        painter.setBrush(theme.accent)
        painter.drawRects(list(self._chosen.values()))


def _hairline(colour: object) -> QPen:
    pen = QPen(colour)
    pen.setWidth(0)
    return pen
