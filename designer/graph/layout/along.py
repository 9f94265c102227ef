"""Where layers stand, one behind the other or in rows like lines of a text, and the dots of long links."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from designer.graph.document import Position
from designer.graph.layout.across import GRID
from designer.graph.layout.layered import Layered, Thread

STEEP = 12.0
"""For so many pixels that a link has to go across, its layers stand one further apart."""
WIDEST_GAP = 140.0
"""How far such layers stand apart at most."""
ROW_GAP = 90.0
"""The free room between two rows."""
SHAPE = 1.7
"""How much wider than high a drawing should be."""
GAIN = 0.75
"""Rows must let a drawing be shown so much larger: its size in one row, times this."""
LONELY = 1.2
"""Rows with a single layer in the last of them must be so much better than others."""
SMALL = 760.0
"""A drawing that is no higher (and no wider, in its shape) is shown in its natural size anyway."""
MANY_ROWS, MOST_ROWS = 10, 200
"""From here on not every number of rows is tried, and no more than these."""
CLEAR = 40.0
"""How much of the room between rows is not for the link from one to the next, which runs half way between its ends."""
LANE = 20.0
"""How far links that are led around everything stand apart."""
STILL = 0.5
"""What differs by less stands at the same height."""
TURN = 24.0
"""How far from its ends a link turns that is led around everything."""


@dataclass
class Placed:
    """Places of nodes by number, dots of threads by number, and how much room all takes."""

    nodes: list[Position]
    dots: dict[int, tuple[Position, ...]]
    length: float
    breadth: float
    starts: list[float]
    ends: list[float]
    """Where layers begin and end, before they are set in rows."""


def place_along(net: Layered, across: list[float], gap: float, *, rows: bool) -> Placed:
    """Put layers behind each other, in rows where `rows` are wanted and the network is much longer than broad.

    Positions are (along, across), from (0, 0) on.
    """
    drawing = _Drawing(net, across, *_columns(net, across, gap), _lanes(net, across))
    breaks = _best_breaks(drawing) if rows and not drawing.lanes else []
    shifts = drawing.shifts(breaks)
    nodes = [
        (drawing.starts[level] + shifts[level][0], across[node] + shifts[level][1])
        for node, level in enumerate(net.level[: net.nodes])
    ]
    placed = Placed(nodes, {}, *drawing.size(breaks), drawing.starts, drawing.ends)
    for number, thread in enumerate(net.threads):
        dots = [(along + shifts[level][0], at + shifts[level][1]) for along, at, level in drawing.dots(number)]
        if kept := _plain(thread, nodes, dots):
            placed.dots[number] = kept
    return placed


@dataclass
class _Drawing:
    """The layers of a network in one long row, and what it takes to set them in several."""

    net: Layered
    across: list[float]
    starts: list[float]
    ends: list[float]
    lanes: dict[int, float]

    def __post_init__(self) -> None:
        self._tops = [min(self.across[v] for v in layer) for layer in self.net.layers]
        self._bottoms = [max(self.across[v] + self.net.breadth[v] for v in layer) for layer in self.net.layers]

        self._cuts = _cuts(self.net)

    def shifts(self, breaks: list[int]) -> list[Position]:
        """How far each layer is shifted, along and across, if new rows begin with the layers `breaks`."""
        shifts: list[Position] = []
        bottom = 0.0
        for first, last in self._rows(breaks):
            top = min((*self._tops[first:last], *self.lanes.values()))
            if first:
                bottom += self._room(first, shifts[first - 1][1], bottom, top)
            shifts.extend([(-self.starts[first], _on_grid(bottom - top))] * (last - first))
            bottom = max(self._bottoms[first:last]) + shifts[first][1]
        return shifts

    def _rows(self, breaks: list[int]) -> list[tuple[int, int]]:
        edges = [0, *breaks, len(self.starts)]
        return list(itertools.pairwise(edges))

    def _room(self, first: int, shift: float, bottom: float, top: float) -> float:
        """The room above a row, so that the middle between the ends of the link that leads to it is free."""
        leaving, leaves, enters, entered = next(
            (vertex, leaves, enters, other)
            for vertex in self.net.layers[first - 1]
            for other, leaves, enters in self.net.after[vertex]
        )
        below = bottom - (self.across[leaving] + leaves + shift)
        above = self.across[entered] + enters - top
        return max(ROW_GAP, abs(below - above) + CLEAR)

    def size(self, breaks: list[int]) -> tuple[float, float]:
        """The room that all takes in such rows, along and across."""
        shifts = self.shifts(breaks)
        length = max(end + along for end, (along, _) in zip(self.ends, shifts, strict=True))
        return length, max(bottom + down for bottom, (_, down) in zip(self._bottoms, shifts, strict=True))

    def breaks(self, wanted: float) -> list[int]:
        """The layers with which new rows begin if none should be longer than `wanted`."""
        cuts = [*self._cuts, len(self.starts)]
        found: list[int] = []
        first = 0
        for cut, following in itertools.pairwise(cuts):
            if self.ends[following - 1] - self.starts[first] > wanted:
                found.append(cut)
                first = cut
        return found

    def dots(self, number: int) -> list[tuple[float, float, int]]:
        """The dots of one thread, each with the layer with which it is shifted."""
        thread, level = self.net.threads[number], self.net.level
        if number in self.lanes:
            first, last = level[thread.source], level[thread.target]
            lane = self.lanes[number]
            return [(self.ends[first] + TURN, lane, first), (self.starts[last] - TURN, lane, last)]
        return [
            (along, self.across[bend], level[bend])
            for bend in self.net.bends[number]
            for along in (self.starts[level[bend]], self.ends[level[bend]])
        ]


def _best_breaks(drawing: _Drawing) -> list[int]:
    """The rows that let all be shown largest; none where that gains little."""
    length, breadth = drawing.size([])
    best, found = max(length / SHAPE, breadth) * GAIN, []
    if length / SHAPE <= breadth:
        return []
    count = 1
    while count < MOST_ROWS:
        count += 1 + count // MANY_ROWS
        breaks = drawing.breaks(length / count)
        wide, high = drawing.size(breaks)
        size = max(wide / SHAPE, high, SMALL) * (LONELY if breaks and breaks[-1] == len(drawing.starts) - 1 else 1.0)
        if size < best:
            best, found = size, breaks
        if high > wide / SHAPE:
            break
    return found


def _on_grid(value: float) -> float:
    return round(value / GRID) * GRID


def _columns(net: Layered, across: list[float], gap: float) -> tuple[list[float], list[float]]:
    """Where each layer begins and ends; the steeper the links between two layers, the farther they stand apart."""
    starts, ends = [], []
    along = 0.0
    for layer in net.layers:
        starts.append(along)
        depth = max(net.depth[vertex] for vertex in layer)
        ends.append(along + depth)
        steepest = max(
            (abs(across[v] + leaves - across[o] - enters) for v in layer for o, leaves, enters in net.after[v]),
            default=0.0,
        )
        along += depth + _on_grid(max(gap, min(gap + steepest / STEEP, WIDEST_GAP)))
    return starts, ends


def _lanes(net: Layered, across: list[float]) -> dict[int, float]:
    """The height of each thread that is led around everything: above all, the shorter ones further inside."""
    lanes: dict[int, float] = {}
    top = min(across, default=0.0)
    used: list[list[tuple[int, int]]] = []
    for number in sorted(net.free, key=lambda number: (_reach(net, number)[1] - _reach(net, number)[0], number)):
        reach = _reach(net, number)
        lane = next(
            (place for place, taken in enumerate(used) if all(reach[1] < a or b < reach[0] for a, b in taken)),
            len(used),
        )
        if lane == len(used):
            used.append([])
        used[lane].append(reach)
        lanes[number] = top - 2 * LANE - lane * LANE
    return lanes


def _reach(net: Layered, number: int) -> tuple[int, int]:
    thread = net.threads[number]
    return net.level[thread.source], net.level[thread.target]


def _cuts(net: Layered) -> list[int]:
    """The layers that are reached by one link alone, from node to node."""
    cuts = []
    for level in range(1, len(net.layers)):
        joints = [(v, other) for v in net.layers[level - 1] for other, _, _ in net.after[v]]
        if len(joints) == 1 and not any(net.is_bend(vertex) for vertex in joints[0]):
            cuts.append(level)
    return cuts


def _plain(thread: Thread, nodes: list[Position], dots: list[Position]) -> tuple[Position, ...]:
    """The dots without those in the middle of a straight line along the layers."""
    start = nodes[thread.source][1] + thread.exit if thread.out is None else float("inf")
    end = nodes[thread.target][1] + thread.entry if thread.out is None else float("inf")
    heights = [start, *(at for _, at in dots), end]
    bent = [
        abs(before - here) > STILL or abs(here - after) > STILL
        for before, here, after in zip(heights, heights[1:], heights[2:], strict=False)
    ]
    return tuple(dot for dot, kept in zip(dots, bent, strict=True) if kept)
