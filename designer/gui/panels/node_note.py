"""What is noted at a node, in the inspector: one line high while it is empty, as high as the text otherwise."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from designer.gui.panels.notes import NotesField

MOST_LINES = 8
"""A longer text scrolls."""


class NodeNote(NotesField):
    """The field; `edited` tells each change that the user makes."""

    edited = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText("Note")
        self.setAccessibleName("Note")
        self.setToolTip("What to remember about this layer; shown when the pointer rests on it")
        self.textChanged.connect(self._tell)
        self.document().contentsChanged.connect(self._fit)
        self._fit()

    def show_note(self, text: str) -> None:
        """Show a note; a text that says so already keeps its cursor."""
        if text != self.toPlainText():
            self.blockSignals(True)
            self.setPlainText(text)
            self.blockSignals(False)

    def _tell(self) -> None:
        self.edited.emit(self.toPlainText())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width breaks the lines elsewhere."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Take the height of the text."""
        lines = min(max(1, round(self.document().size().height())), MOST_LINES)
        frame = 2 * (self.frameWidth() + int(self.document().documentMargin()))
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + frame)
