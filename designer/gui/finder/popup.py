"""A field with a list below it, floating over the window: type, choose by arrows and Enter or by a click, or leave."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from designer.gui.finder.rows import ROW_HEIGHT, Choice, Choices, RowPainter, spoken
from designer.gui.theme import Theme

WIDTH = 460
MOST_ROWS = 8
"""So many rows are seen at once."""
EDGE = 8
"""How near the finder comes to the edge of what it floats over, in screen pixels."""
PATIENCE = 0.008
"""Seconds that looking for rows may take before the window gets its turn."""

Key = Qt.Key
STEPS = {Key.Key_Down: 1, Key.Key_Up: -1, Key.Key_Tab: 1, Key.Key_Backtab: -1,
         Key.Key_PageDown: MOST_ROWS, Key.Key_PageUp: -MOST_ROWS}  # fmt: skip

STAYS_OPEN = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason,
              Qt.FocusReason.MenuBarFocusReason)  # fmt: skip
"""Why the focus may leave the field for a moment."""

Find = Callable[[str], Iterable[Choice | None]]
"""What answers a text, best first; it is read no further than time allows, and on from there in the next moment.

None stands for something that took time and came to nothing.
"""


class Finder(QFrame):
    """Floats over `parent` until something is chosen, Escape is pressed, or the mouse is pressed elsewhere."""

    chosen = Signal(str)
    """The key of a choice; the finder is closed already."""
    left = Signal(bool)
    """Closed without a choice; whether by the keyboard."""

    def __init__(self, parent: QWidget, theme: Theme, find: Find, prompt: str, caption: str = "") -> None:
        super().__init__(parent)
        self._over = parent
        self._find = find
        self._rest: Iterator[Choice | None] = iter(())
        self._waiting: list[Choice] = []
        self._open, self._pointer = False, QCursor.pos()
        self.setObjectName("finder")
        self.setAutoFillBackground(True)
        self.setStyleSheet(_sheet(theme))
        self.caption = QLabel(caption, self)
        self.caption.setObjectName("caption")
        self.caption.setVisible(bool(caption))
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(prompt)
        self.field.setAccessibleName(prompt)
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        # A press on a row leaves the focus in the field, and gives it to nothing behind.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(self.field)
        self.choices = Choices(self)
        self.list = self._make_list(theme)
        self.empty = QLabel("Nothing answers that. Try another word.", self)
        self.empty.setObjectName("empty")
        self.empty.setWordWrap(True)
        self._more = QTimer(self, singleShot=True, interval=0)
        self._more.timeout.connect(self._look_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
        column.setSpacing(6)
        for widget in (self.caption, self.field, self.list, self.empty):
            column.addWidget(widget)
        self.hide()

    def _make_list(self, theme: Theme) -> QListView:
        found = QListView(self)
        found.setModel(self.choices)
        found.setItemDelegate(RowPainter(theme, found))
        found.setUniformItemSizes(True)
        found.setFrameShape(QFrame.Shape.NoFrame)
        found.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        found.setMouseTracking(True)
        found.setAccessibleName("What was found")
        found.entered.connect(self._point)
        found.clicked.connect(lambda _index: self._choose())
        found.selectionModel().currentChanged.connect(self._tell)
        return found

    # Opening and closing.

    def open_at(self, place: QPoint) -> None:
        """Show it with the field near a point of the parent, as far as the parent has room."""
        room = self._over.rect().adjusted(EDGE, EDGE, -EDGE, -EDGE)
        self.resize(min(WIDTH, room.width()), 0)
        self._search("")
        high = self._height(MOST_ROWS)
        x = max(room.left(), min(place.x(), room.right() - self.width()))
        y = max(room.top(), min(place.y(), room.bottom() - high))
        self.move(x, y)
        self._open = True
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        _application().installEventFilter(self)

    def open_centred(self) -> None:
        """Show it in the upper middle of the parent."""
        room = self._over.rect()
        self.open_at(QPoint(room.center().x() - WIDTH // 2, room.top() + room.height() // 8))

    def close_finder(self, *, by_key: bool = False) -> None:
        """Take it away without a choice."""
        if self._end():
            self.left.emit(by_key)

    def _end(self) -> bool:
        if not self._open:
            return False
        self._open = False
        _application().removeEventFilter(self)
        self._more.stop()
        self.hide()
        self.deleteLater()
        return True

    # Searching.

    def _search(self, text: str) -> None:
        self.choices.begin()
        self._rest, self._waiting = iter(self._find(text.strip())), []
        self._look_on()

    def _look_on(self) -> None:
        """Read on in what is found, as long as it does not keep the window waiting."""
        enough, finished = time.perf_counter() + PATIENCE, True
        for choice in self._rest:
            if choice is not None:
                self._waiting.append(choice)
            if time.perf_counter() > enough:
                finished = False
                break
        # Rows out of sight come all at once: each time that some come, those in sight are painted again.
        if self._waiting and (finished or len(self.choices.rows) < MOST_ROWS):
            first = not self.choices.rows
            self.choices.add(self._waiting)
            self._waiting = []
            if first:
                self.list.setCurrentIndex(self.choices.index(0, 0))
        if finished:
            self._more.stop()
        else:
            self._more.start()
        self._fit(len(self.choices.rows) if finished else MOST_ROWS, nothing=finished and not self.choices.rows)

    def _fit(self, rows: int, *, nothing: bool) -> None:
        """Be as high as the rows ask for."""
        self.list.setVisible(not nothing)
        self.empty.setVisible(nothing)
        self.list.setFixedHeight(min(rows, MOST_ROWS) * ROW_HEIGHT)
        self.resize(self.width(), self._height(rows))

    def _height(self, rows: int) -> int:
        parts = [self.field.sizeHint().height()]
        parts += [self.caption.sizeHint().height()] if not self.caption.isHidden() else []
        if self.empty.isHidden():
            parts.append(min(rows, MOST_ROWS) * ROW_HEIGHT)
        else:
            parts.append(self.empty.heightForWidth(self.width() - 2 * EDGE))
        return sum(parts) + 6 * (len(parts) - 1) + 2 * EDGE + 2

    # Choosing.

    @property
    def complete(self) -> bool:
        """Whether all that answers is in the list."""
        return not self._more.isActive()

    @property
    def current(self) -> Choice | None:
        """The row that Enter would choose."""
        while not self.choices.rows and not self.complete:
            self._look_on()
        index = self.list.currentIndex()
        return self.choices.rows[index.row()] if index.isValid() else None

    def _choose(self) -> None:
        choice = self.current
        if choice is not None and not choice.why_not and self._end():
            self.chosen.emit(choice.key)

    def _step(self, by: int) -> None:
        """Go on in the list, from the last row to the first where it is one step."""
        wanted = self.list.currentIndex().row() + by
        while not self.complete and wanted >= len(self.choices.rows):
            self._look_on()
        count = len(self.choices.rows)
        if not count:
            return
        row = wanted % count if abs(by) == 1 else max(0, min(wanted, count - 1))
        self.list.setCurrentIndex(self.choices.index(row, 0))

    def _tell(self, index: QModelIndex) -> None:
        """The focus stays in the field, so that it says what is chosen in the list."""
        if index.isValid():
            self.field.setAccessibleDescription(spoken(self.choices.rows[index.row()]))

    def _point(self, index: QModelIndex) -> None:
        """A row that the pointer comes to is the current one, but not one that came to a pointer at rest."""
        if QCursor.pos() != self._pointer:
            self.list.setCurrentIndex(index)

    # Keys and presses.

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The field's keys that move in the list; a press outside."""
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget):
            if self._open and watched is not self and not self.isAncestorOf(watched):
                self.close_finder()
        elif watched is self.field and isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            if event.reason() not in STAYS_OPEN:
                self.close_finder()
        elif watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(Key(event.key()))
        return False

    def _key(self, key: Key) -> bool:
        if key in STEPS:
            self._step(STEPS[key])
        elif key in (Key.Key_Return, Key.Key_Enter):
            self._choose()
        elif key == Key.Key_Escape:
            self.close_finder(by_key=True)
        else:
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the field does not want is nobody's: the parent may take letters for shortcuts."""
        event.accept()

    def sizeHint(self) -> QSize:
        """As wide as a sentence."""
        return QSize(WIDTH, self._height(MOST_ROWS))


def _application() -> QCoreApplication:
    """The one that runs, whose events all pass by a filter of its own."""
    found = QCoreApplication.instance()
    assert found is not None  # no widget is made without one
    return found


def _sheet(theme: Theme) -> str:
    return f"""
    #finder {{ background: {theme.panel.name()}; border: 1px solid {theme.border.name()}; border-radius: 10px; }}
    #finder QLineEdit {{ background: {theme.window.name()}; border: 1px solid {theme.border.name()};
        border-radius: 6px; padding: 6px 8px; font-size: 14px; color: {theme.text.name()}; }}
    #finder QLineEdit:focus {{ border-color: {theme.accent.name()}; }}
    #finder QListView {{ background: transparent; outline: none; }}
    #finder QScrollBar:vertical {{ background: transparent; width: 8px; margin: 0; border: none; }}
    #finder QScrollBar::handle:vertical {{ background: {theme.border.name()}; border-radius: 3px; min-height: 28px;
        margin: 0 1px; }}
    #finder QScrollBar::handle:vertical:hover {{ background: {theme.muted.name()}; }}
    #finder QScrollBar::add-line, #finder QScrollBar::sub-line {{ height: 0; }}
    #finder QScrollBar::add-page, #finder QScrollBar::sub-page {{ background: transparent; }}
    #finder #caption {{ color: {theme.muted.name()}; padding: 0 2px; }}
    #finder #empty {{ color: {theme.muted.name()}; padding: 8px; }}
    """
