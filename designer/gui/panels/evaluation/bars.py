"""The chance of each class as a bar with its name: all of them in their order, or the best where there are many."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from designer.gui.theme import Theme
from designer.protocol import Answer

IN_ORDER = 12
"""Up to so many classes keep their places, so that bars can be followed while one draws."""
LONGEST_NAME = 130
BETWEEN = 8


class ClassBars(QWidget):
    """A row for each class; the answer stands out."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.rows: tuple[tuple[str, float], ...] = ()
        self.best = ""
        self.setAccessibleName("Chance of each class")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_answer(self, answer: Answer) -> None:
        """Show the chances of an answer."""
        found = [(name, score or 0.0) for name, score in zip(answer.classes, answer.scores, strict=True)]
        if len(found) > IN_ORDER:
            found = sorted(found, key=lambda row: -row[1])[:IN_ORDER]
        self.rows, self.best = tuple(found), answer.text
        self.setAccessibleDescription(", ".join(f"{name} {score:.0%}" for name, score in self.rows))
        self.updateGeometry()
        self.update()

    def restyle(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self.update()

    @property
    def _row(self) -> int:
        return self.fontMetrics().height() + 5

    def sizeHint(self) -> QSize:
        """Room for all rows."""
        return QSize(220, self._row * len(self.rows))

    def minimumSizeHint(self) -> QSize:
        """As high, but narrow."""
        return QSize(120, self._row * len(self.rows))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Name, bar and share of each."""
        painter, metrics = QPainter(self), self.fontMetrics()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        name_width = min(LONGEST_NAME, max((metrics.horizontalAdvance(name) for name, _ in self.rows), default=0) + 2)
        name_width = min(name_width, self.width() // 3)
        share_width = metrics.horizontalAdvance("100.0%")
        left, room = name_width + BETWEEN, max(10, self.width() - name_width - share_width - 3 * BETWEEN)
        for place, (name, score) in enumerate(self.rows):
            top, best = place * self._row, name == self.best
            painter.setPen(self._theme.text if best else self._theme.muted)
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, name_width)
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, top, name_width, self._row), int(Qt.AlignmentFlag.AlignRight | middle), text)
            share = QRectF(left + room + BETWEEN, top, share_width, self._row)
            painter.drawText(share, int(Qt.AlignmentFlag.AlignRight | middle), f"{score:.1%}")
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.border)
            painter.setOpacity(0.4)
            painter.drawRoundedRect(QRectF(left, top + 4, room, self._row - 8), 3, 3)
            painter.setOpacity(1)
            painter.setBrush(self._theme.accent if best else self._theme.muted)
            painter.drawRoundedRect(QRectF(left, top + 4, max(1.0, room * score), self._row - 8), 3, 3)
        painter.end()
