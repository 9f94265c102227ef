"""The learning rate over a run, drawn before it begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from designer.catalogue.schedules import Course, Schedule, curve
from designer.catalogue.tensor import Misfit
from designer.compiler.checking.report import Report
from designer.compiler.lowering.choices import optimizer, schedule, settings
from designer.compiler.lowering.recipe import split
from designer.gui.panels.widgets import text_label
from designer.gui.theme import Theme

HEIGHT = 72
UNKNOWN_UPDATES = 100
"""Updates of an epoch where no data is chosen yet."""
BY_LOSS = "It drops when the validation loss gets no better, which cannot be drawn beforehand."


class RateCurve(QWidget):
    """A line of the rate over the epochs, and in words from where to where it goes; hidden where nothing is known."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = RateLine(theme, self)
        self.words = text_label(muted=True, parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.line)
        column.addWidget(self.words)

    def show_design(self, report: Report) -> None:
        """Draw what a design's training says."""
        try:
            chosen = schedule(report.document.training)
            course = course_of(report)
        except Misfit:
            self.hide()
            return
        by_loss = chosen is not None and chosen.every == "loss"
        self.setVisible(chosen is not None or course.warmup > 0)
        self.line.show_points(curve(chosen, course))
        self.line.setVisible(not by_loss or course.warmup > 0)
        self.words.setText(BY_LOSS if by_loss else _words(chosen, course))

    def restyle(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self.line.restyle(theme)


class RateLine(QWidget):
    """The line itself, on a ground that begins at 0."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.points: list[tuple[float, float]] = []
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Learning rate over the run")

    def show_points(self, points: list[tuple[float, float]]) -> None:
        """Draw epochs done and rates."""
        self.points = points
        self.update()

    def restyle(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A plain line with its largest and smallest value."""
        painter, theme = QPainter(self), self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(theme.border, 1))
        painter.setBrush(theme.panel)
        painter.drawRoundedRect(area, 4, 4)
        highest = max((rate for _, rate in self.points), default=0.0)
        if len(self.points) > 1 and highest > 0:
            plot, end = area.adjusted(6, 8, -6, -8), self.points[-1][0]
            line = QPolygonF(
                [
                    QPointF(plot.left() + plot.width() * epoch / end, plot.bottom() - plot.height() * rate / highest)
                    for epoch, rate in self.points
                ]
            )
            painter.setPen(QPen(theme.curves[0], 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(line)
        painter.end()


def course_of(report: Report) -> Course:
    """What the rate depends on in a design; raises Misfit where a setting is wrong."""
    training: Mapping[str, Any] = report.document.training
    chosen, shares = settings(training), split(report.document.data)
    updates = UNKNOWN_UPDATES
    if report.facts is not None:
        examples = 1 if report.facts.whole else report.facts.shares(shares.validation, shares.test)[0]
        batches = -(-examples // chosen.batch_size)
        updates = max(1, -(-batches // chosen.accumulate))
    return Course(float(getattr(optimizer(training), "lr", 0.0)), chosen.epochs, updates, chosen.warmup)


def _words(chosen: Schedule | None, course: Course) -> str:
    points = [rate for _, rate in curve(chosen, course)]
    total = course.epochs * course.updates_per_epoch
    text = f"From {points[0]:.3g} to {points[-1]:.3g} in {total:,} updates"
    highest = max(points)
    return f"{text}, at most {highest:.3g}." if highest > max(points[0], points[-1]) * 1.001 else f"{text}."
