"""The picture from afar, kept until it would be another one: what is drawn over it moves without painting it anew."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QPainter, QPixmap, QTransform

from designer.gui.canvas.items.overview import Overview
from designer.gui.canvas.look import Look


class Afar:
    """An overview and its ground, as they are seen from a place."""

    def __init__(self, overview: Overview, look: Look) -> None:
        self._overview, self._look = overview, look
        self._picture = QPixmap()
        self._shows: object = None
        self._asked: object = None

    def paint(self, painter: QPainter, size: QSize, ratio: float, seen: QTransform) -> None:
        """Paint it onto a viewport of that size, `seen` being what leads from the scene to it.

        The picture is made when the same is asked for again, so that while the view moves nothing is painted twice.
        The ground is part of it: to lay a picture with clear places over another takes longer than to paint both.
        """
        shows = (self._overview.version, self._look.theme, size, ratio, seen)
        if shows != self._asked:
            self._asked = shows
            painter.resetTransform()
            painter.fillRect(QRect(QPoint(), size), self._look.theme.canvas)
            painter.setTransform(seen)
            self._overview.paint(painter, self._look, seen.m11())
            return
        if shows != self._shows:
            if self._picture.size() != size * ratio:
                self._picture = QPixmap(size * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(self._look.theme.canvas)
            onto = QPainter(self._picture)
            onto.setTransform(seen)
            self._overview.paint(onto, self._look, seen.m11())
            onto.end()
            self._shows = shows
        painter.save()
        painter.resetTransform()
        painter.drawPixmap(0, 0, self._picture)
        painter.restore()
