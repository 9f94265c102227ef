"""The one field in which a sticky note is written, over the note on the canvas."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPalette, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

SMALLEST = (180, 70)
"""Width and height, in screen pixels: also from afar one must see what one writes."""
SMALLEST_LETTERS = 12
HINT = "Markdown. Esc ends it."


class StickyField(QPlainTextEdit):
    """Text of many lines. Leaving it, Escape or Ctrl+Enter keeps what was written, by one call of `keep`."""

    def __init__(self, parent: QWidget, text: str, keep: Callable[[str], None]) -> None:
        super().__init__(parent)
        self._canvas, self._keep, self._done = parent, keep, False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Text of the note")
        self.setPlaceholderText(HINT)
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def colour(self, sheet: QColor, text: QColor) -> None:
        """Look like the note below."""
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, sheet)
        palette.setColor(QPalette.ColorRole.Text, text)
        self.setPalette(palette)

    def cover(self, area: QRect, zoom: float) -> None:
        """Stand where the note is, with letters of its size."""
        font = self.font()
        font.setPixelSize(max(SMALLEST_LETTERS, round(12 * zoom)))
        self.setFont(font)
        width, height = max(area.width(), SMALLEST[0]), max(area.height(), SMALLEST[1])
        self.setGeometry(area.x(), area.y(), width, height)

    def finish(self) -> None:
        """Keep what was written and go."""
        if not self._done:
            self._done = True
            focused = self.hasFocus()
            self.hide()
            self.deleteLater()
            if focused:
                self._canvas.setFocus()
            self._keep(self.toPlainText())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape or (enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            self.finish()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.finish()
