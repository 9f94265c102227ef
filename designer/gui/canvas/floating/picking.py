"""Which ports a node can be connected to, as a list to choose from: what fits, nearest first, then what does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from designer.catalogue.layer import Port
from designer.catalogue.tensor import Specs
from designer.compiler.checking.report import NodeReport, Report
from designer.graph.document import Document, Link
from designer.gui.canvas.look import PortEnd, shape_text
from designer.gui.canvas.wiring import Partners, connected, link_between, links_at, misfit
from designer.gui.spoken import title_of
from designer.gui.workspace import Edit


@dataclass(frozen=True, slots=True)
class Candidate:
    """A port to choose: its name in full, what it carries, and whose link a new one would take the place of."""

    end: PortEnd
    name: str
    line: str
    replaces: str = ""
    misfit: str = ""
    """What its layer would say of the link; empty where it would take it."""

    def answers(self, query: str) -> bool:
        """Whether every word of what was typed stands in it."""
        text = f"{self.name} {self.line}".casefold()
        return all(word in text for word in query.casefold().split())


def own_ports(report: Report, node: str, side: str) -> tuple[Candidate, ...]:
    """The ports of a node on one side, for a link to begin at; of the other side where it has none on this one."""
    found = report.nodes[node]
    other = "inputs" if side == "outputs" else "outputs"
    side = side if getattr(found, side) else other
    return tuple(_candidate(report, (node, side, port.name), port) for port in getattr(found, side))


class Elsewhere:
    """The ports that take a link from `end`, or give one: those that fit, free ones first, then the nearest.

    A link that does not fit can be drawn too, as with the mouse: the problem that comes of it has its mend.
    Whether a shape fits is asked of each layer only when the list comes to it.
    """

    def __init__(self, report: Report, end: PortEnd) -> None:
        self._report, self._end = report, end
        self._misfits: dict[PortEnd, str] = {}
        self._all = sorted(self._candidates(), key=self._rank)

    def find(self, query: str) -> Iterator[Candidate | None]:
        """What answers a text; None for what does not fit, and stands at the end of the list."""
        later: list[Candidate] = []
        for candidate in self._all:
            if candidate.answers(query):
                misfit = self._misfit(candidate.end)
                if misfit:
                    later.append(replace(candidate, misfit=misfit))
                yield None if misfit else candidate
        yield from later

    def _candidates(self) -> Iterator[Candidate]:
        drawn = frozenset(self._report.document.links)
        for end in Partners(self._report, self._end).all:
            port = self._report.nodes[end[0]].port(end[2], end[1])
            if port is not None and link_between(self._report, self._end, end) not in drawn:
                yield _candidate(self._report, end, port)

    def _rank(self, candidate: Candidate) -> tuple[bool, bool, float, int]:
        node, side, name = candidate.end
        places = self._report.document.positions
        (x, y), (px, py) = places.get(self._end[0], (0.0, 0.0)), places.get(node, (0.0, 0.0))
        unknown = side == "outputs" and name not in self._report.nodes[node].outgoing
        return bool(candidate.replaces), unknown, abs(px - x) + abs(py - y), self._report.document.place[node]

    def _misfit(self, end: PortEnd) -> str:
        if end not in self._misfits:
            self._misfits[end] = misfit(self._report, link_between(self._report, self._end, end))
        return self._misfits[end]


def edit_of(report: Report, one: PortEnd, other: PortEnd) -> tuple[Link, Edit]:
    """The link between two ports, and the edit that draws it."""
    link = link_between(report, one, other)
    port = report.nodes[link.target].port(link.target_port, "inputs")

    def edit(document: Document) -> Document:
        return connected(document, report, link, port, None)

    return link, edit


def _candidate(report: Report, end: PortEnd, port: Port) -> Candidate:
    node, side, name = end
    found = report.nodes[node]
    carried = found.outgoing.get(name) if side == "outputs" else _arriving(found, name)
    known = f" · {shape_text(carried)}" if carried is not None else ""
    taken = links_at(report, end) if side == "inputs" and not port.many else ()
    return Candidate(end, f"{node} · {name}{known}", title_of(found.node), taken[0].source if taken else "")


def _arriving(found: NodeReport, port: str) -> Specs | None:
    reached = found.incoming.get(port, ())
    return reached[0] if reached else None
