"""Shapes that many nodes share, painted once into a pixmap for the zoom in force and then only stamped.

A rounded, antialiased body costs twenty times as much as copying its pixels, and there are as few different
ones as there are categories of layers.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap, QTransform

UNMOVED = QTransform()


class Stamps:
    """Pixmaps by what they show; all are for one zoom, and thrown away when another comes."""

    def __init__(self) -> None:
        self._pixmaps: dict[Hashable, QPixmap] = {}
        self._scale = (0.0, 0.0)

    def clear(self) -> None:
        """Forget everything: the colours have changed."""
        self._pixmaps.clear()

    def put(self, painter: QPainter, key: Hashable, area: QRectF, paint: Callable[[QPainter], None]) -> None:
        """Show what `paint` paints within `area`, in the painter's coordinates; `key` tells it from all else."""
        world = painter.worldTransform()
        ratio = painter.device().devicePixelRatio()
        if self._scale != (world.m11(), ratio):
            self._scale = (world.m11(), ratio)
            self._pixmaps.clear()
        pixmap = self._pixmaps.get(key)
        if pixmap is None:
            pixmap = self._pixmaps[key] = _painted(area, world.m11(), ratio, paint)
        corner = world.map(area.topLeft())
        whole = QPointF(round(corner.x() * ratio) / ratio, round(corner.y() * ratio) / ratio)
        painter.setWorldTransform(UNMOVED)
        painter.drawPixmap(whole, pixmap)
        painter.setWorldTransform(world)


def _painted(area: QRectF, zoom: float, ratio: float, paint: Callable[[QPainter], None]) -> QPixmap:
    pixmap = QPixmap(ceil(area.width() * zoom * ratio), ceil(area.height() * zoom * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(zoom, zoom)
    painter.translate(-area.topLeft())
    paint(painter)
    painter.end()
    return pixmap
