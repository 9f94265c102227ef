"""Colouring nodes by a figure instead of their category, and the legend that says what the colours mean."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QWidget

from designer.compiler.checking.report import NodeReport, Report
from designer.compiler.cost import size_text
from designer.graph.changes import Changes
from designer.gui.canvas.floating.figures import Figure, Figures
from designer.gui.canvas.floating.heat import DEAD, GRADIENT, HEAT, SPREAD, UPDATE, changed, heat
from designer.gui.canvas.floating.scale import LAST, Colours, on_scale
from designer.gui.canvas.look import count_text
from designer.gui.canvas.surface import Surface
from designer.gui.levels import Place
from designer.gui.live_figures import LiveFigures
from designer.gui.theme import Appearance, Theme
from designer.gui.workspace import Workspace

CATEGORY, PARAMETERS, MACS, MEMORY, TRAINABLE, FIELD = (
    "category", "parameters", "macs", "memory", "trainable", "field",
)  # fmt: skip
TITLES = {
    PARAMETERS: "Parameters", MACS: "Multiply-adds", MEMORY: "Memory in training", TRAINABLE: "Trainable",
    FIELD: "Receptive field", GRADIENT: "Gradient norm", UPDATE: "Update ratio", DEAD: "Dead units",
    SPREAD: "Spread of the output",
}  # fmt: skip
REPAINT = 100
"""Milliseconds between two paintings of what a run tells."""
STATES = ((0, "frozen"), (LAST // 2, "in part"), (LAST, "trained"))
"""The steps for what is trained, and their names."""
EDGE, PADDING, BAR = 10, 10, 10
WIDTH = 190


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
        self._canvas, self._design = canvas, canvas.design
        self._live: LiveFigures | None = None
        self._rest = QTimer(self, singleShot=True, interval=REPAINT)
        self._rest.timeout.connect(self._refresh)
        self.legend = Legend(canvas)
        workspace.changed.connect(self._follow)
        self.figures.ready.connect(self._refresh)
        appearance.changed.connect(self.legend.take_theme)

    def follow_run(self, live: LiveFigures) -> None:
        """Know what runs tell of the layers."""
        self._live = live
        live.changed.connect(self._follow_live)

    def _follow_live(self) -> None:
        """Repaint what is different, a few times a second, and nothing where colours say something else."""
        if self.measure in HEAT and not self._rest.isActive():
            self._rest.start()

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
        colours = self._colours()
        different = changed(self._design.look.steps, colours.steps)
        if self._design.look.steps is None:
            self._design.colour(colours.steps)
        elif different:
            self._design.recolour(colours.steps, different)
            if self._canvas.from_afar:  # where items do not paint themselves
                self._canvas.viewport().update()
        none = "Nothing is known before a training" if self.measure in HEAT else "No layer here has any"
        self.legend.show_scale(TITLES[self.measure], colours, self._design.look.theme, self.measure == TRAINABLE, none)

    def _colours(self) -> Colours:
        if self.measure not in HEAT:
            return colours_by(self.measure, self._design.report, self.figures.of)
        if self._live is None:
            return Colours()
        return heat(self.measure, self._live.now, self.figures.prefix, self._design.nodes)


class Legend(QFrame):
    """The scale with its lowest and highest value, in the lower left corner; it notices no mouse."""

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._title, self._colours, self._words, self._none = "", Colours(), False, ""
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

    def show_scale(self, title: str, colours: Colours, theme: Theme, words: bool, none: str = "") -> None:
        """Say what the colours mean; with `words`, the scale has names instead of figures; `none` is for no colours."""
        as_before = (title, self._ends, bool(self._colours.steps), words, none)
        shown = (self._title, (colours.low, colours.high), bool(colours.steps), self._words, self._none)
        if shown == as_before and self._theme is theme and self.isVisible():
            self._colours = colours
            return
        self._title, self._colours, self._theme, self._words, self._none = title, colours, theme, words, none
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
        metrics = self.fontMetrics()
        ends = sum(map(metrics.horizontalAdvance, self._ends)) + 2 * PADDING + 3 * metrics.averageCharWidth()
        title = max(map(metrics.horizontalAdvance, (self._title, self._none))) + 2 * PADDING
        return QSize(max(WIDTH, ends, title), 2 * metrics.height() + BAR + 2 * PADDING + 4)

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
            painter.drawText(QRectF(inner.x(), bar.y(), inner.width(), line), 0, self._none)
        else:
            scale = self._theme.heat if self._colours.first else self._theme.scale
            side = bar.width() / len(scale)
            for number, colour in enumerate(scale):
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
