"""The ground of the canvas: one colour, and dots that show the grid where there is room for them."""

from __future__ import annotations

from math import floor

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from designer.gui.canvas.look import FLAT_BELOW, GRID
from designer.gui.theme import Theme

CLOSEST = 18.0
"""Dots are never nearer to each other than this, in screen pixels."""


def paint_backdrop(painter: QPainter, area: QRectF, zoom: float, theme: Theme) -> None:
    """Paint the ground in `area`; all but `zoom` in scene coordinates."""
    painter.fillRect(area, theme.canvas)
    if zoom < FLAT_BELOW:
        return
    step = 2 * GRID
    while step * zoom < CLOSEST:
        step *= 2
    left, top = floor(area.left() / step), floor(area.top() / step)
    columns, rows = int(area.width() / step) + 2, int(area.height() / step) + 2
    dots = QPolygonF([QPointF((left + column) * step, 0) for column in range(columns)])
    pen = QPen(theme.grid, 2.0 if zoom >= 1 else 1.5)
    pen.setCosmetic(True)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(pen)
    painter.translate(0, top * step)
    for _ in range(rows):
        painter.drawPoints(dots)
        painter.translate(0, step)
    painter.restore()
