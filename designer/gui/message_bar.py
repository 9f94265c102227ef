"""The bar at the top of the window that says in one sentence what went wrong, or well, and lets people work on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from designer.gui.icons import icon
from designer.gui.theme import Appearance, Theme

Way = tuple[str, Callable[[], object]]
"""A button's label, and what it does."""

MOST_WAYS = 3
GOOD_NEWS = 8000
"""Milliseconds that good news stays; bad news stays until it is closed or replaced."""


class MessageBar(QFrame):
    """One message at a time; the newest wins."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message_bar")
        self._appearance = appearance
        self._bad = True
        self._ways: tuple[Way, ...] = ()
        self._label = QLabel(wordWrap=True)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._sign = QLabel()
        self.buttons = tuple(QPushButton() for _ in range(MOST_WAYS))
        for place, button in enumerate(self.buttons):
            button.clicked.connect(lambda _checked=False, place=place: self._follow(place))
        self.button, self.second = self.buttons[:2]
        self._close = QToolButton()
        self._close.setToolTip("Close this message")
        self._close.setAccessibleName("Close this message")
        self._close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 7, 8, 7)
        row.addWidget(self._sign)
        row.addWidget(self._label, 1)
        for button in self.buttons:
            row.addWidget(button)
        row.addWidget(self._close)
        self._timer = QTimer(self, singleShot=True, interval=GOOD_NEWS)
        self._timer.timeout.connect(self.hide)
        appearance.changed.connect(self._paint)
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty while it is closed."""
        return "" if self.isHidden() else self._label.text()

    def warn(self, sentence: str, label: str = "", go: Callable[[], object] | None = None) -> None:
        """Say what went wrong, with a button that goes where it is mended."""
        self._show(sentence, True, *(((label, go),) if go is not None else ()))
        self._timer.stop()

    def ask(self, sentence: str, *ways: Way) -> None:
        """Say what needs an answer, with those there are: at most `MOST_WAYS`."""
        self._show(sentence, True, *ways)
        self._timer.stop()

    def tell(self, sentence: str, label: str = "", go: Callable[[], object] | None = None) -> None:
        """Say that something is done; it goes away by itself."""
        self._show(sentence, False, *(((label, go),) if go is not None else ()))
        self._timer.start()

    def _show(self, sentence: str, bad: bool, *ways: Way) -> None:
        self._label.setText(sentence)
        self._bad, self._ways = bad, ways
        for place, button in enumerate(self.buttons):
            button.setText(ways[place][0] if place < len(ways) else "")
            button.setVisible(place < len(ways))
        self._paint(self._appearance.theme)
        self.show()

    def _follow(self, place: int) -> None:
        self.hide()
        self._ways[place][1]()

    def _paint(self, theme: Theme) -> None:
        colour = theme.error if self._bad else theme.good
        ground = f"rgba({colour.red()}, {colour.green()}, {colour.blue()}, 0.14)"
        self.setStyleSheet(
            f"#message_bar {{ background: {ground}; border: none; border-bottom: 1px solid {colour.name()}; }}"
        )
        self._sign.setPixmap(icon("problem" if self._bad else "info", theme, colour).pixmap(18, 18))
        self._close.setIcon(icon("close", theme))
