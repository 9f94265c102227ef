"""What a node gives for one example, painted: pictures, maps, heat maps, bars and numbers."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from designer.gui.theme import Theme
from designer.protocol import Number, Value

GAP = 0.2
"""The share of a bar's room that is left free."""
ROW = 16.0
"""The height of a bar with a name."""


def image_of(value: Value, theme: Theme) -> QImage:
    """The pixels of a value as a picture; null where it has none. Below zero is blue, above it orange."""
    try:
        data = base64.b64decode(value.pixels)
    except binascii.Error:
        return QImage()
    if len(value.size) != 3 or not data or len(data) != value.size[0] * value.size[1] * value.size[2]:
        return QImage()
    height, width, channels = value.size
    if channels == 3:
        return QImage(data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
    image = QImage(data, width, height, width, QImage.Format.Format_Indexed8)
    grey = value.form == "picture"
    image.setColorTable(_greys() if grey else _signed(theme) if _differs(value) else _rising(theme))
    return image.copy()


def paint_value(
    painter: QPainter, area: QRectF, value: Value, image: QImage, theme: Theme, names: Sequence[str] = ()
) -> None:
    """Paint a value into an area; `image` is what `image_of` made of it, `names` are those of its numbers."""
    if not image.isNull():
        _paint_image(painter, area, value, image)
    elif value.form == "bars" and names and area.height() >= ROW * len(value.numbers):
        _paint_named(painter, area, value.numbers, names, theme)
    elif value.form == "bars":
        _paint_bars(painter, area, value.numbers, theme)
    elif value.numbers:
        painter.setPen(theme.text)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, number_text(value.numbers[0]))


def number_text(number: Number) -> str:
    """A number as it is read."""
    return "not finite" if number is None else f"{number:.4g}"


def _paint_image(painter: QPainter, area: QRectF, value: Value, image: QImage) -> None:
    """As large as fits; only a heat map, whose axes are no lengths, fills the area."""
    if value.form == "heat":
        painter.drawImage(area, image)
        return
    scale = min(area.width() / image.width(), area.height() / image.height())
    wide, high = image.width() * scale, image.height() * scale
    place = QRectF(area.center().x() - wide / 2, area.center().y() - high / 2, wide, high)
    painter.drawImage(place, image)


def _paint_bars(painter: QPainter, area: QRectF, numbers: Sequence[Number], theme: Theme) -> None:
    """Standing bars from the line of zero."""
    known = [number or 0.0 for number in numbers]
    low, high = min(0.0, *known), max(0.0, *known)
    span = (high - low) or 1.0
    zero = area.bottom() + low / span * area.height()
    room = area.width() / len(known)
    for place, number in enumerate(known):
        length = number / span * area.height()
        left = area.left() + (place + GAP / 2) * room
        bar = QRectF(left, zero - max(length, 0.0), (1 - GAP) * room, abs(length))
        painter.fillRect(bar, above(theme) if number >= 0 else below(theme))
    painter.setPen(theme.muted)
    painter.drawLine(QPointF(area.left(), zero), QPointF(area.right(), zero))


def _paint_named(
    painter: QPainter, area: QRectF, numbers: Sequence[Number], names: Sequence[str], theme: Theme
) -> None:
    """Lying bars, each with its name before it and how sure the network is of it behind it."""
    metrics = QFontMetricsF(painter.font())
    wide = min(max(metrics.horizontalAdvance(name) for name in names) + 6, 0.5 * area.width())
    most = max((abs(number or 0.0) for number in numbers), default=1.0) or 1.0
    likely = max(range(len(numbers)), key=lambda place: numbers[place] or 0.0)
    plain, bold = painter.font(), QFont(painter.font())
    bold.setBold(True)
    for place, (number, name) in enumerate(zip(numbers, names, strict=False)):
        row = QRectF(area.left(), area.top() + place * ROW, area.width(), ROW)
        painter.setFont(bold if place == likely else plain)
        painter.setPen(theme.text)
        label = metrics.elidedText(name, Qt.TextElideMode.ElideRight, wide - 6)
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, label)
        free = area.width() - wide - 60
        bar = QRectF(area.left() + wide, row.top() + 2, max(1.0, free * abs(number or 0.0) / most), ROW - 4)
        painter.fillRect(bar, above(theme) if (number or 0.0) >= 0 else below(theme))
        text = QRectF(bar.right() + 6, row.top(), 60, ROW)
        share = "" if number is None else f"{number:.1%}"
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, share)
    painter.setFont(plain)


def above(theme: Theme) -> QColor:
    """The colour of what is above zero."""
    return theme.named("orange")


def below(theme: Theme) -> QColor:
    """The colour of what is below zero."""
    return theme.named("blue")


def _differs(value: Value) -> bool:
    return value.low is not None and value.high is not None and value.low < 0 < value.high


def _greys() -> list[int]:
    return [QColor(level, level, level).rgb() for level in range(256)]


def _rising(theme: Theme) -> list[int]:
    return [_mixed(theme.panel, above(theme), level / 255) for level in range(256)]


def _signed(theme: Theme) -> list[int]:
    """128 is zero and has the colour of the ground."""
    ground = theme.panel
    low = [_mixed(ground, below(theme), (128 - level) / 127) for level in range(128)]
    return low + [_mixed(ground, above(theme), (level - 128) / 127) for level in range(128, 256)]


def _mixed(one: QColor, other: QColor, share: float) -> int:
    share = min(1.0, share)
    parts = (
        round(a + (b - a) * share)
        for a, b in zip((one.red(), one.green(), one.blue()), (other.red(), other.green(), other.blue()), strict=True)
    )
    return QColor(*parts).rgb()
