"""A read-only view of source text, with line numbers and marked lines."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QResizeEvent, QTextCursor, QTextFormat
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from designer.gui.panels.highlighter import PythonHighlighter
from designer.gui.theme import Theme, code_font


class _Numbers(QWidget):
    """The strip of line numbers, painted by its view."""

    def __init__(self, view: CodeView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self) -> QSize:
        return QSize(self._view.numbers_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._view.paint_numbers(self, event.rect())


class CodeView(QPlainTextEdit):
    """Python source; grey where it is of an earlier design."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._marked: list[int] = []
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(code_font())
        self.setAccessibleName("PyTorch source")
        self.highlighter = PythonHighlighter(self.document(), theme)
        self._numbers = _Numbers(self)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._scroll_numbers)
        self._make_room()

    def show_source(self, source: str) -> None:
        """Show another text and stay where the reader is."""
        if source == self.toPlainText():
            return
        bars = (self.verticalScrollBar(), self.horizontalScrollBar())
        places = [bar.value() for bar in bars]
        self.setPlainText(source)
        for bar, place in zip(bars, places, strict=True):
            bar.setValue(place)

    def take(self, theme: Theme, *, fresh: bool) -> None:
        """Colour anew; muted where the text is not `fresh`."""
        if theme is self._theme and fresh is self.highlighter.fresh:
            return
        self._theme = theme
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Text, theme.text if fresh else theme.muted)
        palette.setColor(QPalette.ColorRole.Base, theme.panel)
        self.setPalette(palette)
        self.highlighter.take(theme, fresh=fresh)
        self.mark(self._marked)

    def mark_colour(self, theme: Theme) -> QColor:
        """What marked lines stand on, thinly."""
        return theme.accent

    def mark(self, lines: Sequence[int], *, go: bool = False) -> None:
        """Mark lines, and with `go` scroll to the first of them."""
        self._marked = list(lines)
        ground = QColor(self.mark_colour(self._theme))
        ground.setAlpha(48)
        marks = []
        for line in self._marked:
            mark = QTextEdit.ExtraSelection()
            mark.format.setBackground(ground)
            mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            mark.cursor = QTextCursor(self.document().findBlockByNumber(line))
            marks.append(mark)
        self.setExtraSelections(marks)
        if go and self._marked:
            self.setTextCursor(QTextCursor(self.document().findBlockByNumber(self._marked[0])))
            self.ensureCursorVisible()

    @property
    def marked(self) -> list[str]:
        """The text of the marked lines."""
        return [self.document().findBlockByNumber(line).text() for line in self._marked]

    def numbers_width(self) -> int:
        """Room for the largest line number."""
        digits = max(2, len(str(self.blockCount())))
        return 14 + self.fontMetrics().horizontalAdvance("9") * digits

    def paint_numbers(self, strip: QWidget, area: QRect) -> None:
        """Paint the numbers of the lines in view."""
        painter = QPainter(strip)
        painter.fillRect(area, self._theme.panel)
        if self.document().isEmpty():
            painter.end()
            return
        painter.setPen(self._theme.muted)
        painter.setFont(self.font())
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= area.bottom():
            height = self.blockBoundingRect(block).height()
            place = QRect(0, round(top), strip.width() - 8, round(height))
            painter.drawText(place, Qt.AlignmentFlag.AlignRight, str(block.blockNumber() + 1))
            top += height
            block = block.next()
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The strip is as high as the view."""
        super().resizeEvent(event)
        inside = self.contentsRect()
        self._numbers.setGeometry(QRect(inside.left(), inside.top(), self.numbers_width(), inside.height()))

    def _make_room(self) -> None:
        self.setViewportMargins(self.numbers_width(), 0, 0, 0)

    def _scroll_numbers(self, area: QRect, moved: int) -> None:
        if moved:
            self._numbers.scroll(0, moved)
        else:
            self._numbers.update(0, area.y(), self._numbers.width(), area.height())
