"""The design as a picture file, always in full detail, whatever the zoom of any window.

It needs a QApplication (the offscreen platform will do), but no window.
"""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

from designer.compiler.checking.report import Report
from designer.gui.canvas.scene import DesignScene
from designer.gui.theme import Theme
from designer.problems import UserError

FRAME = 24.0
"""Free space around the design."""
PIXELS_PER_INCH = 96
"""What browsers and office programs take a pixel for, so that one scene pixel is one of theirs."""
LARGEST_SIDE = 32_000
"""Pixels; raster images beyond this are refused by many programs, and by Qt's painter."""


def write_svg(report: Report, path: Path, theme: Theme) -> None:
    """Write a scalable picture with real text; raises UserError where it cannot be written."""
    scene, area = _scene(report, theme)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(PIXELS_PER_INCH)
    generator.setSize(area.size().toSize())
    generator.setViewBox(QRectF(0, 0, area.width(), area.height()))
    generator.setTitle(report.document.name or "Network")
    _render(scene, area, generator, QRectF(0, 0, area.width(), area.height()), theme)
    # Qt names one family alone; where it is not installed, a viewer would take one with serifs.
    text = re.sub(r'font-family="([^"]*)"', r'font-family="\1, sans-serif"', bytes(buffer.data().data()).decode())
    _write(path, text.encode())


def write_png(report: Report, path: Path, theme: Theme, scale: float = 2.0) -> None:
    """Write an image with `scale` pixels for one scene pixel; raises UserError where it cannot be."""
    scene, area = _scene(report, theme)
    scale = min(scale, LARGEST_SIDE / max(area.width(), area.height()))
    size = QSize(max(1, round(area.width() * scale)), max(1, round(area.height() * scale)))
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    if image.isNull():
        raise UserError("The picture is too large for the memory. Take a smaller scale, or write SVG.")
    image.fill(Qt.GlobalColor.transparent)
    _render(scene, area, image, QRectF(0, 0, size.width(), size.height()), theme)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    _write(path, bytes(buffer.data().data()))


def _scene(report: Report, theme: Theme) -> tuple[DesignScene, QRectF]:
    scene = DesignScene(theme, cosmetic=False)
    scene.show_whole(report)
    scene.finish()
    bounds = scene.itemsBoundingRect() if scene.nodes else QRectF(0, 0, 10, 10)
    return scene, bounds.marginsAdded(QMarginsF(FRAME, FRAME, FRAME, FRAME)).toAlignedRect().toRectF()


def _render(scene: DesignScene, area: QRectF, device: QImage | QSvgGenerator, onto: QRectF, theme: Theme) -> None:
    # Items take the missing widget for "make a picture" and leave nothing out, whatever the scale.
    painter = QPainter(device)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.fillRect(onto, theme.canvas)
    scene.render(painter, onto, area)
    painter.end()


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UserError(f"{path.name} cannot be written: {reason}. Choose another place.") from error
