"""A small picture of a design, drawn from the document alone."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPixmap

from designer.catalogue import LAYERS
from designer.graph.document import Document
from designer.gui.theme import Theme

NODE = QSize(150, 62)
"""How large a node is taken to be, in the design's own pixels."""
MARGIN = 12.0
LARGEST = 0.42
"""A design of few nodes is not blown up beyond this scale."""


def thumbnail(document: Document, theme: Theme, size: QSize, ratio: float = 1.0) -> QPixmap:
    """A picture of `size` (in logical pixels) with every node as a block in its category's colour."""
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(theme.canvas)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    area = _bounds(document)
    if not area.isEmpty():
        room = QRectF(MARGIN, MARGIN, size.width() - 2 * MARGIN, size.height() - 2 * MARGIN)
        scale = min(room.width() / area.width(), room.height() / area.height(), LARGEST)
        painter.translate(room.center())
        painter.scale(scale, scale)
        painter.translate(-area.center())
        _paint(painter, document, theme, scale)
    painter.end()
    return pixmap


def _bounds(document: Document) -> QRectF:
    if not document.positions:
        return QRectF()
    columns = [x for x, _ in document.positions.values()]
    rows = [y for _, y in document.positions.values()]
    width, height = max(columns) - min(columns) + NODE.width(), max(rows) - min(rows) + NODE.height()
    return QRectF(min(columns), min(rows), width, height)


def _paint(painter: QPainter, document: Document, theme: Theme, scale: float) -> None:
    painter.setPen(QPen(theme.link, 1.3 / scale))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    middle = NODE.height() / 2
    for link in document.links:
        start, end = document.positions.get(link.source), document.positions.get(link.target)
        if start is None or end is None:
            continue
        left, right = QPointF(start[0] + NODE.width(), start[1] + middle), QPointF(end[0], end[1] + middle)
        # A link that goes back to a new row must not swing far out on both sides.
        bend = max(30.0, (right.x() - left.x()) / 2)
        path = QPainterPath(left)
        path.cubicTo(left + QPointF(bend, 0), right - QPointF(bend, 0), right)
        painter.drawPath(path)
    painter.setPen(Qt.PenStyle.NoPen)
    for name, (x, y) in document.positions.items():
        node = document.nodes.get(name)
        kind = LAYERS.get(node.layer) if node is not None else None
        painter.setBrush(theme.category(kind.category) if kind is not None else theme.muted)
        painter.drawRoundedRect(QRectF(x, y, NODE.width(), NODE.height()), 14, 14)
