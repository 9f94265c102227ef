"""What the check found out about a design: every shape, weight and cost, and every problem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod

from designer.catalogue.datasets import DataFacts
from designer.catalogue.layer import Layer, Port, Weights
from designer.catalogue.tensor import Specs, TensorSpec
from designer.compiler.checking.scope import Values
from designer.graph.document import Document, Node, nothing
from designer.problems import Problem, Severity
from designer.protocol import Inspected

Incoming = tuple[Specs | None, ...]
"""What reaches a port, one entry a link; None where the node before is broken and it is not known yet."""


@dataclass(frozen=True, slots=True)
class NodeReport:
    """All that is known of one node.

    `layer` is None where the layer is unknown or its settings are wrong. `outgoing` is empty, or lacks
    ports, where what comes out is not known yet. A group's ports are its Inputs and Outputs, and its
    `rounds` are the reports of the network inside, one for each repetition.
    """

    node: Node
    layer: Layer | None
    inputs: tuple[Port, ...] = ()
    outputs: tuple[Port, ...] = ()
    incoming: Mapping[str, Incoming] = field(default_factory=nothing)
    outgoing: Mapping[str, Specs] = field(default_factory=nothing)
    weights: Weights = field(default_factory=dict)
    buffers: Weights = field(default_factory=dict)
    parameters: int = 0
    macs: int = 0
    problems: tuple[Problem, ...] = ()
    rounds: tuple[Report, ...] = ()
    frozen: frozenset[str] = frozenset()
    """The names of its weights that are not trained; of a group, see its rounds."""

    def at(self, node: Node) -> NodeReport:
        """The report of another node with the same layer, reached by the same, that is sound as well."""
        return NodeReport(
            node, self.layer, self.inputs, self.outputs, self.incoming, self.outgoing, self.weights, self.buffers,
            self.parameters, self.macs,
        )  # fmt: skip

    @property
    def trainable_parameters(self) -> int:
        """How many of its numbers are trained, whoever owns them."""
        if self.rounds:
            return sum(done.trainable_parameters for done in self.rounds)
        if not self.frozen:
            return self.parameters
        return sum(prod(shape) for name, shape in self.weights.items() if name not in self.frozen)

    @property
    def known(self) -> bool:
        """Whether what comes out is known, so that the node can run."""
        given = self.outputs[:1] if self.node.bypassed else self.outputs
        return self.layer is not None and all(port.name in self.outgoing for port in given)

    @property
    def measured(self) -> bool:
        """Whether its weights are known, be there any or none."""
        return self.known or bool(self.weights)

    @property
    def shape(self) -> Specs | None:
        """What leaves at the first port (for a node without outputs: what enters); None if not known."""
        if self.outputs:
            return self.outgoing.get(self.outputs[0].name)
        first = next(iter(self.incoming.values()), ())
        return first[0] if len(first) == 1 else None

    def arguments(self) -> tuple[Specs | None, ...]:
        """The specs as a layer's methods take them: one a port, those of a port with many spread out."""
        values: list[Specs | None] = []
        for port in self.inputs:
            reached = self.incoming.get(port.name, ())
            values.extend(reached if port.many else (reached[:1] or (None,)))
        while values and values[-1] is None:
            values.pop()
        return tuple(values)

    def port(self, name: str, side: str) -> Port | None:
        """The port that a link's end names on a side ("inputs", "outputs"); the first for an empty name."""
        ports: tuple[Port, ...] = getattr(self, side)
        if not name:
            return ports[0] if ports else None
        return next((port for port in ports if port.name == name), None)


@dataclass(frozen=True, slots=True)
class Sharing:
    """A node uses the weights of `owner`: all of them, or its weight `own` is the owner's `other`."""

    owner: str
    own: str = ""
    other: str = ""

    @property
    def whole(self) -> bool:
        """Whether it is the same module called again."""
        return not self.own

    def takes(self, weight: str) -> bool:
        """Whether a weight of the node is the owner's."""
        return self.whole or weight == self.own

    def count(self, node: NodeReport) -> int:
        """How many of the node's numbers are the owner's, and counted there."""
        return node.parameters if self.whole else prod(node.weights[self.own])

    def count_trainable(self, node: NodeReport) -> int:
        """How many of those are trained."""
        if self.whole:
            return node.trainable_parameters
        return 0 if self.own in node.frozen else prod(node.weights[self.own])


@dataclass(frozen=True)
class Report:
    """The check's answer for a design. `order` is the order of computation; nodes of a cycle are not in it.

    `variables` is what the variables are worth here: of a group, with what its settings give them.
    `sharing` tells of the nodes that use the weights of others. `frozen` is said of a network inside a group
    that is not trained.
    """

    document: Document
    nodes: Mapping[str, NodeReport]
    order: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    facts: DataFacts | None = None
    variables: Values = field(default_factory=nothing)
    sharing: Mapping[str, Sharing] = field(default_factory=nothing)
    frozen: bool = False
    answers: Mapping[str, Inspected] = field(default_factory=nothing)
    """What the worker had told of layers of the user's own when this was found out."""

    @cached_property
    def parameters(self) -> int:
        """How many weights the whole design has, shared ones counted once."""
        shared = sum(each.count(self.nodes[name]) for name, each in self.sharing.items())
        return sum(node.parameters for node in self.nodes.values()) - shared

    @cached_property
    def trainable_parameters(self) -> int:
        """How many of them training changes."""
        shared = sum(each.count_trainable(self.nodes[name]) for name, each in self.sharing.items())
        return sum(node.trainable_parameters for node in self.nodes.values()) - shared

    @cached_property
    def macs(self) -> int:
        """Multiply-adds for one example through the whole design, but for what depends on `free_lengths`."""
        return sum(node.macs for node in self.nodes.values())

    @cached_property
    def free_lengths(self) -> tuple[str, ...]:
        """The lengths in the Inputs' shapes that are not known until data arrives."""
        entering = [node.shape for node in self.nodes.values() if node.layer is not None and node.layer.role == "input"]
        shapes = [spec.shape for spec in entering if isinstance(spec, TensorSpec)]
        return tuple(dict.fromkeys(length for shape in shapes for length in shape if isinstance(length, str)))

    @property
    def sound(self) -> bool:
        """Whether the network can run."""
        return not any(problem.severity is Severity.ERROR for problem in self.problems)

    @cached_property
    def problems_by_node(self) -> Mapping[str, tuple[Problem, ...]]:
        """Problems by the id of the node in this design, those inside a group at the group."""
        found: dict[str, list[Problem]] = {}
        for problem in self.problems:
            if problem.node is not None:
                found.setdefault(self.owner(problem.node), []).append(problem)
        return {node: tuple(problems) for node, problems in found.items()}

    def owner(self, full_id: str) -> str:
        """The node of this design that a full id stands in: "block1" for "block1.0.conv1"."""
        owner = full_id
        while owner not in self.nodes and "." in owner:
            owner = owner.rpartition(".")[0]
        return owner

    def rows(self, prefix: str = "") -> Iterator[tuple[str, NodeReport]]:
        """Every node with its full id, nodes inside groups included, groups themselves left out."""
        for name, node in self.nodes.items():
            if not node.rounds:
                yield f"{prefix}{name}", node
            elif len(node.rounds) == 1:
                yield from node.rounds[0].rows(f"{prefix}{name}.")
            else:
                for number, inside in enumerate(node.rounds):
                    yield from inside.rows(f"{prefix}{name}.{number}.")

    def counts(self, prefix: str = "", *, again: bool = False) -> Iterator[tuple[str, int]]:
        """What each of the rows adds to `parameters`: nothing for weights that are counted at another node."""
        for name, node in self.nodes.items():
            shared = self.sharing.get(name)
            elsewhere = again or (shared is not None and shared.whole)
            if not node.rounds:
                yield f"{prefix}{name}", 0 if elsewhere else node.parameters - (shared.count(node) if shared else 0)
            for number, inside in enumerate(node.rounds):
                place = f"{name}." if len(node.rounds) == 1 else f"{name}.{number}."
                yield from inside.counts(f"{prefix}{place}", again=elsewhere)


def dressed(report: Report, document: Document) -> Report:
    """The same report of a design that is the same network and looks otherwise: other places, colours, notes."""
    if report.document is document:
        return report
    if report.document.nodes is document.nodes:
        return replace(report, document=document)
    nodes = {
        name: found if found.node is document.nodes[name] else _dressed_node(found, document.nodes[name])
        for name, found in report.nodes.items()
    }
    return replace(report, document=document, nodes=nodes)


def _dressed_node(found: NodeReport, node: Node) -> NodeReport:
    inside = node.inside
    if inside is None or inside is found.node.inside:
        return replace(found, node=node)
    rounds = {id(each): dressed(each, inside) for each in found.rounds}
    return replace(found, node=node, rounds=tuple(rounds[id(each)] for each in found.rounds))
