"""What each node takes in memory and how far it sees, worked out beside the window's thread.

The walk through a design of 10,000 nodes takes half a second; nobody must wait for it to see a node's name.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from designer.compiler.checking.report import Report
from designer.compiler.cost import training_cost
from designer.gui.levels import Place
from designer.gui.workspace import Workspace

Subject = tuple[object, ...]
"""All that the figures depend on."""
POLL = 10
"""Milliseconds between two looks whether the walk is done."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What a node takes, or all that is inside a group; in bytes. `field` is None where it sees all, or none is known.

    `kept` is what training keeps of it for the gradients; None where a length is free.
    """

    weights: int = 0
    kept: int | None = 0
    field: tuple[int, ...] | None = None


def figures_of(report: Report) -> Mapping[str, Figure]:
    """The figures of every node by its full id, groups and their rounds included."""
    found: dict[str, Figure] = {}
    for name, cost in training_cost(report).nodes.items():
        place = name
        while place:
            before = found.get(place, Figure())
            kept = None if before.kept is None or cost.activation_bytes is None else before.kept + cost.activation_bytes
            field = max((each for each in (before.field, cost.receptive_field) if each), default=None)
            found[place] = Figure(before.weights + cost.weight_bytes, kept, field)
            place = place.rpartition(".")[0]
    return found


class Figures(QObject):
    """The figures of the workspace's design, for those who ask; `ready` tells that they are there.

    `place` tells at which path of groups the nodes stand that are asked about.
    """

    ready = Signal()

    def __init__(self, workspace: Workspace, place: Callable[[], Place], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._place = workspace, place
        self._threads = ThreadPoolExecutor(1, "figures")
        self._running: tuple[Subject, Future[Mapping[str, Figure]]] | None = None
        self._subject: Subject = ()
        self._found: Mapping[str, Figure] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(POLL)
        self._timer.timeout.connect(self._look)

    def shut(self) -> None:
        """Nobody asks any more."""
        self._timer.stop()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def now(self) -> Mapping[str, Figure] | None:
        """The figures of the design as it is; None while they are worked out, which this begins."""
        report = self._workspace.report
        # A move makes another report of the same nodes: nothing is worked out again for it.
        subject = (report.nodes, report.document.training)
        if len(self._subject) == len(subject) and all(map(operator.is_, self._subject, subject)):
            return self._found
        if self._running is None:
            self._running = subject, self._threads.submit(figures_of, report)
            self._timer.start()
        return None

    def of(self, node: str) -> Figure | None:
        """The figures of a node of the shown design; None while they are worked out."""
        found = self.now()
        return None if found is None else found.get(f"{self.prefix}{node}", Figure())

    @property
    def prefix(self) -> str:
        """What stands before the ids of the shown nodes in a full id; of a repeated group, its first round is shown."""
        report, prefix = self._workspace.report, ""
        for group in self._place():
            rounds = report.nodes[group].rounds
            if not rounds:
                return prefix
            prefix += f"{group}." if len(rounds) == 1 else f"{group}.0."
            report = rounds[0]
        return prefix

    def _look(self) -> None:
        if self._running is None or not self._running[1].done():
            return
        self._timer.stop()
        (self._subject, done), self._running = self._running, None
        self._found = done.result()
        self.ready.emit()
