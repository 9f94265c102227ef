"""The network inside a group as a small picture in the group's node."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPainterPath

from designer.catalogue import LAYERS
from designer.graph.document import Document, Node
from designer.gui.canvas.look import CORNER, FOOT, HEAD, WIDTH, Look
from designer.gui.canvas.paths.routes import curve

LARGEST = QSizeF(560, 320)
"""The room for a picture, in scene pixels."""
SCALE = 0.6
"""A small network is not shown larger than this."""
PAD = 12.0
MOST_TITLES = 200
"""More nodes than this are shown without their names."""


@dataclass(frozen=True, slots=True)
class Inset:
    """The picture of one network; made anew when the network is another one."""

    network: Document
    bounds: QRectF
    scale: float

    @property
    def size(self) -> QSizeF:
        """The room that it takes, with air around it."""
        return QSizeF(self.bounds.width() * self.scale + 2 * PAD, self.bounds.height() * self.scale + 2 * PAD)

    def paint(self, painter: QPainter, corner: QPointF, look: Look) -> None:
        """Paint it with its upper left corner at a point."""
        painter.save()
        painter.translate(corner + QPointF(PAD, PAD))
        painter.scale(self.scale, self.scale)
        painter.translate(-self.bounds.topLeft())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(look.hover_border)
        for link in self.network.links:
            painter.drawPath(self._way(link.source, link.target))
        titled = len(self.network.nodes) <= MOST_TITLES
        painter.setFont(look.title_font)
        for name, node in self.network.nodes.items():
            _paint_node(painter, node, self._body(name), look, titled=titled)
        painter.restore()

    def _body(self, name: str) -> QRectF:
        return QRectF(*self.network.positions.get(name, (0.0, 0.0)), WIDTH, HEAD + FOOT)

    def _way(self, source: str, target: str) -> QPainterPath:
        start, end = self._body(source), self._body(target)
        first, last = QPointF(start.right(), start.center().y()), QPointF(end.left(), end.center().y())
        return curve(first, last)


def inset_of(network: Document) -> Inset:
    """The picture of a network, as large as it may be."""
    bounds = QRectF()
    for x, y in network.positions.values():
        bounds = bounds.united(QRectF(x, y, WIDTH, HEAD + FOOT))
    wide, high = max(bounds.width(), 1.0), max(bounds.height(), 1.0)
    return Inset(network, bounds, min(SCALE, LARGEST.width() / wide, LARGEST.height() / high))


def _paint_node(painter: QPainter, node: Node, body: QRectF, look: Look, *, titled: bool) -> None:
    kind = LAYERS.get(node.layer)
    painter.setPen(look.hover_border)  # the node around has the same ground
    painter.setBrush(look.body)
    painter.drawRoundedRect(body, CORNER, CORNER)
    category = kind.category if kind is not None else ""
    painter.fillRect(QRectF(body.x(), body.y() + CORNER, 6, body.height() - 2 * CORNER), look.hue(category))
    if titled:
        title = kind.title if kind is not None and kind.role != "group" else node.id
        painter.setPen(look.theme.text)
        shown = look.title_metrics.elidedText(title, Qt.TextElideMode.ElideRight, WIDTH - 30)
        painter.drawText(body.adjusted(16, 0, -6, 0), Qt.AlignmentFlag.AlignVCenter, shown)
