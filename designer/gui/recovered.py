"""What the start page offers after a crash: each design that was open with unsaved changes, as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from designer.graph.recovery import Lost
from designer.gui.gallery import GAP, section
from designer.gui.theme import Theme
from designer.gui.thumbnail import thumbnail

PICTURE = QSize(180, 104)
WIDTH = 430
"""The smallest width of a card."""


class LostCard(QFrame):
    """One design: its picture, name and place, when it was changed last, and what can be done with it."""

    opened = Signal()
    discarded = Signal()

    def __init__(self, found: Lost, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found = found
        self.setObjectName("lost_card")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._picture = QLabel()
        self.open, self.discard = QPushButton("Open"), QPushButton("Discard")
        self.open.setProperty("main", True)
        self.open.setAccessibleName(f"Open what was unsaved of {found.name}")
        self.discard.setAccessibleName(f"Discard what was unsaved of {found.name}")
        self.open.clicked.connect(self.opened)
        self.discard.clicked.connect(self.discarded)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 6, 14, 6)
        row.setSpacing(14)
        row.addWidget(self._picture)
        row.addLayout(self._texts(), 1)
        self.take_theme(theme)

    def _texts(self) -> QVBoxLayout:
        name, place, when = QLabel(self.found.name), _Elided(self._place()), QLabel(said(self.found.time))
        font = name.font()
        font.setBold(True)
        name.setFont(font)
        name.setTextFormat(Qt.TextFormat.PlainText)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.open)
        buttons.addWidget(self.discard)
        buttons.addStretch(1)
        column = QVBoxLayout()
        column.setContentsMargins(0, 4, 0, 2)
        column.setSpacing(2)
        column.addWidget(name)
        for label in (place, when):
            label.setProperty("rank", "muted")
            column.addWidget(label)
        column.addStretch(1)
        column.addLayout(buttons)
        return column

    def _place(self) -> str:
        path = self.found.origin.path
        return str(path.parent) if path is not None else "never saved"

    def take_theme(self, theme: Theme) -> None:
        """Draw it in other colours."""
        self._picture.setPixmap(thumbnail(self.found.document, theme, PICTURE, self.devicePixelRatioF()))
        self.setStyleSheet(
            f"#lost_card {{ background: {theme.panel.name()}; border: 1px solid {theme.warning.name()};"
            " border-radius: 10px; }"
        )


class _Elided(QLabel):
    """A path that gives up its middle where there is no room."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._whole = text
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setToolTip(text)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def resizeEvent(self, event: object) -> None:
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideMiddle, self.width()))


class Recovered(QWidget):
    """The cards below a heading; nothing where nothing was lost."""

    open_wanted = Signal(object)
    discard_wanted = Signal(object)
    """Both carry the `Lost`."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._room = theme, WIDTH
        self.cards: list[LostCard] = []
        self.sentences = QLabel(wordWrap=True)
        self.sentences.setTextFormat(Qt.TextFormat.PlainText)
        self.sentences.setProperty("rank", "muted")
        self._heading = section("Netwright ended without saving these")
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._heading)
        column.addLayout(self._grid)
        column.addWidget(self.sentences)
        self.hide()

    def show_all(self, found: Sequence[Lost], sentences: Sequence[str]) -> None:
        """Offer these designs, and say what could not be read."""
        for card in self.cards:
            self._grid.removeWidget(card)
            # The click on this very card may be under way.
            card.hide()
            card.deleteLater()
        self.cards = [LostCard(each, self._theme) for each in found]
        for card in self.cards:
            card.opened.connect(lambda found=card.found: self.open_wanted.emit(found))
            card.discarded.connect(lambda found=card.found: self.discard_wanted.emit(found))
        self.sentences.setText("\n".join(sentences))
        self.sentences.setVisible(bool(sentences))
        self._heading.setVisible(bool(self.cards))
        self.setVisible(bool(self.cards or sentences))
        self.place_cards(self._room)

    def place_cards(self, room: int) -> None:
        """As many cards in a row as there is room for, in pixels."""
        self._room = room
        columns = max(1, min((room + GAP) // (WIDTH + GAP), 2))
        for place, card in enumerate(self.cards):
            self._grid.addWidget(card, place // columns, place % columns)
        for column in range(2):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def take_theme(self, theme: Theme) -> None:
        """Draw all cards in other colours."""
        self._theme = theme
        for card in self.cards:
            card.take_theme(theme)


def said(time: float, today: date | None = None) -> str:
    """When something was changed, as one says it."""
    moment, today = datetime.fromtimestamp(time), today or date.today()
    if moment.date() == today:
        return f"changed today at {moment:%H:%M}"
    if moment.date() == today - timedelta(days=1):
        return f"changed yesterday at {moment:%H:%M}"
    return f"changed on {moment.day} {moment:%B %Y} at {moment:%H:%M}"
