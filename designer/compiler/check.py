"""The one walk through a design: shapes, weights, costs and problems, whatever the order of drawing.

A node is checked again only if it, or what reaches it, is not the same as in the report before. What
lies below a broken node is "not known yet", not a second problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import prod

import networkx as nx

from designer.catalogue import LAYERS, with_role
from designer.catalogue.datasets import DataFacts
from designer.catalogue.layer import Layer, Port
from designer.catalogue.tensor import Misfit, Specs
from designer.compiler import mends, rules
from designer.compiler.report import Incoming, NodeReport, Report
from designer.graph.document import Document, Link, Node
from designer.problems import Problem

DEEPEST = 30
"""Groups inside groups stop here; a block that holds itself never ends otherwise."""

Given = Mapping[str, Specs | None]
"""For a network inside a group: what reaches its Inputs from outside, by id."""


def check(document: Document, facts: DataFacts | None = None, previous: Report | None = None) -> Report:
    """Walk through a design once. `previous` is the report before the last edit, reused where it holds."""
    report = replace(_Walk(document, previous, None, 0).report(), facts=facts)
    return replace(report, problems=(*report.problems, *rules.design_problems(report)))


class _Walk:
    """The state of one walk: what has been found so far."""

    def __init__(self, document: Document, previous: Report | None, given: Given | None, depth: int) -> None:
        self.document = document
        self.previous = previous
        self.given = given
        self.depth = depth
        self.nodes: dict[str, NodeReport] = {}
        # These depend on more than their settings and links: on what is inside, on the group around.
        self.always = frozenset({with_role("group"), with_role("input")})
        self.link_problems: list[Problem] = []

    def report(self) -> Report:
        order, cycles = compute_order(self.document)
        caught = [name for name in self.document.nodes if any(name in cycle for cycle in cycles)]
        for name in (*order, *caught):
            self.nodes[name] = self._node(self.document.nodes[name])
        nodes = {name: self.nodes[name] for name in self.document.nodes}
        found = [problem for node in nodes.values() for problem in (*self._missing_ports(node), *node.problems)]
        circles = [mends.cycle(self.document, cycle) for cycle in cycles]
        return Report(self.document, nodes, tuple(order), _once([*found, *self.link_problems, *circles]))

    def _node(self, node: Node) -> NodeReport:
        before = self.previous.nodes.get(node.id) if self.previous is not None else None
        if before is None or before.node is not node or before.layer is None or node.layer in self.always:
            return self._check_node(node)
        return before if self._incoming(node, before.inputs) == before.incoming else self._check_node(node)

    def _check_node(self, node: Node) -> NodeReport:
        kind = LAYERS.get(node.layer)
        if kind is None:
            return NodeReport(node, None, *self._ports_in_use(node), problems=(mends.unknown_layer(node),))
        try:
            layer = kind(**node.settings)
        except Misfit as misfit:
            inputs, outputs = kind.inputs, kind.outputs
            if kind.role == "group":
                inputs, outputs = self._ports_in_use(node)
            report = NodeReport(node, None, inputs, outputs, self._incoming(node, inputs))
            return replace(report, problems=(mends.misfit_problem(self.document, report, misfit),))
        if layer.role == "group":
            return self._group(node, layer)
        if layer.role == "input" and self.given is not None:
            spec = self.given.get(node.id)
            outgoing = {layer.outputs[0].name: spec} if spec is not None else {}
            return NodeReport(node, layer, layer.inputs, layer.outputs, {}, outgoing)
        return self._computed(NodeReport(node, layer, layer.inputs, layer.outputs, self._incoming(node, layer.inputs)))

    def _computed(self, report: NodeReport) -> NodeReport:
        """The report of an ordinary node, with what comes out of it."""
        layer, specs = report.layer, report.arguments()
        unknown = any(None in reached for reached in report.incoming.values())
        if layer is None or unknown or self._open_ports(report):
            return report
        try:
            given = layer.output(*specs)
        except Misfit as misfit:
            return replace(report, problems=(mends.misfit_problem(self.document, report, misfit),))
        outgoing = given if isinstance(given, dict) else {report.outputs[0].name: given}
        weights = layer.weights(*specs)
        return replace(
            report,
            outgoing=outgoing,
            weights=weights,
            buffers=layer.buffers(*specs),
            parameters=sum(prod(shape) for shape in weights.values()),
            macs=layer.macs(*specs),
        )

    def _open_ports(self, report: NodeReport) -> list[Port]:
        """Inputs that must be connected and are not."""
        return [port for port in report.inputs if not port.optional and port.name not in report.incoming]

    def _missing_ports(self, report: NodeReport) -> list[Problem]:
        """A problem for each open input; a node without any link at all is another matter."""
        if not self.document.links_of(report.node.id) and len(self.document.nodes) > 1:
            return []
        return [mends.unconnected(self.document, report.node, port) for port in self._open_ports(report)]

    def _incoming(self, node: Node, ports: tuple[Port, ...]) -> Mapping[str, Incoming]:
        """What reaches each connected port, in the order of the document's links."""
        reached: dict[str, list[Specs | None]] = {}
        for link in self.document.incoming.get(node.id, ()):
            port = self._port_of(link, ports)
            if port is not None:
                reached.setdefault(port.name, []).append(self._carried(link))
        in_order = (port.name for port in ports if port.name in reached)
        return {name: tuple(reached[name]) for name in in_order}

    def _port_of(self, link: Link, ports: tuple[Port, ...]) -> Port | None:
        port = next((port for port in ports if port.name == link.target_port or not link.target_port), None)
        if port is None:
            self.link_problems.append(mends.unknown_port(link, "input", ports))
        return port

    def _carried(self, link: Link) -> Specs | None:
        source = self.nodes.get(link.source)
        if source is None:
            return None
        port = source.port(link.source_port, "outputs")
        if port is None and source.layer is not None:
            self.link_problems.append(mends.unknown_port(link, "output", source.outputs))
        return source.outgoing.get(port.name) if port is not None else None

    def _ports_in_use(self, node: Node) -> tuple[tuple[Port, ...], tuple[Port, ...]]:
        """Ports for a node whose own are not known, so that its links have somewhere to end."""
        ends = dict.fromkeys(link.target_port for link in self.document.incoming.get(node.id, ()))
        starts = dict.fromkeys(link.source_port for link in self.document.outgoing.get(node.id, ()))
        return (
            tuple(Port(name or "x", optional=True, many=True) for name in ends),
            tuple(Port(name or "output") for name in starts),
        )

    def _group(self, node: Node, layer: Layer) -> NodeReport:
        try:
            inside = self.document.inside_of(node)
        except KeyError:
            problem = mends.unknown_block(node)
            return NodeReport(node, None, *self._ports_in_use(node), problems=(problem,))
        if self.depth >= DEEPEST:
            return NodeReport(node, None, *self._ports_in_use(node), problems=(mends.too_deep(node),))
        inside = replace(inside, blocks=self.document.blocks) if inside.blocks is not self.document.blocks else inside
        inputs, outputs = group_ports(inside)
        report = NodeReport(node, layer, inputs, outputs, self._incoming(node, inputs))
        return report if self._open_ports(report) else self._rounds(report, inside)

    def _rounds(self, report: NodeReport, inside: Document) -> NodeReport:
        """A group's report: each round is walked with what the round before gave."""
        before = self.previous.nodes.get(report.node.id) if self.previous is not None else None
        repeat = int(getattr(report.layer, "repeat", 1))
        if repeat > 1 and len(report.inputs) != len(report.outputs):
            return replace(report, problems=(mends.uneven_rounds(report),))
        given: Given = {port.name: (report.incoming.get(port.name) or (None,))[0] for port in report.inputs}
        rounds: list[Report] = []
        for number in range(repeat):
            old = before.rounds[number] if before is not None and number < len(before.rounds) else None
            done = self._round(inside, old, given, rounds, number)
            rounds.append(done)
            leaving = [done.nodes[port.name].shape for port in report.outputs]
            given = dict(zip((port.name for port in report.inputs), leaving, strict=False))
        outgoing = {port.name: spec for port, spec in zip(report.outputs, leaving, strict=True) if spec is not None}
        return replace(
            report,
            outgoing=outgoing,
            rounds=tuple(rounds),
            parameters=sum(done.parameters for done in rounds),
            macs=sum(done.macs for done in rounds),
            problems=tuple(problem.within(report.node.id) for problem in _problems_of(rounds)),
        )

    def _round(self, inside: Document, old: Report | None, given: Given, rounds: list[Report], number: int) -> Report:
        if number and given == _given_to(rounds[-1]):
            return rounds[-1]
        done = _Walk(inside, old, given, self.depth + 1).report()
        return replace(done, problems=(*done.problems, *rules.inside_problems(done)))


def _given_to(report: Report) -> Given:
    """What reached the Inputs of a round already walked."""
    return {
        name: node.outgoing.get(node.outputs[0].name)
        for name, node in report.nodes.items()
        if node.layer is not None and node.layer.role == "input"
    }


def _problems_of(rounds: list[Report]) -> tuple[Problem, ...]:
    """The problems of all rounds, each said once."""
    return _once([problem for done in rounds for problem in done.problems])


def _once(problems: list[Problem]) -> tuple[Problem, ...]:
    """Each problem at its first place; a problem holds mappings, so it cannot stand in a set."""
    found: list[Problem] = []
    for problem in problems:
        if problem not in found:
            found.append(problem)
    return tuple(found)


def group_ports(inside: Document) -> tuple[tuple[Port, ...], tuple[Port, ...]]:
    """A group's ports: its Inputs and Outputs, by id, in the document's order."""

    def ends(role: str) -> tuple[Port, ...]:
        return tuple(Port(name) for name, node in inside.nodes.items() if node.layer == with_role(role))

    return ends("input"), ends("output")


def compute_order(document: Document) -> tuple[list[str], list[set[str]]]:
    """The order of computation, ties broken by the document's order, and the cycles that have none."""
    graph = nx.DiGraph()
    graph.add_nodes_from(document.nodes)
    graph.add_edges_from((link.source, link.target) for link in document.links)
    cycles = [part for part in nx.strongly_connected_components(graph) if _is_cycle(graph, part)]
    caught = set().union(*cycles)
    graph.remove_nodes_from(caught)
    order = list(nx.lexicographical_topological_sort(graph, key=document.place.__getitem__))
    return order, sorted(cycles, key=lambda part: min(document.place[name] for name in part))


def _is_cycle(graph: nx.DiGraph, part: set[str]) -> bool:
    return len(part) > 1 or any(graph.has_edge(name, name) for name in part)
