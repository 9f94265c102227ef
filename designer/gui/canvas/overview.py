"""The design from afar: coloured blocks and straight lines, painted in a few batches instead of item by item."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from designer.graph.document import Link
from designer.gui.canvas.link_item import LinkItem
from designer.gui.canvas.look import Look
from designer.gui.canvas.node_item import NodeItem
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
        self._lines[item.link] = QLineF(item.start(), dots[0] if dots else item.end())
        self._further.pop(item.link, None)
        if dots:
            self._further[item.link] = [QLineF(*ends) for ends in pairwise((*dots, item.end()))]

    def drop_link(self, link: Link) -> None:
        """Forget a link."""
        del self._lines[link]
        self._further.pop(link, None)

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
        painter.drawLines(list(self._lines.values()))
        painter.drawLines(list(chain.from_iterable(self._further.values())))
        painter.setPen(_hairline(theme.border))
        painter.setBrush(look.body)
        painter.drawRects(list(self._bodies.values()))
        painter.setPen(Qt.PenStyle.NoPen)
        for hue, heads in self._heads.items():
            painter.setBrush(look.hue(hue))
            painter.drawRects(list(heads.values()))
        for severity in Severity:
            signs = [QRectF(self._bodies[name].right() - 30, self._bodies[name].y() - 20, 50, 50)
                     for name, found in self._signs.items() if found is severity]  # fmt: skip
            painter.setBrush(theme.severity(severity))
            for sign in signs:
                painter.drawEllipse(sign)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(look.outline)
        painter.drawRects(list(self._chosen.values()))


def _hairline(colour: object) -> QPen:
    pen = QPen(colour)
    pen.setWidth(0)
    return pen
