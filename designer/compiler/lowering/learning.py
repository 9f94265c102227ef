"""What a plan says of learning: tied weights, how weights begin, what is frozen, penalties, files to begin from."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypedDict

from designer.catalogue.learning import INIT, initializer
from designer.compiler.checking.report import NodeReport, Report
from designer.compiler.checking.sharing import frozen_nodes
from designer.plan import Call, Penalty

BIAS = "bias"
"""Part of the name of a weight that no penalty takes."""

RUNNING = "running_"
"""What the names of running statistics begin with."""


@dataclass(frozen=True, slots=True)
class Strength:
    """The penalties that the groups around ask for, and the folder from which files are named."""

    l1: float = 0.0
    l2: float = 0.0
    home: Path | None = None

    def with_those_of(self, node: NodeReport) -> Strength:
        """The sum of these and a node's own."""
        learning = node.node.learning
        return replace(self, l1=self.l1 + learning.get("l1", 0.0), l2=self.l2 + learning.get("l2", 0.0))


class Learned(TypedDict):
    """The parts of a plan that say how its modules learn."""

    ties: tuple[tuple[str, str], ...]
    inits: tuple[tuple[str, Call], ...]
    frozen: tuple[str, ...]
    still: tuple[str, ...]
    penalties: tuple[Penalty, ...]
    loads: tuple[tuple[str, str], ...]


def module_of(report: Report, name: str) -> str:
    """The node whose module a node calls: another one's where it shares all its weights."""
    shared = report.sharing.get(name)
    return shared.owner if shared is not None and shared.whole else name


def learned(report: Report, modules: Collection[str], around: Strength) -> Learned:
    """How the modules of a network learn, in their order."""
    nodes = [report.nodes[name] for name in modules]
    return Learned(
        ties=tuple(_ties(report, modules)),
        inits=tuple(pair for node in nodes for pair in _inits(node)),
        frozen=tuple(_frozen(report, nodes)),
        still=tuple(_still(report, nodes)),
        penalties=tuple(_penalties(report, nodes, around)),
        loads=tuple(_loads(nodes, around.home)),
    )


def _ties(report: Report, modules: Collection[str]) -> Iterator[tuple[str, str]]:
    for name, shared in report.sharing.items():
        if not shared.whole and name in modules:
            yield f"{name}.{shared.own}", f"{shared.owner}.{shared.other}"


def _inits(node: NodeReport) -> Iterator[tuple[str, Call]]:
    for weight, how in node.node.learning.get(INIT, {}).items():
        yield f"{node.node.id}.{weight}", initializer(how).call()


def _frozen(report: Report, nodes: list[NodeReport]) -> Iterator[str]:
    """Those to freeze here: in a frozen group, the network around has done it."""
    frozen = frozenset() if report.frozen else frozen_nodes(report.document)
    return (node.node.id for node in nodes if node.node.id in frozen and node.parameters)


def _still(report: Report, nodes: list[NodeReport]) -> Iterator[str]:
    frozen = frozen_nodes(report.document)
    for node in nodes:
        if (report.frozen or node.node.id in frozen) and any(name.startswith(RUNNING) for name in node.buffers):
            yield node.node.id


def _penalties(report: Report, nodes: list[NodeReport], around: Strength) -> Iterator[Penalty]:
    """The penalties of layers; a group's stand in its own plan. What is frozen or another's gets none here."""
    for node in nodes:
        name, shared, strength = node.node.id, report.sharing.get(node.node.id), around.with_those_of(node)
        if node.rounds or not (strength.l1 or strength.l2):
            continue
        weights = tuple(
            weight
            for weight in node.weights
            if BIAS not in weight and weight not in node.frozen and not (shared is not None and shared.takes(weight))
        )
        if weights:
            yield Penalty(name, weights, strength.l1, strength.l2)


def _loads(nodes: list[NodeReport], home: Path | None) -> Iterator[tuple[str, str]]:
    for node in nodes:
        path: str = node.node.learning.get("load", "")
        if path:
            yield node.node.id, str(home / path) if home is not None else path
