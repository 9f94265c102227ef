"""Laying out what stands already: the whole design where it begins, or some of its nodes about where they were."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from designer.graph import edits, routes, stickies
from designer.graph.document import Document, Position
from designer.graph.layout.across import GRID
from designer.graph.layout.arranging import Layout
from designer.graph.layout.boxes import Box

STEP = 6 * GRID
"""In such steps a free place is looked for, up and down."""
TRIES = 40
FEW = 400_000
"""No place is looked for where more pairs of nodes than this would have to be compared."""
ABOVE = 9 * GRID
"""The room between the highest node and notes that make room: there may be a frame's title."""
Rectangle = tuple[float, float, float, float]


def part_of(document: Document, chosen: Collection[str]) -> Document:
    """What is laid out: the chosen nodes with the links among them, or the whole design where none is chosen."""
    return edits.copy(document, chosen) if chosen else document


def put_back(document: Document, boxes: Mapping[str, Box], layout: Layout) -> Layout:
    """The layout shifted: all of a design begins where it began, some of it keeps its middle if there is room.

    Sticky notes that nodes would cover go above everything.
    """
    back = _shifted_back(document, boxes, layout)
    return replace(back, notes=_notes_in_the_way(document, boxes, back))


def _shifted_back(document: Document, boxes: Mapping[str, Box], layout: Layout) -> Layout:
    names = layout.positions.keys()
    before = _around({name: document.positions.get(name, (0.0, 0.0)) for name in names}, boxes)
    after = _around(layout.positions, boxes)
    if len(names) == len(document.nodes):
        return _shifted(layout, before[0] - after[0], before[1] - after[1])
    dx = (before[0] + before[2] - after[0] - after[2]) / 2
    dy = (before[1] + before[3] - after[1] - after[3]) / 2
    return _free(document, boxes, _shifted(layout, dx, dy))


def apply(document: Document, layout: Layout) -> Document:
    """The design laid out; a link from a node that was laid out to one that was not loses its dots."""
    moved = edits.move(document, layout.positions)
    touched = (link for link in document.links if link.source in layout.positions or link.target in layout.positions)
    led = routes.reroute(moved, {link: layout.routes.get(link, ()) for link in touched})
    return stickies.move_stickies(led, layout.notes)


def _notes_in_the_way(document: Document, boxes: Mapping[str, Box], layout: Layout) -> dict[str, Position]:
    """New places for the notes that nodes would cover: side by side, above all nodes."""
    areas = {name: _area(at, boxes.get(name, Box())) for name, at in layout.positions.items()}
    left, top, _, _ = _around({**document.positions, **layout.positions}, boxes)
    notes: dict[str, Position] = {}
    for key, sticky in document.stickies.items():
        note = _area(sticky.position, Box(*sticky.size))
        if any(_overlap(note, area, 0.0) for area in areas.values()):
            notes[key] = (left, top - sticky.size[1] - ABOVE)
            left += sticky.size[0] + GRID
    return notes


def _around(places: Mapping[str, Position], boxes: Mapping[str, Box]) -> Rectangle:
    """The left, top, right and bottom of some nodes."""
    areas = [_area(at, boxes.get(name, Box())) for name, at in places.items()]
    if not areas:
        return 0.0, 0.0, 0.0, 0.0
    lefts, tops, rights, bottoms = zip(*areas, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _area(at: Position, box: Box) -> Rectangle:
    return at[0], at[1], at[0] + box.width, at[1] + box.height


def _shifted(layout: Layout, dx: float, dy: float) -> Layout:
    dx, dy = round(dx / GRID) * GRID, round(dy / GRID) * GRID
    return replace(
        layout,
        positions={name: (x + dx, y + dy) for name, (x, y) in layout.positions.items()},
        routes={link: routes.shifted(dots, dx, dy) for link, dots in layout.routes.items()},
    )


def _free(document: Document, boxes: Mapping[str, Box], layout: Layout) -> Layout:
    """The layout a little further down or up, where it covers none of the nodes that stay."""
    others = [_area(at, boxes.get(name, Box())) for name, at in document.positions.items()
              if name not in layout.positions and name in document.nodes]  # fmt: skip
    own = [_area(at, boxes.get(name, Box())) for name, at in layout.positions.items()]
    if len(own) * len(others) > FEW:
        return layout
    for turn in range(TRIES):
        down = STEP * ((turn + 1) // 2) * (1 if turn % 2 else -1)
        if not any(_overlap(one, other, down) for one in own for other in others):
            return _shifted(layout, 0.0, down)
    return layout


def _overlap(one: Rectangle, other: Rectangle, down: float) -> bool:
    """Whether two areas meet, or nearly do, once the first is `down` lower."""
    return (
        one[0] < other[2] + GRID
        and other[0] < one[2] + GRID
        and one[1] + down < other[3] + GRID
        and other[1] < one[3] + down + GRID
    )
