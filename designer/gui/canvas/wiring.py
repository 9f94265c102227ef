"""What may be connected to what on the canvas, and the edits that draw and redraw links."""

from __future__ import annotations

from collections.abc import Mapping

from designer.catalogue.layer import Port
from designer.catalogue.tensor import Misfit
from designer.compiler.report import NodeReport, Report
from designer.graph import edits
from designer.graph.document import Document, Link
from designer.gui.canvas.look import PortEnd


def written_name(report: NodeReport, side: str, name: str) -> str:
    """A port's name as a link holds it: empty for the first port."""
    first = report.port("", side)
    return "" if first is not None and first.name == name else name


def link_between(report: Report, one: PortEnd, other: PortEnd) -> Link:
    """The link between two ports of different sides, given in either order."""
    source, target = (one, other) if one[1] == "outputs" else (other, one)
    return Link(
        source[0],
        target[0],
        written_name(report.nodes[source[0]], "outputs", source[2]),
        written_name(report.nodes[target[0]], "inputs", target[2]),
    )


def links_at(report: Report, end: PortEnd) -> tuple[Link, ...]:
    """The links that end at an input port or start at an output port, however they spell its name."""
    node, side, name = end
    found = report.document.incoming if side == "inputs" else report.document.outgoing
    return tuple(link for link in found.get(node, ()) if _port_name(report, link, side) == name)


def _port_name(report: Report, link: Link, side: str) -> str | None:
    name = link.target_port if side == "inputs" else link.source_port
    port = report.nodes[link.target if side == "inputs" else link.source].port(name, side)
    return port.name if port is not None else None


class Partners:
    """Which ports a link that begins at `end` can have as its other end; found once, when the drag begins."""

    def __init__(self, report: Report, end: PortEnd) -> None:
        self.report = report
        self.end = end
        self.looping = _reach(report.document, end[0], backwards=end[1] == "outputs")

    def refusal(self, other: PortEnd) -> str:
        """Why a link to `other` cannot be; empty where it can."""
        node, side, _ = other
        if node == self.end[0]:
            return f"{node} cannot be connected to itself."
        if side == self.end[1]:
            kind = "input" if side == "inputs" else "output"
            return f"Two {kind}s cannot be connected. Link an output to an input."
        if node in self.looping:
            return f"A link between {self.end[0]} and {node} would close a circle."
        return ""

    @property
    def all(self) -> frozenset[PortEnd]:
        """Every port that suits."""
        side = "inputs" if self.end[1] == "outputs" else "outputs"
        return frozenset(
            (name, side, port.name)
            for name, node in self.report.nodes.items()
            if name != self.end[0] and name not in self.looping
            for port in getattr(node, side)
        )

    def best_of(self, node: str) -> PortEnd | None:
        """The port of a node that a link dropped on its body goes to: the first free one that suits."""
        side = "inputs" if self.end[1] == "outputs" else "outputs"
        ends = [(node, side, port.name) for port in getattr(self.report.nodes[node], side)]
        suits = [end for end in ends if not self.refusal(end)]
        free = [end for end in suits if side == "outputs" or not links_at(self.report, end)]
        return next(iter(free or suits), None)


def _reach(document: Document, start: str, *, backwards: bool) -> frozenset[str]:
    """All nodes before (or after) `start`, itself included."""
    found, waiting = {start}, [start]
    links = document.incoming if backwards else document.outgoing
    while waiting:
        for link in links.get(waiting.pop(), ()):
            node = link.source if backwards else link.target
            if node not in found:
                found.add(node)
                waiting.append(node)
    return frozenset(found)


def misfit(report: Report, link: Link) -> str:
    """What the target would say of a link that is not drawn yet; empty if it would take it or cannot know."""
    source, target = report.nodes[link.source], report.nodes[link.target]
    start, end = source.port(link.source_port, "outputs"), target.port(link.target_port, "inputs")
    if start is None or end is None or target.layer is None or not target.layer.outputs:
        return ""
    carried = source.outgoing.get(start.name)
    others = {} if target.layer.role == "group" else dict(target.incoming)
    if carried is None or target.layer.role == "group":
        return ""
    others[end.name] = (*others.get(end.name, ()), carried) if end.many else (carried,)
    arguments = _arguments(target, others)
    if arguments is None:
        return ""
    try:
        target.layer.output(*arguments)
    except Misfit as refused:
        return refused.message
    return ""


def _arguments(target: NodeReport, incoming: Mapping[str, tuple[object, ...]]) -> list[object] | None:
    """What the layer's `output` would be given; None while something it needs is not known."""
    values: list[object] = []
    for port in target.inputs:
        reached = incoming.get(port.name, ())
        if (not reached and not port.optional) or None in reached:
            return None
        values.extend(reached if port.many else (reached[:1] or (None,)))
    while values and values[-1] is None:
        values.pop()
    return values


def connected(document: Document, report: Report, link: Link, port: Port | None, without: Link | None) -> Document:
    """The design with `link`; it takes the place of `without`, and of what a port for one link already has."""
    name = port.name if port is not None else link.target_port
    ended = links_at(report, (link.target, "inputs", name))
    if link in ended and without in (None, link):
        return document
    gone = [old for old in ended if port is None or not port.many]
    if without is not None:
        gone.append(without)
    kept = edits.remove(document, links=[old for old in gone if old in document.links])
    return edits.connect(kept, link, replacing=False)
