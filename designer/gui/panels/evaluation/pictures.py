"""The inputs of examples as the worker tells them, made ready to be shown: pictures, and cells of a table."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from designer.protocol import Cell, Seen

FORMATS = {1: QImage.Format.Format_Grayscale8, 3: QImage.Format.Format_RGB888}
BETWEEN = 2
"""Pixels between pictures that belong to one example."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What went into the network, an entry for each example: a picture or none, and cells under `columns`."""

    pictures: tuple[QPixmap | None, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]

    @property
    def pictured(self) -> bool:
        """Whether there are pictures."""
        return any(picture is not None for picture in self.pictures)

    def picture(self, place: int) -> QPixmap | None:
        """The picture of an example; None for one that came without."""
        return self.pictures[place] if place < len(self.pictures) else None

    def row(self, place: int) -> tuple[str, ...]:
        """The cells of an example; empty for one that came without."""
        return self.cells[place] if place < len(self.cells) else ("",) * len(self.columns)


def inputs_of(shown: Sequence[Seen], side: int) -> Inputs:
    """Makes the inputs ready, with pictures about `side` pixels high."""
    images = [_images(seen, side) for seen in shown if seen.form == "image" and seen.pixels]
    pictures = [_joined([images[each][place] for each in range(len(images))]) for place in range(_least(images))]
    columns: list[str] = []
    cells: list[list[tuple[str, ...]]] = []
    for seen in shown:
        if seen.values:
            names = seen.columns or (seen.name,)
            columns += names
            cells.append([_texts(seen, row) for row in seen.values])
    rows = [sum(parts, ()) for parts in zip(*cells, strict=True)] if cells else []
    return Inputs(tuple(pictures), tuple(columns), tuple(rows))


def _least(images: Sequence[Sequence[QImage]]) -> int:
    return min((len(each) for each in images), default=0)


def _texts(seen: Seen, row: Sequence[Cell]) -> tuple[str, ...]:
    if seen.columns:
        return tuple(cell_text(cell) for cell in row)
    names = [seen.names[cell] if isinstance(cell, int) and 0 <= cell < len(seen.names) else str(cell) for cell in row]
    letters = len(seen.names) > 0 and all(len(name) == 1 for name in seen.names)
    return (("" if letters else " ").join(names) + (" …" if seen.cut else ""),)


def cell_text(cell: Cell) -> str:
    """What stands in a cell, numbers in five figures."""
    return f"{cell:.5g}" if isinstance(cell, float) else "" if cell is None else str(cell)


def _images(seen: Seen, side: int) -> list[QImage]:
    height, width, channels = seen.shape
    pixels, size = base64.b64decode(seen.pixels), height * width * channels
    kind = FORMATS.get(channels)
    if kind is None or not size:
        return []
    scale = max(1, round(side / max(height, width)))
    found = []
    for start in range(0, len(pixels) - size + 1, size):
        part = pixels[start : start + size]
        image = QImage(part, width, height, width * channels, kind).copy()
        found.append(image.scaled(QSize(width, height) * scale))  # whole times, so that each pixel stays a square
    return found


def _joined(images: Sequence[QImage]) -> QPixmap:
    """Pictures side by side."""
    if len(images) == 1:
        return QPixmap.fromImage(images[0])
    width = sum(image.width() for image in images) + BETWEEN * (len(images) - 1)
    joined = QPixmap(width, max(image.height() for image in images))
    joined.fill(Qt.GlobalColor.transparent)
    painter, left = QPainter(joined), 0
    for image in images:
        painter.drawImage(QRect(left, 0, image.width(), image.height()), image)
        left += image.width() + BETWEEN
    painter.end()
    return joined
