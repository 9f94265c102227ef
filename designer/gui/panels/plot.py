"""One plot of a run: lines over training steps, in the theme's colours, with values under the pointer."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from designer.gui.loss_curve import thinned
from designer.gui.theme import Theme

MOST_POINTS = 2000
"""A line of more points is thinned before it is handed to Qt: no screen shows more."""
MOST_DOTS = 60
"""More points than that are a line, no longer points."""
FAINT = 90
"""Opacity (of 255) of the line that stands behind another."""


@dataclass(frozen=True, slots=True)
class Line:
    """Numbers over steps. `dots` marks each point; `faint` is for what stands behind a smoothed line."""

    name: str
    steps: np.ndarray
    values: np.ndarray
    colour: int
    dots: bool = False
    faint: bool = False
    run: int | None = None
    """For the curve of a run that is laid over: its place among them, which gives its colour."""


class Plot(pg.PlotWidget):
    """Lines by name; telling them anew costs no more than their points."""

    pointed = Signal(str)
    """The values at the step under the pointer; empty where there is none."""

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self._title, self._theme, self._logarithmic = title, theme, False
        self._lines: dict[str, Line] = {}
        self._items: dict[str, pg.PlotDataItem] = {}
        self.setMenuEnabled(False)
        self.setFrameShape(self.Shape.NoFrame)
        plot = self.getPlotItem()
        plot.layout.setContentsMargins(6, 2, 8, 2)
        # Around a single point there would be steps below zero.
        plot.setLimits(xMin=0)
        plot.showGrid(y=True, alpha=0.15)
        for side in ("bottom", "left"):
            axis = plot.getAxis(side)
            axis.enableAutoSIPrefix(False)
            # Lines between those with numbers take longer to paint than the curves themselves.
            axis.setStyle(maxTickLevel=0)
        # Above the plot, where it can lie on no line; the value's name stands there too, and costs the axis no width.
        self.legend = QLabel()
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.legend.setWordWrap(True)
        self.legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.legend.setContentsMargins(12, 0, 4, 0)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.setVisible(False)
        self.addItem(self._cursor, ignoreBounds=True)
        self.scene().sigMouseMoved.connect(self._point)
        self.getViewBox().sigXRangeChanged.connect(self._look_closer)
        self.take_theme(theme)

    def show_lines(self, lines: list[Line]) -> None:
        """Show these lines and no others."""
        self._lines = {line.name: line for line in lines}
        for name in [name for name in self._items if name not in self._lines]:
            self.removeItem(self._items.pop(name))
        for line in lines:
            if line.name not in self._items:
                self._items[line.name] = self._new_item(line)
            elif line.dots and len(line.steps) > MOST_DOTS:
                self._dress(self._items[line.name], line)
            self._put(line)
        self._name_lines()

    def _put(self, line: Line) -> None:
        """Hand a line to Qt: thinned where it is long, and of a part that was zoomed into, more of that part."""
        steps, values = line.steps, line.values
        if len(steps) > MOST_POINTS:
            if not self.shows_all:
                low, high = self.getViewBox().viewRange()[0]
                first, last = np.searchsorted(steps, (low, high))
                part = slice(max(0, first - 1), last + 1)
                steps, values = steps[part], values[part]
            steps, values = thinned(steps, values, MOST_POINTS)
        self._items[line.name].setData(steps, self._scaled(values), connect="finite")

    @property
    def shows_all(self) -> bool:
        """Whether all steps are in view, and new ones come into it."""
        return bool(self.getViewBox().autoRangeEnabled()[0])

    def show_all(self) -> None:
        """Show all steps again, after a part was zoomed into."""
        self.getViewBox().enableAutoRange()
        for line in self._lines.values():
            self._put(line)

    def _look_closer(self) -> None:
        """Another part is in view: of long lines, more of it can be shown."""
        if not self.shows_all:
            for line in self._lines.values():
                if len(line.steps) > MOST_POINTS:
                    self._put(line)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show all again."""
        super().mouseDoubleClickEvent(event)
        self.show_all()

    def _new_item(self, line: Line) -> pg.PlotDataItem:
        item = self.plot(name=line.name)
        self._dress(item, line)
        return item

    def _dress(self, item: pg.PlotDataItem, line: Line) -> None:
        colour = _line_colour(self._theme, line)
        # Pens wider than a pixel are slow for long lines.
        item.setPen(pg.mkPen(colour, width=1 if line.faint else 2))
        dotted = line.dots and len(line.steps) <= MOST_DOTS
        if dotted != (item.opts["symbol"] is not None):
            item.setSymbol("o" if dotted else None)
        if dotted:
            item.setSymbolSize(6)
            item.setSymbolBrush(colour)
            item.setSymbolPen(None)

    def _name_lines(self) -> None:
        """What each colour stands for, after the name of the value."""
        parts = [f"<b>{escape(self._title)}</b>"]
        for line in self._lines.values():
            colour = _seen(self._theme, line).name(QColor.NameFormat.HexRgb)
            mark = "\u25cf" if line.dots else "\u25ac"
            parts.append(f'<span style="color:{colour}">{mark}</span>&nbsp;{escape(line.name)}')
        self.legend.setText(" &nbsp; ".join(parts))

    def _scaled(self, values: np.ndarray) -> np.ndarray:
        """What is not above zero has no logarithm and is left out."""
        return np.where(values > 0, values, np.nan) if self._logarithmic else values

    def set_logarithmic(self, on: bool) -> None:
        """A logarithmic axis of values, or a plain one."""
        if on == self._logarithmic:
            return
        self._logarithmic = on
        self.show_lines(list(self._lines.values()))
        self.getPlotItem().setLogMode(y=on)

    def set_labels(self, value: str) -> None:
        """Name what is shown."""
        self.setAccessibleName(value)
        self._title = value
        self.setLabel("bottom", "step", color=self._theme.muted.name())
        self._name_lines()

    def take_theme(self, theme: Theme) -> None:
        """Take other colours."""
        self._theme = theme
        self.setBackground(theme.panel)
        for side in ("left", "bottom"):
            axis = self.getPlotItem().getAxis(side)
            axis.setPen(pg.mkPen(theme.border))
            axis.setTextPen(pg.mkPen(theme.muted))
        self._cursor.setPen(pg.mkPen(theme.muted, style=Qt.PenStyle.DotLine))
        for name, item in self._items.items():
            self._dress(item, self._lines[name])
        self.set_labels(self._title)

    def _point(self, at: QPointF) -> None:
        box = self.getPlotItem().getViewBox()
        if not box.sceneBoundingRect().contains(at):
            self.leave()
            return
        step = box.mapSceneToView(at).x()
        self._cursor.setPos(step)
        self._cursor.setVisible(True)
        self.pointed.emit(self.values_at(step))

    def leaveEvent(self, event: QEvent) -> None:
        """The values under the pointer go with it."""
        super().leaveEvent(event)
        self.leave()

    def leave(self) -> None:
        """The pointer is elsewhere."""
        self._cursor.setVisible(False)
        self.pointed.emit("")

    def values_at(self, step: float) -> str:
        """The value of each line at the point nearest to a step."""
        parts = []
        for line in self._lines.values():
            if len(line.steps):
                place = min(int(np.searchsorted(line.steps, step)), len(line.steps) - 1)
                if place and step - line.steps[place - 1] < line.steps[place] - step:
                    place -= 1
                parts.append(f"{line.name} {line.values[place]:.4g}")
        return f"step {max(0, round(step)):,}: {', '.join(parts)}" if parts else ""


def _line_colour(theme: Theme, line: Line) -> QColor:
    colour = theme.run(line.run) if line.run is not None else QColor(theme.curves[line.colour % len(theme.curves)])
    if line.faint:
        colour.setAlpha(FAINT)
    return colour


def _seen(theme: Theme, line: Line) -> QColor:
    """A line's colour as it looks on the ground of the plot."""
    colour, ground = _line_colour(theme, line), theme.panel
    share = colour.alphaF()
    return QColor.fromRgbF(
        colour.redF() * share + ground.redF() * (1 - share),
        colour.greenF() * share + ground.greenF() * (1 - share),
        colour.blueF() * share + ground.blueF() * (1 - share),
    )
