"""One layer close by: how a figure of it went over the run, and how its weights and gradients are spread now."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from designer import protocol
from designer.gui.live_figures import FIGURE, FIGURES, LiveFigures
from designer.gui.panels.editors import CalmCombo
from designer.gui.panels.plot import Line, Plot
from designer.gui.panels.widgets import ElidedLabel, empty_state, text_label
from designer.gui.runner import BUSY, Runner
from designer.gui.theme import Appearance, Theme

REDRAW = 250
"""Milliseconds between two drawings of the course."""
WIDE = 50
"""The largest value for the smallest, from which on a scale is logarithmic."""
ASKED = 1000
"""Milliseconds between two questions for the histograms, which cost the worker a moment each."""


class LayerDetail(QWidget):
    """Asks and draws only while it can be seen."""

    def __init__(
        self, appearance: Appearance, live: LiveFigures, runner: Runner, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._live, self._runner = live, runner
        self.node = ""
        self.title = ElidedLabel()
        self.title.setProperty("rank", "heading")
        self.figure = CalmCombo(self)
        self.figure.setAccessibleName("Figure")
        self.figure.addItems([each.title for each in FIGURES])
        self.figure.setCurrentText(FIGURE["gradient_norm"].title)
        self.course = Plot("figure", appearance.theme)
        self.which = CalmCombo(self)
        self.which.setAccessibleName("Histogram")
        self.spread = Histogram(appearance.theme)
        self.said = text_label(muted=True)
        self._told: protocol.Distributions | None = None
        self._pages = QStackedWidget()
        self._redraw = QTimer(self, singleShot=True, interval=REDRAW)
        self._redraw.timeout.connect(self._draw)
        self._ask = QTimer(self, interval=ASKED)
        self._ask.timeout.connect(self._ask_again)
        self._lay_out()
        self.figure.activated.connect(self._draw)
        self.which.activated.connect(self._draw_histogram)
        live.changed.connect(self._follow)
        runner.told.connect(self._hear)
        runner.state_changed.connect(self._ask_now)
        appearance.changed.connect(self._restyle)

    def _lay_out(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(4, 2, 4, 4)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.figure)
        column.addLayout(head)
        column.addWidget(self.course, 3)
        below = QHBoxLayout()
        below.addWidget(self.said, 1)
        below.addWidget(self.which)
        column.addLayout(below)
        column.addWidget(self.spread, 3)
        self._pages.addWidget(empty_state("Select a layer, and train: how it fares is drawn here."))
        self._pages.addWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._pages)
        self.setMinimumWidth(200)

    def show_layer(self, node: str) -> None:
        """Tell of another layer, by its full id."""
        if node != self.node:
            self.node, self._told = node, None
            self._ask_now()
            self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while nobody looked."""
        super().showEvent(event)
        self._ask_now()
        self._draw()

    def _follow(self) -> None:
        if self.isVisible() and not self._redraw.isActive():
            self._redraw.start()

    def _ask_now(self) -> None:
        if self.isVisible() and self.node:
            self._runner.histograms(self.node)
            self._ask.start()

    def _ask_again(self) -> None:
        if not self.isVisible() or self._runner.state not in BUSY:
            self._ask.stop()
        elif self.node:
            self._runner.histograms(self.node)

    def _hear(self, event: protocol.Event) -> None:
        if isinstance(event, protocol.Distributions) and event.node == self.node:
            self._told = event
            names = [_called(each) for each in event.found]
            if names != [self.which.itemText(place) for place in range(self.which.count())]:
                before = self.which.currentText()
                self.which.clear()
                self.which.addItems(names)
                self.which.setCurrentText(before if before in names else (names[0] if names else ""))
            self._draw_histogram()

    def _draw(self) -> None:
        if not self.isVisible():
            return
        figure = FIGURES[max(self.figure.currentIndex(), 0)]
        steps, values = self._live.series(figure, self.node) if self.node else (np.empty(0), np.empty(0))
        known = bool(np.isfinite(values).any()) or self.node in self._live.now.layers
        self._pages.setCurrentIndex(int(bool(self.node) and known))
        self.title.setText(self.node)
        self.title.setToolTip(self.node)
        if known:
            self.course.set_logarithmic(not figure.share and not figure.signed and _is_wide(values))
            if self.course.accessibleName() != figure.title:
                self.course.set_labels(figure.title)
            self.course.show_lines([Line(self.node, steps, values, 0)])
        self._draw_histogram()

    def _draw_histogram(self) -> None:
        found = self._told.found if self._told is not None else ()
        place = self.which.currentIndex()
        self.which.setVisible(bool(found))
        self.spread.setVisible(bool(found))
        self.said.setVisible(bool(self.node))
        if not 0 <= place < len(found):
            self.said.setText("" if self._told is None else "It has no weights of its own.")
            return
        chosen = found[place]
        lost = f", {chosen.not_finite:,} not finite" if chosen.not_finite else ""
        step = self._told.step if self._told is not None else 0
        self.said.setText(f"{sum(chosen.counts):,} numbers at step {step:,}{lost}")
        self.spread.show_counts(chosen)

    def _restyle(self, theme: Theme) -> None:
        self.course.take_theme(theme)
        self.spread.take_theme(theme)


def _is_wide(values: np.ndarray) -> bool:
    """Whether values differ so much that the small ones are lost on a plain scale."""
    above = values[np.isfinite(values) & (values > 0)]
    return len(above) > 0 and bool(above.max() > WIDE * above.min())


def _called(each: protocol.Distribution) -> str:
    return f"gradient of {each.name}" if each.gradient else each.name


class Histogram(pg.PlotWidget):
    """Counts as bars."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Histogram")
        self.setMenuEnabled(False)
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._curve = pg.PlotCurveItem([0.0, 1.0], [0.0], stepMode="center", fillLevel=0)
        self.addItem(self._curve)
        self.counts: tuple[int, ...] = ()
        self.take_theme(theme)

    def show_counts(self, found: protocol.Distribution) -> None:
        """Show how these numbers are spread; a single value has a narrow bar."""
        self.counts = found.counts
        low, high = (found.low, found.high) if found.high > found.low else (found.low - 0.5, found.low + 0.5)
        counts = np.array(found.counts or (0,), dtype=float)
        self._curve.setData(np.linspace(low, high, len(counts) + 1), counts)

    def take_theme(self, theme: Theme) -> None:
        """Take other colours."""
        self.setBackground(theme.panel)
        for side in ("left", "bottom"):
            axis = self.getPlotItem().getAxis(side)
            axis.setPen(pg.mkPen(theme.border))
            axis.setTextPen(pg.mkPen(theme.muted))
            axis.enableAutoSIPrefix(False)
        colour = theme.curves[0]
        self._curve.setPen(pg.mkPen(colour))
        fill = type(colour)(colour)
        fill.setAlpha(110)
        self._curve.setBrush(pg.mkBrush(fill))
