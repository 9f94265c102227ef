"""The bar at the top of the window that says in one sentence what went wrong, or well, and lets people work on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from designer.gui.icons import icon
from designer.gui.theme import Appearance, Theme

GOOD_NEWS = 8000
"""Milliseconds that good news stays; bad news stays until it is closed or replaced."""


class MessageBar(QFrame):
    """One message at a time; the newest wins."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message_bar")
        self._appearance = appearance
        self._bad = True
        self._go: Callable[[], None] | None = None
        self._label = QLabel(wordWrap=True)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._sign = QLabel()
        self.button = QPushButton()
        self.button.clicked.connect(self._follow)
        self._close = QToolButton()
        self._close.setToolTip("Close this message")
        self._close.setAccessibleName("Close this message")
        self._close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 7, 8, 7)
        row.addWidget(self._sign)
        row.addWidget(self._label, 1)
        row.addWidget(self.button)
        row.addWidget(self._close)
        self._timer = QTimer(self, singleShot=True, interval=GOOD_NEWS)
        self._timer.timeout.connect(self.hide)
        appearance.changed.connect(self._paint)
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty while it is closed."""
        return "" if self.isHidden() else self._label.text()

    def warn(self, sentence: str, label: str = "", go: Callable[[], None] | None = None) -> None:
        """Say what went wrong, with a button that goes where it is mended."""
        self._show(sentence, True, label, go)
        self._timer.stop()

    def tell(self, sentence: str, label: str = "", go: Callable[[], None] | None = None) -> None:
        """Say that something is done; it goes away by itself."""
        self._show(sentence, False, label, go)
        self._timer.start()

    def _show(self, sentence: str, bad: bool, label: str, go: Callable[[], None] | None) -> None:
        self._label.setText(sentence)
        self._bad, self._go = bad, go
        self.button.setText(label)
        self.button.setVisible(go is not None)
        self._paint(self._appearance.theme)
        self.show()

    def _follow(self) -> None:
        self.hide()
        if self._go is not None:
            self._go()

    def _paint(self, theme: Theme) -> None:
        colour = theme.error if self._bad else theme.good
        ground = f"rgba({colour.red()}, {colour.green()}, {colour.blue()}, 0.14)"
        self.setStyleSheet(
            f"#message_bar {{ background: {ground}; border: none; border-bottom: 1px solid {colour.name()}; }}"
        )
        self._sign.setPixmap(icon("problem" if self._bad else "info", theme, colour).pixmap(18, 18))
        self._close.setIcon(icon("close", theme))
