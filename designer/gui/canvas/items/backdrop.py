"""The ground of the canvas: one colour, and dots that show the grid where there is room for them."""

from __future__ import annotations

from math import floor

from PySide6.QtCore import QPointF, QRectF
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
    # A pen of width 0 paints single pixels; any wider one strokes each dot and takes a hundred times as long.
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(theme.grid, 0))
    painter.translate(0, top * step)
    for _ in range(rows):
        painter.drawPoints(dots)
        painter.translate(0, step)
    painter.restore()
