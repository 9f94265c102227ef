"""The confusion matrix as a heat map: a row for each class, a column for what it was taken for.

Cells are large enough for their names to be read, however many there are: what has no room is scrolled to, while the
names stay at the edges. Right answers and mistakes have colours of their own, by their share of the row.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from designer.gui.theme import Theme

SMALLEST, LARGEST = 17, 54
"""Sides of a cell in pixels; below, names would overlap."""
LONGEST_NAME = 120
BESIDE = 6
"""Pixels between a name and the cells."""
STRONG = 0.55
"""From this strength of a cell's colour on, its number is written in the colour for strong grounds."""
ROWS, COLUMNS = "is \u2193", "taken for \u2192"

Cell = tuple[int, int]


class MatrixView(QAbstractScrollArea):
    """Paints the matrix; a click, or Enter on the cell that the arrow keys went to, chooses it."""

    chosen = Signal(int, int)
    """The class and what it was taken for."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.classes: tuple[str, ...] = ()
        self.matrix: tuple[tuple[int, ...], ...] = ()
        self._sums: list[int] = []
        self.side, self._left, self._top, self._lying = SMALLEST, 0, 0, False
        """The side of a cell, the room of the names at the left and on top, and whether these lie."""
        self.current: Cell | None = None
        self._under: Cell | None = None
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Confusion matrix")
        self.viewport().setMouseTracking(True)
        self.setMinimumSize(150, 120)

    def show_matrix(self, classes: tuple[str, ...], matrix: tuple[tuple[int, ...], ...]) -> None:
        """Show another matrix."""
        self.classes, self.matrix = classes, matrix
        self._sums = [sum(row) for row in matrix]
        self.current = self._under = None
        self._measure()

    def restyle(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self.viewport().update()

    # Where things are.

    def _lay_out(self) -> None:
        """As large cells as there is room for, within bounds; names on top stand upright where cells are narrow."""
        font = QFont(self.font())
        font.setBold(True)  # the names of the cell under the pointer stand out
        metrics = QFontMetrics(font)
        widest = max((metrics.horizontalAdvance(name) for name in self.classes), default=0)
        name, title = min(widest, LONGEST_NAME), metrics.height()
        self._left = max(name, metrics.horizontalAdvance(ROWS)) + 2 * BESIDE
        room, count = self.viewport().size(), max(1, len(self.classes))
        for self._lying, self._top in ((True, 2 * title + BESIDE), (False, name + title + 2 * BESIDE)):
            free = min(room.width() - self._left, room.height() - self._top)
            self.side = max(SMALLEST, min(LARGEST, free // count))
            if widest + 4 <= self.side:
                break

    def cell_rect(self, true: int, predicted: int) -> QRect:
        """Where a cell is on the viewport."""
        side = self.side
        left = self._left + predicted * side - self.horizontalScrollBar().value()
        top = self._top + true * side - self.verticalScrollBar().value()
        return QRect(left, top, side, side)

    def cell_at(self, at: QPoint) -> Cell | None:
        """The cell at a point of the viewport."""
        if at.x() < self._left or at.y() < self._top:
            return None
        column = (at.x() - self._left + self.horizontalScrollBar().value()) // self.side
        row = (at.y() - self._top + self.verticalScrollBar().value()) // self.side
        count = len(self.classes)
        return (row, column) if row < count and column < count else None

    def _measure(self) -> None:
        """How large cells are, and how far can be scrolled."""
        self._lay_out()
        whole = len(self.classes) * self.side
        room = self.viewport().size() - QSize(self._left, self._top)
        for bar, length in (
            (self.horizontalScrollBar(), room.width()),
            (self.verticalScrollBar(), room.height()),
        ):
            bar.setRange(0, max(0, whole - length))
            bar.setPageStep(max(1, length))
            bar.setSingleStep(self.side)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cells take the room that there is."""
        super().resizeEvent(event)
        self._measure()

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        """The cells in sight, then the names over what was scrolled below them."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), self._theme.panel)
        if self.classes:
            rows, columns = self._in_sight()
            painter.save()
            painter.setClipRect(self.viewport().rect().adjusted(self._left, self._top, 0, 0))
            for row in rows:
                for column in columns:
                    self._paint_cell(painter, row, column)
            self._paint_frames(painter)
            painter.restore()
            self._paint_names(painter, rows, columns)
        painter.end()

    def _in_sight(self) -> tuple[range, range]:
        side, size = self.side, self.viewport().size()
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        count = len(self.classes)
        columns = range(across // side, min(count, (across + size.width() - self._left) // side + 1))
        return range(down // side, min(count, (down + size.height() - self._top) // side + 1)), columns

    def strength(self, row: int, column: int) -> float:
        """How strong a cell's colour is, 0 to 1: by the root of its share, so that rare mistakes are seen too."""
        count = self.matrix[row][column]
        return 0.12 + 0.88 * math.sqrt(count / self._sums[row]) if count else 0.0

    def _paint_cell(self, painter: QPainter, row: int, column: int) -> None:
        inside = self.cell_rect(row, column).adjusted(0, 0, -1, -1)
        strength = self.strength(row, column)
        ground = QColor(self._theme.window)
        if strength:
            colour = self._theme.accent if row == column else self._theme.error
            ground = _mixed(self._theme.panel, colour, strength)
        painter.fillRect(inside, ground)
        text = f"{self.matrix[row][column]:,}"
        if strength and painter.fontMetrics().horizontalAdvance(text) <= inside.width() - 2:
            painter.setPen(self._theme.on_accent if strength > STRONG else self._theme.text)
            painter.drawText(inside, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_frames(self, painter: QPainter) -> None:
        for cell, colour in ((self._under, self._theme.muted), (self.current, self._theme.text)):
            if cell is not None:
                painter.setPen(QPen(colour, 2))
                painter.drawRect(self.cell_rect(*cell).adjusted(0, 0, -1, -1))

    def _paint_names(self, painter: QPainter, rows: range, columns: range) -> None:
        left, top, title = self._left, self._top, self.fontMetrics().height()
        whole = self.viewport().rect()
        painter.fillRect(QRect(0, 0, left, whole.height()), self._theme.panel)
        painter.fillRect(QRect(0, 0, whole.width(), top), self._theme.panel)
        marked = self._under or self.current
        painter.setClipRect(QRect(0, top, left, whole.height()))
        for row in rows:
            box = QRect(BESIDE, self.cell_rect(row, 0).top(), left - 2 * BESIDE, self.side)
            marks = marked is not None and marked[0] == row
            self._paint_name(painter, QRectF(box), self.classes[row], marks, right=True)
        painter.setClipRect(QRect(left, 0, whole.width(), top))
        for column in columns:
            cell = self.cell_rect(0, column)
            marks = marked is not None and marked[1] == column
            if self._lying:
                box = QRect(cell.left(), title, self.side, top - title)
                painter.setPen(self._theme.text if marks else self._theme.muted)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.classes[column])
                continue
            painter.save()
            painter.translate(cell.left(), top - BESIDE)
            painter.rotate(-90)
            length = top - title - 2 * BESIDE
            self._paint_name(painter, QRectF(0, 0, length, self.side), self.classes[column], marks)
            painter.restore()
        painter.setClipping(False)
        painter.setPen(self._theme.muted)
        across = QRect(left, 0, whole.width() - left, title)
        painter.drawText(across, Qt.AlignmentFlag.AlignLeft, COLUMNS)
        painter.drawText(QRect(BESIDE, top - title - 2, left - BESIDE, title), Qt.AlignmentFlag.AlignLeft, ROWS)

    def _paint_name(self, painter: QPainter, box: QRectF, name: str, marked: bool, *, right: bool = False) -> None:
        font = QFont(self.font())
        font.setBold(marked)
        painter.setFont(font)
        painter.setPen(self._theme.text if marked else self._theme.muted)
        text = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(box.width()))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(box, int(side | Qt.AlignmentFlag.AlignVCenter), text)
        painter.setFont(self.font())

    # What the user does.

    def sentence(self, true: int, predicted: int) -> str:
        """What a cell says."""
        count, total = self.matrix[true][predicted], self._sums[true]
        share = f" ({count / total:.0%})" if total else ""
        verb = "found" if true == predicted else f"taken for {self.classes[predicted]}"
        return f"{self.classes[true]} {verb}: {count:,} of {total:,}{share}"

    def choose(self, true: int, predicted: int) -> None:
        """Choose a cell."""
        self.current = (true, predicted)
        self.setAccessibleDescription(self.sentence(true, predicted))
        self._show_current()
        self.chosen.emit(true, predicted)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses."""
        cell = self.cell_at(event.position().toPoint())
        if cell is not None and event.button() is Qt.MouseButton.LeftButton:
            self.choose(*cell)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The cell under the pointer is framed, its names stand out."""
        under = self.cell_at(event.position().toPoint())
        if under != self._under:
            self._under = under
            self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell in a tooltip what the cell under the pointer says; leave it with the pointer."""
        if isinstance(event, QHelpEvent):
            cell = self.cell_at(event.pos())
            QToolTip.showText(event.globalPos(), self.sentence(*cell) if cell is not None else "", self)
            return True
        if event.type() is QEvent.Type.Leave and self._under is not None:
            self._under = None
            self.viewport().update()
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow keys go from cell to cell, Enter and the space bar choose."""
        steps = {
            Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1),
        }  # fmt: skip
        key, count = Qt.Key(event.key()), len(self.classes)
        if key in steps and count:
            row, column = self.current or (0, 0)
            down, across = steps[key] if self.current is not None else (0, 0)
            self.current = (min(max(row + down, 0), count - 1), min(max(column + across, 0), count - 1))
            self.setAccessibleDescription(self.sentence(*self.current))
            self._show_current()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.current is not None:
            self.chosen.emit(*self.current)
        else:
            super().keyPressEvent(event)

    def _show_current(self) -> None:
        """Scroll to the current cell."""
        if self.current is not None:
            box = self.cell_rect(*self.current)
            for bar, start, end, near, far in (
                (self.horizontalScrollBar(), box.left(), box.right(), self._left, self.viewport().width()),
                (self.verticalScrollBar(), box.top(), box.bottom(), self._top, self.viewport().height()),
            ):
                if start < near:
                    bar.setValue(bar.value() - (near - start))
                elif end > far:
                    bar.setValue(bar.value() + (end - far))
        self.viewport().update()


def _mixed(ground: QColor, colour: QColor, share: float) -> QColor:
    rest = 1 - share
    return QColor.fromRgbF(
        ground.redF() * rest + colour.redF() * share,
        ground.greenF() * rest + colour.greenF() * share,
        ground.blueF() * rest + colour.blueF() * share,
    )
