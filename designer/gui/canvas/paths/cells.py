"""Which rectangles are near a place: a plain grid of cells, cheap to change with every move.

The scene's own index is for hit tests; asking it between changes makes it sort everything anew each time.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from itertools import product
from math import floor
from typing import Generic, TypeVar

from PySide6.QtCore import QRectF

Key = TypeVar("Key", bound=Hashable)
Cell = tuple[int, int]
SIDE = 400.0
"""Width and height of a cell, in scene pixels: about four nodes in it."""


class Cells(Generic[Key]):
    """Rectangles by key, each listed in all cells that it touches."""

    def __init__(self) -> None:
        self._keys: dict[Cell, set[Key]] = {}
        self._cells: dict[Key, tuple[Cell, ...]] = {}

    def put(self, key: Key, area: QRectF) -> None:
        """Say where something is now."""
        cells = tuple(_cells(area))
        if self._cells.get(key) == cells:
            return
        self.drop(key)
        self._cells[key] = cells
        for cell in cells:
            self._keys.setdefault(cell, set()).add(key)

    def drop(self, key: Key) -> None:
        """Forget something, if it is known at all."""
        for cell in self._cells.pop(key, ()):
            self._keys[cell].discard(key)

    def keys(self) -> set[Key]:
        """All that is known."""
        return set(self._cells)

    def near(self, area: QRectF) -> set[Key]:
        """All that may touch a rectangle."""
        return {key for cell in _cells(area) for key in self._keys.get(cell, ())}


def _cells(area: QRectF) -> Iterator[Cell]:
    columns = range(floor(area.left() / SIDE), floor(area.right() / SIDE) + 1)
    rows = range(floor(area.top() / SIDE), floor(area.bottom() / SIDE) + 1)
    return product(columns, rows)
