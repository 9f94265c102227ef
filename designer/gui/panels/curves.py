"""The curves panel: the loss of every step and the metrics of every epoch, while the network trains."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from designer.gui.key_names import say_keys
from designer.gui.loss_curve import SMOOTHED_OVER
from designer.gui.panels.editors import CalmCombo, EdgedCheckBox
from designer.gui.panels.plot import Line, Plot
from designer.gui.panels.runs.overlays import Laid, Overlays, loss_over, metric_over
from designer.gui.panels.widgets import ElidedLabel, empty_state, text_label
from designer.gui.runs import Run, Runs
from designer.gui.theme import Appearance, Theme

SMOOTHINGS = (1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000)
"""Over how many steps the loss can be smoothed."""
REDRAW = 50
"""Milliseconds between two drawings: 20 a second are enough for the eye, and leave the window time for the hand."""
FAVOURITES = ("accuracy", "r2", "mae", "rmse")
"""The metrics to show first, where nobody chose one."""


class CurvesPanel(QWidget):
    """Follows the runs; draws only while it can be seen, and at most 20 times a second."""

    def __init__(
        self, appearance: Appearance, runs: Runs, overlays: Overlays | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._runs, self._overlays = runs, overlays or Overlays(self)
        self.loss = Plot("loss", appearance.theme)
        self.other = Plot("metric", appearance.theme)
        self.logarithmic = EdgedCheckBox("Logarithmic")
        self.logarithmic.setToolTip("Show the loss on a logarithmic scale, which tells small losses apart")
        self.smoothing = QSlider(Qt.Orientation.Horizontal)
        self.smoothing.setRange(0, len(SMOOTHINGS) - 1)
        self.smoothing.setValue(SMOOTHINGS.index(SMOOTHED_OVER))
        self.smoothing.setAccessibleName("Smoothing")
        self.smoothing.setMaximumWidth(90)
        self.smoothing.setMinimumWidth(40)
        self.chosen = CalmCombo(self)
        self.chosen.setAccessibleName("Metric")
        self.chosen.setToolTip("Which metric is shown on the right")
        self.title, self.earlier = ElidedLabel(), text_label("shows an earlier design", muted=True)
        self.earlier.setWordWrap(False)
        self.values = QLabel()
        self.values.setProperty("rank", "muted")
        self._wanted = ""
        """The metric that was chosen by hand."""
        self.drawn = 0
        """How many times it was drawn."""
        self._stale, self._in_front = True, True
        self._wait = QTimer(self, singleShot=True, interval=REDRAW)
        self._wait.timeout.connect(self._draw_if_stale)
        # Each plot is painted in a turn of the event loop of its own, so that no key has to wait for both.
        self._then = QTimer(self, singleShot=True, interval=REDRAW // 2)
        self._then.timeout.connect(self._draw_other)
        self._pages = QStackedWidget()
        self._lay_out()
        self.logarithmic.toggled.connect(self.loss.set_logarithmic)
        self.smoothing.valueChanged.connect(self._smooth)
        self._say_smoothing()
        self.chosen.activated.connect(self._choose)
        for plot in (self.loss, self.other):
            plot.pointed.connect(self.values.setText)
        runs.progressed.connect(self._follow)
        runs.changed.connect(self._follow)
        self._overlays.changed.connect(self._follow)
        appearance.changed.connect(self._restyle)
        self._follow()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(10, 4, 10, 0)
        head.setSpacing(14)
        self.title.setProperty("rank", "heading")
        # Texts give way in a narrow window; else they would push the panel over its neighbour.
        for widget, stretch in ((self.title, 3), (self.earlier, 2), (self.values, 4)):
            widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            head.addWidget(widget, stretch)
        self.values.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        label = text_label("Smoothing", muted=True)
        label.setWordWrap(False)
        label.setMinimumWidth(1)
        head.addWidget(label)
        head.addWidget(self.smoothing)
        head.addWidget(self.logarithmic)
        head.addWidget(self.chosen)
        self._plots = QSplitter(Qt.Orientation.Horizontal)
        self._plots.setChildrenCollapsible(False)
        self._other_part = _with_legend(self.other)
        self._plots.addWidget(_with_legend(self.loss))
        self._plots.addWidget(self._other_part)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self._plots, 1)
        empty = empty_state("")
        say_keys(empty, "train", "The curves of a training appear here. Press {keys} to train.",
                 "The curves of a training appear here.")  # fmt: skip
        self._pages.addWidget(empty)
        self._pages.addWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._pages)

    def _follow(self) -> None:
        self._stale = True
        if self._seen and not self._wait.isActive():
            self._wait.start()

    def _draw_if_stale(self) -> None:
        if self._stale and self._seen:
            self._draw()

    @property
    def _seen(self) -> bool:
        return self._in_front and self.isVisible()

    def set_in_front(self, in_front: bool) -> None:
        """Whether the panel stands in front of the others in its place; Qt counts those behind as visible too."""
        self._in_front = in_front
        self._draw_if_stale()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while nobody looked."""
        super().showEvent(event)
        self._draw_if_stale()

    def _draw(self) -> None:
        self._stale = False
        run, laid = self._runs.current, self._laid()
        self._pages.setCurrentIndex(1 if run is not None or laid else 0)
        if run is None and not laid:
            return
        self.drawn += 1
        title = run.title if run is not None else "kept runs"
        if self.title.text() != title:
            self.title.setText(title)
            self.title.setToolTip(title)
            for plot in (self.loss, self.other):
                plot.leave()
        self.earlier.setVisible(self._runs.outdated)
        if run is not None:
            run.losses.smooth_over(SMOOTHINGS[self.smoothing.value()])
        for each in laid:
            each.run.losses.smooth_over(SMOOTHINGS[self.smoothing.value()])
        own = loss_lines(run) if run is not None else []
        self.loss.show_lines([*own, *(line for each in laid for line in loss_over(each))])
        self._then.start()

    def _smooth(self) -> None:
        """Draw the smoothed line over more steps, or fewer."""
        self._say_smoothing()
        self._follow()

    def _say_smoothing(self) -> None:
        steps = SMOOTHINGS[self.smoothing.value()]
        self.smoothing.setToolTip(
            f"The smoothed loss is the mean over about {steps:,} steps" if steps > 1 else "Not smoothed"
        )

    def _draw_other(self) -> None:
        run, laid = self._runs.current, self._laid()
        if run is None and not laid:
            return
        self._offer_metrics([*([run] if run is not None else []), *(each.run for each in laid)])
        name = self.chosen.currentText()
        self._other_part.setVisible(bool(name))
        self.chosen.setVisible(self.chosen.count() > 1)
        if name:
            if self.other.accessibleName() != name:
                self.other.set_labels(name)
            own = other_lines(run, name) if run is not None else []
            self.other.show_lines([*own, *(line for each in laid for line in metric_over(each, name))])

    def _laid(self) -> list[Laid]:
        """The runs whose curves are laid over; the one that is shown anyway is none of them."""
        run = self._runs.current
        return [each for each in self._overlays.laid if run is None or each.run.folder != run.folder]

    def _offer_metrics(self, runs: list[Run]) -> None:
        measured = [name for run in runs for name in metrics_of(run) if name != "loss"]
        found = list(dict.fromkeys([*measured, *(name for run in runs for name in run.tracks)]))
        if found == [self.chosen.itemText(place) for place in range(self.chosen.count())]:
            return
        self.chosen.clear()
        self.chosen.addItems(found)
        wanted = (self._wanted, *FAVOURITES, *found)
        self.chosen.setCurrentText(next((name for name in wanted if name in found), ""))

    def _choose(self) -> None:
        self._wanted = self.chosen.currentText()
        self._draw_other()

    def _restyle(self, theme: Theme) -> None:
        for plot in (self.loss, self.other):
            plot.take_theme(theme)


def _with_legend(plot: Plot) -> QWidget:
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addWidget(plot.legend)
    column.addWidget(plot, 1)
    part.setMinimumWidth(120)
    return part


def metrics_of(run: Run) -> list[str]:
    """What is measured in the epochs of a run, each name once."""
    return list(dict.fromkeys(name for _, name in run.series))


def loss_lines(run: Run) -> list[Line]:
    """The loss of every step, the same smoothed, and the points of the epochs."""
    losses = run.losses
    lines = [
        Line("each step", losses.steps, losses.values, 0, faint=True),
        Line("smoothed", losses.steps, losses.smooth, 0),
    ]
    return lines + epoch_lines(run, "loss")


def other_lines(run: Run, name: str) -> list[Line]:
    """A metric at the end of every epoch, or what was told along the way."""
    track = run.tracks.get(name)
    return epoch_lines(run, name) if track is None else [Line(name, track.steps, track.values, 0)]


def epoch_lines(run: Run, metric: str) -> list[Line]:
    """A metric of training and validation at the end of every epoch."""
    lines = []
    for split, title, colour in (("train", "training", 2), ("validation", "validation", 1)):
        series = run.series.get((split, metric))
        if series is not None:
            lines.append(Line(title, series.steps, series.values, colour, dots=True))
    return lines
