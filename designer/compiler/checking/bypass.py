"""Bypassed nodes: what reaches a node's first port leaves at its first output, as if the node were not there.

The check knows such a node by the layer that stands in for its own; a plan is made without it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

from designer.catalogue import LAYERS
from designer.catalogue.layer import Layer, Port
from designer.catalogue.tensor import Misfit, Specs
from designer.compiler.checking.around import Around
from designer.compiler.checking.groups import group_ports, ports_in_use
from designer.compiler.checking.order import compute_order
from designer.compiler.checking.report import NodeReport, Report
from designer.compiler.checking.scope import NotKnownError, SettingError, Values, resolved
from designer.graph.bridges import Ways, bridged
from designer.graph.document import Document, Link, Node
from designer.problems import Fix, Problem


class _Passage(Layer):
    """Hands on what reaches it."""

    passes_on = is_view = by_place = True

    def output(self, *x: Any) -> Specs:
        first: Specs = x[0]
        return first


PASSAGE = _Passage()
Ports = tuple[tuple[Port, ...], tuple[Port, ...]]


def passes(node: NodeReport) -> bool:
    """Whether a node is bypassed and can be."""
    return node.layer is PASSAGE


def can_be_bypassed(node: NodeReport) -> bool:
    """Whether there is something that a node could hand on."""
    return bool(node.inputs and node.outputs)


def bypassed(document: Document, node: Node, variables: Values, around: Around) -> NodeReport | None:
    """The report of a bypassed node before anything reaches it; None where there is nothing that it could hand on.

    It needs no more than its first port. Where its ports are not known they are those that its links name, and each
    takes one link.
    """
    own = _own_ports(document, node, variables, around)
    inputs, outputs = own if own is not None else ports_in_use(document, node)
    if not inputs or not outputs:
        return None
    ports = (replace(port, optional=place > 0, many=port.many and own is not None) for place, port in enumerate(inputs))
    return NodeReport(node, PASSAGE, tuple(ports), tuple(replace(port, needs="") for port in outputs))


def _own_ports(document: Document, node: Node, variables: Values, around: Around) -> Ports | None:
    """A node's ports, whatever is inside it or reaches it; None where they are not known."""
    kind = LAYERS.get(node.layer)
    if kind is None:
        return None
    if kind.role == "group":
        try:
            return group_ports(document.inside_of(node))
        except KeyError:
            return None
    try:
        layer = around.layer(kind, resolved(node, kind.settings, variables))
    except (Misfit, SettingError, NotKnownError):
        return None if kind.role == "custom" else (kind.inputs, kind.outputs)
    return layer.inputs, layer.outputs


def with_value(report: NodeReport) -> NodeReport:
    """The report with what it hands on, where that is known."""
    port = report.inputs[0]
    reached = report.incoming.get(port.name, ())
    report = replace(report, incoming={port.name: reached} if reached else {})
    if not reached or reached[0] is None or (len(reached) > 1 and not port.many):
        return report
    return replace(report, outgoing={report.outputs[0].name: reached[0]})


def way(document: Document, node: NodeReport) -> Link | None:
    """The link whose value a node hands on, or would: the first at its first port, in the document's order."""
    first = node.inputs[0] if node.inputs else None
    links = document.incoming.get(node.node.id, ())
    return next((link for link in links if first is not None and node.port(link.target_port, "inputs") is first), None)


def ways(report: Report, nodes: Collection[str]) -> Ways:
    """What each of some nodes hands on once it is left out."""
    return {name: way(report.document, node) for name, node in report.nodes.items() if name in nodes}


def links_read(document: Document, node: NodeReport) -> tuple[Link, ...]:
    """The links whose values a node uses: all that end there, but of a bypassed node the one it hands on."""
    if not passes(node):
        return document.incoming.get(node.node.id, ())
    handed_on = way(document, node)
    return () if handed_on is None else (handed_on,)


def problems(document: Document, node: NodeReport) -> Iterator[Problem]:
    """Why a node cannot be bypassed, or not for all that read it."""
    name = node.node.id
    if not node.node.bypassed:
        return
    fix = Fix(f"Switch {name} on", "set_bypassed", {"nodes": (name,), "bypassed": False})
    if not passes(node):
        lacks = "nothing comes in that it could hand on" if not node.inputs else "nothing comes out of it"
        yield Problem(
            "bypass", f"{name} cannot be bypassed: {lacks}.", "Switch it on, or remove it.", node=name, fixes=(fix,)
        )
        return
    read = [node.port(link.source_port, "outputs") for link in document.outgoing.get(name, ())]
    for port in node.outputs[1:]:
        if port in read:
            yield Problem(
                "bypass",
                f"{name} is bypassed and hands on what reaches it at {node.outputs[0].name}, so nothing comes out at "
                f"{port.name}.",
                f"Switch {name} on, or link what reads {port.name} to something else.",
                node=name, fixes=(fix,),
            )  # fmt: skip


def left_out(report: Report) -> Report:
    """The same report without the nodes that are bypassed, here and in groups: what there is to be run."""
    return _left_out(report, {})


def _left_out(report: Report, done: dict[int, Report]) -> Report:
    """`done` keeps the rounds of a group that are one report the same one."""
    found = done.get(id(report))
    if found is None:
        nodes = {name: _with_rounds_left_out(node, done) for name, node in report.nodes.items() if not passes(node)}
        changed = any(nodes.get(name) is not node for name, node in report.nodes.items())
        found = done[id(report)] = _without(report, nodes) if changed else report
    return found


def _with_rounds_left_out(node: NodeReport, done: dict[int, Report]) -> NodeReport:
    rounds = tuple(_left_out(inside, done) for inside in node.rounds)
    return node if all(map(_is, rounds, node.rounds)) else replace(node, rounds=rounds)


def _is(one: object, other: object) -> bool:
    return one is other


def _without(report: Report, nodes: dict[str, NodeReport]) -> Report:
    if len(nodes) == len(report.nodes):
        return replace(report, nodes=nodes)
    gone = [name for name in report.nodes if name not in nodes]
    links = tuple(link for link, _ in bridged(report.document.links, ways(report, gone)))
    kept = {name: node for name, node in report.document.nodes.items() if name in nodes}
    document = replace(report.document, nodes=kept, links=links)
    return replace(report, document=document, nodes=nodes, order=tuple(compute_order(document)[0]))
