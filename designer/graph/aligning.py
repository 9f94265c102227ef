"""Putting things in line: their edges or middles on one line, or equal gaps between them.

Things are nodes, frames or notes; all that counts is the rectangle that each takes. What would come to stand on another
moves on along the line: nobody wants a node hidden behind another.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from math import ceil
from typing import NamedTuple, TypeVar

from designer.graph.document import Position

Key = TypeVar("Key")
GAP = 20.0
"""The least room between two things that are moved off each other, in scene pixels."""
STEP = 10.0
"""What is moved off another goes to the next multiple of this."""


class Area(NamedTuple):
    """The rectangle that a thing takes, in scene pixels."""

    x: float
    y: float
    width: float
    height: float

    def start(self, axis: int) -> float:
        """Its left (axis 0) or upper (1) edge."""
        return self.y if axis else self.x

    def size(self, axis: int) -> float:
        """Its width (axis 0) or height (1)."""
        return self.height if axis else self.width


class Edge(Enum):
    """What is put on one line: the axis it stands on (0: x, 1: y), and how far into each thing it is."""

    LEFT = (0, 0.0)
    CENTRE = (0, 0.5)
    RIGHT = (0, 1.0)
    TOP = (1, 0.0)
    MIDDLE = (1, 0.5)
    BOTTOM = (1, 1.0)


def aligned(areas: Mapping[Key, Area], edge: Edge) -> Mapping[Key, Position]:
    """Where things stand with an edge, or their middles, on one line: that of the rectangle around them all."""
    if not areas:
        return {}
    axis, share = edge.value
    first = min(area.start(axis) for area in areas.values())
    last = max(area.start(axis) + area.size(axis) for area in areas.values())
    line = first + share * (last - first)
    starts = {key: line - share * area.size(axis) for key, area in areas.items()}
    return _places(starts, _apart(areas, 1 - axis), axis)


def distributed(areas: Mapping[Key, Area], axis: int) -> Mapping[Key, Position]:
    """Where things stand with equal gaps between neighbours, from left to right (axis 0) or from top to bottom (1).

    The outermost two stay, unless there is too little room between them for all the others.
    """
    if not areas:
        return {}
    order = sorted(areas, key=lambda key: areas[key].start(axis) + areas[key].size(axis) / 2)
    first = areas[order[0]].start(axis)
    room = areas[order[-1]].start(axis) + areas[order[-1]].size(axis) - first
    taken = sum(area.size(axis) for area in areas.values())
    gap = max((room - taken) / max(len(areas) - 1, 1), GAP)
    starts, at = {}, first
    for key in order:
        starts[key] = at
        at += areas[key].size(axis) + gap
    return _places(starts, {key: area.start(1 - axis) for key, area in areas.items()}, axis)


def _apart(areas: Mapping[Key, Area], axis: int) -> dict[Key, float]:
    """Where things start along an axis so that none of them overlaps with the one before."""
    starts: dict[Key, float] = {}
    end = float("-inf")
    for key in sorted(areas, key=lambda key: (areas[key].start(axis), areas[key].start(1 - axis))):
        start = areas[key].start(axis)
        starts[key] = start if start >= end else ceil((end + GAP) / STEP) * STEP
        end = starts[key] + areas[key].size(axis)
    return starts


def _places(along: Mapping[Key, float], across: Mapping[Key, float], axis: int) -> Mapping[Key, Position]:
    """Positions without the last digits that sums of fractions leave behind: a file is read by people too."""
    starts = {key: round(start, 3) for key, start in along.items()}
    return {key: (across[key], start) if axis else (start, across[key]) for key, start in starts.items()}
