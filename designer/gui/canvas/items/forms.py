"""The shapes that a node is made of: its body and its ports, each told by the little that makes it differ."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath

from designer.gui.canvas.look import CORNER, PORT_RADIUS, STEP, Look

NARROW, WIDE = 5.0, 10.0
"""How wide the strip is that says what a node is; a colour that is to be compared needs more of it."""


@dataclass(frozen=True, slots=True)
class BodyForm:
    """All that the look of a body depends on."""

    width: float
    height: float
    hue: str
    stacked: bool
    chosen: bool
    hovered: bool
    faded: bool = False
    """Whether it is bypassed."""


@dataclass(frozen=True, slots=True)
class PortForm:
    """All that the look of a port depends on; `many` makes it tall, `lit` and `hollow` together say "not quite"."""

    lit: bool
    hollow: bool
    many: bool
    wrong: bool = False
    """Whether an error is about what comes in here."""


def paint_body(painter: QPainter, form: BodyForm, look: Look) -> None:
    """A rounded body with its strip of colour, its upper left corner at the origin."""
    body = QRectF(0, 0, form.width, form.height)
    if form.stacked:
        painter.setPen(look.border)
        painter.setBrush(look.behind)
        painter.drawRoundedRect(body.translated(6, 6), CORNER, CORNER)
        painter.drawRoundedRect(body.translated(3, 3), CORNER, CORNER)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.shadow)
        painter.drawRoundedRect(body.translated(0, 2), CORNER, CORNER)
    border = look.outline if form.chosen else look.hover_border if form.hovered or form.faded else look.border
    painter.setPen(look.dashed(border) if form.faded else border)
    painter.setBrush(look.behind if form.faded else look.ground(form.hue))
    painter.drawRoundedRect(body, CORNER, CORNER)
    painter.fillPath(_strip(form, WIDE if form.hue.startswith(STEP) else NARROW), look.hue(form.hue))


def _strip(form: BodyForm, width: float) -> QPainterPath:
    """The strip along the left side, rounded with the body."""
    body, strip = QPainterPath(), QPainterPath()
    body.addRoundedRect(QRectF(0.5, 0.5, form.width - 1, form.height - 1), CORNER - 0.5, CORNER - 0.5)
    strip.addRect(QRectF(0, 0, width, form.height))
    return body.intersected(strip)


def paint_port(painter: QPainter, form: PortForm, middle: QPointF, look: Look) -> None:
    """A disc, or a capsule for a port that takes many links."""
    painter.setPen(look.outline if form.lit else look.wrong_border if form.wrong else look.hover_border)
    filled = look.theme.accent if form.lit else look.theme.error if form.wrong else look.theme.link
    painter.setBrush(look.hollow if form.hollow else filled)
    radius = PORT_RADIUS + 1.5 if form.lit or form.wrong else PORT_RADIUS
    tall = radius + 4 if form.many else radius
    painter.drawRoundedRect(QRectF(middle.x() - radius, middle.y() - tall, 2 * radius, 2 * tall), radius, radius)
