"""Examples of two numbers as points in a plane, each in the colour of its class."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from designer.gui.panels.examples.pictures import class_colour
from designer.gui.panels.examples.texts import class_text
from designer.gui.panels.widgets import text_label
from designer.gui.theme import Theme
from designer.protocol import Survey

MOST_NAMED = 12


class Scatter(QWidget):
    """The points, and above them what the colours mean."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._survey = Survey({})
        self._classes: Sequence[str] = ()
        self.legend = text_label(parent=self)
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)
        self.plot = pg.PlotWidget(self)
        self.plot.setAccessibleName("Examples as points in a plane")
        self.plot.setMenuEnabled(False)
        self.plot.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        self.plot.setMinimumHeight(180)
        for side in ("bottom", "left"):
            self.plot.getAxis(side).enableAutoSIPrefix(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.legend)
        column.addWidget(self.plot, 1)

    def show_points(self, survey: Survey, classes: Sequence[str]) -> None:
        """Show the points of a survey."""
        self._survey, self._classes = survey, classes
        self.plot.clear()
        points = np.array([(x, y) for x, y, _ in survey.points], dtype=float).reshape(-1, 2)
        marks = np.array([mark for _, _, mark in survey.points], dtype=int)
        for number in sorted(set(marks.tolist())):
            of_class = points[marks == number]
            colour = class_colour(self._theme, number)
            self.plot.addItem(pg.ScatterPlotItem(of_class[:, 0], of_class[:, 1], size=5, pen=None, brush=colour))
        for side, name in zip(("bottom", "left"), survey.axes, strict=False):
            self.plot.setLabel(side, name, color=self._theme.muted.name())
            self.plot.getAxis(side).setPen(pg.mkPen(self._theme.border))
            self.plot.getAxis(side).setTextPen(pg.mkPen(self._theme.muted))
        self.plot.setBackground(self._theme.panel)
        self._name(sorted({number for number in marks.tolist() if number >= 0}))

    def _name(self, numbers: Sequence[int]) -> None:
        parts = [
            f'<span style="color:{class_colour(self._theme, number).name()}">●</span>&nbsp;'
            f"{escape(class_text(number, self._classes))}"
            for number in numbers[:MOST_NAMED]
        ]
        if len(numbers) > MOST_NAMED:
            parts.append(f"and {len(numbers) - MOST_NAMED} more")
        self.legend.setText(" &nbsp; ".join(parts))
        self.legend.setVisible(bool(parts))

    def take_theme(self, theme: Theme) -> None:
        """Take other colours."""
        self._theme = theme
        self.show_points(self._survey, self._classes)
