"""Which layers could stand at the loose end of a link: what takes a shape, and what can give one that is taken.

A node is tried as it would be placed. What else would have to reach it is not known: the same tensor, the same as
indices, and what the layer's own samples bring are tried there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from designer.catalogue import LAYERS, with_role
from designer.catalogue.layer import Port
from designer.catalogue.tensor import Misfit, Specs, TensorSpec
from designer.compiler.checking.check import check
from designer.compiler.checking.groups import group_ports
from designer.compiler.checking.report import Incoming, NodeReport
from designer.compiler.project import own_settings
from designer.graph.document import Document, Link, Node

MOST_TRIED = 12
"""So many tensors of the design are tried at the input of a layer that should give something."""

MOST_LOOKED_AT = 1_000
"""So many nodes of the design are asked for such tensors."""

Reached = dict[str, Incoming]


def as_placed(node: Node) -> NodeReport:
    """A node that nothing reaches yet, with its layer and its ports; raises Misfit for settings that cannot be."""
    kind = LAYERS[node.layer]
    if node.inside is not None:
        return NodeReport(node, kind(), *group_ports(node.inside))
    layer = kind(**node.settings)
    return NodeReport(node, layer, layer.inputs, layer.outputs)


def taker(node: Node, carried: Specs | None) -> Port | None:
    """The first port of a new node that takes what a link carries; any port where that is not known yet."""
    report = as_placed(node)
    if carried is None:
        return report.inputs[0] if report.inputs else None
    needed_first = sorted(report.inputs, key=lambda port: port.optional)
    return next((port for port in needed_first if takes(report, port, carried)), None)


def takes(report: NodeReport, port: Port, carried: Specs) -> bool:
    """Whether a node would take something at a port, beside what reaches its other ports now."""
    if not _answers(report):
        return True
    reached = dict(report.incoming)
    reached[port.name] = (*reached.get(port.name, ()), carried) if port.many else (carried,)
    return any(_given(report, every) is not None for every in _completed(report, reached, carried))


def giver(node: Node, end: NodeReport, port: Port, around: Iterable[Specs]) -> Port | None:
    """The first port of a new node that could give what the port of another node takes.

    `around` are tensors that may reach the new node, likely ones first.
    """
    report = as_placed(node)
    if not report.outputs or not _answers(report):
        return next(iter(report.outputs), None)
    for reached in _feeds(report, around):
        given = _given(report, reached) or {}
        for each in report.outputs:
            if each.name in given and takes(end, port, given[each.name]):
                return each
    return None


def _answers(report: NodeReport) -> bool:
    """Whether it can say what it makes of a tensor: no code of the user's own, no group that hangs on others."""
    if report.layer is None or report.layer.role == "custom":
        return False
    by_formula = any(isinstance(value, str) and value.startswith("=") for value in report.node.settings.values())
    return report.layer.role != "group" or (report.node.inside is not None and not by_formula)


def input_for(node: Node, end: NodeReport, port: Port, around: Iterable[Specs]) -> Node:
    """An Input set to a shape that a port of another node takes; as it is where it suits, or where none is found."""
    sampled = (spec for reached in _sampled(end) for spec in reached.get(port.name, ()))
    own = _given(as_placed(node), {}) or {}
    if any(takes(end, port, spec) for spec in own.values()):
        return node
    for spec in (*around, *sampled):
        if isinstance(spec, TensorSpec) and spec.batch in (0, None) and takes(end, port, spec):
            return replace(node, settings=own_settings(node.layer, _as_input(spec)))
    return node


def _as_input(spec: TensorSpec) -> dict[str, object]:
    """The settings of an Input that gives a tensor."""
    return {"shape": spec.shape, "dtype": spec.dtype, "batched": spec.batch is not None}


def _feeds(report: NodeReport, around: Iterable[Specs]) -> Iterator[Reached]:
    """What may reach a new node: nothing where it needs nothing, what stands around, what its samples have."""
    first = next((port for port in report.inputs if not port.optional), None)
    if first is None:
        yield {}
    else:
        for spec in around:
            yield from _completed(report, {first.name: (spec,)}, spec)
    yield from _sampled(report)


def _completed(report: NodeReport, reached: Reached, like: Specs) -> Iterator[Reached]:
    """What reaches a node, with guesses for the ports that need something and have nothing that is known."""
    open_ports = [
        port.name
        for port in report.inputs
        if (port.name not in reached and not port.optional) or None in reached.get(port.name, ())
    ]
    if not open_ports:
        yield reached
        return
    guesses: list[Specs] = [like]
    if isinstance(like, TensorSpec):
        guesses += [replace(like, dtype=dtype) for dtype in ("int64", "bool") if dtype != like.dtype]
    for guess in guesses:
        yield {**reached, **dict.fromkeys(open_ports, (guess,))}
    for sampled in _sampled(report):
        if all(name in sampled for name in open_ports):
            yield {**reached, **{name: sampled[name] for name in open_ports}}


def _sampled(report: NodeReport) -> Iterator[Reached]:
    """What the layer's samples bring to each port."""
    for sample in report.layer.samples if report.layer is not None else ():
        yield {name: tuple(specs) if isinstance(specs, list) else (specs,) for name, specs in sample.inputs.items()}


def _given(report: NodeReport, reached: Reached) -> Mapping[str, Specs] | None:
    """What leaves a node that these tensors reach; None where it refuses them."""
    if report.node.inside is not None:
        return _given_by_group(report.node, reached)
    assert report.layer is not None
    try:
        found = report.layer.output(*replace(report, incoming=reached).arguments())
    except Misfit:
        return None
    return found if isinstance(found, dict) else {report.outputs[0].name: found}


def _given_by_group(group: Node, reached: Reached) -> Mapping[str, Specs] | None:
    """The check of a small design that holds nothing but the group and what it reads."""
    nodes, links = {group.id: group}, []
    for port, specs in reached.items():
        spec = specs[0] if len(specs) == 1 else None
        if not isinstance(spec, TensorSpec) or spec.batch not in (0, None):
            return None
        source = f"{group.id}_{port}"
        nodes[source] = Node(source, with_role("input"), _as_input(spec))
        links.append(Link(source, group.id, "", port))
    report = check(Document(nodes, tuple(links))).nodes[group.id]
    return report.outgoing if report.known and not report.problems else None


def nearby(reports: Mapping[str, NodeReport], without: Collection[str]) -> tuple[Specs, ...]:
    """The different tensors that leave nodes of a design, the last ones first; `without` names nodes left out."""
    found: dict[Specs, None] = {}
    for name in list(reports)[: -MOST_LOOKED_AT - 1 : -1]:
        if name not in without:
            found.update(dict.fromkeys(reports[name].outgoing.values()))
        if len(found) >= MOST_TRIED:
            break
    return tuple(found)
