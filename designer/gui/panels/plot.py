"""One plot of a run: lines over training steps, in the theme's colours, with values under the pointer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from designer.gui.theme import Theme

MOST_DOTS = 60
"""More points than that are a line, no longer points."""
LEGEND = 200
"""Opacity of the legend's ground."""
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


class Plot(pg.PlotWidget):
    """Lines by name; telling them anew costs no more than their points."""

    pointed = Signal(str)
    """The values at the step under the pointer; empty where there is none."""

    def __init__(self, title: str, theme: Theme, *, rising: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self._title, self._theme, self._logarithmic = title, theme, False
        self._lines: dict[str, Line] = {}
        self._items: dict[str, pg.PlotDataItem] = {}
        self.setMenuEnabled(False)
        self.setFrameShape(self.Shape.NoFrame)
        plot = self.getPlotItem()
        plot.showGrid(y=True, alpha=0.15)
        plot.setClipToView(True)
        plot.setDownsampling(auto=True, mode="peak")
        plot.getAxis("bottom").enableAutoSIPrefix(False)
        plot.getAxis("left").enableAutoSIPrefix(False)
        # The legend stands where the lines usually are not: losses fall, most metrics rise.
        self._legend = plot.addLegend(offset=(-8, -8 if rising else 8), verSpacing=-4)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.setVisible(False)
        self.addItem(self._cursor, ignoreBounds=True)
        self.scene().sigMouseMoved.connect(self._point)
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
            self._items[line.name].setData(line.steps, self._scaled(line.values), connect="finite")

    def _new_item(self, line: Line) -> pg.PlotDataItem:
        item = self.plot(name=line.name)
        # Each line is thinned by itself, and what lies outside the view is left out.
        item.setDownsampling(auto=True, method="peak")
        item.setClipToView(True)
        self._dress(item, line)
        return item

    def _dress(self, item: pg.PlotDataItem, line: Line) -> None:
        colour = QColor(self._theme.curves[line.colour % len(self._theme.curves)])
        if line.faint:
            colour.setAlpha(FAINT)
        # Pens wider than a pixel are slow for long lines.
        item.setPen(pg.mkPen(colour, width=1 if line.faint else 2))
        dotted = line.dots and len(line.steps) <= MOST_DOTS
        if dotted != (item.opts["symbol"] is not None):
            item.setSymbol("o" if dotted else None)
        if dotted:
            item.setSymbolSize(6)
            item.setSymbolBrush(colour)
            item.setSymbolPen(None)

    def _scaled(self, values: np.ndarray) -> np.ndarray:
        """What is not above zero has no logarithm and is left out."""
        return np.where(values > 0, values, np.nan) if self._logarithmic else values

    def set_logarithmic(self, on: bool) -> None:
        """A logarithmic axis of values, or a plain one."""
        self._logarithmic = on
        self.show_lines(list(self._lines.values()))
        self.getPlotItem().setLogMode(y=on)

    def set_labels(self, value: str) -> None:
        """Name the axes."""
        self.setAccessibleName(value)
        self._title = value
        colour = self._theme.muted.name()
        self.setLabel("left", value, color=colour)
        self.setLabel("bottom", "step", color=colour)

    def take_theme(self, theme: Theme) -> None:
        """Take other colours."""
        self._theme = theme
        self.setBackground(theme.panel)
        for side in ("left", "bottom"):
            axis = self.getPlotItem().getAxis(side)
            axis.setPen(pg.mkPen(theme.border))
            axis.setTextPen(pg.mkPen(theme.muted))
        self._legend.setLabelTextColor(theme.text)
        ground = QColor(theme.panel)
        ground.setAlpha(LEGEND)
        self._legend.setBrush(pg.mkBrush(ground))
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
