"""A frame on the canvas: a titled rectangle behind its nodes, as large as they need it to be."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from designer.graph.document import Frame
from designer.gui.canvas.look import CORNER, FLAT_BELOW, Look

PADDING = 20.0
"""Free space between the members and the frame, in scene pixels."""
BAR = 28.0
"""Height of the bar with the title, by which a frame is held."""
UNTITLED = "Frame"
LARGEST = 1e9
"""From this area on, in scene pixels, frames are all equally far behind."""
LONGEST = 200
"""Letters of a title that are looked at; what a file says may be of any length."""


class FrameItem(QGraphicsItem):
    """One frame, drawn in scene coordinates; it decides nothing."""

    def __init__(self, key: str, frame: Frame, look: Look) -> None:
        super().__init__()
        self.key, self.frame = key, frame
        self._look = look
        self.rect = QRectF()
        self.chosen = self.hovered = self.lit = False
        self.setZValue(-3)

    @property
    def title(self) -> str:
        """What it is called, on one line."""
        return " ".join(self.frame.title[:LONGEST].split()) or UNTITLED

    @property
    def bar(self) -> QRectF:
        """The bar by which it is held, in scene coordinates."""
        return QRectF(self.rect.x(), self.rect.y(), self.rect.width(), BAR)

    def show_frame(self, frame: Frame) -> None:
        """Show another title or colour."""
        if frame is not self.frame:
            self.frame = frame
            self.update()

    def hug(self, inner: QRectF) -> None:
        """Stand around a rectangle."""
        rect = inner.adjusted(-PADDING, -PADDING - BAR + 6, PADDING, PADDING)
        if rect != self.rect:
            self.prepareGeometryChange()
            self.rect = rect
            # A frame that is smaller stands before one that it is drawn into.
            self.setZValue(-3 - min(rect.width() * rect.height() / LARGEST, 0.9))

    def mark(self, *, chosen: bool | None = None, hovered: bool | None = None, lit: bool | None = None) -> None:
        """Show it as selected, as under the pointer, or as what would take in what is dragged."""
        before = (self.chosen, self.hovered, self.lit)
        self.chosen = self.chosen if chosen is None else chosen
        self.hovered = self.hovered if hovered is None else hovered
        self.lit = self.lit if lit is None else lit
        if before != (self.chosen, self.hovered, self.lit):
            self.update()

    def boundingRect(self) -> QRectF:
        return self.rect.adjusted(-3, -3, 3, 3)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        look = self._look
        zoom = 1.0 if widget is None else option.levelOfDetailFromTransform(painter.worldTransform())
        painter.setPen(self.pen())
        painter.setBrush(self.ground())
        painter.drawRoundedRect(self.rect, CORNER, CORNER)
        bar = look.theme.named(self.frame.color)
        bar.setAlphaF(0.4 if self.hovered or self.lit else 0.26)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(bar)
        painter.drawRoundedRect(self.bar, CORNER, CORNER)
        flat = zoom < FLAT_BELOW
        painter.setFont(look.flat_font if flat else look.frame_font)
        painter.setPen(look.theme.text)
        metrics = look.flat_metrics if flat else look.frame_metrics
        title = metrics.elidedText(self.title, Qt.TextElideMode.ElideRight, self.rect.width() - 20)
        painter.drawText(QPointF(self.rect.x() + 10, self.rect.y() + (22 if flat else 19)), title)

    def ground(self) -> QColor:
        """What is painted behind the members: little of the colour, so that the ground shows through."""
        colour = self._look.theme.named(self.frame.color)
        colour.setAlphaF(0.22 if self.lit else 0.11)
        return colour

    def pen(self) -> QPen:
        """The outline."""
        if self.chosen or self.lit:
            return self._look.outline
        pen = QPen(self._look.shade(self.frame.color, 0.7 if self.hovered else 0.5), 1.2)
        pen.setCosmetic(self._look.cosmetic)
        return pen
