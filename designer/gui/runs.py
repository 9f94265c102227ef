"""The training of the open design: begins runs, follows what the worker tells of them, and remembers the last one."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np
from msgspec import structs
from PySide6.QtCore import QObject, Signal

from designer import protocol
from designer.compiler.checking.facts import findable
from designer.compiler.lowering.recipe import NotReadyError, train_request, training_problems
from designer.compiler.project import free_folder, open_design
from designer.diagnosis import Course, names_of
from designer.graph import files
from designer.graph.changes import Changes, difference
from designer.graph.document import Document
from designer.gui.live_figures import LiveFigures
from designer.gui.loss_curve import Losses, Series
from designer.gui.runner import BUSY, Runner, State
from designer.gui.sheet import Sheet
from designer.gui.workspace import Workspace
from designer.plan import codes
from designer.problems import Problem, UserError
from designer.run_folder import BEST, DESIGN, LOSSES, read_epochs, read_facts

log = logging.getLogger(__name__)

SPLITS = ("train", "validation", "test")
TRAINED = ("nodes", "links", "data", "blocks", "variables")
"""The parts of a design that a run depends on, but for how it is trained."""
LEARNING_RATE, THROUGHPUT, MEMORY = "learning rate", "examples/s", "memory (MiB)"


def metric_parts(name: str) -> tuple[str, str]:
    """The split of a metric and what it is called: "digit.validation_accuracy" is validation, "digit accuracy"."""
    output, _, rest = name.rpartition(".")
    split, _, metric = rest.partition("_")
    return (split, f"{output} {metric}".strip()) if split in SPLITS and metric else ("", name)


@dataclass
class Run:
    """One training as the window knows it; `document` is the design as it was when the run began."""

    folder: Path
    document: Document
    batch_size: int
    losses: Losses = field(default_factory=Losses)
    epochs: list[protocol.Epoch] = field(default_factory=list)
    latest: dict[str, protocol.Number] = field(default_factory=dict)
    """The last value of every metric."""
    series: dict[tuple[str, str], Series] = field(default_factory=dict)
    """Each metric over the epochs, by split and name."""
    course: Course | None = None
    """What the rules look at that find what is wrong with it; None where it was not begun here."""
    started: protocol.Started | None = None
    progress: protocol.Progress | None = None
    finished: protocol.Finished | None = None
    problem: Problem | None = None
    name: str = ""
    """What the user calls it."""
    sheet: Sheet | None = None
    """The open design that it was begun from."""
    left: bool = False
    """Whether another design is shown than the one it was begun from."""

    tracks: dict[str, Series] = field(default_factory=dict)
    """What is told along the way, by what it is called: learning rate, samples a second, memory."""

    def add_progress(self, event: protocol.Progress) -> None:
        """Take what happened in the last steps."""
        self.progress = event
        self.losses.add(event.losses)
        rate = event.steps_per_second
        told = {
            LEARNING_RATE: event.learning_rate,
            THROUGHPUT: None if rate is None else rate * self.batch_size,
            MEMORY: None if event.memory is None else event.memory / 2**20,
        }
        for name, value in told.items():
            if value is not None:
                self.tracks.setdefault(name, Series()).add(event.step, value)

    def add_epoch(self, epoch: protocol.Epoch) -> None:
        """Take what was measured at the end of an epoch."""
        self.epochs.append(epoch)
        self.latest |= epoch.metrics
        for name, value in epoch.metrics.items():
            key = metric_parts(name)
            if key[0]:
                self.series.setdefault(key, Series()).add(epoch.step, value)

    def go_back(self, step: int, epoch: int) -> None:
        """Forget what was told after so many steps and whole epochs: it will be told again."""
        self.losses.cut(step)
        for series in (*self.tracks.values(), *self.series.values()):
            series.cut(step)
        self.epochs = [each for each in self.epochs if each.epoch <= epoch]

    @property
    def title(self) -> str:
        """What the run is called: the user's name for it, or its folder's."""
        return self.name or self.folder.name

    @property
    def metrics(self) -> Mapping[str, protocol.Number]:
        """The newest figures, of which not every epoch has all, and those of the test once there are any."""
        tested = self.finished.metrics if self.finished is not None else {}
        return {**self.latest, **{name: value for name, value in tested.items() if "test_" in name}}

    @property
    def step(self) -> int:
        """How many steps are done."""
        return max(self.progress.step if self.progress else 0, self.epochs[-1].step if self.epochs else 0)

    @property
    def share(self) -> float:
        """How much of the run is done, from 0 to 1."""
        if self.started is None:
            return 0.0
        return min(1.0, self.step / max(1, self.started.epochs * self.started.steps_per_epoch))


class Runs(QObject):
    """Begins, steers and follows runs. Panels and actions ask it what can be done now."""

    changed = Signal()
    """Something about the run, what can be done with it, or what keeps from training is different."""
    progressed = Signal()
    """New losses or metrics came in; up to 30 times a second."""
    begun = Signal()
    """A run begins, or goes on for some epochs more."""
    refused = Signal(object)
    """The problems that kept a run from beginning."""
    failed = Signal(object)
    """The problem that ended a run."""
    ended = Signal(object)
    """The run that came to its end, stopped or not."""

    def __init__(self, workspace: Workspace, runner: Runner, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.workspace, self.runner, self.folder = workspace, runner, folder
        self.live = LiveFigures(workspace, runner, self)
        """What the run under way, or the last one, tells of each layer."""
        self.current: Run | None = None
        """The run under way, or the last one."""
        self.weights: Path | None = None
        """The best weights of the last run that came to its end."""
        self.outdated = False
        """Whether the design has moved on since the run began."""
        self.problems: tuple[Problem, ...] = training_problems(workspace.report)
        """What keeps the open design from being trained."""
        runner.told.connect(self._follow)
        runner.state_changed.connect(self._state_changed)
        workspace.changed.connect(self._design_changed)
        self._of_sheets: WeakKeyDictionary[Sheet, tuple[Run | None, Path | None]] = WeakKeyDictionary()
        workspace.parked.connect(self._park)
        workspace.opened.connect(self._leave)

    @property
    def busy(self) -> bool:
        """Whether a run is under way."""
        return self.runner.state in BUSY

    @property
    def can_go_on(self) -> bool:
        """Whether the last run of this design can be trained for some epochs more."""
        run = self.current
        return run is not None and not run.left and self.runner.can_go_on and self.runner.run == str(run.folder)

    def train(self) -> bool:
        """Begin a run of the open design; returns whether it began, and says why not through `refused`."""
        if self.busy:
            return False
        document = self.workspace.document
        folder = free_folder(self.folder, self._name())
        try:
            request = train_request(self.workspace.report, str(folder), home=self.workspace.home)
            request = structs.replace(request, allowed=self.workspace.consent.among(codes(request.plan)))
            make_folder(folder, findable(document, self.workspace.home))
        except NotReadyError as error:
            self.refused.emit(error.problems)
            return False
        except UserError as error:
            self.refused.emit((Problem("run-folder", str(error)),))
            return False
        self.current = Run(folder, document, request.recipe.batch_size, sheet=self.workspace.sheet)
        self.current.course = Course(request, names_of(self.workspace.report.facts))
        self.outdated = False
        self.weights = None  # those of an earlier run are another design's
        self.begun.emit()
        self.runner.train(request)
        self.changed.emit()
        return True

    def find_rate(self) -> bool:
        """Try learning rates for the open design; returns whether it began, and says why not through `refused`."""
        if self.busy:
            return False
        try:
            ready = train_request(self.workspace.report, "", home=self.workspace.home)
        except NotReadyError as error:
            self.refused.emit(error.problems)
            return False
        allowed = self.workspace.consent.among(codes(ready.plan))
        self.runner.find_rate(protocol.FindRate(ready.plan, ready.recipe, allowed=allowed))
        return True

    def show(self, run: Run) -> None:
        """Take a kept run for the last one of the open design: its curves, and its weights to export with."""
        if self.busy:
            return
        run.sheet = self.workspace.sheet
        best = run.folder / BEST
        self.current, self.outdated = run, self._moved_on(run)
        self.weights = best if best.is_file() else None
        self.progressed.emit()
        self.changed.emit()

    def go_on(self, run: Run, epochs: int = 0) -> None:
        """Go on with a kept run where it was cut short, or for so many epochs more; `refused` says why not."""
        if self.busy:
            return
        try:
            facts = read_facts(run.folder)
        except UserError as error:
            self.refused.emit((Problem("run-folder", str(error)),))
            return
        done = max(len(run.epochs), run.epochs[-1].epoch if run.epochs else 0)
        recipe = structs.replace(facts.recipe, epochs=max(facts.recipe.epochs, done) + epochs)
        allowed = self.workspace.consent.among(codes(facts.plan))
        self.show(run)
        run.finished, run.problem, run.progress = None, None, None
        self.begun.emit()
        self.runner.train(protocol.Train(facts.plan, recipe, str(run.folder), allowed, "last"))
        self.changed.emit()

    def pause_or_resume(self) -> None:
        """Hold the run, or go on with it."""
        if self.runner.state is State.PAUSED:
            self.runner.resume()
        else:
            self.runner.pause()

    def stop(self) -> None:
        """End the run after the step under way."""
        self.runner.stop()

    def step_once(self) -> None:
        """Do one step of a paused run."""
        self.runner.step_once()

    def change_rate(self, rate: float) -> None:
        """Let the run under way go on with another learning rate."""
        self.runner.change_rate(rate)

    def more(self, epochs: int = 1) -> None:
        """Train the last run's network for so many epochs more."""
        if self.current is not None and self.can_go_on:
            self.current.finished = None
            self.begun.emit()
            self.runner.more(epochs)

    def _name(self) -> str:
        path = self.workspace.path
        return self.workspace.document.name or (path.stem if path else "") or "design"

    def _design_changed(self, changes: Changes) -> None:
        if changes.structure or changes.data or changes.training:
            self.problems = training_problems(self.workspace.report)
            if self.current is not None:
                self.outdated = self.current.left or self._moved_on(self.current)
            self.changed.emit()

    def _park(self, sheet: Sheet) -> None:
        """Another design is shown: remember the run of this one, and its weights."""
        run = self.current if self.current is not None and self.current.sheet is sheet else None
        self._of_sheets[sheet] = (run, self.weights)

    def _leave(self) -> None:
        """Another design is shown: a run of the one before says nothing about it, nor do its weights fit.

        A run under way stays in sight; once it is over, each design has its own.
        """
        sheet = self.workspace.sheet
        own, self.weights = self._of_sheets.pop(sheet, (None, None))
        if not self.busy:
            self.current = own
        if self.current is not None:
            self.current.left = self.current.sheet is not sheet
            self.outdated = self.current.left or self._moved_on(self.current)
        else:
            self.outdated = False
        self.problems = training_problems(self.workspace.report)
        self.changed.emit()

    def _moved_on(self, run: Run) -> bool:
        since = difference(run.document, self.workspace.document)
        if not (since.structure or since.data):
            return False
        # A kept run's design was read from its file, so that nothing in it is the same object.
        before, now = run.document, findable(self.workspace.document, self.workspace.home)
        return any(getattr(before, name) != getattr(now, name) for name in TRAINED)

    def _state_changed(self) -> None:
        self.changed.emit()

    def _follow(self, event: protocol.AnyEvent) -> None:
        run = self.current
        if run is None or getattr(event, "run", None) != str(run.folder):
            return
        if run.course is not None:
            run.course.hear(event)
        match event:
            case protocol.Started():
                run.started = event
                run.go_back(event.step, event.epoch)
                self.changed.emit()
            case protocol.Progress():
                run.add_progress(event)
                self.progressed.emit()
            case protocol.Epoch():
                run.add_epoch(event)
                self.progressed.emit()
            case protocol.Finished() | protocol.Failed():
                self._end(run, event)

    def _end(self, run: Run, event: protocol.Finished | protocol.Failed) -> None:
        if isinstance(event, protocol.Finished):
            run.finished = event
        else:
            run.problem = event.problem
        best = run.folder / BEST
        if best.is_file() and not run.left:
            self.weights = best
        elif best.is_file() and run.sheet is not None and run.sheet in self._of_sheets:
            # It waits for its design to be shown again.
            self._of_sheets[run.sheet] = (run, best)
        self.progressed.emit()
        self.changed.emit()
        if isinstance(event, protocol.Failed):
            self.failed.emit(event.problem)
        else:
            self.ended.emit(run)


def make_folder(folder: Path, document: Document) -> None:
    """Make a run's folder with the design it trains; raises UserError."""
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise UserError(
            f"The run's folder {folder} cannot be made: {error.strerror}. Free space there, or allow writing."
        ) from error
    files.write(document, folder / DESIGN)


def load(folder: Path, name: str = "") -> Run:
    """A kept run with its design, curves and figures; any thread may ask. Raises UserError."""
    facts = read_facts(folder)
    run = Run(folder, open_design(folder / DESIGN), facts.recipe.batch_size, name=name)
    try:
        for line in read_epochs(folder):
            run.add_epoch(protocol.Epoch(str(folder), line.epoch, line.step, line.metrics, best=False))
        losses = np.fromfile(folder / LOSSES, "<f4") if (folder / LOSSES).exists() else np.empty(0)
    except OSError as error:
        raise UserError(f"The curves in {folder} cannot be read: {error.strerror}.") from error
    run.losses.add(tuple(None if math.isnan(loss) or math.isinf(loss) else loss for loss in losses.tolist()))
    if isinstance(facts.result, protocol.Finished):
        run.finished = facts.result
    elif facts.result is not None:
        run.problem = facts.result.problem
    return run
