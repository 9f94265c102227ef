"""Making a group of chosen nodes: its ports follow from the links that cross its border.

What is inside keeps its ids, settings, places and links, so that only the names of the weights change: they get the
group's id in front.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from designer.graph.document import EMPTY, Document, Frame, Link, Node, Position
from designer.graph.formulas import Number
from designer.graph.frames import whole, without_nodes
from designer.graph.names import FreeIds, legal
from designer.graph.places import ROW, STEP
from designer.graph.reach import nodes_after, nodes_before
from designer.graph.variables import known_values, needed, passed_on, used_names
from designer.problems import UserError

GROUP, INPUT, OUTPUT = "Group", "Input", "Output"
"""The layers that a group is made of, as files name them."""

End = tuple[str, str]
"""Where a link starts: a node and its port."""


def group(document: Document, nodes: Collection[str], name: str) -> Document:
    """Put nodes into a group called `name`, which must be free. Raises UserError where they cannot be one."""
    chosen = frozenset(nodes) & document.nodes.keys()
    _refuse(document, chosen)
    border = _border(document, chosen)
    inside = _inside(document, chosen, border)
    new = Node(name, GROUP, passed_on(inside.variables), inside)
    return _around(document, chosen, border, new)


def _refuse(document: Document, chosen: frozenset[str]) -> None:
    """Raise UserError where these nodes cannot be a group."""
    if not chosen:
        raise UserError("Select the layers that are to be a group first.")
    for name in _in_order(document, chosen):
        if document.nodes[name].layer in (INPUT, OUTPUT):
            kind = document.nodes[name].layer
            raise UserError(f"{name} is an {kind} of this design, so it stays outside of groups. Leave it out.")
    for node in document.nodes.values():
        owner = node.learning.get("shared_with")
        if isinstance(owner, str) and owner in document.nodes and (node.id in chosen) != (owner in chosen):
            missing = owner if node.id in chosen else node.id
            raise UserError(f"{node.id} shares the weights of {owner}, so a group takes both. Select {missing} too.")
    between = _between(document, chosen)
    if between:
        raise UserError(f"{between} lies between the selected layers, so a group takes it too. Select it as well.")


def _in_order(document: Document, chosen: frozenset[str]) -> list[str]:
    return [name for name in document.nodes if name in chosen]


def _between(document: Document, chosen: frozenset[str]) -> str:
    """A node outside that reads from the chosen ones and that they read from; empty where there is none."""
    below, above = nodes_after(document, chosen) - chosen, nodes_before(document, chosen) - chosen
    return next((name for name in document.nodes if name in below and name in above), "")


@dataclass(frozen=True)
class _Border:
    """The links between the chosen nodes and the rest, and the port that each end of them gets."""

    entering: tuple[Link, ...]
    leaving: tuple[Link, ...]
    inputs: Mapping[End, str]
    """The Input for each end outside that is read from."""
    outputs: Mapping[End, str]
    """The Output for each end inside that is read from."""

    def alone(self, link: Link) -> bool:
        """Whether it is the only link that its Input stands for."""
        return self.number[_start(link)] == 1

    @cached_property
    def number(self) -> Mapping[End, int]:
        """How many links each Input stands for, by what it brings."""
        return Counter(map(_start, self.entering))


def _start(link: Link) -> End:
    return link.source, link.source_port


def _border(document: Document, chosen: frozenset[str]) -> _Border:
    entering = tuple(link for link in document.links if link.target in chosen and link.source not in chosen)
    leaving = tuple(link for link in document.links if link.source in chosen and link.target not in chosen)
    starts = _from_above(document, (_start(link) for link in entering))
    # A group that nothing reads from yet gives what its last layers give.
    loose = (name for name in _in_order(document, chosen) if not document.outgoing.get(name))
    ends = _from_above(document, map(_start, leaving) if leaving else ((name, "") for name in loose))
    free = FreeIds(chosen)
    inputs = {start: free.take(_input_name(start, len(starts))) for start in starts}
    outputs = {end: free.take(_output_name(end, len(ends))) for end in ends}
    return _Border(entering, leaving, inputs, outputs)


def _from_above(document: Document, ends: Iterable[End]) -> list[End]:
    """Each end once, from the top of the canvas to its bottom, so that links to the ports do not cross."""
    return sorted(dict.fromkeys(ends), key=lambda end: document.positions.get(end[0], (0.0, 0.0))[1])


def _input_name(start: End, number: int) -> str:
    """An only Input is called so; of several, each is called after what it brings."""
    return "input" if number == 1 else legal("_".join(part for part in start if part))


def _output_name(end: End, number: int) -> str:
    return "output" if number == 1 else legal(f"{end[0]}_{end[1] or 'out'}")


def _inside(document: Document, chosen: frozenset[str], border: _Border) -> Document:
    """The network of the new group."""
    entering, leaving = frozenset(border.entering), frozenset(border.leaving)
    links: dict[Link, Link] = {}  # each with the one that it was
    for link in document.links:
        if link in entering:
            links[Link(border.inputs[_start(link)], link.target, "", link.target_port)] = link
        elif link.source in chosen and link not in leaving:
            links[link] = link
    ends = [Link(source, border.outputs[source, port], port) for source, port in border.outputs]
    # What stands beside a link, and its dots, are held once: at the link outside where that is the only one.
    own = {new: old for new, old in links.items() if old not in entering or not border.alone(old)}
    nodes = {name: document.nodes[name] for name in _in_order(document, chosen)}
    first = {name: Node(name, INPUT) for name in border.inputs.values()}
    last = {name: Node(name, OUTPUT) for name in border.outputs.values()}
    return Document(
        nodes={**first, **nodes, **last},
        links=(*links, *ends),
        positions=_places(document, chosen, border),
        variables=_variables(document, nodes.values()),
        renamed={name: old for name, old in document.renamed.items() if name in chosen} or EMPTY,
        link_extra={new: document.link_extra[old] for new, old in own.items() if old in document.link_extra} or EMPTY,
        routes={new: document.routes[old] for new, old in own.items() if old in document.routes} or EMPTY,
        frames=whole(document.frames, chosen),
    )


def _places(document: Document, chosen: frozenset[str], border: _Border) -> Mapping[str, Position]:
    """All nodes where they were, the Inputs in a column to their left, the Outputs to their right."""
    kept = {name: document.positions.get(name, (0.0, 0.0)) for name in _in_order(document, chosen)}
    _, middle = middle_of(kept)
    left, right = min(x for x, _ in kept.values()) - STEP, max(x for x, _ in kept.values()) + STEP
    return {
        **_column(border.inputs.values(), left, middle),
        **kept,
        **_column(border.outputs.values(), right, middle),
    }


def _column(ids: Collection[str], x: float, middle: float) -> Mapping[str, Position]:
    top = middle - ROW * (len(ids) - 1) / 2
    return {name: (x, top + ROW * row) for row, name in enumerate(ids)}


def middle_of(places: Mapping[str, Position]) -> Position:
    """The middle of the rectangle around places; there must be one."""
    columns, rows = [x for x, _ in places.values()], [y for _, y in places.values()]
    return (min(columns) + max(columns)) / 2, (min(rows) + max(rows)) / 2


def _variables(document: Document, nodes: Iterable[Node]) -> Mapping[str, Number | str]:
    """The variables that nodes name, each with the number that it is worth, so that none needs another."""
    nodes = tuple(nodes)
    wanted = frozenset().union(*map(used_names, nodes)) & document.variables.keys()
    worth = known_values(document.variables)
    if not wanted <= worth.keys():
        return needed(document, nodes)  # the check says what is wrong with them
    return {name: worth[name] for name in document.variables if name in wanted} or EMPTY


def _around(document: Document, chosen: frozenset[str], border: _Border, new: Node) -> Document:
    """The design with the group in the place of the nodes that went into it."""
    entering = frozenset(border.entering)
    links: dict[Link, Link] = {}
    for link in document.links:
        if link in entering:
            links.setdefault(_into(link, new.id, border), link)
        elif link.target in chosen:
            continue
        elif link.source in chosen:
            port = border.outputs[_start(link)]
            links[Link(new.id, link.target, _unless_only(port, border.outputs), link.target_port)] = link
        else:
            links[link] = link
    own = {now: old for now, old in links.items() if old not in entering or border.alone(old)}
    nodes: dict[str, Node] = {}
    for name, node in document.nodes.items():
        if name not in chosen:
            nodes[name] = node
        elif new.id not in nodes:
            nodes[new.id] = new
    assert new.inside is not None
    middle = middle_of({name: place for name, place in new.inside.positions.items() if name in chosen})
    return replace(
        document,
        nodes=nodes,
        links=tuple(links),
        positions={**{name: at for name, at in document.positions.items() if name not in chosen}, new.id: middle},
        renamed={name: old for name, old in document.renamed.items() if name not in chosen} or EMPTY,
        link_extra={now: document.link_extra[old] for now, old in own.items() if old in document.link_extra} or EMPTY,
        routes={now: document.routes[old] for now, old in own.items() if old in document.routes} or EMPTY,
        frames=_frames(document, chosen, new.id),
    )


def _frames(document: Document, chosen: frozenset[str], name: str) -> Mapping[str, Frame]:
    """The frames around the group: it is in the one that all of its nodes were in."""
    left = without_nodes(document.frames, chosen)
    for key in left:
        members = document.frames[key].members
        if chosen.issubset(members):
            first = next(place for place, member in enumerate(members) if member in chosen)
            around = [*members[:first], name, *(member for member in members[first:] if member not in chosen)]
            return {**left, key: replace(left[key], members=tuple(around))}
    return left


def _into(link: Link, name: str, border: _Border) -> Link:
    port = _unless_only(border.inputs[_start(link)], border.inputs)
    return Link(link.source, name, link.source_port, port)


def _unless_only(port: str, ports: Collection[End]) -> str:
    """A port as a link names it: not at all where it is the only one."""
    return port if len(ports) > 1 else ""
