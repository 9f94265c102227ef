"""The field for Python code: an editor with line numbers, which tells its text when the typing pauses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from designer.catalogue.custom_code import LONGEST, line_of
from designer.catalogue.entry import Setting
from designer.gui.panels.code_view import CodeView
from designer.gui.panels.setting_fields import MIXED, SettingField
from designer.gui.panels.setting_texts import write
from designer.gui.panels.widgets import WrapButton
from designer.gui.theme import Theme, light

PAUSE = 400
"""Milliseconds without a key after which the text counts."""
INDENT = "    "
LEAST, MOST = 10, 26
"""Lines that are in view."""


class CodeEditor(CodeView):
    """A view of source text that can be typed in; Tab indents, Escape leaves it."""

    left = Signal()
    escaped = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setReadOnly(False)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextEditorInteraction)
        self.setFrameShape(CodeView.Shape.StyledPanel)
        self.blockCountChanged.connect(self.updateGeometry)

    def mark_colour(self, theme: Theme) -> QColor:
        """Only a line with an error is marked."""
        return theme.error

    def sizeHint(self) -> QSize:
        """As high as the text, within bounds."""
        lines = min(max(self.blockCount() + 1, LEAST), MOST)
        return QSize(240, lines * self.fontMetrics().lineSpacing() + 16)

    def minimumSizeHint(self) -> QSize:
        """Never lower than its text."""
        return QSize(120, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tab indents, Return keeps the indentation, Escape goes on to the next field."""
        if event.key() == Qt.Key.Key_Tab and not event.modifiers():
            self.insertPlainText(INDENT)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            line = self.textCursor().block().text()[: self.textCursor().positionInBlock()]
            margin = line[: len(line) - len(line.lstrip())]
            self.insertPlainText(f"\n{margin}{INDENT if line.rstrip().endswith(':') else ''}")
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Whoever leaves is done."""
        super().focusOutEvent(event)
        self.left.emit()


class CodeField(SettingField):
    """Python code, typed or loaded from a file."""

    def __init__(self, setting: Setting[Any], parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.editor = CodeEditor(light(), self)
        self.editor.setAccessibleName(setting.name)
        self.editor.setAccessibleDescription(setting.doc)
        self.load_button = WrapButton("Load from file...", parent=self)
        self.load_button.clicked.connect(self._ask_file)
        self.is_loaded = False
        """Whether the last text came from a file and was not typed."""
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 2, 2)
        column.addWidget(self.editor)
        column.addWidget(self.load_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._framed = self.editor
        self.setFocusProxy(self.editor)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self._typed)
        self._writing = False
        self.editor.textChanged.connect(self._text_changed)
        self.editor.left.connect(self._leave)
        # Tab is taken, so that another key must lead out.
        self.editor.escaped.connect(self.load_button.setFocus)

    def _write(self, value: object) -> None:
        text = "" if value is MIXED else write(value)
        self.editor.setPlaceholderText("mixed" if value is MIXED else "")
        if text != self.editor.toPlainText():
            self._writing = True
            self.editor.show_source(text)
            self._writing = False
        self._timer.stop()

    def _text_changed(self) -> None:
        if not self._writing:
            self._timer.start()

    def _typed(self) -> None:
        self._timer.stop()
        self.is_loaded = False
        self._choose(self.editor.toPlainText())

    def _leave(self) -> None:
        if self._timer.isActive():
            self._typed()
        self.settled.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """What was typed last is not lost when the page goes."""
        super().hideEvent(event)
        if self._timer.isActive():
            self._typed()

    def _ask_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Load a layer", "", "Python (*.py)")
        if name:
            self.load(Path(name))

    def load(self, path: Path) -> None:
        """Take the text of a file."""
        try:
            with path.open(encoding="utf-8") as file:
                text = file.read(LONGEST + 1)
        except (OSError, UnicodeDecodeError):
            self.refused.emit(f"{path.name} cannot be read as text. Choose another file.")
            return
        self.refused.emit("")
        self.is_loaded = True
        self._choose(text)
        self._write(text)
        self.settled.emit()

    def mark(self, colour: QColor | None) -> None:
        """Frame the editor in a colour, or not."""
        super().mark(colour)
        if colour is None:
            self.editor.mark(())

    def show_place(self, message: str) -> None:
        """Mark the line that a message is about."""
        line = line_of(message)
        self.editor.mark(() if line is None else (line - 1,))

    def restyle(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self.editor.take(theme, fresh=True)
        self.editor.viewport().setPalette(self.editor.palette())  # a style sheet keeps that of the theme before
