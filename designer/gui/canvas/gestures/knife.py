"""Cutting links with one stroke."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from designer.graph.document import Link
from designer.gui.canvas.gestures.gesture import Gesture, Modifiers
from designer.gui.canvas.look import Look
from designer.gui.canvas.paths.curves import beside, crosses
from designer.gui.canvas.scene import DesignScene


class Knife(Gesture):
    """Draw a stroke; `cut` gets all links that it crosses when the button is released."""

    def __init__(self, scene: DesignScene, cut: Callable[[Collection[Link]], None], start: QPointF) -> None:
        self._scene, self._cut = scene, cut
        self._stroke = [start]
        self.crossed: dict[Link, None] = {}

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        line = QLineF(self._stroke[-1], at)
        if not line.length():
            return
        self._stroke.append(at)
        area = QRectF(line.p1(), line.p2()).normalized().adjusted(-1, -1, 1, 1)
        for item in self._scene.links_near(area):
            bounds = item.boundingRect()
            corners = (bounds.topLeft(), bounds.topRight(), bounds.bottomLeft(), bounds.bottomRight())
            if item.link not in self.crossed and not beside(line, corners) and crosses(item.path, line):
                self.crossed[item.link] = None

    def finish(self, at: QPointF, modifiers: Modifiers) -> None:
        self.move(at, modifiers)
        if self.crossed:
            self._cut(tuple(self.crossed))

    def message(self) -> str:
        count = len(self.crossed)
        return "" if not count else "Cut 1 link" if count == 1 else f"Cut {count} links"

    def area(self) -> QRectF:
        area = QPolygonF(self._stroke).boundingRect()
        for link in self.crossed:
            area = area.united(self._scene.links[link].boundingRect())
        return area.adjusted(-10, -10, 10, 10)

    def draw(self, painter: QPainter, look: Look) -> None:
        pen = QPen(look.theme.error, 2.6)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for link in self.crossed:
            painter.drawPath(self._scene.links[link].path)
        pen.setWidthF(1.4)
        pen.setColor(look.theme.text)
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF(self._stroke))
