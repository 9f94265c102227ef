"""A page of formatted Markdown, as notes and lessons are read."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QTextBlock, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QTextBrowser, QWidget

from designer.gui.theme import Theme

SHEET = "h1, h2, h3 {{ color: {text}; }} a {{ color: {accent}; }} code {{ color: {muted}; }}"

CODE_SIZE = 0.88
"""How large code is beside the text around it: 44 letters fit a panel 300 pixels wide."""


class MarkdownPage(QTextBrowser):
    """Formatted Markdown. Pages of the web open in the browser; nothing else is ever opened or loaded."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setOpenLinks(False)
        self.anchorClicked.connect(self._open)
        self.document().setDocumentMargin(8)
        self.document().setIndentWidth(16)

    def show_markdown(self, text: str) -> None:
        """Show Markdown, from its beginning."""
        self._text = text
        self.setMarkdown(text)
        block = self.document().begin()
        while block.isValid():
            self._suit(block)
            block = block.next()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _suit(self, block: QTextBlock) -> None:
        """Headings no larger, and code no wider, than a panel can bear."""
        level = block.blockFormat().headingLevel()
        is_code = block.blockFormat().hasProperty(QTextFormat.Property.BlockCodeFence)
        if not level and not is_code:
            return
        cursor = QTextCursor(block)
        letters, lines = QTextCharFormat(), QTextBlockFormat()
        if is_code:
            letters.setFontPointSize(self.font().pointSizeF() * CODE_SIZE)
        else:
            letters.setProperty(QTextFormat.Property.FontSizeAdjustment, 1 if level == 1 else 0)
            lines.setTopMargin(0 if level == 1 else 10)
        cursor.mergeBlockFormat(lines)
        cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
        cursor.mergeCharFormat(letters)

    def _open(self, address: QUrl) -> None:
        """Follow a link to the web; a foreign file's notes may name a program on this machine."""
        if address.scheme() in ("http", "https"):
            QDesktopServices.openUrl(address)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """A picture named by the notes of a foreign file is not fetched."""
        return None

    def restyle(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        sheet = SHEET.format(text=theme.text.name(), accent=theme.accent.name(), muted=theme.muted.name())
        self.document().setDefaultStyleSheet(sheet)
        self.show_markdown(self._text)
