"""Straight lines: which vertices, one a layer, are held in a row by the links between them."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from dataclasses import dataclass

from designer.graph.layout.layered import Layered

DEEP = 3
"""So many links in each other make an hourglass."""
Segment = tuple[int, int, float, float]
"""A link between neighbouring layers: both vertices, and how far into each it ends."""


@dataclass
class Chains:
    """The chain of each vertex, and how far below the chain's own place each vertex begins."""

    chain: list[int]
    offset: list[float]
    count: int


def straighten(net: Layered) -> Chains:
    """Join vertices to chains: the main lines first, then long links, then whatever is free still.

    Two links that cross are never both straight, so that chains can be sorted from top to bottom.
    """
    at = [0] * len(net.level)
    for layer in net.layers:
        for place, vertex in enumerate(layer):
            at[vertex] = place
    mate_after: dict[int, Segment] = {}
    taken: set[int] = set()
    straight: list[list[tuple[int, int]]] = [[] for _ in net.layers]
    for segment in _by_weight(net):
        one, other = segment[0], segment[1]
        if one in mate_after or other in taken:
            continue
        gap, pair = straight[net.level[one]], (at[one], at[other])
        place = bisect_left(gap, pair)
        if (place and gap[place - 1][1] >= pair[1]) or (place < len(gap) and gap[place][1] <= pair[1]):
            continue
        insort(gap, pair)
        mate_after[one] = segment
        taken.add(other)
    return _joined(net, mate_after, taken)


def _joined(net: Layered, mate_after: dict[int, Segment], taken: set[int]) -> Chains:
    chains = Chains([-1] * len(net.level), [0.0] * len(net.level), 0)
    for layer in net.layers:
        for first in layer:
            if first in taken:
                continue
            vertex, offset = first, 0.0
            chains.chain[vertex] = chains.count
            while vertex in mate_after:
                _, vertex, leaves, enters = mate_after[vertex]
                offset += leaves - enters
                chains.chain[vertex], chains.offset[vertex] = chains.count, offset
            chains.count += 1
    return chains


def _by_weight(net: Layered) -> list[Segment]:
    """All segments, those first that matter most for being straight."""
    nested = nested_threads(net)
    main = [*nested, *(number for number in _main_threads(net) if number not in set(nested))]
    known = set(main)
    rest = sorted(
        (number for number in range(len(net.threads)) if number not in known),
        key=lambda number: (-len(net.bends[number]), number),
    )
    free = set(net.free)
    first = [segment for number in main if number not in free for segment in _segments(net, number)]
    inner: list[Segment] = []
    outer: list[Segment] = []
    for number in rest:
        if number not in free:
            segments = _segments(net, number)
            inner.extend(segments[1:-1])
            outer.extend(segments[:1] if len(segments) == 1 else (segments[0], segments[-1]))
    return [*first, *inner, *outer]


def nested_threads(net: Layered) -> list[int]:
    """The long links of an hourglass, which lie in each other like those of a U-Net, the outermost first.

    They are drawn straight, so that what lies between their ends goes down and comes up again.
    """
    level = net.level
    leaving = Counter(net.threads[number].source for number, bends in enumerate(net.bends) if bends)
    arriving = Counter(net.threads[number].target for number, bends in enumerate(net.bends) if bends)
    spans = sorted(
        (level[thread.source], -level[thread.target], number)
        for number, thread in enumerate(net.threads)
        if net.bends[number] and leaving[thread.source] == arriving[thread.target] == 1
    )
    nests: list[list[int]] = []
    depths: list[int] = []
    open_: list[tuple[int, int, int]] = []  # the last layer negated, the nest, how deep in it
    for first, last, number in spans:
        while open_ and -open_[-1][0] <= first:
            open_.pop()
        if open_ and open_[-1][0] < last:
            nest, depth = open_[-1][1], open_[-1][2] + 1
        else:
            nest, depth = len(nests), 1
            nests.append([])
            depths.append(0)
        nests[nest].append(number)
        depths[nest] = max(depths[nest], depth)
        open_.append((last, nest, depth))
    return [number for nest, depth in zip(nests, depths, strict=True) if depth >= DEEP for number in nest]


def _segments(net: Layered, number: int) -> list[Segment]:
    thread = net.threads[number]
    stops = [thread.source, *net.bends[number], thread.target]
    last = len(stops) - 2
    leaves = thread.exit if last == 0 or thread.out is None else thread.out
    return [
        (stops[place], stops[place + 1], leaves if place == 0 else 0.0, thread.entry if place == last else 0.0)
        for place in range(last + 1)
    ]


def _main_threads(net: Layered) -> list[int]:
    """The links of main lines, the longest line's first: each node's deepest source is joined to its deepest target."""
    before: list[list[int]] = [[] for _ in range(net.nodes)]
    after: list[list[int]] = [[] for _ in range(net.nodes)]
    for number, thread in enumerate(net.threads):
        after[thread.source].append(number)
        before[thread.target].append(number)
    order = sorted(range(net.nodes), key=net.level.__getitem__)
    depth, height = [0] * net.nodes, [0] * net.nodes
    for node in order:
        depth[node] = max((depth[net.threads[number].source] + 1 for number in before[node]), default=0)
    for node in reversed(order):
        height[node] = max((height[net.threads[number].target] + 1 for number in after[node]), default=0)
    next_ = [max(each, key=lambda n: (height[net.threads[n].target], -n), default=-1) for each in after]
    last = [max(each, key=lambda n: (depth[net.threads[n].source], -n), default=-1) for each in before]
    main = [number for node, number in enumerate(next_) if number >= 0 and last[net.threads[number].target] == number]
    return sorted(main, key=lambda n: (-depth[net.threads[n].source] - height[net.threads[n].target], n))
