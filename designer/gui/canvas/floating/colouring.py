"""Colouring nodes by a figure instead of their category, and the legend that says what the colours mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import log, prod

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QWidget

from designer.compiler.checking.report import NodeReport, Report
from designer.compiler.cost import size_text
from designer.graph.changes import Changes
from designer.gui.canvas.floating.figures import Figure, Figures
from designer.gui.canvas.look import count_text
from designer.gui.canvas.surface import Surface
from designer.gui.levels import Place
from designer.gui.theme import SCALE, Appearance, Theme
from designer.gui.workspace import Workspace

CATEGORY, PARAMETERS, MACS, MEMORY, TRAINABLE, FIELD = (
    "category", "parameters", "macs", "memory", "trainable", "field",
)  # fmt: skip
TITLES = {
    PARAMETERS: "Parameters", MACS: "Multiply-adds", MEMORY: "Memory in training", TRAINABLE: "Trainable",
    FIELD: "Receptive field",
}  # fmt: skip
LAST = len(SCALE) - 1
STATES = ((0, "frozen"), (LAST // 2, "in part"), (LAST, "trained"))
"""The steps for what is trained, and their names."""
EDGE, PADDING, BAR = 10, 10, 10
WIDTH = 190


@dataclass(frozen=True, slots=True)
class Colours:
    """Each node's step on the scale, without nodes that have nothing of it; and what stands below the scale."""

    steps: Mapping[str, int] = field(default_factory=dict)
    low: str = ""
    high: str = ""


def on_scale(values: Mapping[str, int], write: Callable[[int], str]) -> Colours:
    """Steps in proportion to the logarithm: layers differ by powers of ten. Nought is none."""
    known = {name: value for name, value in values.items() if value > 0}
    if not known:
        return Colours()
    low, high = min(known.values()), max(known.values())
    span = log(high) - log(low)
    steps = {name: round((log(value) - log(low)) / span * LAST) if span else LAST for name, value in known.items()}
    return Colours(steps, write(low), write(high))


def by_training(report: Report) -> Colours:
    """Frozen, trained in part, trained; nodes without weights are none of these."""

    def step(node: NodeReport) -> int:
        trained = node.trainable_parameters
        return LAST if trained == node.parameters else LAST // 2 if trained else 0

    return Colours({name: step(node) for name, node in report.nodes.items() if node.parameters})


def colours_by(measure: str, report: Report, figures: Callable[[str], Figure | None]) -> Colours:
    """The colours of a shown design; `figures` gives what is known of a node's memory and receptive field."""
    if measure == TRAINABLE:
        return by_training(report)
    if measure == PARAMETERS:
        return on_scale({name: node.parameters for name, node in report.nodes.items()}, count_text)
    if measure == MACS:
        return on_scale({name: node.macs for name, node in report.nodes.items()}, count_text)
    found = {name: figure for name in report.nodes if (figure := figures(name)) is not None}
    if measure == MEMORY:
        return on_scale({name: each.weights + (each.kept or 0) for name, each in found.items()}, size_text)
    places = {name: prod(each.field) for name, each in found.items() if each.field}
    return on_scale(places, lambda number: f"{count_text(number)} place{'' if number == 1 else 's'}")


class Colouring(QObject):
    """By what nodes are coloured now; follows the design."""

    def __init__(
        self, canvas: Surface, workspace: Workspace, appearance: Appearance, place: Callable[[], Place]
    ) -> None:
        super().__init__(canvas)
        self.measure = CATEGORY
        self.figures = Figures(workspace, place, self)
        self._design = canvas.design
        self.legend = Legend(canvas)
        workspace.changed.connect(self._follow)
        self.figures.ready.connect(self._refresh)
        appearance.changed.connect(self.legend.take_theme)

    def choose(self, measure: str) -> None:
        """Colour by something else."""
        self.measure = measure
        self._refresh()

    def _follow(self, changes: Changes) -> None:
        if self.measure != CATEGORY and (changes.structure or changes.training):
            self._refresh()

    def _refresh(self) -> None:
        """Give every node the colour that is its own now; costs nothing while colours tell the category."""
        if self.measure == CATEGORY:
            if self._design.look.steps is not None:
                self._design.colour(None)
            self.legend.hide()
            return
        if self.measure in (MEMORY, FIELD) and self.figures.now() is None:
            return  # what was shown stays until the figures are there, which calls this again
        colours = colours_by(self.measure, self._design.report, self.figures.of)
        if colours.steps != self._design.look.steps:
            self._design.colour(colours.steps)
        self.legend.show_scale(TITLES[self.measure], colours, self._design.look.theme, self.measure == TRAINABLE)


class Legend(QFrame):
    """The scale with its lowest and highest value, in the lower left corner; it notices no mouse."""

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._title, self._colours, self._words = "", Colours(), False
        self._theme: Theme | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.ToolTipBase)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        canvas.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        if self._words:
            return f"{self._title}: {', '.join(word for _, word in STATES)}"
        return f"{self._title}: {self._ends[0]} to {self._ends[1]}" if self._colours.steps else f"{self._title}: none"

    @property
    def _ends(self) -> tuple[str, str]:
        return self._colours.low, self._colours.high

    def show_scale(self, title: str, colours: Colours, theme: Theme, words: bool) -> None:
        """Say what the colours mean; with `words`, the scale has names instead of figures."""
        self._title, self._colours, self._theme, self._words = title, colours, theme, words
        self.setAccessibleName(self.text)
        self.resize(self.sizeHint())
        self._stand()
        self.show()
        self.raise_()
        self.update()

    def take_theme(self, theme: Theme) -> None:
        """Paint with another theme."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        """Two lines of text and the scale between them."""
        return QSize(WIDTH, 2 * self.fontMetrics().height() + BAR + 2 * PADDING + 4)

    def _stand(self) -> None:
        self.move(EDGE, self._canvas.height() - self.height() - EDGE)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner."""
        if event.type() == QEvent.Type.Resize:
            self._stand()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._theme is None:
            return
        painter = QPainter(self)
        line = self.fontMetrics().height()
        inner = QRectF(self.rect()).adjusted(PADDING, PADDING, -PADDING, -PADDING)
        painter.setPen(self._theme.text)
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignTop), self._title)
        bar = QRectF(inner.x(), inner.y() + line + 2, inner.width(), BAR)
        below = QRectF(inner.x(), bar.bottom() + 2, inner.width(), line)
        if self._words:
            self._paint_words(painter, bar, below)
        elif not self._colours.steps:
            painter.setPen(self._theme.muted)
            painter.drawText(QRectF(inner.x(), bar.y(), inner.width(), line), 0, "No layer here has any")
        else:
            side = bar.width() / len(self._theme.scale)
            for number, colour in enumerate(self._theme.scale):
                painter.fillRect(QRectF(bar.x() + number * side, bar.y(), side + 0.5, BAR), colour)
            painter.setPen(self._theme.muted)
            painter.drawText(below, int(Qt.AlignmentFlag.AlignLeft), self._ends[0])
            if self._ends[0] != self._ends[1]:
                painter.drawText(below, int(Qt.AlignmentFlag.AlignRight), self._ends[1])
        painter.end()

    def _paint_words(self, painter: QPainter, bar: QRectF, below: QRectF) -> None:
        assert self._theme is not None
        side = bar.width() / len(STATES)
        for place, (step, word) in enumerate(STATES):
            painter.fillRect(QRectF(bar.x() + place * side, bar.y(), side - 4, BAR), self._theme.scale[step])
            painter.setPen(self._theme.muted)
            painter.drawText(QRectF(below.x() + place * side, below.y(), side, below.height()), 0, word)
