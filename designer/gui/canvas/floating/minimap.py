"""A small map of the whole design in a corner of the canvas, with a frame around what is in view."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QGuiApplication, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QWheelEvent
from PySide6.QtWidgets import QWidget

from designer.gui.canvas.look import HEAD, WIDTH
from designer.gui.canvas.surface import WHEEL_STEP, Surface

LARGEST = QSize(200, 130)
SMALLEST = QSize(84, 44)
"""Limits of the map's size, in screen pixels."""
SHARE = 0.3
"""How much of the canvas's width and height it takes at most."""
EDGE = 12
"""How far it stands from the canvas's corner, in screen pixels."""
PAD = 6.0
"""Free space around the design on the map, in screen pixels."""
LAG = 100
"""Milliseconds between two drawings of the design at least."""
FEW_NODES = 1000
"""Up to so many nodes are drawn with smooth edges."""
SMALLEST_FRAME = 7.0
"""What is in view is never shown smaller than this, in screen pixels: a hand must be able to take it."""
ROUNDING = 6.0


class Minimap(QWidget):
    """Draws the design from the scene's overview into one picture, at most ten times a second.

    The frame can be dragged; a press beside it goes there; the wheel zooms. While all is in view there is no map.
    """

    def __init__(self, surface: Surface) -> None:
        super().__init__(surface)
        self._surface = surface
        self.wanted = True
        """Whether it is shown where it is of use."""
        self.area = QRectF()
        """What of the scene the map shows."""
        self._bounds = QRectF()
        self.picture, self._drawn = QPixmap(), False
        self._grip = QPointF()
        self._dragged = False
        self._again = QTimer(self, singleShot=True, interval=LAG)
        self._again.timeout.connect(self._look)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Minimap")
        self.hide()
        for bar in (surface.horizontalScrollBar(), surface.verticalScrollBar()):
            bar.valueChanged.connect(self.follow_view)
        surface.zoom_changed.connect(self.follow_view)

    def show_wanted(self, wanted: bool) -> None:
        """Show the map, where it is of use, or put it away."""
        self.wanted = wanted
        self.follow_view()

    def follow_design(self) -> None:
        """The design looks different: draw it again soon."""
        self._drawn = False
        if not self._again.isActive():
            self._again.start()

    def follow_view(self) -> None:
        """Something else is in view; not while the canvas is out of sight, as when its scene goes with the window."""
        if not self._again.isActive() and self._surface.isVisible():
            self._settle()

    def take_place(self) -> None:
        """Stand in the lower right corner of the canvas."""
        room = self._surface.viewport().geometry()
        self.move(room.right() - self.width() - EDGE, room.bottom() - self.height() - EDGE)

    def _look(self) -> None:
        """Find out where the design reaches now; of a large one not while the hand moves something."""
        design = self._surface.design
        if len(design.nodes) > FEW_NODES and QGuiApplication.mouseButtons():
            self._again.start()
            return
        self._bounds = design.overview.bounds().united(design.marks.bounds())
        self._settle()

    def _settle(self) -> None:
        """Be there while not all is in view, but not vanish from under the hand."""
        everything = self._bounds.isNull() or self.seen().contains(self._bounds)
        if not self.wanted or (everything and not self._dragged and not self.underMouse()):
            self.hide()
            return
        if not self._drawn:
            self._draw()
            self.take_place()
        if self.isHidden():
            self.show()
            self.raise_()
        self.update()

    def _draw(self) -> None:
        """Draw the design anew."""
        self._measure(self._bounds)
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter, design = QPainter(picture), self._surface.design
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, len(design.nodes) <= FEW_NODES)
        scale = self._scale()
        painter.scale(scale, scale)
        painter.translate(-self.area.topLeft())
        design.marks.paint_afar(painter, design.look, scale)
        design.overview.paint_small(painter, design.look)
        painter.end()
        self.picture, self._drawn = picture, True

    def _measure(self, bounds: QRectF) -> None:
        """Take the design's own proportions, within limits, and show it in the middle."""
        largest = LARGEST.boundedTo(self._surface.viewport().size() * SHARE).expandedTo(SMALLEST)
        room_x, room_y = largest.width() - 2 * PAD, largest.height() - 2 * PAD
        bounds = bounds.united(QRectF(bounds.topLeft(), QPointF(bounds.x() + WIDTH, bounds.y() + 2 * HEAD)))
        scale = min(room_x / bounds.width(), room_y / bounds.height())
        width = min(max(math.ceil(bounds.width() * scale + 2 * PAD), SMALLEST.width()), largest.width())
        height = min(max(math.ceil(bounds.height() * scale + 2 * PAD), SMALLEST.height()), largest.height())
        area = QRectF(0, 0, width / scale, height / scale)
        area.moveCenter(bounds.center())
        self.area = area
        self.resize(width, height)

    def _scale(self) -> float:
        return self.width() / self.area.width()

    def seen(self) -> QRectF:
        """What of the scene is in view."""
        viewport = self._surface.viewport().rect()
        return self._surface.mapToScene(viewport).boundingRect()

    def frame(self) -> QRectF:
        """Where on the map the frame around what is in view stands."""
        seen, scale = self.seen(), self._scale()
        frame = QRectF((seen.topLeft() - self.area.topLeft()) * scale, seen.size() * scale)
        middle = frame.center()
        frame.setSize(frame.size().expandedTo(QRectF(0, 0, SMALLEST_FRAME, SMALLEST_FRAME).size()))
        frame.moveCenter(middle)
        return frame

    def at(self, place: QPointF) -> QPointF:
        """Where on the map a point of the scene is."""
        return (place - self.area.topLeft()) * self._scale()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._surface.design.look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(theme.panel)
        ground.setAlphaF(0.94)
        whole = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(theme.border, 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(whole, ROUNDING, ROUNDING)
        painter.drawPixmap(0, 0, self.picture)
        inner = whole.adjusted(1, 1, -1, -1)
        frame = self.frame() & inner
        if not frame.isEmpty():
            tint = QColor(theme.accent)
            tint.setAlphaF(0.14)
            painter.setBrush(tint)
            painter.setPen(QPen(theme.accent, 1.5))
            painter.drawRoundedRect(frame, 2, 2)
        painter.end()

    # The hand.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        frame = self.frame()
        self._dragged = True
        self._grip = event.position() - frame.center() if frame.contains(event.position()) else QPointF()
        self._go(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged:
            self._go(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        middle = QPointF(self._surface.viewport().rect().center())
        self._surface.zoom_at(middle, WHEEL_STEP ** event.angleDelta().y())
        event.accept()

    def _go(self, at: QPointF) -> None:
        self._surface.in_motion()
        self._surface.centerOn(self.area.topLeft() + (at - self._grip) / self._scale())
