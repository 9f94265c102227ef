"""What a run tells of every layer, now and over time: the one place that the table, the canvas and plots read."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QObject, Signal

from designer import protocol
from designer.graph.changes import difference
from designer.graph.document import Document
from designer.gui.runner import Runner, State
from designer.gui.sheet import Sheet
from designer.gui.workspace import Workspace
from designer.protocol import Activation, Layer, Number

MOMENTS = 600
"""Moments of the past that are kept; half of them go when there are more."""
KEPT = 200_000
"""Figures in all that are kept, so that large networks have a shorter memory instead of a larger one."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a layer. `read` gives NaN where the layer has none, None where it is not finite."""

    key: str
    title: str
    doc: str
    read: Callable[[Layer | None, Activation | None], Number]
    share: bool = False
    """Whether it goes from 0 to 1 and is read in per cent."""
    signed: bool = False

    def text(self, value: Number) -> str:
        """The figure as it is read."""
        if value is None:
            return "not finite"
        if math.isnan(value):
            return ""
        return f"{value:.1%}" if self.share else f"{value:.3g}"


def _of_weights(read: Callable[[Layer], Number]) -> Callable[[Layer | None, Activation | None], Number]:
    return lambda layer, _: math.nan if layer is None else read(layer)


def _of_output(read: Callable[[Activation], Number]) -> Callable[[Layer | None, Activation | None], Number]:
    return lambda _, output: math.nan if output is None else read(output)


FIGURES = (
    Figure("weight_norm", "weight norm", "The length of all weights taken as one vector.",
           _of_weights(lambda layer: layer.weight_norm)),
    Figure("gradient_norm", "gradient norm", "The length of the gradient: near 0, the layer does not learn.",
           _of_weights(lambda layer: layer.gradient_norm)),
    Figure("update_ratio", "update ratio", "How far a step moves the weights, for their size; about 0.001 is usual.",
           _of_weights(lambda layer: layer.update_ratio)),
    Figure("dead", "dead units", "The share of a ReLU's units that gave zero for every example of a batch.",
           _of_output(lambda output: math.nan if output.dead is None else output.dead), share=True),
    Figure("mean", "output mean", "The mean of what comes out, over a batch.",
           _of_output(lambda output: output.mean), signed=True),
    Figure("spread", "output spread", "The standard deviation of what comes out: near 0, all examples look alike.",
           _of_output(lambda output: output.spread)),
)  # fmt: skip
FIGURE = {figure.key: figure for figure in FIGURES}


@dataclass(frozen=True, slots=True)
class Moment:
    """The figures of all layers at a step."""

    step: int = 0
    layers: Mapping[str, Layer] = field(default_factory=dict)
    activations: Mapping[str, Activation] = field(default_factory=dict)

    def value(self, figure: Figure, node: str) -> Number:
        """A figure of a layer by its full id."""
        return figure.read(self.layers.get(node), self.activations.get(node))

    def all(self, figure: Figure) -> dict[str, Number]:
        """A figure of every layer that has it."""
        ids = dict.fromkeys((*self.layers, *self.activations))
        found = {node: self.value(figure, node) for node in ids}
        return {node: value for node, value in found.items() if value is None or not math.isnan(value)}

    def __bool__(self) -> bool:
        return bool(self.layers or self.activations)


class LiveFigures(QObject):
    """Follows the worker; the figures belong to the design that was open when Train was pressed."""

    changed = Signal()
    """New figures came in, up to 30 times a second, or the old ones are gone."""

    def __init__(self, workspace: Workspace, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self.runner = workspace, runner
        self.now = Moment()
        self._past: list[Moment] = []
        self._every, self._skipped = 1, 0
        self._run = ""
        self._trained: Document | None = None
        self._trained_in: Sheet | None = None
        self._left = False
        workspace.opened.connect(self._leave)
        runner.told.connect(self._hear)
        runner.state_changed.connect(self._follow_runner)

    @property
    def stale(self) -> bool:
        """Whether the design has moved on since the run began."""
        if self._trained is None:
            return False
        return difference(self._trained, self._workspace.document).structure

    def series(self, figure: Figure, node: str) -> tuple[np.ndarray, np.ndarray]:
        """Steps and values of a layer's figure so far; NaN is what is not finite."""
        found = [(moment.step, moment.value(figure, node)) for moment in (*self._past, self.now) if moment]
        steps = np.array([step for step, _ in found], dtype=float)
        return steps, np.array([math.nan if value is None else value for _, value in found], dtype=float)

    def _follow_runner(self, state: State) -> None:
        """A run trains the design as it is when Train is pressed."""
        if state is State.TRAINING and self.runner.run != self._run:
            self._run, self._left = self.runner.run, False
            self._trained, self._trained_in = self._workspace.document, self._workspace.sheet
            self._forget()

    def _leave(self) -> None:
        """Another design is open: the figures of a run of the one before are not its own."""
        self._left = self._trained_in is not self._workspace.sheet
        self._forget()

    def _forget(self) -> None:
        self.now, self._past, self._every, self._skipped = Moment(), [], 1, 0
        self.changed.emit()

    def _hear(self, event: protocol.Event) -> None:
        if isinstance(event, protocol.Progress) and (event.layers or event.activations) and not self._left:
            before = self.now
            self.now = Moment(
                event.step, {**before.layers, **event.layers}, {**before.activations, **event.activations}
            )
            self._keep(before)
            self.changed.emit()

    def _keep(self, moment: Moment) -> None:
        """Every moment at first, later every second one, then every fourth, so that the whole run stays in sight."""
        self._skipped += 1
        if not moment or self._skipped < self._every:
            return
        self._skipped = 0
        self._past.append(moment)
        if len(self._past) > max(50, min(MOMENTS, KEPT // (len(moment.layers) + len(moment.activations)))):
            self._past = self._past[::2]
            self._every *= 2
