"""The design's notes: read as formatted Markdown, written as plain text."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from designer.gui.panels.markdown_page import MarkdownPage
from designer.gui.panels.widgets import heading, leaves_to_window
from designer.gui.theme import Theme


class NotesField(QPlainTextEdit):
    """Text of many lines that tells when the user leaves it; Tab goes on to the next field."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        # Undo belongs to the design's history: one list for the whole program.
        self.setUndoRedoEnabled(False)

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the window."""
        return False if leaves_to_window(event) else super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape ends the writing."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The undo step ends here; a menu in front does not end it."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()


class Notes(QWidget):
    """Shows the notes; a double-click or the button turns the page into a text to write."""

    edited = Signal(str)
    settled = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: str | None = None
        self.field, self.page = NotesField(), MarkdownPage()
        self.field.setPlaceholderText("What this network is for. Markdown; shown when the design is opened.")
        self.field.setAccessibleName("Notes")
        self.page.setAccessibleName("Notes, formatted")
        self.button = QToolButton()
        self.button.setText("Edit")
        self.button.setToolTip("Write the notes, in Markdown")
        self.button.setAutoRaise(True)
        self._pages = QStackedWidget()
        self._lay_out()
        self.restyle(theme)
        self.button.clicked.connect(self._toggle)
        self.field.textChanged.connect(self._write)
        self.field.left.connect(self._leave)
        self.page.viewport().installEventFilter(self)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(heading("Notes"))
        head.addStretch(1)
        head.addWidget(self.button)
        self._pages.addWidget(self.page)
        self._pages.addWidget(self.field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._pages, 1)
        self.setFocusProxy(self.button)

    @property
    def writing(self) -> bool:
        """Whether the text can be written now, rather than read."""
        return self._pages.currentWidget() is self.field

    def show_notes(self, text: str) -> None:
        """Show the design's notes; a text that says so already keeps its cursor. Empty notes wait to be written."""
        if text == self._shown:
            return
        self._shown = text
        if self.field.toPlainText() != text:
            self.field.blockSignals(True)
            self.field.setPlainText(text)
            self.field.blockSignals(False)
        self.page.show_markdown(text)
        if not self.field.hasFocus():
            self._turn(to_field=not text)

    def _turn(self, to_field: bool) -> None:
        self._pages.setCurrentWidget(self.field if to_field else self.page)
        self.button.setVisible(bool(self._shown))
        self.button.setText("Done" if to_field else "Edit")

    def _toggle(self) -> None:
        if self.writing:
            self._leave()
        else:
            self.write()

    def write(self) -> None:
        """Begin to write, at the end of the text."""
        self._turn(to_field=True)
        self.field.moveCursor(QTextCursor.MoveOperation.End)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _write(self) -> None:
        self._shown = self.field.toPlainText()
        self.page.show_markdown(self._shown)
        self.edited.emit(self._shown)

    def _leave(self) -> None:
        self.settled.emit()
        self._turn(to_field=not self._shown)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A double-click on the page begins to write."""
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self.write()
            return True
        return super().eventFilter(watched, event)

    def restyle(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self.page.restyle(theme)
