"""A whole design laid out in layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

from designer.graph.document import Document, Link, Position
from designer.graph.layout import order, sugiyama
from designer.graph.layout.across import Gaps, place_across
from designer.graph.layout.acyclic import Pair, forward, levels, parts
from designer.graph.layout.along import Placed, place_along
from designer.graph.layout.boxes import Box
from designer.graph.layout.chains import straighten
from designer.graph.layout.framed import Layout, with_frames
from designer.graph.layout.layered import Layered, Thread, layered
from designer.graph.layout.packing import packed
from designer.graph.layout.turns import OUT, turn_links


class Direction(Enum):
    """Which way the links run."""

    RIGHT = "right"
    DOWN = "down"


Beginnings = Sequence[order.Beginning]
ALONG = {Direction.RIGHT: 60.0, Direction.DOWN: 50.0}
"""The free room between two layers."""
GAPS = {Direction.RIGHT: Gaps(40.0, 26.0, 16.0), Direction.DOWN: Gaps(80.0, 50.0, 24.0)}
BENDS = 20
"""So many bends a node a network has at most; the longest links go around everything where it had more."""
FEW = 4000
"""The same for a small network, as a whole."""


def arranged(
    document: Document, boxes: Mapping[str, Box], direction: Direction = Direction.RIGHT, *, alone: bool = False
) -> Layout:
    """Lay a design out in layers, from (0, 0) on.

    No two nodes overlap, links run with the direction but for those that close a circle, and long ones have
    dots on a way that no node stands in. What is in a frame stays together. The same design gives the same layout.
    `alone` does without fast-sugiyama's help.
    """
    beginnings = (order.reading_order,) if alone else (order.reading_order, sugiyama.first_order)
    return with_frames(document, boxes, lambda part, sizes: _layout(part, sizes, direction, beginnings))


def _layout(document: Document, boxes: Mapping[str, Box], direction: Direction, beginnings: Beginnings) -> Layout:
    """The same, frames aside."""
    names = list(document.nodes)
    number = {name: place for place, name in enumerate(names)}
    links = [link for link in document.links if link.source in number and link.target in number]
    pairs = list(dict.fromkeys((number[link.source], number[link.target]) for link in links))
    kept = forward(len(names), pairs)
    there = set(kept)
    groups = parts(len(names), pairs)
    home = [0] * len(names)
    for place, group in enumerate(groups):
        for node in group:
            home[node] = place
    own: list[list[Link]] = [[] for _ in groups]
    for link in links:
        if (number[link.source], number[link.target]) in there:
            own[home[number[link.source]]].append(link)
    drawn = [
        _part([names[node] for node in group], each, boxes, direction, beginnings)
        for group, each in zip(groups, own, strict=True)
    ]
    return _together(groups, names, drawn, own, direction)


def _part(
    names: list[str], links: list[Link], boxes: Mapping[str, Box], direction: Direction, beginnings: Beginnings
) -> Placed:
    """One connected part, without circles."""
    number = {name: place for place, name in enumerate(names)}
    sizes = [boxes.get(name) or Box() for name in names]
    ends = [(number[link.source], number[link.target]) for link in links]
    ports = [
        (sizes[source].exit(link.source_port), sizes[target].entry(link.target_port))
        for (source, target), link in zip(ends, links, strict=True)
    ]
    if direction is Direction.RIGHT:
        threads = [Thread(*pair, *heights) for pair, heights in zip(ends, ports, strict=True)]
    else:
        threads = [_downwards(source, target, sizes) for source, target in ends]
    net = _layers(sizes, threads, ends, direction)
    order.improve(net, beginnings)
    across = place_across(net, straighten(net), GAPS[direction])
    placed = place_along(net, across, ALONG[direction], rows=direction is Direction.RIGHT)
    if direction is Direction.DOWN:
        turn_links(net, placed, sizes, ports)
    return placed


def _downwards(source: int, target: int, sizes: list[Box]) -> Thread:
    """A link down: nodes stand below each other by their middles; a long link passes beside its source."""
    return Thread(source, target, sizes[source].width / 2, sizes[target].width / 2, sizes[source].width + OUT)


def _layers(sizes: list[Box], threads: list[Thread], pairs: list[Pair], direction: Direction) -> Layered:
    """The layers of one part, with its bends, in any order."""
    right = direction is Direction.RIGHT
    breadth = [box.height if right else box.width for box in sizes]
    depth = [box.width if right else box.height for box in sizes]
    level = levels(len(sizes), list(dict.fromkeys(pairs)))
    return layered(breadth, depth, level, threads, max(FEW, BENDS * len(sizes)))


def _together(
    groups: list[list[int]], names: list[str], drawn: list[Placed], links: list[list[Link]], direction: Direction
) -> Layout:
    """All parts in one layout."""

    def turned(place: Position) -> Position:
        return place if direction is Direction.RIGHT else (place[1], place[0])

    positions: dict[str, Position] = {}
    routes: dict[Link, tuple[Position, ...]] = {}
    corners = packed([turned((part.length, part.breadth)) for part in drawn])
    for group, part, own, (x, y) in zip(groups, drawn, links, corners, strict=True):
        for place, node in enumerate(group):
            at = turned(part.nodes[place])
            positions[names[node]] = (at[0] + x, at[1] + y)
        for place, dots in part.dots.items():
            routes[own[place]] = tuple((at[0] + x, at[1] + y) for at in map(turned, dots))
    return Layout({name: positions[name] for name in names}, routes)
