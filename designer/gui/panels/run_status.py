"""The head of the training panel: the buttons, how far the run is, its metrics, and what keeps it from beginning."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from designer import protocol
from designer.gui.icons import icon
from designer.gui.key_names import name_keys
from designer.gui.panels.problem_row import ProblemRow
from designer.gui.panels.recipe.steering import Steering
from designer.gui.panels.texts import count_text
from designer.gui.panels.widgets import text_label
from designer.gui.runner import State
from designer.gui.runs import SPLITS, Run, Runs, metric_parts
from designer.gui.theme import Appearance, Theme
from designer.gui.workspace import Workspace

MOST_PROBLEMS = 4
EARLIER = "Shows an earlier design: it was changed since this run began."
OTHER = "Shows another design: the one that was open when this run began."
WHOLE = 1000
"""Steps of the progress bar."""


class RunStatus(QWidget):
    """Follows the runs; its buttons do what the Training menu does."""

    def __init__(self, workspace: Workspace, appearance: Appearance, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._appearance, self._runs = workspace, appearance, runs
        self.train = QPushButton("Train")
        self.train.setProperty("main", True)
        name_keys(self.train, "train", "Train the network from fresh weights")
        self.pause, self.stop, self.more = QPushButton("Pause"), QPushButton("Stop"), QPushButton("Train on")
        self.more.setToolTip("Go on with the last training for so many epochs")
        self.epochs = QSpinBox(minimum=1, maximum=1_000_000, value=1)
        self.epochs.setAccessibleName("How many epochs more")
        self.steering = Steering(runs)
        self.bar = QProgressBar(textVisible=False, maximum=WHOLE)
        self.bar.setAccessibleName("How much of the run is done")
        self.progress = text_label()
        self.earlier = text_label(muted=True)
        self.problems: list[ProblemRow] = []
        self._problem_place = QVBoxLayout()
        self._metrics = QGridLayout()
        self._cells: dict[tuple[str, str], QLabel] = {}
        self._lay_out()
        self.train.clicked.connect(runs.train)
        self.pause.clicked.connect(runs.pause_or_resume)
        self.stop.clicked.connect(runs.stop)
        self.more.clicked.connect(lambda: runs.more(self.epochs.value()))
        self.epochs.valueChanged.connect(self._name_epochs)
        self._name_epochs(1)
        runs.changed.connect(self._refresh)
        runs.progressed.connect(self._refresh_figures)
        appearance.changed.connect(self._restyle)
        self._restyle(appearance.theme)
        self._refresh()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(8)
        self.train.setMinimumHeight(34)
        column.addWidget(self.train)
        row = QHBoxLayout()
        row.setSpacing(6)
        for button in (self.pause, self.stop, self.more, self.epochs):
            row.addWidget(button)
        column.addLayout(row)
        column.addWidget(self.steering)
        column.addWidget(self.bar)
        column.addWidget(self.progress)
        column.addWidget(self.earlier)
        self._metrics.setHorizontalSpacing(14)
        self._metrics.setVerticalSpacing(2)
        self._metrics.setColumnStretch(0, 1)
        column.addLayout(self._metrics)
        self._problem_place.setSpacing(0)
        column.addLayout(self._problem_place)

    def _name_epochs(self, count: int) -> None:
        self.epochs.setSuffix(" epoch" if count == 1 else " epochs")

    def _refresh(self) -> None:
        state, busy, run = self._runs.runner.state, self._runs.busy, self._runs.current
        self.train.setVisible(not busy)
        self.pause.setVisible(busy)
        self.stop.setVisible(busy)
        for widget in (self.more, self.epochs):
            widget.setVisible(self._runs.can_go_on and not busy)
        self.pause.setEnabled(state in (State.TRAINING, State.PAUSED))
        self.stop.setEnabled(state in (State.TRAINING, State.PAUSED))
        self.pause.setText("Resume" if state is State.PAUSED else "Pause")
        self.pause.setIcon(icon("train" if state is State.PAUSED else "pause", self._appearance.theme))
        self.earlier.setVisible(self._runs.outdated)
        self.earlier.setText(OTHER if run is not None and run.left else EARLIER)
        self._show_problems()
        self._refresh_figures()

    def _refresh_figures(self) -> None:
        run = self._runs.current
        self.bar.setVisible(run is not None and self._runs.busy)
        self.progress.setVisible(run is not None)
        if run is not None:
            starting = run.started is None and self._runs.busy
            # A bar from 0 to 0 moves to and fro.
            self.bar.setMaximum(0 if starting else WHOLE)
            self.bar.setValue(round(run.share * WHOLE))
            self.progress.setText(progress_text(run, self._runs.runner.state))
            self._show_metrics(run.metrics)

    def _show_metrics(self, metrics: Mapping[str, protocol.Number]) -> None:
        rows: dict[str, dict[str, protocol.Number]] = {}
        for name, value in metrics.items():
            split, metric = metric_parts(name)
            if split:
                rows.setdefault(metric, {})[split] = value
        wanted = {(metric, split) for metric in rows for split in SPLITS}
        if wanted != set(self._cells):
            self._make_cells(list(rows))
        for (metric, split), cell in self._cells.items():
            value = rows[metric].get(split)
            cell.setText(figure(metric, value) if split in rows[metric] else "")

    def _make_cells(self, metrics: list[str]) -> None:
        while (item := self._metrics.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._cells = {}
        for column, split in enumerate(SPLITS, 1):
            self._metrics.addWidget(text_label(split, muted=True), 0, column, Qt.AlignmentFlag.AlignRight)
        for row, metric in enumerate(metrics, 1):
            self._metrics.addWidget(QLabel(metric), row, 0)
            for column, split in enumerate(SPLITS, 1):
                cell = QLabel()
                cell.setProperty("rank", "heading")
                self._metrics.addWidget(cell, row, column, Qt.AlignmentFlag.AlignRight)
                self._cells[metric, split] = cell

    def _show_problems(self) -> None:
        """What keeps the design from being trained, each with its mends."""
        shown = () if self._runs.busy else self._runs.problems[:MOST_PROBLEMS]
        while len(self.problems) < len(shown):
            row = ProblemRow(self._appearance.theme)
            row.opened.connect(lambda problem: self._workspace.show_node(problem.node))
            row.fix_chosen.connect(self._workspace.fix)
            self._problem_place.addWidget(row)
            self.problems.append(row)
        for row, problem in zip(self.problems, shown, strict=False):
            row.show_problem(problem)
        for place, row in enumerate(self.problems):
            row.setVisible(place < len(shown))

    def _restyle(self, theme: Theme) -> None:
        self.train.setIcon(icon("train", theme, theme.on_accent))
        self.stop.setIcon(icon("stop", theme))
        self.more.setIcon(icon("more", theme))
        for row in self.problems:
            row.restyle(theme)
        self._refresh()


def figure(metric: str, value: protocol.Number) -> str:
    """A metric as it is read: shares in per cent, the rest in three figures."""
    if value is None:
        return "not finite"
    return f"{value:.1%}" if metric.endswith("accuracy") else f"{value:.3g}"


def progress_text(run: Run, state: State) -> str:
    """How far a run is, how fast it goes and how long it will take; or how it ended."""
    if run.problem is not None:
        return run.problem.sentence
    if run.finished is not None:
        return _end_text(run.finished)
    if run.started is None:
        return "Starting the training process…"
    epoch = min(run.step // max(1, run.started.steps_per_epoch) + 1, run.started.epochs)
    parts = [f"Epoch {count_text(epoch)} of {count_text(run.started.epochs)}"]
    if state is State.PAUSED:
        parts.append("paused")
    elif run.progress is not None:
        if run.progress.steps_per_second is not None:
            parts.append(f"{run.progress.steps_per_second:,.0f} steps/s")
        if run.progress.seconds_left is not None:
            parts.append(f"{duration(run.progress.seconds_left)} left")
    return f"{', '.join(parts)}, on {run.started.device}"


def _end_text(finished: protocol.Finished) -> str:
    if finished.reason:
        return f"Stopped: {finished.reason}. {_best_text(finished)}".strip()
    how = "Stopped" if finished.stopped else "Done"
    text = f"{how} after {count_text(finished.steps)} steps in {duration(finished.seconds)} of training."
    return f"{text} {_best_text(finished)}".strip() if finished.steps else "Stopped."


def _best_text(finished: protocol.Finished) -> str:
    best = finished.metrics.get("best_epoch")
    return f"The best was epoch {best:.0f}." if best is not None else ""


def duration(seconds: float) -> str:
    """A time in the units people use: "40 s", "3 min 20 s", "2 h 5 min"."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
