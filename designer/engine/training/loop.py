"""Trains a plan: a plain loop, told as a generator of events.

The loop itself never waits for the device: losses stay tensors until the next message is due, at most 30 times a
second, and are then read together with the layers' figures in one transfer.
"""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from torch import Tensor

from designer.engine.control import Control
from designer.engine.devices import memory_taken
from designer.engine.failures import EXPECTED, Failure, explain, fail
from designer.engine.network import StepError
from designer.engine.training import checkpoint
from designer.engine.training.examples import Batch, Examples
from designer.engine.training.figures import NOTHING, Figures, Measured
from designer.engine.training.histograms import distributions
from designer.engine.training.keeping import Best
from designer.engine.training.metrics import is_due
from designer.engine.training.omens import omens
from designer.engine.training.prepare import blame, prepare
from designer.engine.training.record import Record, State, leave_failure
from designer.engine.training.stepping import Stepper
from designer.engine.training.surroundings import random_state, set_random_state, surroundings
from designer.engine.training.telling import Clock, Losses, Pace
from designer.engine.values.probe import Lent, answer
from designer.protocol import (
    ChangeRate,
    Distributions,
    Epoch,
    Event,
    Failed,
    Finished,
    Histograms,
    Number,
    Pause,
    Paused,
    Probe,
    Progress,
    Resume,
    Resumed,
    Started,
    StepOnce,
    Stop,
    Stopping,
    Train,
    Values,
    finite,
)

SECONDS_BETWEEN_MESSAGES = 1 / 30
SECONDS_AFTER_STOP = 1.0
"""How long a run that was stopped may still take to test its weights."""
PLACE = ("step", "epochs_done", "taken", "order", "random", "threads", "sizes")
"""Where a run stands, by the names that the trainer has for it."""
MEASURED_WITHOUT_VALIDATION = 1000
"""Training examples that are measured after an epoch where there is no validation split to match."""


def train(request: Train, control: Control) -> Generator[Event, None, Trainer | None]:
    """Trains as `request` says, steered by `control`, and tells what happens.

    Returns what `more` needs to go on, or None where the run failed. Whatever goes wrong through no fault of the engine
    is told as Failed; any other exception is a bug and is raised.
    """
    trainer = None
    try:
        trainer = Trainer(request)
        yield from trainer.run(request.recipe.epochs - trainer.epochs_done, control)
    except (Failure, *EXPECTED) as error:
        failed = Failed(explain(error), request.folder)
        if trainer is not None:
            trainer.record.failed(failed)
        leave_failure(request, failed)
        yield failed
        return None
    return trainer


def more(trainer: Trainer, epochs: int, control: Control) -> Generator[Event, None, Trainer | None]:
    """Trains on for `epochs`, as if the run had been longer from the start; returns as `train` does."""
    trainer.best.waited = 0
    try:
        yield from trainer.run(epochs, control)
    except (Failure, *EXPECTED) as error:
        failed = Failed(explain(error), trainer.name)
        trainer.record.failed(failed)
        yield failed
        return None
    return trainer


class Trainer:
    """A run: all that lives on from step to step, and from one `run` to the next."""

    def __init__(self, request: Train) -> None:
        recipe = request.recipe
        self.name, self.plan, self.recipe = request.folder, request.plan, recipe
        self.bench = prepare(request.plan, recipe, request.allowed)
        self.network = self.bench.network
        self.sizes = self.bench.examples["train"].sizes(recipe.batch_size)
        self.stepper = Stepper(self.bench, recipe, self.sizes)
        self.record = Record(request, self.bench.facts())
        self.figures = Figures(self.network)
        self.seen = self.stepper.like_it(lambda *inputs: self.figures.pass_through(inputs))
        """The network as the recipe wants it run, measured on the way."""
        self.omens = omens(self.bench, recipe)
        self.shuffle = torch.Generator().manual_seed(recipe.seed)
        self.order = self.shuffle.get_state()
        """Where the shuffling stands as the epoch begins that is under way, or next."""
        self.taken = 0
        """The batches of it that are done."""
        self.random = random_state(self.bench.device)
        self.threads = self.bench.threads
        self.losses, self.pace, self.clock = Losses(), Pace(0, 0), Clock()
        self.epoch = self.epochs_done = self.step = 0
        self.stopping = self.once = self.held = False
        """Whether the run ends, whether it holds again after the next step, and whether it holds before it."""
        self.due = 0.0
        self.sound: list[Tensor] | None = None
        """The weights before the last message, when all was well."""
        self.best = Best(recipe.patience)
        if request.resume:
            self._go_on(request)

    def state_dict(self) -> dict[str, Any]:
        """All that the rest of the run depends on, between two steps."""
        return {
            "network": self.network.state_dict(),
            "stepper": self.stepper.state_dict(),
            "best": self.best.state_dict(),
            "best_weights": self.best.weights,
            "losses": torch.tensor(self.losses.epoch, dtype=torch.float64),
            "seconds": self.clock.seconds,
            **{name: getattr(self, name) for name in PLACE},
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Takes back what `state_dict` gave; `run` then goes on as if there had been no interruption."""
        self.network.load_state_dict(state["network"])
        self.stepper.load_state_dict(state["stepper"])
        self.best.load_state_dict(state["best"])
        self.best.weights = state["best_weights"]
        self.losses.epoch[:] = state["losses"].tolist()
        self.clock.seconds = state["seconds"]
        for name in PLACE:
            setattr(self, name, state[name])

    def _go_on(self, request: Train) -> None:
        """Takes back what a checkpoint has, and forgets what was recorded after it; raises Failure."""
        state = checkpoint.read(Path(request.folder), request.resume)
        checkpoint.give(self, state, self.sizes)
        self.record.back_to(self.epochs_done, self.step)
        if self.best.reason:  # whoever goes on knows that the run had ended by itself
            self.best.waited = 0

    def run(self, epochs: int, control: Control) -> Iterator[Event]:
        """Trains for so many epochs more; raises Failure, or one of `failures.EXPECTED`."""
        if epochs < 1:
            done = f" after {self.epochs_done}" if self.epochs_done else ""
            raise fail("epochs", f"There are no epochs to train{done}.", f"Choose at least {self.epochs_done + 1}.")
        self.stopping = self.once = self.held = False
        self.pace = Pace(self.step, epochs * len(self.sizes) - self.taken)
        device, counts = str(self.bench.device), self.bench.data.counts
        try:
            with surroundings(self.threads, self.recipe.deterministic):
                set_random_state(self.random, self.bench.device)
                self.record.begin()
                known = self.epochs_done
                yield Started(self.name, device, known + epochs, len(self.sizes), counts, self.omens, self.step, known)
                for _ in range(epochs):
                    yield from self._epoch(control)
                    if self.stopping or self.best.reason:
                        break
                if self.losses.waiting:
                    yield self._progress()
                if control.stop_waits:
                    yield Stopping(self.name)
                finished = self._finish(control)
        except BaseException:  # whatever ends the run, the best weights so far are the user's
            with suppress(OSError, SafetensorError):
                self.record.steps(self.losses.write())
                self.record.give_up()
            raise
        yield finished

    def _epoch(self, control: Control) -> Iterator[Event]:
        self.epoch = self.epochs_done + 1
        self.network.train()
        try:
            yield from self._steps(control)
        except RuntimeError as error:  # of the backward pass or the update: no step of the plan can be blamed
            raise StepError("", error) from error
        finally:
            self.clock.stop()
        if self.stopping:
            self.random = random_state(self.bench.device)
            return
        self.epochs_done += 1
        self.taken, self.order = 0, self.shuffle.get_state()
        with self.stepper.measured():
            metrics = self._measure_epoch(control)
            best = self._is_best(metrics)
        rate = finite(self.stepper.rates.rate)
        self.stepper.rates.after_epoch(metrics.get("validation_loss", metrics.get("train_loss")))
        self.random = random_state(self.bench.device)
        self.record.epoch(self.epochs_done, self.step, {**metrics, "learning_rate": rate})
        if best and self.best.weights is not None:
            self.record.best(self.best.weights, checkpoint.take(self))
        if self.record.due:
            self._save()
        yield Epoch(self.name, self.epochs_done, self.step, metrics, best, rate)
        if control.waiting or self.held:
            yield from self._listen(control)

    def _steps(self, control: Control) -> Iterator[Event]:
        """What is left of a pass over the training split; ends early when the run is stopped."""
        stepper, batch = self.stepper, ((), ())  # type: tuple[Stepper, Batch]
        self.clock.start()
        for place, batch in enumerate(self._batches(), self.taken):
            if control.waiting or self.held:
                self.clock.stop()
                yield from self._listen(control)
                self.clock.start()
                if self.stopping:
                    break
            due = self.once or time.perf_counter() >= self.due
            before = self.figures.copy() if due and stepper.updates(place) else None
            self.losses.add(stepper.step(batch, place, None if before is None else self.seen))
            self.step += 1
            self.taken += 1
            self.held, self.once = self.once, False
            if due:
                yield from self._tell(before, batch)
        yield from self._read(batch)

    def _batches(self) -> Iterator[Batch]:
        """The batches of the epoch; of one that was begun earlier, what is left in the same order."""
        if not self.taken:
            self.losses.epoch.clear()
        self.shuffle.set_state(self.order)
        batches = iter(self.bench.examples["train"].shuffled(self.sizes, self.shuffle))
        if self.taken:
            next(islice(batches, self.taken - 1, None))
            # What makes batches may draw from the same chance as the steps.
            set_random_state(self.random, self.bench.device)
        return batches

    def _listen(self, control: Control) -> Iterator[Event]:
        """Does what was asked between two steps; holds the run while it is paused."""
        since, held = time.perf_counter(), self.held
        if held:
            yield Paused(self.name)
        self.held = False
        while not self.stopping and not self.once:
            request = control.wait() if held else control.poll()
            if request is None:
                break
            if isinstance(request, Pause) and not held:
                held = True
                yield Paused(self.name)
            elif isinstance(request, Resume) and held:
                held = False
                self.pace.held(time.perf_counter() - since)
                yield Resumed(self.name)
            elif isinstance(request, ChangeRate):
                self.stepper.rates.change(request.rate)
                yield self._progress()
            elif isinstance(request, (Histograms, Probe)):
                yield self.answer(request)
            self.once = held and isinstance(request, StepOnce)
            self.stopping = isinstance(request, Stop)
        if held:
            self.pace.held(time.perf_counter() - since)
        if self.stopping:
            yield Stopping(self.name)

    def answer(self, request: Histograms | Probe) -> Distributions | Values:
        """How the weights and gradients of a layer are spread now, or what comes out of every node."""
        if isinstance(request, Histograms):
            return Distributions(self.name, request.node, self.step, distributions(self.network, request))
        if request.plan != self.plan:
            return Values(request.key, problem="The run under way trains the design as it was before.")
        return answer(request, self.lent)

    @property
    def lent(self) -> Lent:
        """What a probe may look at."""
        return Lent(self.plan, self.network, self.bench.data, self.bench.device, self.step)

    def _tell(self, before: list[Tensor] | None, batch: Batch) -> Iterator[Event]:
        """The message that is due; `before` has the weights before the step, where figures are due too."""
        self.due = time.perf_counter() + SECONDS_BETWEEN_MESSAGES
        squares = None if before is None else self.figures.measure(before)
        measured = yield from self._read(batch, before, squares)
        self.sound = before or self.sound
        progress = self._progress(measured)
        self.clock.stop()
        if self.record.due:
            self._save()
        yield progress
        self.clock.start()

    def _save(self) -> None:
        """Writes a checkpoint of this moment between two steps."""
        self.random = random_state(self.bench.device)
        self.record.steps(self.losses.write())
        self.record.last(checkpoint.take(self))

    def _read(
        self, batch: Batch, before: list[Tensor] | None = None, squares: Tensor | None = None
    ) -> Generator[Event, None, Measured]:
        """Fetches all losses and the layers' figures; a last message and a Failure where a loss is not finite."""
        numbers = self.losses.read(squares)
        ago = self.losses.first_not_finite()
        if ago is not None:
            yield self._progress()
            # By now all weights are NaN; the node that began it shows with those of the last message.
            self.figures.restore(before, self.sound)
            raise Failure(blame(self.bench, batch, self.step - ago))
        return NOTHING if squares is None else self.figures.read(numbers)

    def _progress(self, measured: Measured = NOTHING) -> Progress:
        rate, left = self.pace.tell(self.step)
        layers, activations = measured
        learning_rate = finite(self.stepper.rates.rate)
        memory = memory_taken(self.bench.device)
        losses = self.losses.tell()
        return Progress(
            self.name, self.step, self.epoch, losses, layers, rate, left, activations, learning_rate, memory
        )

    def _measure_epoch(self, control: Control) -> dict[str, Number]:
        """The metrics after an epoch: the loss of its own steps, and how training and validation examples fare now.

        Of the training split only as many examples are measured as the validation split has.
        """
        validation = self.bench.examples["validation"]
        some = self.bench.examples["train"].first(len(validation) or MEASURED_WITHOUT_VALIDATION)
        whole = is_due(self.epochs_done, len(self.sizes))
        measured = self._measure(control, "train", some, whole=False)
        measured |= self._measure(control, "validation", validation, whole=whole)
        return {**measured, "train_loss": finite(self.losses.mean(self.sizes))}

    def _measure(
        self, control: Control, split: str, examples: Examples, until: float = math.inf, *, whole: bool = True
    ) -> dict[str, Number]:
        """The metrics of a split under their full names; none where Stop comes first, or the time `until`."""

        def given_up() -> bool:
            return control.stop_waits or time.perf_counter() > until

        size, forward = 4 * self.recipe.batch_size, self.stepper.forward
        metrics = self.bench.goals.measure(self.network, examples, size, given_up, whole=whole, forward=forward)
        return {_named(split, name): finite(value) for name, value in metrics.items()}

    def _is_best(self, metrics: Mapping[str, Number]) -> bool:
        """Whether the weights are the best so far, to be remembered; the training loss decides without validation."""
        loss = metrics.get("validation_loss" if len(self.bench.examples["validation"]) else "train_loss")
        best = self.best.beaten_by(loss)
        if best and loss is not None:
            self.best.loss, self.best.metrics = loss, {**metrics, "best_epoch": self.epochs_done}
            self.best.weights = self._copy()
        return best

    def _finish(self, control: Control) -> Finished:
        """Tests the best weights and writes everything; the network goes back to the last weights."""
        metrics = self.best.metrics or {"train_loss": finite(self.losses.mean(self.sizes))}
        until = time.perf_counter() + SECONDS_AFTER_STOP if self.stopping else math.inf
        last, snapshot = self._copy(), checkpoint.take(self)
        if self.best.weights is not None:
            self.network.load_state_dict(self.best.weights)
        metrics = {**metrics, **self._measure(control, "test", self.bench.examples["test"], until)}
        self.network.load_state_dict(last)
        reason = "" if self.stopping else self.best.reason
        stopped = self.stopping or bool(reason)
        finished = Finished(self.step, self.clock.seconds, metrics, self.name, self.epochs_done, stopped, reason)
        self.record.steps(self.losses.write())
        self.record.finish(finished, self.best.weights or last, last, snapshot)
        return finished

    def _copy(self) -> State:
        return {name: weight.detach().clone() for name, weight in self.network.state_dict().items()}


def _named(split: str, metric: str) -> str:
    """ "accuracy" of the test is "test_accuracy"; of one output among several, "digit.test_accuracy"."""
    output, dot, name = metric.rpartition(".")
    return f"{output}{dot}{split}_{name}"
