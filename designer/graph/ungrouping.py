"""Taking groups apart: what is inside comes to stand in their place, a repeated group round by round."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from designer.graph import frames, stickies
from designer.graph.document import EMPTY, Document, Frame, Link, Node, Position
from designer.graph.edits import move
from designer.graph.formulas import Number
from designer.graph.grouping import GROUP, INPUT, OUTPUT, End, middle_of
from designer.graph.inner_values import InnerValues
from designer.graph.names import FreeIds
from designer.graph.places import ROW, STEP, meet
from designer.graph.references import follow_nodes
from designer.graph.routes import Route, shifted
from designer.graph.variables import known_values
from designer.problems import UserError

MOST_NODES = 10_000
"""A group is not taken apart into more nodes."""
PENALTIES = ("l1", "l2")


class Beside(NamedTuple):
    """What a link has beside its ends: its dots, and what a file says of it that this version does not know."""

    route: Route
    extra: Mapping[str, Any]

    def then(self, other: Beside) -> Beside:
        """What one link has that two in a row became."""
        return Beside((*self.route, *other.route), {**self.extra, **other.extra})


Ends = Mapping[End, Beside]
"""Where a value comes from, and what the links on its way from there have."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the check knows of a group, so that ungrouping need not find it out.

    `variables` are what those around the group are worth. `learning` are the nodes inside that have weights.
    """

    variables: Mapping[str, Number]
    learning: Collection[str]


def ungroup(
    document: Document, name: str, blocks: Mapping[str, Document] = EMPTY, known: Known | None = None
) -> tuple[Document, Mapping[str, Node]]:
    """Take a group apart; returns the design and the nodes that are new in it, by id.

    `blocks` are those of the whole design. Ids stay where they are free. Raises UserError where it cannot be.
    """
    group = document.nodes.get(name)
    if group is None or group.layer != GROUP:
        raise UserError(f"There is no group called {name} any more.")
    if group.bypassed:
        raise UserError(f"{name} is bypassed, which its layers could not be one by one. Switch it on first.")
    _refuse_learning(document, group)
    inside = group.inside if group.inside is not None else blocks.get(str(group.settings.get("block")))
    if inside is None:
        raise UserError(f"{name} is a group without a network, so there is nothing to take out of it.")
    return _Unpacking(document, group, inside, known).done()


def _refuse_learning(document: Document, group: Node) -> None:
    """What a group alone can say of weights has no place at the layers inside."""
    name = group.id
    if group.learning.get("load"):
        raise UserError(f"{name} begins with the weights in a file, which holds those of a group. Take the file away.")
    sharing = next((node.id for node in document.nodes.values() if node.learning.get("shared_with") == name), "")
    one, other = (sharing, name) if sharing else (name, group.learning.get("shared_with"))
    if other:
        raise UserError(f"{one} shares the weights of {other}. Give it weights of its own before you ungroup {name}.")


class _Unpacking:
    """One group on its way into the network around it."""

    def __init__(self, document: Document, group: Node, inside: Document, known: Known | None) -> None:
        self.document, self.group, self.inside, self.known = document, group, inside, known
        self.values = InnerValues(group, inside, known.variables if known else known_values(document.variables))
        self.inputs = [node.id for node in inside.nodes.values() if node.layer == INPUT]
        self.outputs = [node.id for node in inside.nodes.values() if node.layer == OUTPUT]
        self.ends = frozenset((*self.inputs, *self.outputs))
        self.rounds = self.values.number(group.settings.get("repeat", 1))
        self.kept = {id_: node for id_, node in inside.nodes.items() if id_ not in self.ends}
        if self.rounds > 1 and len(self.inputs) != len(self.outputs):
            raise UserError(f"Not as many values leave {group.id} as reach it, so its rounds cannot be linked.")
        if self.rounds * len(self.kept) > MOST_NODES:
            raise UserError(f"{group.id} stands for more than {MOST_NODES:,} layers. Let it be a group.")
        self.ids: list[Mapping[str, str]] = []
        self.nodes: dict[str, Node] = {}
        self.places: dict[str, Position] = {}
        self.links: dict[Link, Beside] = {}
        self.renamed: dict[str, str] = {}
        self.shift = self._shift()

    def done(self) -> tuple[Document, Mapping[str, Node]]:
        given: Mapping[str, Ends] = {port: self._reaching(port) for port in self.inputs}
        free = FreeIds(self.document.nodes.keys() - {self.group.id})
        for number in range(self.rounds):
            ids = {old: free.take(old) for old in self.kept}
            self.ids.append(ids)
            self._add_round(ids, number)
            given = self._link_round(ids, given, number)
            if number + 1 < self.rounds:
                given = dict(zip(self.inputs, given.values(), strict=True))
        document = self._around(given)
        return _with_room(document, self.places), self.nodes

    def _reaching(self, port: str) -> Ends:
        """What is linked to a port of the group; its first one is meant where a link names none."""
        first = self.inputs[0]
        links = self.document.incoming.get(self.group.id, ())
        return {
            (link.source, link.source_port): _beside(self.document, link)
            for link in links
            if (link.target_port or first) == port and link.source != self.group.id
        }

    def _shift(self) -> Position:
        """How far what is inside goes for its middle to be where the group stands."""
        places = {name: self.inside.positions.get(name, (0.0, 0.0)) for name in self.kept}
        if not places:
            return (0.0, 0.0)
        (x, y), at = middle_of(places), self.document.positions.get(self.group.id, (0.0, 0.0))
        return at[0] - x, at[1] - y

    def _offset(self, number: int) -> Position:
        """Rounds stand in a row, the middle of all where the group stands."""
        columns = [self.inside.positions.get(name, (0.0, 0.0))[0] for name in self.kept] or [0.0]
        width = max(columns) - min(columns) + STEP
        return self.shift[0] + (number - (self.rounds - 1) / 2) * width, self.shift[1]

    def _add_round(self, ids: Mapping[str, str], number: int) -> None:
        dx, dy = self._offset(number)
        changed = {old: new for old, new in ids.items() if old != new}
        for old, node in self.kept.items():
            new = follow_nodes(self._learning(self.values.outside(node)), changed)
            x, y = self.inside.positions.get(old, (0.0, 0.0))
            self.nodes[new.id], self.places[new.id] = new, (x + dx, y + dy)
            if old in self.inside.renamed:
                self.renamed[new.id] = self.inside.renamed[old]

    def _learning(self, node: Node) -> Node:
        """A layer that learns as its group says too."""
        around = self.group.learning
        own: dict[str, Any] = {"trainable": False} if around.get("trainable") is False else {}
        own |= {name: around[name] + node.learning.get(name, 0.0) for name in PENALTIES if around.get(name)}
        if node.learning.get("shared_with") or (self.known is not None and node.id not in self.known.learning):
            return node  # it has no weights of its own
        return replace(node, learning={**node.learning, **own}) if own else node

    def _link_round(self, ids: Mapping[str, str], given: Mapping[str, Ends], number: int) -> Mapping[str, Ends]:
        """Add the links of a round; returns what reaches its Outputs."""
        leaving: dict[str, dict[End, Beside]] = {name: {} for name in self.outputs}
        for link in self.inside.links:
            own = _beside(self.inside, link)
            own = own._replace(route=shifted(own.route, *self._offset(number)))
            starts: Ends = {}
            if link.source in given:
                starts = {end: before.then(own) for end, before in given[link.source].items()}
            elif link.source in ids:
                starts = {(ids[link.source], link.source_port): own}
            for end, beside in starts.items():
                if link.target in leaving:
                    leaving[link.target].setdefault(end, beside)
                elif link.target in ids:
                    self._add_link(Link(end[0], ids[link.target], end[1], link.target_port), beside)
        return leaving

    def _add_link(self, link: Link, beside: Beside) -> None:
        if link in self.links:
            name = self.group.id
            raise UserError(f"Without {name}, {link.target} would read {link.source} twice. Let it be a group.")
        self.links[link] = beside

    def _around(self, given: Mapping[str, Ends]) -> Document:
        """The design with what was inside in the place of the group; links keep their order at every port."""
        document, name = self.document, self.group.id
        inner, self.links = self.links, {}
        for link in document.links:
            if name in (link.source, link.target) and inner:
                self.links.update(inner)
                inner = {}
            if link.source == name and link.target != name:
                self._add_leaving(link, given)
            elif link.target != name:
                self._add_link(link, _beside(document, link))
        self.links.update(inner)
        nodes: dict[str, Node] = {}
        for old, node in document.nodes.items():
            nodes.update(self.nodes if old == name else {old: node})
        return replace(
            document,
            nodes=nodes,
            links=tuple(self.links),
            positions={**{old: at for old, at in document.positions.items() if old != name}, **self.places},
            renamed={**{new: old for new, old in document.renamed.items() if new != name}, **self.renamed} or EMPTY,
            link_extra={link: beside.extra for link, beside in self.links.items() if beside.extra} or EMPTY,
            routes={link: beside.route for link, beside in self.links.items() if beside.route} or EMPTY,
            frames=self._frames(),
            stickies=stickies.brought(document.stickies, self.inside.stickies, self.shift),
        )

    def _frames(self) -> Mapping[str, Frame]:
        """The frames with what was inside: in a frame of its own, or in the one that the group was in."""
        found = self.document.frames
        for ids in self.ids:
            found = frames.brought(found, self.inside.frames, ids)
        framed = {member for frame in self.inside.frames.values() for member in frame.members}
        loose = [new for ids in self.ids for old, new in ids.items() if old not in framed]
        for key, frame in self.document.frames.items():
            if self.group.id in frame.members:
                place = frame.members.index(self.group.id)
                members = (*frame.members[:place], *loose, *frame.members[place + 1 :])
                found = {**found, key: replace(frame, members=members)}
        return {key: frame for key, frame in found.items() if frame.members} or EMPTY

    def _add_leaving(self, link: Link, given: Mapping[str, Ends]) -> None:
        """Add what a link from the group becomes; its first port is meant where it names none."""
        port = link.source_port or next(iter(given), "")
        for (source, source_port), before in given.get(port, {}).items():
            new = link._replace(source=source, source_port=source_port)
            self._add_link(new, before.then(_beside(self.document, link)))


def _beside(document: Document, link: Link) -> Beside:
    return Beside(document.routes.get(link, ()), document.link_extra.get(link, EMPTY))


def _with_room(document: Document, places: Mapping[str, Position]) -> Document:
    """Move what stands beside nodes that were just put down so far away that it does not stand among them."""
    if not places:
        return document
    columns, rows = [x for x, _ in places.values()], [y for _, y in places.values()]
    left, right, middle = min(columns), max(columns), sum(columns) / len(columns)
    others = {name: at for name, at in document.positions.items() if name not in places}
    if not meet(places.values(), others.values()):
        return document
    near = [x for x, y in others.values() if min(rows) - ROW < y < max(rows) + ROW]
    behind = [x for x in near if middle <= x < right + STEP]
    before = [x for x in near if left - STEP < x < middle]
    to_right = right + STEP - min(behind) if behind else 0.0
    to_left = max(before) - left + STEP if before else 0.0
    moved = {name: (x + to_right if x >= middle else x - to_left, y) for name, (x, y) in others.items()}
    return move(document, moved)
