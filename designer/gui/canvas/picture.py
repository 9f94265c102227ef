"""The design as a picture: a file, or a page of paper; always in full detail, whatever the zoom of any window.

It needs a QApplication (the offscreen platform will do), but no window.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QImageWriter, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsItem

from designer.compiler.checking.report import Report
from designer.graph.document import nothing
from designer.gui.canvas.scene import DesignScene
from designer.gui.theme import Theme
from designer.problems import UserError

FRAME = 24.0
"""Free space around the design."""
PIXELS_PER_INCH = 96
"""What browsers and office programs take a pixel for, so that one scene pixel is one of theirs."""
LARGEST_SIDE = 32_000
"""Pixels; raster images beyond this are refused by many programs, and by Qt's painter."""
POINTS = 0.75
"""For one scene pixel, so that a page has the size of the picture."""
LARGEST_PAGE = 14_400
"""Points; no page of a PDF may be longer."""
PDF_RESOLUTION = 1200
"""Dots per inch, to which places on the page are rounded."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is drawn: all, or `nodes` alone, with the links among them, frames that hold no others, and some `notes`.

    `uses` says how many groups show each block; `steps` colours nodes by a figure, as on the canvas.
    """

    nodes: Collection[str] | None = None
    notes: Collection[str] = ()
    uses: Mapping[str, int] = field(default_factory=nothing)
    steps: Mapping[str, int] | None = None

    def items(self, scene: DesignScene) -> list[QGraphicsItem]:
        """The items of a scene that are drawn."""
        if self.nodes is None:
            return scene.items()
        nodes, marks = frozenset(self.nodes), scene.marks
        return [
            *(item for name, item in scene.nodes.items() if name in nodes),
            *(item for link, item in scene.links.items() if link.source in nodes and link.target in nodes),
            *(item for item in marks.frames.values() if nodes.issuperset(item.frame.members)),
            *(item for key, item in marks.stickies.items() if key in self.notes),
        ]

    def area(self, scene: DesignScene) -> QRectF:
        """What a picture shows of a scene, in scene coordinates."""
        bounds = QRectF()
        for item in self.items(scene):
            bounds = bounds.united(item.sceneBoundingRect())
        bounds = QRectF(0, 0, 10, 10) if bounds.isNull() else bounds
        return bounds.marginsAdded(QMarginsF(FRAME, FRAME, FRAME, FRAME)).toAlignedRect().toRectF()


EVERYTHING = Subject()


class Picture:
    """A design drawn once, to be painted on whatever there is; without `ground` nothing is painted behind it."""

    def __init__(self, report: Report, theme: Theme, subject: Subject = EVERYTHING, *, ground: bool = True) -> None:
        self.title = report.document.name or "Network"
        self._scene = scene = DesignScene(theme, cosmetic=False)
        scene.show_whole(report)
        scene.tell_uses(subject.uses)
        scene.finish()
        if subject.steps is not None:
            scene.colour(subject.steps)
        shown = set(subject.items(scene))
        for item in scene.items():
            if item.parentItem() is None and item not in shown:
                item.hide()
        self._area = subject.area(scene)
        self._ground = theme.canvas if ground else None

    @property
    def size(self) -> QSizeF:
        """In scene pixels."""
        return self._area.size()

    def paint(self, painter: QPainter, onto: QRectF) -> None:
        """Paint all of it on a rectangle of the same proportions."""
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        if self._ground is not None:
            painter.fillRect(onto, self._ground)
        # Items take the missing widget for "make a picture" and leave nothing out, whatever the scale.
        self._scene.render(painter, onto, self._area)

    def svg(self) -> bytes:
        """A scalable picture with real text."""
        buffer = _buffer()
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setResolution(PIXELS_PER_INCH)
        generator.setSize(self.size.toSize())
        generator.setViewBox(QRectF(0, 0, self.size.width(), self.size.height()))
        generator.setTitle(self.title)
        self._paint_on(generator, QRectF(0, 0, self.size.width(), self.size.height()))
        # Qt names one family alone; where it is not installed, a viewer would take one with serifs.
        text = bytes(buffer.data().data()).decode()
        return re.sub(r'font-family="([^"]*)"', r'font-family="\1, sans-serif"', text).encode()

    def png(self, scale: float) -> bytes:
        """An image with `scale` pixels for one scene pixel; UserError where there is no room for it in memory."""
        size = pixels(self.size, scale)
        image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        if image.isNull():
            raise UserError("The picture is too large for the memory. Take a smaller scale, or write SVG.")
        image.fill(Qt.GlobalColor.transparent)
        self._paint_on(image, QRectF(0, 0, size.width(), size.height()))
        buffer = _buffer()
        QImageWriter(buffer, QByteArray(b"png")).write(image)
        return bytes(buffer.data().data())

    def pdf(self) -> bytes:
        """One page of the picture's size, with text that can be searched and copied."""
        buffer = _buffer()
        writer = QPdfWriter(buffer)
        writer.setTitle(self.title)
        writer.setCreator("Netwright")
        writer.setResolution(PDF_RESOLUTION)
        points = page(self.size)
        exact = QPageSize.SizeMatchPolicy.ExactMatch
        writer.setPageSize(QPageSize(points, QPageSize.Unit.Point, "", exact))
        writer.setPageMargins(QMarginsF(0, 0, 0, 0))
        dots = PDF_RESOLUTION / 72
        self._paint_on(writer, QRectF(0, 0, points.width() * dots, points.height() * dots))
        del writer  # the end of the file is written when it goes
        return bytes(buffer.data().data())

    def _paint_on(self, device: QImage | QSvgGenerator | QPdfWriter, onto: QRectF) -> None:
        painter = QPainter(device)
        self.paint(painter, onto)
        painter.end()


def pixels(size: QSizeF, scale: float) -> QSize:
    """How large an image becomes: at most what programs can open."""
    scale = min(scale, LARGEST_SIDE / max(size.width(), size.height()))
    return QSize(max(1, round(size.width() * scale)), max(1, round(size.height() * scale)))


def page(size: QSizeF) -> QSizeF:
    """How large a page becomes, in points: the picture's size, or less where a page may not be so long."""
    return size * min(POINTS, LARGEST_PAGE / max(size.width(), size.height()))


def _buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


def write_svg(report: Report, path: Path, theme: Theme) -> None:
    """Write a whole design as SVG; raises UserError where it cannot be written."""
    write(path, Picture(report, theme).svg())


def write_png(report: Report, path: Path, theme: Theme, scale: float = 2.0) -> None:
    """Write a whole design as PNG; raises UserError where it cannot be written."""
    write(path, Picture(report, theme).png(scale))


def write_pdf(report: Report, path: Path, theme: Theme) -> None:
    """Write a whole design as PDF; raises UserError where it cannot be written."""
    write(path, Picture(report, theme).pdf())


def write(path: Path, content: bytes) -> None:
    """Write a file; raises UserError where it cannot be written."""
    try:
        path.write_bytes(content)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UserError(f"{path.name} cannot be written: {reason}. Choose another place.") from error
