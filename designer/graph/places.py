"""Where nodes are put that nobody placed by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count

from designer.graph.document import Document, Link, Position

STEP = 220.0
"""How far to the right of its neighbour a node is put that nobody placed."""

ROW = 110.0
"""How far below another node a node stands that nobody placed."""


WIDE, HIGH = 0.8 * STEP, 0.8 * ROW
"""Two nodes nearer than both are on each other: a little more than a body of one or two ports takes."""


def make_room(document: Document, node: str, link: Link, at: Position) -> Mapping[str, Position]:
    """The places that nodes must have for `node` to stand between the ends of `link`, near `at`.

    What the link leads to goes to the right, with all that stands behind it and what would be under these; what was
    not under another node is not put there. A link that runs backwards has no room to make. `node` is among them.
    """
    left = document.positions.get(link.source, (0.0, 0.0))
    right = document.positions.get(link.target, (0.0, 0.0))
    if right[0] <= left[0]:
        return {node: at}
    x = max(at[0], left[0] + STEP)
    missing = x + STEP - right[0]
    others = {name: place for name, place in document.positions.items() if name != node}
    pushed = _pushed(document, others, link.target, missing) if missing > 0 else {}
    return {**pushed, node: _free_row({**others, **pushed}, (x, at[1]))}


def _pushed(document: Document, places: Mapping[str, Position], first: str, by: float) -> Mapping[str, Position]:
    """The new places of a node, of those behind it, and of those in the way, all `by` further to the right."""
    cells = _Cells(places)
    moved: dict[str, Position] = {}
    waiting = [first]
    while waiting:
        name = waiting.pop()
        if name in moved or name not in places:
            continue
        old = places[name]
        moved[name] = (old[0] + by, old[1])
        waiting += (link.target for link in document.outgoing.get(name, ()) if _at(places, link.target) >= old[0])
        waiting += (other for other in cells.near(moved[name]) if not _on(old, places[other]))
    return moved


def _at(places: Mapping[str, Position], name: str) -> float:
    return places.get(name, (0.0, 0.0))[0]


def _on(one: Position, other: Position) -> bool:
    return abs(one[0] - other[0]) < WIDE and abs(one[1] - other[1]) < HIGH


def _free_row(places: Mapping[str, Position], at: Position) -> Position:
    """The place nearest above or below where no node is."""
    cells = _Cells(places)
    rows = (at[1] + sign * step * ROW / 2 for step in count() for sign in (1, -1))
    return next((at[0], y) for y in rows if not any(cells.near((at[0], y))))


class _Cells:
    """Nodes by where they stand, so that neighbours are found without looking at all."""

    def __init__(self, places: Mapping[str, Position]) -> None:
        self._places = places
        self._cells: dict[tuple[int, int], list[str]] = {}
        for name, place in places.items():
            self._cells.setdefault(_cell(place), []).append(name)

    def near(self, place: Position) -> Iterator[str]:
        """The nodes on which a node at `place` would be."""
        column, row = _cell(place)
        around: Iterable[tuple[int, int]] = (
            (x, y) for x in (column - 1, column, column + 1) for y in (row - 1, row, row + 1)
        )
        return (name for cell in around for name in self._cells.get(cell, ()) if _on(place, self._places[name]))


def _cell(place: Position) -> tuple[int, int]:
    return int(place[0] // WIDE), int(place[1] // HIGH)


def meet(some: Iterable[Position], others: Iterable[Position]) -> bool:
    """Whether a node at one of these places would be on one at one of those."""
    cells = _Cells({str(number): place for number, place in enumerate(some)})
    return any(True for place in others for _ in cells.near(place))


def free_place(document: Document, after: str | None) -> Position:
    """Where a new node can stand: right of a node, or of all nodes, and below whatever is there."""
    places = document.positions
    if after is not None and after in places:
        x, y = places[after]
    elif places:
        x, y = max(places.values())
    else:
        return (0.0, 0.0)
    x += STEP
    while any(abs(px - x) < STEP * 0.8 and abs(py - y) < ROW for px, py in places.values()):
        y += ROW
    return (x, y)
