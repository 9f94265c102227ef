"""A pad to draw on, as many cells as the network's image has pixels: light on dark, with soft edges."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from designer.gui.theme import Theme

MOST = 64
"""Images with a longer side are not drawn cell by cell."""
RADIUS = 1 / 11
"""The brush's radius as a share of the pad's shorter side, but never less than that of a cell."""
DRAW, ERASE = 1.0, 0.0


class DrawingPad(QWidget):
    """The left button draws, the right one rubs out; by keyboard the arrow keys move and the space bar draws."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.ink = np.zeros((8, 8))
        """How bright each pixel is, from 0 to 1; rows from top to bottom."""
        self._last: QPointF | None = None
        self._cursor = (0, 0)
        self.setAccessibleName("Drawing pad")
        self.setAccessibleDescription("Arrow keys move, the space bar draws, Delete clears")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(110, 110)
        self.setToolTip("Draw with the left button, rub out with the right one")

    def take_size(self, height: int, width: int) -> None:
        """Be an empty pad of other cells."""
        self.ink = np.zeros((height, width))
        self._cursor = (height // 2, width // 2)
        self.update()

    @property
    def blank(self) -> bool:
        """Whether nothing is drawn."""
        return not self.ink.any()

    def pixels(self) -> tuple[float, ...]:
        """All pixels, row after row."""
        return tuple(self.ink.flatten().tolist())

    def clear(self) -> None:
        """Rub everything out."""
        self.ink[:] = 0
        self.update()
        self.changed.emit()

    def restyle(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(200, 200)

    @property
    def sheet(self) -> QRectF:
        """Where the cells are: as large as they fit, in the middle."""
        height, width = self.ink.shape
        side = min((self.width() - 2) / width, (self.height() - 2) / height)
        size = (width * side, height * side)
        return QRectF((self.width() - size[0]) / 2, (self.height() - size[1]) / 2, *size)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The pixels as they go into the network."""
        painter = QPainter(self)
        height, width = self.ink.shape
        shades = np.ascontiguousarray((self.ink * 255).round().astype(np.uint8))
        image = QImage(shades.tobytes(), width, height, width, QImage.Format.Format_Grayscale8)
        sheet = self.sheet
        painter.drawImage(sheet, image)
        if self.blank:
            painter.setPen(QColor(Qt.GlobalColor.gray))
            painter.drawText(sheet, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), "Draw here")
        painter.setPen(QPen(self._theme.accent if self.hasFocus() else self._theme.border, 1))
        painter.drawRect(sheet)
        if self.hasFocus():
            side = sheet.width() / width
            row, column = self._cursor
            painter.drawRect(QRectF(sheet.left() + column * side, sheet.top() + row * side, side, side))
        painter.end()

    def _cell(self, at: QPointF) -> QPointF:
        """A point of the widget in cells: (0.5, 0.5) is the middle of the first one."""
        sheet = self.sheet
        side = sheet.width() / self.ink.shape[1]
        return QPointF((at.x() - sheet.left()) / side, (at.y() - sheet.top()) / side)

    def stroke(self, start: QPointF, end: QPointF, shade: float = DRAW) -> None:
        """Draw a line between two points, both in cells."""
        height, width = self.ink.shape
        rows, columns = np.mgrid[0.5:height, 0.5:width]
        way = np.array([end.x() - start.x(), end.y() - start.y()])
        beside = np.stack([columns - start.x(), rows - start.y()])
        length = float(way @ way)
        along = np.clip(np.tensordot(way, beside, 1) / length, 0, 1) if length else np.zeros_like(rows)
        distance = np.hypot(beside[0] - along * way[0], beside[1] - along * way[1])
        radius = max(0.8, min(height, width) * RADIUS)
        touched = np.clip(radius + 0.5 - distance, 0, 1)
        self.ink = np.maximum(self.ink, touched) if shade else self.ink * (1 - touched)
        self.update(QRect(self.sheet.toAlignedRect()).adjusted(-1, -1, 1, 1))
        self.changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A dot, and the beginning of a line."""
        self._last = self._cell(event.position())
        self._draw(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """On with the line."""
        self._draw(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The line ends."""
        self._last = None

    def _draw(self, event: QMouseEvent) -> None:
        buttons = event.buttons()
        if self._last is None or not buttons & (Qt.MouseButton.LeftButton | Qt.MouseButton.RightButton):
            return
        here = self._cell(event.position())
        self.stroke(self._last, here, ERASE if buttons & Qt.MouseButton.RightButton else DRAW)
        self._last = here

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Draw by keyboard."""
        steps = {
            Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1),
        }  # fmt: skip
        key, (height, width) = Qt.Key(event.key()), self.ink.shape
        if key in steps:
            row, column = self._cursor[0] + steps[key][0], self._cursor[1] + steps[key][1]
            self._cursor = (min(max(row, 0), height - 1), min(max(column, 0), width - 1))
            self.update()
        elif key == Qt.Key.Key_Space:
            here = QPointF(self._cursor[1] + 0.5, self._cursor[0] + 0.5)
            self.stroke(here, here)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        else:
            super().keyPressEvent(event)
