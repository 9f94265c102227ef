"""Frames in a layout: what is in a frame is laid out by itself, and stands in the whole like one large node."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from designer.graph.document import Document, Frame, Link, Node, Position, nothing
from designer.graph.layout.boxes import Box

SIDE, TOP = 30.0, 60.0
"""How far a frame reaches beyond its nodes at its sides and below, and above them with its title, with some air."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where nodes stand, and the dots that links run through; a link that is not in `routes` has none.

    `notes` are the sticky notes that have to make room.
    """

    positions: Mapping[str, Position]
    routes: Mapping[Link, tuple[Position, ...]]
    notes: Mapping[str, Position] = field(default_factory=nothing)


Lay = Callable[[Document, Mapping[str, Box]], Layout]


def with_frames(document: Document, boxes: Mapping[str, Box], lay: Lay) -> Layout:
    """Lay a design out by `lay`, its frames one by one first, so that nothing else comes to stand in a frame."""
    frames = {f"\0{key}": _present(document, frame) for key, frame in document.frames.items()}
    home = {name: key for key, members in frames.items() for name in members}
    if not home:
        return lay(document, boxes)
    inner = {key: lay(_inside(document, members), boxes) for key, members in frames.items() if members}
    outer, ways = _outer(document, home)
    large = {key: _box(layout, boxes) for key, layout in inner.items()}
    whole = lay(outer, {**boxes, **_with_ports(large, inner, boxes, ways)})
    return _joined(document, whole, inner, home, ways)


def _present(document: Document, frame: Frame) -> tuple[str, ...]:
    return tuple(name for name in frame.members if name in document.nodes)


def _inside(document: Document, members: tuple[str, ...]) -> Document:
    there = frozenset(members)
    nodes = {name: node for name, node in document.nodes.items() if name in there}
    return Document(nodes, tuple(link for link in document.links if link.source in there and link.target in there))


def _outer(document: Document, home: Mapping[str, str]) -> tuple[Document, dict[Link, Link]]:
    """The design with a node for each frame; its links, each with the one that it stands for.

    A port of a frame is called by its node and the port of that.
    """
    nodes = dict.fromkeys(home.get(name, name) for name in document.nodes)
    ways: dict[Link, Link] = {}
    for link in document.links:
        source, target = home.get(link.source), home.get(link.target)
        if source is not None and source == target:
            continue
        way = link
        if source is not None:
            way = way._replace(source=source, source_port=f"{link.source}\0{link.source_port}")
        if target is not None:
            way = way._replace(target=target, target_port=f"{link.target}\0{link.target_port}")
        ways[way] = link
    return Document({name: document.nodes.get(name, Node(name, "")) for name in nodes}, tuple(ways)), ways


def _box(layout: Layout, boxes: Mapping[str, Box]) -> Box:
    ends = [(x + boxes.get(name, Box()).width, y + boxes.get(name, Box()).height)
            for name, (x, y) in layout.positions.items()]  # fmt: skip
    return Box(max(x for x, _ in ends) + 2 * SIDE, max(y for _, y in ends) + TOP + SIDE)


def _with_ports(
    large: Mapping[str, Box], inner: Mapping[str, Layout], boxes: Mapping[str, Box], ways: Mapping[Link, Link]
) -> dict[str, Box]:
    """The boxes of frames with a port at the height of each port of a member that has a link from outside."""
    entries: dict[str, dict[str, float]] = {key: {} for key in large}
    exits: dict[str, dict[str, float]] = {key: {} for key in large}
    for way, link in ways.items():
        if way.source in inner:
            top = inner[way.source].positions[link.source][1] + TOP
            exits[way.source][way.source_port] = top + boxes.get(link.source, Box()).exit(link.source_port)
        if way.target in inner:
            top = inner[way.target].positions[link.target][1] + TOP
            entries[way.target][way.target_port] = top + boxes.get(link.target, Box()).entry(link.target_port)
    return {key: replace(box, inputs=entries[key], outputs=exits[key]) for key, box in large.items()}


def _joined(
    document: Document, whole: Layout, inner: Mapping[str, Layout], home: Mapping[str, str], ways: Mapping[Link, Link]
) -> Layout:
    positions: dict[str, Position] = {}
    for name in document.nodes:
        x, y = whole.positions[home.get(name, name)]
        if name in home:
            dx, dy = inner[home[name]].positions[name]
            x, y = x + SIDE + dx, y + TOP + dy
        positions[name] = (x, y)
    routes = {ways[way]: dots for way, dots in whole.routes.items()}
    for key, layout in inner.items():
        x, y = whole.positions[key]
        for link, dots in layout.routes.items():
            routes[link] = tuple((x + SIDE + dx, y + TOP + dy) for dx, dy in dots)
    return Layout(positions, routes)
