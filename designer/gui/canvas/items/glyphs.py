"""The small signs painted on nodes: how bad a problem is, what is frozen or shared; without a picture file."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from designer.gui.theme import Theme
from designer.problems import Severity

RADIUS = 8.0


def paint_severity(painter: QPainter, severity: Severity, centre: QPointF, theme: Theme) -> None:
    """A disc with "!" for an error, a triangle with "!" for a warning, a disc with "i" for a tip."""
    painter.setPen(QPen(theme.canvas, 1.5))
    painter.setBrush(theme.severity(severity))
    painter.drawPath(_triangle(centre) if severity is Severity.WARNING else _disc(centre))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.on_accent)
    painter.drawPath(_mark(centre, upside_down=severity is Severity.TIP))


def _disc(centre: QPointF) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(centre, RADIUS, RADIUS)
    return path


def _triangle(centre: QPointF) -> QPainterPath:
    x, y = centre.x(), centre.y()
    path = QPainterPath(QPointF(x, y - RADIUS - 1))
    path.lineTo(x + RADIUS + 1, y + RADIUS - 1)
    path.lineTo(x - RADIUS - 1, y + RADIUS - 1)
    path.closeSubpath()
    return path


def _mark(centre: QPointF, *, upside_down: bool) -> QPainterPath:
    """An exclamation mark, or an "i"."""
    x, y, sign = centre.x(), centre.y(), -1 if upside_down else 1
    path = QPainterPath()
    stem = QRectF(x - 1, y - 4.2, 2, 5.2) if sign > 0 else QRectF(x - 1, y - 1, 2, 5.2)
    path.addRoundedRect(stem, 1, 1)
    path.addEllipse(QPointF(x, y + sign * 3.4), 1.15, 1.15)
    return path


def paint_bypass(painter: QPainter, left: float, base: float, colour: QColor) -> None:
    """An arrow that leaps over a dot, 16 wide; `base` is the line that it runs along."""
    painter.setPen(QPen(colour, 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    leap = QPainterPath(QPointF(left, base))
    leap.cubicTo(left + 5, base, left + 2.5, base - 8, left + 7, base - 8)
    leap.cubicTo(left + 11.5, base - 8, left + 9, base, left + 15, base)
    leap.moveTo(left + 12, base - 2.8)
    leap.lineTo(left + 15, base)
    leap.lineTo(left + 12, base + 2.8)
    painter.drawPath(leap)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(QPointF(left + 7, base - 1.5), 1.6, 1.6)


def paint_lock(painter: QPainter, left: float, base: float, colour: QColor) -> None:
    """A padlock of 8 by 9 for weights that are not trained; `base` is the line that letters stand on."""
    painter.setPen(QPen(colour, 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawArc(QRectF(left + 1.8, base - 9, 4.4, 7), 0, 180 * 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(QRectF(left, base - 5.5, 8, 5.5), 1, 1)


def paint_rings(painter: QPainter, left: float, base: float, colour: QColor) -> None:
    """Two rings that meet, 10 wide, for weights that are another node's."""
    painter.setPen(QPen(colour, 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QRectF(left + 0.5, base - 6.5, 6, 6))
    painter.drawEllipse(QRectF(left + 4, base - 6.5, 6, 6))


def paint_note(painter: QPainter, left: float, base: float, colour: QColor) -> None:
    """A small sheet with two lines, 8 by 9, where something is noted."""
    painter.setPen(QPen(colour, 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(left + 0.5, base - 8.5, 8, 8.5), 1, 1)
    painter.drawLines([QLineF(left + 2.5, base - 5.8, left + 6.5, base - 5.8)])
    painter.drawLines([QLineF(left + 2.5, base - 3.2, left + 5.5, base - 3.2)])
