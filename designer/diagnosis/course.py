"""What a run has told so far, as far as the rules look back."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median

from designer.plan import Call, Plan
from designer.problems import Problem
from designer.protocol import Activation, Epoch, Event, Failed, Finished, Layer, Number, Omens, Progress, Started, Train

LOOKED_BACK = 100
"""Steps whose losses tell where the loss stands now."""
FEWEST_STEPS = 10
"""Steps before which nothing is said of the loss: the first ones swing."""
MEASUREMENTS = 30
"""Measurements of the layers that are kept."""
SURPRISES = frozenset(("CrossEntropyLoss", "BCEWithLogitsLoss", "BCELoss", "NLLLoss"))
"""Losses that are the surprise at the right class, so that guessing by the shares of the classes has a known loss."""


class Course:
    """Takes the events of one run; costs next to nothing at each, since most are only kept."""

    def __init__(self, request: Train, names: Mapping[str, Sequence[str]] | None = None) -> None:
        self.recipe, self.plan = request.recipe, request.plan
        self.names = names or {}
        """The columns of a field, where they have names; "" for one that nothing can be said of."""
        self.started: Started | None = None
        self.first: float | None = None
        """The loss of the first step, before any weight had moved."""
        self.largest = 0.0
        """The largest loss of a single step."""
        self.step = 0
        self.epochs: list[Epoch] = []
        self.problem: Problem | None = None
        self.over = False
        self.learning_rate: Number = None
        self._recent: deque[float] = deque(maxlen=LOOKED_BACK)
        self._measured: deque[Progress] = deque(maxlen=MEASUREMENTS)

    def hear(self, event: Event) -> None:
        """Take one event of the run."""
        match event:
            case Started():
                self.started, self.over = event, False
            case Progress():
                self._progress(event)
            case Epoch():
                self.epochs.append(event)
            case Finished():
                self.over = True
            case Failed():
                self.over, self.problem = True, event.problem

    def _progress(self, event: Progress) -> None:
        known = [loss for loss in event.losses if loss is not None]
        if self.first is None and known:
            self.first = known[0]
        self._recent.extend(known)
        self.largest = max((self.largest, *known))
        self.step = event.step
        self.learning_rate = event.learning_rate if event.learning_rate is not None else self.learning_rate
        if event.layers:
            self._measured.append(event)

    @property
    def omens(self) -> Omens:
        """What was seen before the first step."""
        return self.started.omens if self.started is not None else Omens()

    @property
    def level(self) -> float | None:
        """Where the loss stands: the median of the last steps; None before it can be said."""
        return median(self._recent) if len(self._recent) >= FEWEST_STEPS else None

    @property
    def baseline(self) -> float | None:
        """The loss of always guessing by the shares of the classes; None where the loss is of another kind."""
        total = 0.0
        for target in self.recipe.targets:
            if target.compares == "labels":
                continue
            counts = self.omens.balance.get(target.output)
            if not counts or target.loss.target.rpartition(".")[2] not in SURPRISES or target.loss.keywords:
                return None
            total += target.weight * surprise(counts)
        return total or None

    @property
    def unlearned(self) -> bool:
        """Whether the loss is about what it is without having learned anything."""
        if self.level is None or self.first is None:
            return False
        if self.baseline is not None:
            return self.level >= 0.93 * self.baseline
        return self.level >= 0.9 * self.first

    @property
    def measurements(self) -> int:
        """How many measurements of the layers are kept."""
        return len(self._measured)

    def of_layers(self, figure: Callable[[Layer], Number], back: int = 15) -> dict[str, float]:
        """The median of a figure of each layer over the last measurements, in the order of the network."""
        return self._medians([event.layers for event in self._measured], figure, back)

    def _medians(
        self, told: list[Mapping[str, Layer]], figure: Callable[[Layer], Number], back: int
    ) -> dict[str, float]:
        last = told[-back:]
        found: dict[str, float] = {}
        for name in last[-1] if last else ():
            values = [value for each in last if name in each and (value := figure(each[name])) is not None]
            if values:
                found[name] = median(values)
        return found

    def of_outputs(self, figure: Callable[[Activation], Number]) -> dict[str, list[float]]:
        """A figure of each node's output in all measurements kept."""
        found: dict[str, list[float]] = {}
        for event in self._measured:
            for name, activation in event.activations.items():
                value = figure(activation)
                if value is not None:
                    found.setdefault(name, []).append(value)
        return found

    def metric(self, name: str) -> list[float]:
        """A metric of every epoch in which it was measured and finite."""
        found = (epoch.metrics.get(name) for epoch in self.epochs)
        return [value for value in found if value is not None]

    def modules(self) -> Iterator[tuple[str, Call]]:
        """Every module of the plan by its full id, rounds included."""
        yield from _modules(self.plan, "")


def _modules(plan: Plan, prefix: str) -> Iterator[tuple[str, Call]]:
    for name, made_by in plan.modules.items():
        if isinstance(made_by, Call):
            yield prefix + name, made_by
        elif isinstance(made_by, Plan):
            yield from _modules(made_by, f"{prefix}{name}.")
        else:
            for number, inner in enumerate(made_by):
                yield from _modules(inner, f"{prefix}{name}.{number}.")


def surprise(counts: Sequence[int]) -> float:
    """The entropy of the classes, in nats."""
    total = sum(counts)
    return -sum(count / total * math.log(count / total) for count in counts if count)
