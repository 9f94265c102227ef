"""The start page: what stands in the window while no design is open."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from designer.gui.gallery import Card, Gallery, Tile, section
from designer.gui.icons import app_icon, icon
from designer.gui.key_names import name_keys
from designer.gui.recent import Recent
from designer.gui.recovered import Recovered
from designer.gui.theme import Appearance, Theme
from designer.resources import networks, samples

WIDEST = 1400


class RecentRow(Tile):
    """A file opened last: its name, and where it stands."""

    def __init__(self, path: Path, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(path, theme, parent)
        self.setText(path.stem)
        self.setToolTip(str(path))
        self.setAccessibleName(f"Open {path}")
        self.setMinimumHeight(44)

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
    """Samples to open as copies, the files opened last, and the ways to begin."""

    new_wanted = Signal()
    open_wanted = Signal()
    data_wanted = Signal()
    file_wanted = Signal(object)
    """The path of a file to open."""
    sample_wanted = Signal(object)
    """The path of a sample to open as a copy."""

    def __init__(self, recent: Recent, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recent, self._appearance = recent, appearance
        theme = appearance.theme
        self._galleries = (
            Gallery("Learn from a sample", samples(), theme), Gallery("Read a well-known network", networks(), theme)
        )  # fmt: skip
        self.recovered = Recovered(theme)
        self.rows: list[RecentRow] = []
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._mark = QLabel()
        self._new, self._open = QPushButton("New design"), QPushButton("Open a file…")
        self._data = QPushButton("Start from my data…")
        self._column = QVBoxLayout()
        self._recent_part = QWidget()
        self._lay_out()
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
        column.addWidget(self.recovered)
        body = QHBoxLayout()
        body.setSpacing(40)
        body.addLayout(self._samples_column(), 3)
        body.addWidget(self._recent_part, 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(body)
        column.addStretch(3)
        self._recent_part.setMinimumWidth(220)
        recent_column = QVBoxLayout(self._recent_part)
        recent_column.setContentsMargins(0, 0, 0, 0)
        recent_column.addWidget(section("Go on with"))
        self._column.setSpacing(2)
        recent_column.addLayout(self._column)
        self.setWidget(page)

    def _samples_column(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(28)
        for gallery in self._galleries:
            gallery.wanted.connect(self.sample_wanted)
            column.addWidget(gallery)
        column.addStretch(1)
        return column

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, as Space does."""
        focused = next((button for button in (self._new, self._data, self._open) if button.hasFocus()), None)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and focused is not None:
            focused.click()
        else:
            super().keyPressEvent(event)

    @property
    def cards(self) -> list[Card]:
        """All cards, in the order of the page."""
        return [card for gallery in self._galleries for card in gallery.cards]

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
        buttons = ((self._new, self.new_wanted), (self._data, self.data_wanted), (self._open, self.open_wanted))
        for button, wanted in buttons:
            button.clicked.connect(wanted)
            button.setMinimumHeight(38)
        name_keys(self._new, "new", "Begin an empty design")
        name_keys(self._open, "open", "Open a design from a file")
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._mark)
        row.addLayout(texts)
        row.addStretch(1)
        row.addWidget(self._new)
        row.addWidget(self._data)
        row.addWidget(self._open)
        return row

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
        room = min(self.viewport().width(), WIDEST) - 80
        self.recovered.place_cards(room)
        room -= (max(220, room // 4) + 40) if self.rows else 0
        for gallery in self._galleries:
            gallery.place_cards(room)

    def _restyle(self, theme: Theme) -> None:
        self._open.setIcon(icon("open", theme))
        self._data.setIcon(icon("data", theme))
        self._new.setIcon(icon("new", theme, theme.on_accent))
        for gallery in self._galleries:
            gallery.take_theme(theme)
        self.recovered.take_theme(theme)
        self._fill_recent()

    def refresh(self) -> None:
        """Leave out files that are gone since, and put the focus where one begins."""
        self._fill_recent()
        self._new.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other rows of cards."""
        super().resizeEvent(event)
        self._place_cards()
