"""Which ports a node can be connected to, as a list to choose from: what fits, nearest first."""

from __future__ import annotations

from dataclasses import dataclass

from designer.catalogue import LAYERS
from designer.catalogue.layer import Port
from designer.catalogue.tensor import Specs
from designer.compiler.report import NodeReport, Report
from designer.graph.document import Document, Link
from designer.gui.canvas.look import PortEnd, shape_text
from designer.gui.canvas.wiring import Partners, connected, link_between, links_at, misfit
from designer.gui.workspace import Edit


@dataclass(frozen=True, slots=True)
class Choice:
    """One port to choose: what the list says of it, and what a link there would take the place of."""

    end: PortEnd
    text: str
    replaces: str = ""

    def answers(self, query: str) -> bool:
        """Whether every word of what was typed stands in it."""
        text = self.text.casefold()
        return all(word in text for word in query.casefold().split())


def own_ports(report: Report, node: str, side: str) -> tuple[Choice, ...]:
    """The ports of a node on one side, for a link to begin at; of the other side where it has none on this one."""
    found = report.nodes[node]
    other = "inputs" if side == "outputs" else "outputs"
    side = side if getattr(found, side) else other
    return tuple(_choice(report, (node, side, port.name), port) for port in getattr(found, side))


def choices(report: Report, end: PortEnd) -> tuple[Choice, ...]:
    """Every port elsewhere that takes a link from `end`, or that gives one: free ones first, then the nearest."""
    partners = Partners(report, end)
    drawn = set(report.document.links)
    found = []
    for other in partners.all:
        link = link_between(report, end, other)
        if link in drawn or misfit(report, link):
            continue
        port = report.nodes[other[0]].port(other[2], other[1])
        if port is not None:
            found.append(_choice(report, other, port))
    places = report.document.positions
    x, y = places.get(end[0], (0.0, 0.0))

    def rank(choice: Choice) -> tuple[bool, bool, float, int]:
        (node, side, name), (px, py) = choice.end, places.get(choice.end[0], (0.0, 0.0))
        unknown = side == "outputs" and name not in report.nodes[node].outgoing
        return bool(choice.replaces), unknown, abs(px - x) + abs(py - y), report.document.place[node]

    return tuple(sorted(found, key=rank))


def edit_of(report: Report, one: PortEnd, other: PortEnd) -> tuple[Link, Edit]:
    """The link between two ports, and the edit that draws it."""
    link = link_between(report, one, other)
    port = report.nodes[link.target].port(link.target_port, "inputs")

    def edit(document: Document) -> Document:
        return connected(document, report, link, port, None)

    return link, edit


def _choice(report: Report, end: PortEnd, port: Port) -> Choice:
    node, side, name = end
    found = report.nodes[node]
    carried = found.outgoing.get(name) if side == "outputs" else _arriving(found, name)
    kind = LAYERS.get(found.node.layer)
    known = shape_text(carried) if carried is not None else kind.title if kind is not None else found.node.layer
    taken = links_at(report, end) if side == "inputs" and not port.many else ()
    replaces = taken[0].source if taken else ""
    text = f"{node} · {name} · {known}" + (f" · instead of {replaces}" if replaces else "")
    return Choice(end, text, replaces)


def _arriving(found: NodeReport, port: str) -> Specs | None:
    reached = found.incoming.get(port, ())
    return reached[0] if reached else None
