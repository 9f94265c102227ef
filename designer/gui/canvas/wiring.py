"""What may be connected to what on the canvas, and the edits that draw and redraw links."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from designer.catalogue import with_role
from designer.catalogue.layer import Port
from designer.catalogue.tensor import Misfit, Specs, TensorSpec
from designer.compiler.checking.check import check
from designer.compiler.checking.report import NodeReport, Report
from designer.graph import edits
from designer.graph.document import Document, Link, Node
from designer.graph.reach import nodes_after, nodes_before
from designer.graph.rewiring import rewire
from designer.gui.canvas.look import PortEnd, shape_text
from designer.problems import Severity


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
    """Which ports links that begin at `ends`, all of one side, can have as their other end; found once for a drag.

    `without` are links that will be gone by then. With `joined` all are to end at one port together.
    """

    def __init__(self, report: Report, *ends: PortEnd, without: Collection[Link] = (), joined: bool = False) -> None:
        self.report, self.ends, self.joined = report, ends, joined
        self.nodes = frozenset(end[0] for end in ends)
        self.side = "inputs" if ends[0][1] == "outputs" else "outputs"
        reach = nodes_before if self.side == "inputs" else nodes_after
        self.looping = frozenset(reach(report.document, self.nodes, without))

    def refusal(self, other: PortEnd) -> str:
        """Why a link to `other` cannot be; empty where it can."""
        node, side, name = other
        start = " or ".join(sorted(self.nodes)) if len(self.nodes) <= 2 else "these nodes"
        if node in self.nodes:
            return f"{node} cannot be connected to itself."
        if side != self.side:
            kind = "input" if side == "inputs" else "output"
            if self.joined:
                return f"These links end at an {self.side[:-1]}. Drop them on another {self.side[:-1]}."
            return f"Two {kind}s cannot be connected. Link an output to an input."
        if node in self.looping:
            return f"A link between {start} and {node} would close a circle."
        port = self.report.nodes[node].port(name, side)
        if len(self.ends) > 1 and side == "inputs" and port is not None and not port.many:
            return f"{node}.{name} takes one link, and these are {len(self.ends)}."
        return ""

    @property
    def all(self) -> frozenset[PortEnd]:
        """Every port that suits."""
        several = len(self.ends) > 1 and self.side == "inputs"
        return frozenset(
            (name, self.side, port.name)
            for name, node in self.report.nodes.items()
            if name not in self.nodes and name not in self.looping
            for port in getattr(node, self.side)
            if port.many or not several
        )

    def best_of(self, node: str) -> PortEnd | None:
        """The port of a node that a link dropped on its body goes to: the first free one that suits."""
        ends = [(node, self.side, port.name) for port in getattr(self.report.nodes[node], self.side)]
        suits = [end for end in ends if not self.refusal(end)]
        free = [end for end in suits if self.side == "outputs" or not links_at(self.report, end)]
        return next(iter(free or suits), None)

    def refusal_of(self, node: str) -> str:
        """Why no port of a node suits."""
        ports = getattr(self.report.nodes[node], self.side)
        reason = self.refusal((node, self.side, ports[0].name if ports else ""))
        return f"{node} has no {self.side[:-1]} to connect to." if not ports else reason


def far_ends(report: Report, links: Iterable[Link], side: str) -> tuple[PortEnd, ...]:
    """The ends of links that are not on `side`, each as a port; a link whose port is not there ends at its first."""
    found: list[PortEnd] = []
    for link in links:
        node, name, far = (
            (link.target, link.target_port, "inputs")
            if side == "outputs"
            else (link.source, link.source_port, "outputs")
        )
        port = report.nodes[node].port(name, far)
        found.append((node, far, port.name if port is not None else name))
    return tuple(found)


def outlook(report: Report, link: Link, without: Link | None) -> str:
    """What would come of a link, drawn anew or instead of `without`: its shape, what it drives away, what is wrong."""
    carried = carried_by(report, link)
    lines = [" → ".join(link.ends) + (f": {shape_text(carried)}" if carried is not None else "")]
    port = report.nodes[link.target].port(link.target_port, "inputs")
    if port is not None and not port.many:
        ended = links_at(report, (link.target, "inputs", port.name))
        lines += [f"Takes the place of {old.ends[0]}." for old in ended if old not in (link, without)]
    found = misfit(report, link, without)
    return "\n".join([*lines, found] if found else lines)


def carried_by(report: Report, link: Link) -> Specs | None:
    """What would flow along a link; None where it is not known."""
    source = report.nodes[link.source]
    port = source.port(link.source_port, "outputs")
    return source.outgoing.get(port.name) if port is not None else None


def misfit(report: Report, link: Link, without: Link | None = None) -> str:
    """What the target would say of a link that is not drawn yet; empty if it would take it or cannot know."""
    target, carried = report.nodes[link.target], carried_by(report, link)
    end = target.port(link.target_port, "inputs")
    if end is None or carried is None or target.layer is None or not target.outputs:
        return ""
    others = dict(target.incoming)
    if end.many:
        ended = links_at(report, (link.target, "inputs", end.name))
        reached = zip(ended, others.get(end.name, ()), strict=False)
        others[end.name] = (*(specs for old, specs in reached if old != without), carried)
    else:
        others[end.name] = (carried,)
    if target.layer.role == "group":
        return _misfit_inside(report, target, others)
    values = [(port, others.get(port.name, ())) for port in target.inputs]
    if any(None in specs or not (specs or port.optional) for port, specs in values):
        return ""
    try:
        target.layer.output(*replace(target, incoming=others).arguments())
    except Misfit as refused:
        return refused.message
    return ""


def _misfit_inside(report: Report, group: NodeReport, incoming: Mapping[str, tuple[object, ...]]) -> str:
    """The first error that a group would have with these specs at its ports; empty while one is not known."""
    name, feeding = group.node.id, with_role("input")
    nodes: dict[str, Node] = {}
    for port in group.inputs:
        spec = next(iter(incoming.get(port.name, ())), None)
        if not isinstance(spec, TensorSpec) or spec.batch not in (0, None):
            return ""
        settings = {"shape": spec.shape, "dtype": spec.dtype, "batched": spec.batch is not None}
        nodes[f"{name}_{port.name}"] = Node(f"{name}_{port.name}", feeding, settings)
    if not group.rounds:
        return ""
    settings = {key: value for key, value in group.node.settings.items() if key != "block"}
    nodes[name] = replace(group.node, inside=group.rounds[0].document, settings=settings)
    links = tuple(Link(f"{name}_{port.name}", name, "", port.name) for port in group.inputs)
    found = check(Document(nodes, links, variables=report.document.variables)).nodes[name].problems
    return next((problem.message for problem in found if problem.severity is Severity.ERROR), "")


def connected(document: Document, report: Report, link: Link, port: Port | None, without: Link | None) -> Document:
    """The design with `link`; it takes the place of `without`, and of what a port for one link already has."""
    name = port.name if port is not None else link.target_port
    ended = links_at(report, (link.target, "inputs", name))
    if link in ended and without in (None, link):
        return document
    many = port is not None and port.many
    gone = [old for old in ended if not many and old != without]
    kept = edits.remove(document, links=[old for old in gone if old in document.links])
    return edits.connect(kept, link, replacing=False) if without is None else rewire(kept, {without: link})


def moved_links(document: Document, report: Report, links: Collection[Link], end: PortEnd) -> Document:
    """The design with the ends of links at another port; what that port already has stays if it takes many."""
    node, side, name = end
    written = written_name(report.nodes[node], side, name)
    port = report.nodes[node].port(name, side)
    if side == "inputs":
        new = {link: link._replace(target=node, target_port=written) for link in links}
        gone = links_at(report, end) if port is not None and not port.many else ()
        document = edits.remove(document, links=[link for link in gone if link not in links])
    else:
        new = {link: link._replace(source=node, source_port=written) for link in links}
    return rewire(document, new)
