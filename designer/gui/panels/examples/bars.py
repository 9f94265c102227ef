"""Counts as bars: one for each class, stacked by split, or one for each value; and a histogram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QToolTip, QWidget

from designer.gui.panels.examples.texts import number_text
from designer.gui.panels.texts import count_text
from designer.gui.theme import Theme
from designer.protocol import Spread

ROW = 20
WIDEST_NAME = 0.42
"""The share of the width that names may take."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A name and its counts, one for each part of the bar."""

    name: str
    counts: tuple[int, ...]
    parts: tuple[str, ...] = ()

    @property
    def tip(self) -> str:
        """What the bar says in words."""
        text = f"{self.name}: {count_text(sum(self.counts))}"
        if len(self.parts) > 1:
            said = zip(self.parts, self.counts, strict=True)
            text += f" ({', '.join(f'{name} {count_text(count)}' for name, count in said)})"
        return text


class BarList(QWidget):
    """A bar below the other, each with its name and its number."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.bars: tuple[Bar, ...] = ()

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show these bars."""
        self.bars = tuple(bars)
        self.setMinimumHeight(ROW * len(self.bars) + 4)
        # As many as anybody would hear out.
        self.setAccessibleDescription("; ".join(bar.tip for bar in self.bars[:20]))
        self.update()

    def colours(self) -> tuple[QColor, ...]:
        """One for each part of a bar."""
        one, two, three = self.theme.curves[:3]
        return (one, two, three)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Those bars that are in view."""
        painter = QPainter(self)
        metrics = self.fontMetrics()
        most = max((sum(bar.counts) for bar in self.bars), default=0) or 1
        names = max((metrics.horizontalAdvance(bar.name) for bar in self.bars), default=0)
        names = min(names, round(self.width() * WIDEST_NAME))
        figures = max((metrics.horizontalAdvance(count_text(sum(bar.counts))) for bar in self.bars), default=0)
        room = max(10, self.width() - names - figures - 20)
        first, last = max(0, event.rect().top() // ROW), event.rect().bottom() // ROW + 1
        for place in range(first, min(last, len(self.bars))):
            bar, top = self.bars[place], place * ROW
            painter.setPen(self.theme.text)
            name = metrics.elidedText(bar.name, Qt.TextElideMode.ElideRight, names)
            painter.drawText(QRectF(2, top, names, ROW), Qt.AlignmentFlag.AlignVCenter, name)
            left = names + 8.0
            for count, colour in zip(bar.counts, self.colours(), strict=False):
                width = room * count / most
                painter.fillRect(QRectF(left, top + 4, width, ROW - 8), colour)
                left += width
            painter.setPen(self.theme.muted)
            figure = count_text(sum(bar.counts))
            painter.drawText(QRectF(left + 5, top, figures + 6, ROW), Qt.AlignmentFlag.AlignVCenter, figure)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """The numbers of a bar under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = event.pos().y() // ROW
            if 0 <= place < len(self.bars):
                QToolTip.showText(event.globalPos(), self.bars[place].tip, self)
            return True
        return super().event(event)


class ScrolledBars(QScrollArea):
    """Bars that may be many."""

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = BarList(theme)
        self.list.setAccessibleName(name)
        self.setAccessibleName(name)
        self.setWidget(self.list)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show these bars, the first ones in view."""
        self.list.show_bars(bars)
        self.verticalScrollBar().setValue(0)

    def take_theme(self, theme: Theme) -> None:
        """Take other colours."""
        self.list.theme = theme
        self.list.update()


class Histogram(QWidget):
    """How often values lie in each part of a range."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.spread: Spread | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumHeight(90)

    def sizeHint(self) -> QSize:
        """Wider than high."""
        return QSize(240, 120)

    def show_spread(self, spread: Spread) -> None:
        """Show a column."""
        self.spread = spread
        self.setAccessibleName(f"Histogram of {spread.name}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A bar for each part, and the ends of the range."""
        if self.spread is None or not self.spread.bins:
            return
        painter, bins = QPainter(self), self.spread.bins
        line = self.fontMetrics().height() + 2
        area = QRectF(self.rect()).adjusted(2, 4, -2, -line - 2)
        wide, most = area.width() / len(bins), max(bins)
        for place, count in enumerate(bins):
            height = area.height() * count / most
            if count:
                height = max(height, 1.0)
            left = area.left() + place * wide
            painter.fillRect(QRectF(left, area.bottom() - height, max(1.0, wide - 1), height), self.theme.curves[0])
        painter.setPen(self.theme.border)
        painter.drawLine(QPointF(area.left(), area.bottom()), QPointF(area.right(), area.bottom()))
        painter.setPen(self.theme.muted)
        below = QRectF(area.left(), area.bottom() + 2, area.width(), line)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, number_text(self.spread.low))
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, number_text(self.spread.high))
        painter.end()
