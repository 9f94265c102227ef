"""A connected part of a design as a layered network: nodes, and bends where a link passes a layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

Joint = tuple[int, float, float]
"""A neighbour in the next layer: its number, how far into this vertex and how far into it the link ends."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A link from `source` to `target`, and where on both it ends, across the layers.

    With its next bend it is straight where it leaves at `out`, if that is not where it leaves for a node.
    """

    source: int
    target: int
    exit: float
    entry: float
    out: float | None = None


@dataclass
class Layered:
    """Vertices by number: the nodes first, then the bends. `layers` has their order, which `order` improves.

    `breadth` is a node's size along its layer, `depth` its size across.
    """

    breadth: list[float]
    depth: list[float]
    level: list[int]
    threads: list[Thread]
    nodes: int = 0
    layers: list[list[int]] = field(default_factory=list)
    after: list[list[Joint]] = field(default_factory=list)
    before: list[list[Joint]] = field(default_factory=list)
    bends: list[list[int]] = field(default_factory=list)
    """The bends of each thread, from its source to its target."""
    free: list[int] = field(default_factory=list)
    """The threads that have no bends though they are long: they are led around everything."""

    def is_bend(self, vertex: int) -> bool:
        """Whether it is a place that a link passes rather than a node."""
        return vertex >= self.nodes


def layered(
    breadth: Sequence[float], depth: Sequence[float], level: Sequence[int], threads: Sequence[Thread], most: int
) -> Layered:
    """The network with all its bends, at most `most`: the longest threads go without where there were more."""
    net = Layered(list(breadth), list(depth), list(level), list(threads), len(breadth))
    net.after = [[] for _ in breadth]
    net.before = [[] for _ in breadth]
    net.bends = [[] for _ in threads]
    left = most
    for number in sorted(range(len(threads)), key=lambda number: _span(net, number)):
        span = _span(net, number)
        if left < span - 1:
            net.free.append(number)
            continue
        left -= span - 1
    free = set(net.free)
    for number in range(len(threads)):
        if number not in free:
            _lead(net, number)
    net.layers = [[] for _ in range(max(net.level, default=-1) + 1)]
    for vertex, each in enumerate(net.level):
        net.layers[each].append(vertex)
    return net


def _span(net: Layered, number: int) -> int:
    thread = net.threads[number]
    return net.level[thread.target] - net.level[thread.source]


def _lead(net: Layered, number: int) -> None:
    """Lay one thread through the layers between its ends."""
    thread = net.threads[number]
    near = net.level[thread.target] - net.level[thread.source] == 1
    last, leaves = thread.source, thread.exit if near or thread.out is None else thread.out
    for level in range(net.level[thread.source] + 1, net.level[thread.target]):
        bend = len(net.level)
        net.level.append(level)
        net.breadth.append(0.0)
        net.depth.append(0.0)
        net.after.append([])
        net.before.append([])
        net.bends[number].append(bend)
        net.after[last].append((bend, leaves, 0.0))
        net.before[bend].append((last, 0.0, leaves))
        last, leaves = bend, 0.0
    net.after[last].append((thread.target, leaves, thread.entry))
    net.before[thread.target].append((last, thread.entry, leaves))
