"""The start page: what stands in the window while no design is open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from designer.compiler.check import check
from designer.graph import files
from designer.graph.document import Document
from designer.gui.icons import app_icon, icon
from designer.gui.recent import Recent
from designer.gui.theme import Appearance, Theme
from designer.gui.thumbnail import thumbnail
from designer.problems import UserError
from designer.resources import samples

CARD = QSize(230, 172)
"""The smallest size of a card; cards share the width there is."""
PICTURE_HEIGHT = 106
GAP = 16
MOST_COLUMNS = 4
WIDEST = 1400


class Card(QAbstractButton):
    """A sample: its picture, its title, and the first line of its notes."""

    def __init__(self, path: Path, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self._document, self._theme = document, theme
        self._first_line = next(iter(document.notes.strip().splitlines()), "").lstrip("# ")
        self.setText(document.name or path.stem)
        self.setAccessibleName(f"Open the sample {self.text()}")
        self.setAccessibleDescription(self._first_line)
        self.setToolTip(self._first_line)
        self.setMinimumSize(CARD)
        self.setFixedHeight(CARD.height())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens it, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

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


class RecentRow(QAbstractButton):
    """A file opened last: its name, and where it stands."""

    def __init__(self, path: Path, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path, self._theme = path, theme
        self.setText(path.stem)
        self.setToolTip(str(path))
        self.setAccessibleName(f"Open {path}")
        self.setMinimumHeight(44)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens it, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Two lines of text, on a ground that answers to pointer and focus."""
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painter.setBrush(theme.panel)
            painter.setPen(QPen(theme.accent if self.hasFocus() else theme.border, 1))
            painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
        metrics = self.fontMetrics()
        room = self.rect().adjusted(10, 5, -10, -5)
        painter.setPen(theme.text)
        painter.drawText(room, Qt.AlignmentFlag.AlignTop,
                         metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width()))  # fmt: skip
        painter.setPen(theme.muted)
        place = metrics.elidedText(str(self.path.parent), Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignBottom, place)
        painter.end()


class StartPage(QScrollArea):
    """Samples to open as copies, the files opened last, and the two ways to begin."""

    new_wanted = Signal()
    open_wanted = Signal()
    file_wanted = Signal(object)
    """The path of a file to open."""
    sample_wanted = Signal(object)
    """The path of a sample to open as a copy."""

    def __init__(self, recent: Recent, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recent, self._appearance = recent, appearance
        self.cards: list[Card] = []
        self.rows: list[RecentRow] = []
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._mark = QLabel()
        self._new, self._open = QPushButton("New design"), QPushButton("Open a file…")
        self._grid = QGridLayout()
        self._column = QVBoxLayout()
        self._recent_part = QWidget()
        self._samples_part = QWidget()
        self._lay_out()
        self._fill_samples()
        self._fill_recent()
        recent.changed.connect(self._fill_recent)
        appearance.changed.connect(self._restyle)
        self._restyle(appearance.theme)

    def _lay_out(self) -> None:
        page = QWidget()
        page.setAccessibleName("Start page")
        middle = QWidget()
        middle.setMaximumWidth(WIDEST)
        outer = QHBoxLayout(page)
        outer.addWidget(middle)
        column = QVBoxLayout(middle)
        column.setContentsMargins(40, 36, 40, 36)
        column.setSpacing(28)
        # On a tall screen the page stands in the upper middle.
        column.addStretch(1)
        column.addLayout(self._header())
        body = QHBoxLayout()
        body.setSpacing(40)
        body.addWidget(self._samples_part, 3, Qt.AlignmentFlag.AlignTop)
        body.addWidget(self._recent_part, 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(body)
        column.addStretch(3)
        samples_column = QVBoxLayout(self._samples_part)
        samples_column.setContentsMargins(0, 0, 0, 0)
        samples_column.addWidget(_section("Learn from a sample"))
        self._grid.setSpacing(GAP)
        samples_column.addLayout(self._grid)
        self._recent_part.setMinimumWidth(220)
        recent_column = QVBoxLayout(self._recent_part)
        recent_column.setContentsMargins(0, 0, 0, 0)
        recent_column.addWidget(_section("Go on with"))
        self._column.setSpacing(2)
        recent_column.addLayout(self._column)
        self.setWidget(page)

    def _header(self) -> QHBoxLayout:
        self._mark.setPixmap(app_icon().pixmap(72, 72))
        title, line = QLabel("Netwright"), QLabel("Draw a neural network, see it checked, train it, take the code.")
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 2.2)
        font.setBold(True)
        title.setFont(font)
        line.setProperty("rank", "muted")
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(title)
        texts.addWidget(line)
        self._new.setProperty("main", True)
        for button, wanted in ((self._new, self.new_wanted), (self._open, self.open_wanted)):
            button.clicked.connect(wanted)
            button.setMinimumHeight(38)
        self._new.setToolTip("Begin an empty design (Ctrl+N)")
        self._open.setToolTip("Open a design from a file (Ctrl+O)")
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._mark)
        row.addLayout(texts)
        row.addStretch(1)
        row.addWidget(self._new)
        row.addWidget(self._open)
        return row

    def _fill_samples(self) -> None:
        for path, document in _readable(samples()):
            card = Card(path, document, self._appearance.theme)
            card.clicked.connect(lambda _checked=False, path=path: self.sample_wanted.emit(path))
            self.cards.append(card)
        self._samples_part.setVisible(bool(self.cards))

    def _fill_recent(self) -> None:
        for row in self.rows:
            self._column.removeWidget(row)
            # The click on this very row may be under way.
            row.hide()
            row.deleteLater()
        self.rows = [RecentRow(path, self._appearance.theme) for path in self._recent.paths()]
        for row in self.rows:
            row.clicked.connect(lambda _checked=False, path=row.path: self.file_wanted.emit(path))
            self._column.addWidget(row)
        self._recent_part.setVisible(bool(self.rows))
        self._place_cards()

    def _place_cards(self) -> None:
        """As many cards in a row as there is room for."""
        room = min(self.viewport().width(), WIDEST) - 80
        room -= (max(220, room // 4) + 40) if self.rows else 0
        columns = max(1, min((room + GAP) // (CARD.width() + GAP), MOST_COLUMNS))
        for place, card in enumerate(self.cards):
            self._grid.addWidget(card, place // columns, place % columns)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def _restyle(self, theme: Theme) -> None:
        self._open.setIcon(icon("open", theme))
        self._new.setIcon(icon("new", theme, theme.on_accent))
        for card in self.cards:
            card.take_theme(theme)
        self._fill_recent()

    def refresh(self) -> None:
        """Leave out files that are gone since, and put the focus where one begins."""
        self._fill_recent()
        self._new.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other rows of cards."""
        super().resizeEvent(event)
        self._place_cards()


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


def _section(text: str) -> QLabel:
    label = QLabel(text)
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * 1.15)
    font.setBold(True)
    label.setFont(font)
    return label
