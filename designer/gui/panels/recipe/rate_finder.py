"""The search for a learning rate: a button, the plot of what was tried, and the rate to take over."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from designer import protocol
from designer.gui.panels.widgets import WrapButton, text_label
from designer.gui.runner import State
from designer.gui.runs import Runs
from designer.gui.theme import Theme

HEIGHT = 96
FIND, LEAVE = "Find a learning rate", "Leave off"
NOTHING = "The loss never fell clearly, so no rate can be suggested."


class RateFinder(QWidget):
    """Asks the worker, shows the answer, and tells `taken` where the user takes the suggestion."""

    taken = Signal(float)

    def __init__(self, runs: Runs, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs = runs
        self.searching = False
        self.found: protocol.RateFound | None = None
        self.button = QPushButton(FIND)
        self.button.setToolTip("Tries 100 ever larger rates on fresh weights, and shows where the loss falls fastest")
        self.plot = RatePlot(theme, self)
        self.words = text_label(muted=True)
        self.take = WrapButton(prominent=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (self.button, self.plot, self.words):
            column.addWidget(part)
        column.addWidget(self.take, 0, Qt.AlignmentFlag.AlignLeft)
        self.button.clicked.connect(self._press)
        self.take.clicked.connect(self._take)
        runs.runner.told.connect(self._follow)
        runs.runner.state_changed.connect(self._state_changed)
        self._refresh()

    def restyle(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self.plot.restyle(theme)

    def _press(self) -> None:
        if self.searching:
            self._runs.runner.leave_off()
        elif self._runs.find_rate():
            self.searching, self.found = True, None
        self._refresh()

    def _take(self) -> None:
        if self.found is not None and self.found.suggestion is not None:
            self.taken.emit(self.found.suggestion)

    def _follow(self, event: object) -> None:
        if isinstance(event, protocol.RateFound):
            self.searching, self.found = False, event
            self._refresh()

    def _state_changed(self, state: State) -> None:
        if state is State.OFF:
            self.searching = False  # the worker died, and its work with it
        self._refresh()

    def _refresh(self) -> None:
        found = self.found
        self.button.setText(LEAVE if self.searching else FIND)
        self.button.setEnabled(self.searching or not self._runs.busy)
        drawn = found is not None and len(found.rates) > 1
        self.plot.setVisible(drawn)
        if found is not None and drawn:
            self.plot.show_found(found)
        text = "Trying ever larger rates…" if self.searching else ""
        if found is not None:
            text = found.problem.sentence if found.problem is not None else "" if found.suggestion else NOTHING
        self.words.setText(text)
        self.words.setVisible(bool(text))
        suggestion = found.suggestion if found is not None else None
        self.take.setVisible(suggestion is not None)
        self.take.setText(f"Take {suggestion:g} as lr" if suggestion is not None else "")
        self.take.setAccessibleName(self.take.text())


class RatePlot(QWidget):
    """The smoothed loss over the rate, whose axis is logarithmic; a line stands where the suggestion is."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._found = theme, protocol.RateFound()
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Loss over learning rate")

    def show_found(self, found: protocol.RateFound) -> None:
        """Draw an answer."""
        self._found = found
        self.update()

    def restyle(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self.update()

    def places(self, area: QRectF) -> Iterator[QPointF]:
        """Where the tried rates stand in an area; what is far above all others stands at its top."""
        known = [loss for loss in self._found.losses if loss is not None]
        if not known:
            return
        low, high = min(known), min(max(known), known[0] + (known[0] - min(known)) * 0.5 + 1e-12)
        for rate, loss in zip(self._found.rates, self._found.losses, strict=True):
            if loss is not None:
                share = (min(loss, high) - low) / max(high - low, 1e-12)
                yield QPointF(self._across(rate, area), area.bottom() - area.height() * share)

    def _across(self, rate: float, area: QRectF) -> float:
        first, last = math.log(self._found.rates[0]), math.log(self._found.rates[-1])
        return area.left() + area.width() * (math.log(rate) - first) / max(last - first, 1e-12)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The curve, the suggestion, and the rates at both ends."""
        painter, theme = QPainter(self), self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(theme.border, 1))
        painter.setBrush(theme.panel)
        painter.drawRoundedRect(frame, 4, 4)
        line = painter.fontMetrics().height()
        area = frame.adjusted(8, 8, -8, -4 - line)
        if len(self._found.rates) > 1:
            if self._found.suggestion is not None:
                across = self._across(self._found.suggestion, area)
                painter.setPen(QPen(theme.good, 2, Qt.PenStyle.DashLine))
                painter.drawLine(QPointF(across, area.top()), QPointF(across, area.bottom()))
            painter.setPen(QPen(theme.curves[0], 2))
            for start, end in pairwise(self.places(area)):
                painter.drawLine(start, end)
            painter.setPen(theme.muted)
            below = QRectF(area.left(), frame.bottom() - line - 2, area.width(), line)
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft, f"{self._found.rates[0]:.0e}")
            painter.drawText(below, Qt.AlignmentFlag.AlignRight, f"{self._found.rates[-1]:.2g}")
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, "learning rate")
        painter.end()
