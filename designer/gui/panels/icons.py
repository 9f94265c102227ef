"""Small icons painted from the theme, so that they suit light and dark and any resolution."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPolygonF

from designer.gui.icons import painted
from designer.gui.theme import Theme
from designer.problems import Severity

SIDE = 16
SCALE = 3
"""Pixmaps are painted this much larger, for screens of high resolution."""


def _icon(paint: Callable[[QPainter], None]) -> QIcon:
    """An icon painted on a ground of 16 by 16."""
    return QIcon(painted(QSize(SIDE, SIDE), SCALE, paint))


def _pen(colour: QColor, width: float = 1.6) -> QPen:
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def swatch(colour: QColor, side: float = 12.0) -> QIcon:
    """A rounded square of a category's colour."""

    def paint(painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        place = (SIDE - side) / 2
        painter.drawRoundedRect(QRectF(place, place, side, side), side / 4, side / 4)

    return _icon(paint)


def severity_icon(theme: Theme, severity: Severity) -> QIcon:
    """A circle with a cross, a triangle, a circle with an i: told apart without colour too."""

    def paint(painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.severity(severity))
        if severity is Severity.WARNING:
            painter.drawPolygon(QPolygonF([QPointF(8, 1), QPointF(15.5, 14.5), QPointF(0.5, 14.5)]))
        else:
            painter.drawEllipse(QRectF(1, 1, 14, 14))
        painter.setPen(_pen(theme.panel))
        if severity is Severity.ERROR:
            painter.drawLine(QPointF(5.5, 5.5), QPointF(10.5, 10.5))
            painter.drawLine(QPointF(10.5, 5.5), QPointF(5.5, 10.5))
        elif severity is Severity.WARNING:
            painter.drawLine(QPointF(8, 6), QPointF(8, 9.5))
            painter.drawPoint(QPointF(8, 12))
        else:
            painter.drawPoint(QPointF(8, 4.8))
            painter.drawLine(QPointF(8, 7.5), QPointF(8, 11.5))

    return _icon(paint)


def sound_icon(theme: Theme) -> QIcon:
    """A tick: nothing is wrong."""

    def paint(painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.good)
        painter.drawEllipse(QRectF(1, 1, 14, 14))
        painter.setPen(_pen(theme.panel))
        painter.drawPolyline(QPolygonF([QPointF(4.8, 8.2), QPointF(7.2, 10.6), QPointF(11.4, 5.8)]))

    return _icon(paint)


def reset_icon(theme: Theme) -> QIcon:
    """An arrow that turns back."""

    def paint(painter: QPainter) -> None:
        painter.setPen(_pen(theme.muted))
        painter.drawArc(QRectF(3, 3, 10, 10), 150 * 16, -300 * 16)
        painter.drawPolyline(QPolygonF([QPointF(2.6, 2.2), QPointF(3.4, 5.8), QPointF(7, 5.2)]))

    return _icon(paint)


def copy_icon(theme: Theme) -> QIcon:
    """Two sheets, one above the other."""

    def paint(painter: QPainter) -> None:
        painter.setPen(_pen(theme.text, 1.3))
        painter.drawRoundedRect(QRectF(5.5, 5.5, 8, 8), 1.5, 1.5)
        path = QPainterPath(QPointF(3.5, 10.5))
        for point in (QPointF(2.5, 10.5), QPointF(2.5, 2.5), QPointF(10.5, 2.5), QPointF(10.5, 3.5)):
            path.lineTo(point)
        painter.drawPath(path)

    return _icon(paint)
