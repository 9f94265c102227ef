"""Samples as cards in a grid: a picture, a title, the first line of the notes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from designer.compiler.checking.check import check
from designer.graph import files
from designer.graph.document import Document
from designer.gui.theme import Theme
from designer.gui.thumbnail import thumbnail
from designer.problems import UserError

CARD = QSize(230, 172)
"""The smallest size of a card; cards share the width there is."""
PICTURE_HEIGHT = 106
GAP = 16
MOST_COLUMNS = 4


class Tile(QAbstractButton):
    """A place to press that opens a file; what it shows, its kinds paint themselves."""

    def __init__(self, path: Path, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path, self._theme = path, theme
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens it, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class Card(Tile):
    """A sample: its picture, its title, and the first line of its notes."""

    def __init__(self, path: Path, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(path, theme, parent)
        self._document = document
        self._first_line = next(iter(document.notes.strip().splitlines()), "").lstrip("# ")
        self.setText(document.name or path.stem)
        self.setAccessibleName(f"Open the sample {self.text()}")
        self.setAccessibleDescription(self._first_line)
        self.setToolTip(self._first_line)
        self.setMinimumSize(CARD)
        self.setFixedHeight(CARD.height())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._picture = QPixmap()

    def take_theme(self, theme: Theme) -> None:
        """Draw it in other colours."""
        self._theme = theme
        self._draw_picture()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the picture as large as there is room."""
        super().resizeEvent(event)
        self._draw_picture()

    def _draw_picture(self) -> None:
        size = QSize(self.width() - 8, PICTURE_HEIGHT - 4)
        self._picture = thumbnail(self._document, self._theme, size, self.devicePixelRatioF())

    def paintEvent(self, event: QPaintEvent) -> None:
        """A rounded card with a frame that answers to pointer and focus."""
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.underMouse() or self.hasFocus()
        painter.setPen(QPen(theme.accent if chosen else theme.border, 2 if self.hasFocus() else 1))
        painter.setBrush(theme.panel)
        frame = self.rect().toRectF().adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(frame, 10, 10)
        painter.drawPixmap(4, 6, self._picture)
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(theme.text)
        room = self.rect().adjusted(14, PICTURE_HEIGHT + 12, -12, -8)
        painter.drawText(room, Qt.AlignmentFlag.AlignTop, self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, room.width() - 20))  # fmt: skip
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(theme.muted)
        room.setTop(room.top() + self.fontMetrics().height() + 2)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap), self._first_line)
        painter.end()


class Gallery(QWidget):
    """A heading, and below it a card for each design, the simplest first; nothing where there are none."""

    wanted = Signal(object)
    """The path of the design whose card was pressed."""

    def __init__(self, title: str, paths: Sequence[Path], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards = [Card(path, document, theme) for path, document in _readable(paths)]
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(section(title))
        column.addLayout(self._grid)
        for card in self.cards:
            card.clicked.connect(lambda _checked=False, path=card.path: self.wanted.emit(path))
        self.setVisible(bool(self.cards))

    def place_cards(self, room: int) -> None:
        """As many cards in a row as there is room for, in pixels."""
        columns = max(1, min((room + GAP) // (CARD.width() + GAP), MOST_COLUMNS))
        for place, card in enumerate(self.cards):
            self._grid.addWidget(card, place // columns, place % columns)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def take_theme(self, theme: Theme) -> None:
        """Draw all cards in other colours."""
        for card in self.cards:
            card.take_theme(theme)


def section(text: str) -> QLabel:
    """A heading of the page."""
    label = QLabel(text)
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * 1.15)
    font.setBold(True)
    label.setFont(font)
    return label


def _readable(paths: Sequence[Path]) -> list[tuple[Path, Document]]:
    """The samples that can be read, the simplest first, as one would teach them."""
    found = []
    for path in paths:
        try:
            found.append((path, files.read(path)))
        except UserError:
            continue
    return sorted(found, key=lambda sample: (_size(sample[1]), sample[1].name))


def _size(document: Document) -> int:
    """How much there is to understand: many layers, and large ones."""
    return _node_count(document) * (1 + check(document).parameters)


def _node_count(document: Document) -> int:
    """All nodes, those inside groups too."""
    inside = (node.inside for node in document.nodes.values() if node.inside is not None)
    return len(document.nodes) + sum(map(_node_count, inside))
