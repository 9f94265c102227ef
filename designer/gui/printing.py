"""Paper: the preview of a drawing, and the drawing on a page."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QPageLayout, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrintPreviewDialog
from PySide6.QtWidgets import QWidget

from designer.gui.canvas.picture import POINTS, Picture


class Preview(QPrintPreviewDialog):
    """How a drawing comes out on paper; it is printed from there, on a printer or into a PDF."""

    def __init__(self, picture: Picture, window: QWidget) -> None:
        # Qt does not keep the printer alive.
        self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        self._printer.setDocName(picture.title)
        wide = picture.size.width() > picture.size.height()
        way = QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait
        self._printer.setPageOrientation(way)
        super().__init__(self._printer, window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Print {picture.title}")
        self.resize(960, 720)
        self.paintRequested.connect(lambda printer: print_on(printer, picture))


def print_on(printer: QPrinter, picture: Picture) -> None:
    """Put a drawing on one page, in the middle, as large as it fits but no larger than its natural size."""
    room = printer.pageRect(QPrinter.Unit.DevicePixel)
    natural = POINTS / 72 * printer.resolution()
    scale = min(natural, room.width() / picture.size.width(), room.height() / picture.size.height())
    size = QSizeF(picture.size) * scale
    painter = QPainter(printer)
    onto = QRectF((room.width() - size.width()) / 2, (room.height() - size.height()) / 2, size.width(), size.height())
    picture.paint(painter, onto)
    painter.end()
