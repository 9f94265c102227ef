"""A page of formatted Markdown, as notes and lessons are read."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QTextBrowser, QWidget

from designer.gui.theme import Theme

SHEET = "h1, h2, h3 {{ color: {text}; }} a {{ color: {accent}; }} code {{ color: {muted}; }}"


class MarkdownPage(QTextBrowser):
    """Formatted Markdown. Links open outside; nothing is ever loaded, from the disk or elsewhere."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setOpenExternalLinks(True)
        self.document().setDocumentMargin(8)
        self.document().setIndentWidth(16)

    def show_markdown(self, text: str) -> None:
        """Show Markdown; headings are no larger than a panel can bear."""
        self._text = text
        self.setMarkdown(text)
        block = self.document().begin()
        while block.isValid():
            level = block.blockFormat().headingLevel()
            if level:
                cursor = QTextCursor(block)
                cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
                calm = QTextCharFormat()
                calm.setProperty(QTextFormat.Property.FontSizeAdjustment, 1 if level == 1 else 0)
                cursor.mergeCharFormat(calm)
            block = block.next()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """A picture named by the notes of a foreign file is not fetched."""
        return None

    def restyle(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        sheet = SHEET.format(text=theme.text.name(), accent=theme.accent.name(), muted=theme.muted.name())
        self.document().setDefaultStyleSheet(sheet)
        self.show_markdown(self._text)
