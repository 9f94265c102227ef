"""Links from top to bottom: ports stay at the sides of nodes, so that a link leaves to the right and turns in the gaps.

Places here are (down, right), as all places of a layout that runs down.
"""

from __future__ import annotations

from collections.abc import Sequence

from designer.graph.document import Position
from designer.graph.layout.along import Placed
from designer.graph.layout.boxes import Box
from designer.graph.layout.layered import Layered, Thread

OUT = 22.0
"""How far beside a node a link goes up or down."""
CORNER = 14.0
EDGE = 12.0
"""How far above or below the nodes of a row a long link crosses over; shorter ones do so in the middle."""


def turn_links(net: Layered, placed: Placed, boxes: Sequence[Box], ports: Sequence[Position]) -> None:
    """Add the dots of all links that would not run clear of the nodes without; `ports` are a thread's both heights."""
    for number, thread in enumerate(net.threads):
        if number in net.free:
            continue
        start, end = _ends(placed, thread, boxes, ports[number])
        first, last = net.level[thread.source], net.level[thread.target]
        dots = placed.dots.get(number, ())
        if not dots:
            low, high = placed.ends[first], placed.starts[last]
            middle, tight = (start[0] + end[0]) / 2, last - first == 1 and start[1] > end[1]
            if tight and not low + EDGE / 2 < middle < high - EDGE / 2:
                placed.dots[number] = (*_leave(start, (low + high) / 2), *_arrive((low + high) / 2, end))
            continue
        way = list(dots)
        if dots[0][1] < start[1] + OUT / 2:
            level = placed.ends[first] + EDGE
            way = [*_leave(start, level), (level, dots[0][1] + CORNER), (level + CORNER, dots[0][1]), *way]
        if dots[-1][1] > end[1] - OUT / 2:
            level = placed.starts[last] - EDGE
            way = [*way, (level - CORNER, dots[-1][1]), (level, dots[-1][1] - CORNER), *_arrive(level, end)]
        placed.dots[number] = tuple(way)


def _ends(placed: Placed, thread: Thread, boxes: Sequence[Box], heights: Position) -> tuple[Position, Position]:
    down, right = placed.nodes[thread.source]
    to_down, to_right = placed.nodes[thread.target]
    return (down + heights[0], right + boxes[thread.source].width), (to_down + heights[1], to_right)


def _leave(start: Position, level: float) -> tuple[Position, Position]:
    """Out to the right, down, and back to the left on a level."""
    return (level - CORNER, start[1] + OUT), (level, start[1] + OUT - CORNER)


def _arrive(level: float, end: Position) -> tuple[Position, Position]:
    """From the right on a level, down, and in from the left."""
    return (level, end[1] - OUT + CORNER), (level + CORNER, end[1] - OUT)
