"""What one example becomes on its way through the open design: asked of the worker, and told to canvas and panel."""

from __future__ import annotations

import time
from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from designer import protocol
from designer.catalogue import LOSSES
from designer.catalogue.tensor import Misfit
from designer.compiler.checking.data_rules import wiring_of
from designer.compiler.lowering.choices import settings
from designer.compiler.lowering.looking import source_to_look_at, split_to_look_at
from designer.compiler.lowering.lower import lower
from designer.graph.changes import Changes
from designer.graph.names import plain_id
from designer.gui.runner import State
from designer.gui.runs import Runs
from designer.gui.workspace import Workspace
from designer.plan import codes

SOON = 50
"""Milliseconds after a change before values are asked for, so that a key held down asks once."""
LIVE = 250
"""Milliseconds between two questions while a run goes on."""
NOT_SOUND = "Values are shown once the design has no errors."
NO_DATA = "Choose data first: an example of it is sent through the network."
OFF = frozenset({State.OFF, State.STARTING})


class ExampleValues(QObject):
    """One example and its values. It asks while somebody wants to see them (`want`), one question at a time."""

    changed = Signal()
    """There are other values, or none any more."""

    def __init__(self, workspace: Workspace, runs: Runs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._runs = workspace, runs
        self.part, self.row = "validation", 0
        self.given: tuple[tuple[float, ...], ...] = ()
        """Numbers typed in for each input, in place of an example of the data."""
        self.node = ""
        """The full id of the node that is wanted large."""
        self.answer: protocol.Values | None = None
        self.note = ""
        """Why there are no values, in a sentence."""
        self._wanted: set[object] = set()
        self._by_id: Mapping[str, protocol.Value] = {}
        self._scored: frozenset[str] = frozenset()
        self._waiting, self._again, self._number, self._asked_at = False, False, 0, 0.0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._ask)
        workspace.changed.connect(self._design_changed)
        runs.progressed.connect(self._run_moved)
        runs.changed.connect(self._later)
        runs.runner.told.connect(self._follow)
        runs.runner.state_changed.connect(self._worker_changed)

    @property
    def on(self) -> bool:
        """Whether anybody wants to see values."""
        return bool(self._wanted)

    def want(self, who: object, wanted: bool) -> None:
        """Somebody wants to see values, or does not any more."""
        before = self.on
        (self._wanted.add if wanted else self._wanted.discard)(who)
        if self.on and not before:
            self._later()
        elif before and not self.on:
            self._show(None, "")

    def choose(self, part: str, row: int) -> None:
        """Send this example of the data through the network."""
        self.part, self.row, self.given = part, max(0, row), ()
        self._later()

    def type_in(self, given: tuple[tuple[float, ...], ...]) -> None:
        """Send these numbers through the network, those of each input in a row."""
        self.given = given
        self._later()

    def look_at(self, node: str) -> None:
        """Show this node large."""
        if node != self.node:
            self.node = node
            self._later()

    def of(self, full_id: str) -> protocol.Value | None:
        """What a node gives; of a repeated group, in its last round."""
        return self._by_id.get(full_id)

    def class_names(self, output: str) -> tuple[str, ...]:
        """What the numbers of an Output stand for, where they are scores of classes."""
        report = self._workspace.report
        if report.facts is None or output not in self._scored:
            return ()
        field = wiring_of(report, report.facts).targets.get(output, "")
        known = report.facts.fields.get(field)
        return known.classes if known is not None else ()

    def _later(self) -> None:
        if self.on:
            self._timer.start(SOON)

    def _run_moved(self) -> None:
        if self.on and not self._timer.isActive():
            past = 1000 * (time.monotonic() - self._asked_at)
            self._timer.start(max(SOON, round(LIVE - past)))

    def _design_changed(self, changes: Changes) -> None:
        if changes.data:
            self.given = ()
        if changes.structure or changes.data:
            self._later()

    def _worker_changed(self, state: State) -> None:
        if state in OFF and self._waiting:
            self._waiting = False
        self._later()

    def _ask(self) -> None:
        if not self.on:
            return
        if self._waiting:
            self._again = True
            return
        request = self._question()
        if isinstance(request, str):
            self._show(None, request)
            return
        self._waiting, self._again = True, False
        self._asked_at = time.monotonic()
        self._runs.runner.probe(request)

    def _question(self) -> protocol.Probe | str:
        """What to ask the worker, or why there is nothing to ask."""
        workspace, report = self._workspace, self._workspace.report
        source = source_to_look_at(report.document.data, workspace.home)
        if not report.nodes or not report.sound:
            return NOT_SOUND if report.nodes else ""
        if source is None or report.facts is None:
            return NO_DATA
        plan, wired = lower(report, workspace.home), wiring_of(report, report.facts)
        self._number += 1
        return protocol.Probe(
            f"values {self._number}", plan, source, tuple(wired.inputs.values()),
            split_to_look_at(report.document.data), self.part, self.row, self.given, self._scores(), self._weights(),
            self._seed(), self.node, workspace.consent.among(codes(plan)),
        )  # fmt: skip

    def _scores(self) -> tuple[str, ...]:
        """The Outputs whose numbers are raw scores of classes."""
        found = []
        for name, node in self._workspace.report.nodes.items():
            loss = LOSSES.get(str(getattr(node.layer, "loss", "")))
            if loss is not None and loss.compares == "classes" and loss.raw_scores:
                found.append(name)
        return tuple(found)

    def _weights(self) -> str:
        """The best weights of the last run, where they are those of this design."""
        weights = self._runs.weights
        return str(weights) if weights is not None and not self._runs.outdated else ""

    def _follow(self, event: protocol.AnyEvent) -> None:
        if not isinstance(event, protocol.Values) or event.key != f"values {self._number}":
            return
        self._waiting = False
        if self.on:
            self._show(None if event.problem else event, event.problem)
        if self._again:
            self._ask()

    def _show(self, answer: protocol.Values | None, note: str) -> None:
        self.answer, self.note = answer, note
        found = {} if answer is None else answer.values
        self._by_id = {plain_id(name): value for name, value in found.items()}
        # Once for each answer: the canvas asks for the names at every node.
        self._scored = frozenset(self._scores())
        self.changed.emit()

    def _seed(self) -> int:
        """The seed of the training, from which fresh weights are drawn; 0 where its settings must be mended first."""
        try:
            return settings(self._workspace.document.training).seed
        except Misfit:
            return 0
