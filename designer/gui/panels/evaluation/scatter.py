"""What was predicted over what is true: the nearer to the line, the better."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from designer.gui.theme import Theme
from designer.protocol import Number

OPACITY = 130
"""Of 255: where many points lie on each other, it is darker."""


class Scatter(pg.PlotWidget):
    """A point for each example, and the line on which all is right."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Predicted over true")
        self.setMenuEnabled(False)
        self.setFrameShape(self.Shape.NoFrame)
        self.setMinimumSize(150, 120)
        self.wanted = self.found = np.empty(0)
        self._line = pg.InfiniteLine(angle=45)
        self._points = pg.ScatterPlotItem(size=6, pen=None)
        self.addItem(self._line, ignoreBounds=True)
        self.addItem(self._points)
        plot = self.getPlotItem()
        plot.layout.setContentsMargins(6, 6, 10, 2)
        plot.showGrid(x=True, y=True, alpha=0.12)
        for side in ("bottom", "left"):
            plot.getAxis(side).enableAutoSIPrefix(False)
        self.restyle(theme)

    def show_pairs(self, pairs: tuple[tuple[Number, Number], ...]) -> None:
        """Show pairs of what is true and what was predicted; those that are not finite are left out."""
        known = np.array([pair for pair in pairs if None not in pair], dtype=float).reshape(-1, 2)
        self.wanted, self.found = known[:, 0], known[:, 1]
        self._points.setData(self.wanted, self.found)
        self.getPlotItem().autoRange()

    def restyle(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self.setBackground(theme.panel)
        colour = QColor(theme.curves[0])
        colour.setAlpha(OPACITY)
        self._points.setBrush(pg.mkBrush(colour))
        self._line.setPen(pg.mkPen(theme.muted, style=Qt.PenStyle.DashLine))
        for side, text in (("bottom", "true"), ("left", "predicted")):
            axis = self.getPlotItem().getAxis(side)
            axis.setPen(pg.mkPen(theme.border))
            axis.setTextPen(pg.mkPen(theme.muted))
            self.setLabel(side, text, color=theme.muted.name())
