"""Pictures that came as bytes, and colours for classes."""

from __future__ import annotations

import base64
import binascii
import colorsys

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from designer.gui.theme import Theme
from designer.protocol import Seen

GAP = 3
"""Pixels between the pictures of one example."""
IGNORED = 255


def class_colour(theme: Theme, number: int) -> QColor:
    """A colour for a class: those of the curves, then hues all around; muted for none."""
    if number < 0:
        return theme.muted
    if number < len(theme.curves):
        return theme.curves[number]
    # The golden section never comes near the same hue twice in a row.
    hue = number * 0.618034 % 1.0
    red, green, blue = colorsys.hls_to_rgb(hue, 0.66 if theme.dark else 0.42, 0.6)
    return QColor.fromRgbF(red, green, blue)


def images(field: Seen, theme: Theme) -> list[QImage]:
    """All pictures of a field; none where the bytes are not those of its shape."""
    try:
        pixels = np.frombuffer(base64.b64decode(field.pixels), np.uint8)
    except (binascii.Error, ValueError):
        return []
    if len(field.shape) != 3 or not field.pixels or len(pixels) % int(np.prod(field.shape)):
        return []
    found = pixels.reshape(-1, *field.shape)
    if field.form == "mask":
        colours = [*(class_colour(theme, number) for number in range(IGNORED)), theme.canvas]
        palette = np.array([(each.red(), each.green(), each.blue()) for each in colours], np.uint8)
        found = palette[found[..., 0]]
    return [_image(each) for each in found]


def _image(pixels: np.ndarray) -> QImage:
    height, width, channels = pixels.shape
    forms = {1: QImage.Format.Format_Grayscale8, 3: QImage.Format.Format_RGB888, 4: QImage.Format.Format_RGBA8888}
    data = np.ascontiguousarray(pixels)
    return QImage(data.tobytes(), width, height, width * channels, forms[channels]).copy()


def side_by_side(parts: list[QImage], side: int, ratio: float) -> QPixmap:
    """The pictures of one example in one row, each as large as fits into a square of `side`."""
    pixmap = QPixmap(round((len(parts) * (side + GAP) - GAP) * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    for place, image in enumerate(parts):
        larger = max(image.width(), image.height()) <= side * ratio
        # Enlarged pixels stay squares, as the network sees them.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not larger)
        size = image.size().scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)
        corner = QRect(place * (side + GAP) + (side - size.width()) // 2, (side - size.height()) // 2, 0, 0)
        painter.drawImage(QRect(corner.topLeft(), size), image)
    painter.end()
    return pixmap
