"""Colours Python source with the theme's colours."""

from __future__ import annotations

import re
from keyword import kwlist

from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from designer.gui.theme import Theme

TOKENS = re.compile(
    r"(?P<comment>#.*)"
    r'|(?P<text>"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\')'
    r"|(?<=\bdef )(?P<function>\w+)|(?<=\bclass )(?P<class>\w+)"
    rf"|\b(?P<constant>True|False|None)\b|\b(?P<keyword>{'|'.join(kwlist)})\b|\b(?P<own>self)\b"
    r"|(?P<number>(?<![\w.])\d+(?:\.\d*)?(?:e[+-]?\d+)?)",
)
QUOTES = '"""'
INSIDE = 1
"""The state of a line that ends inside a docstring."""


class PythonHighlighter(QSyntaxHighlighter):
    """Formats one document; without colours where the text is out of date."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._formats = formats(theme)
        self.fresh = True

    def take(self, theme: Theme, *, fresh: bool) -> None:
        """Colour anew, or not at all where the text is not `fresh`."""
        self._formats = formats(theme)
        self.fresh = fresh
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        """Format one line, which may begin inside a docstring."""
        if not self.fresh:
            return
        start = 0
        if self.previousBlockState() == INSIDE:
            end = text.find(QUOTES)
            if end < 0:
                self.setFormat(0, len(text), self._formats["text"])
                self.setCurrentBlockState(INSIDE)
                return
            start = end + len(QUOTES)
            self.setFormat(0, start, self._formats["text"])
        self.setCurrentBlockState(0)
        self._tokens(text, start)

    def _tokens(self, text: str, start: int) -> None:
        opening = text.find(QUOTES, start)
        stop = len(text) if opening < 0 else opening
        for match in TOKENS.finditer(text, start, stop):
            kind = match.lastgroup or ""
            self.setFormat(match.start(), match.end() - match.start(), self._formats[kind])
        if opening < 0:
            return
        closing = text.find(QUOTES, opening + len(QUOTES))
        end = len(text) if closing < 0 else closing + len(QUOTES)
        self.setFormat(opening, end - opening, self._formats["text"])
        if closing < 0:
            self.setCurrentBlockState(INSIDE)
        else:
            self._tokens(text, end)


def formats(theme: Theme) -> dict[str, QTextCharFormat]:
    """A format for each kind of token."""
    return {
        "comment": _format(theme.muted, italic=True),
        "text": _format(theme.good),
        "function": _format(theme.accent),
        "class": _format(theme.accent, bold=True),
        "constant": _format(theme.curves[1]),
        "number": _format(theme.curves[1]),
        "keyword": _format(theme.curves[3]),
        "own": _format(theme.muted),
    }


def _format(colour: QColor, *, bold: bool = False, italic: bool = False) -> QTextCharFormat:
    result = QTextCharFormat()
    result.setForeground(colour)
    result.setFontItalic(italic)
    if bold:
        result.setFontWeight(QFont.Weight.Bold)
    return result
