"""Parts that no link joins, beside and below each other without overlap."""

from __future__ import annotations

from collections.abc import Sequence

from designer.graph.document import Position

AIR = 60.0
"""The free room between two parts."""
SHAPE = 1.8
"""How much wider than high all parts together should be."""


def packed(sizes: Sequence[Position]) -> list[Position]:
    """Where the upper left corner of each part stands, of (width, height) each, in rows in their order."""
    area = sum((width + AIR) * (height + AIR) for width, height in sizes)
    widest = max((width for width, _ in sizes), default=0.0)
    room = max(widest, (area * SHAPE) ** 0.5)
    places: list[Position] = []
    x = y = row = 0.0
    for width, height in sizes:
        if x and x + width > room:
            x, y, row = 0.0, y + row + AIR, 0.0
        places.append((x, y))
        x += width + AIR
        row = max(row, height)
    return places
