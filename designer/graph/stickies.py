"""Sticky notes on the canvas: placed, moved, resized, written on, taken away."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from designer.graph.document import EMPTY, Document, Position, Sticky
from designer.graph.looks import free_key
from designer.problems import UserError

Stickies = Mapping[str, Sticky]
FIRST_COLOR = "yellow"
USUAL = (220.0, 130.0)
SMALLEST = (80.0, 50.0)
LARGEST = (4000.0, 4000.0)
"""Width and height, in scene pixels."""


def add_sticky(document: Document, sticky: Sticky) -> Document:
    """Put a note on the canvas; it gets the first free key."""
    key = free_key("note", document.stickies)
    return replace(document, stickies={**document.stickies, key: replace(sticky, size=fitting(sticky.size))})


def change_sticky(document: Document, key: str, *, text: str | None = None, color: str | None = None) -> Document:
    """Write another text on a note, or give it another colour."""
    old = _sticky(document, key)
    new = replace(old, text=old.text if text is None else text, color=old.color if color is None else color)
    return _with_sticky(document, key, new)


def place_sticky(document: Document, key: str, position: Position, size: Position) -> Document:
    """Make a note another size; `position` is its upper left corner then."""
    return _with_sticky(document, key, replace(_sticky(document, key), position=position, size=fitting(size)))


def move_stickies(document: Document, places: Mapping[str, Position]) -> Document:
    """Put notes elsewhere; those that are not there are left out."""
    new = {
        key: replace(document.stickies[key], position=place)
        for key, place in places.items()
        if key in document.stickies and document.stickies[key].position != place
    }
    return replace(document, stickies={**document.stickies, **new}) if new else document


def remove_stickies(document: Document, keys: Collection[str]) -> Document:
    """Take notes away."""
    left = {key: sticky for key, sticky in document.stickies.items() if key not in keys}
    return document if len(left) == len(document.stickies) else replace(document, stickies=left or EMPTY)


def brought(stickies: Stickies, fragment: Stickies, offset: Position) -> Stickies:
    """The notes of a design after those of a fragment were pasted; the same object where it has none."""
    if not fragment:
        return stickies
    found = dict(stickies)
    for sticky in fragment.values():
        x, y = sticky.position
        found[free_key("note", found)] = replace(sticky, position=(x + offset[0], y + offset[1]))
    return found


def fitting(size: Position) -> Position:
    """The nearest size that a note can have."""
    width, height = (
        min(max(side, smallest), largest) for side, smallest, largest in zip(size, SMALLEST, LARGEST, strict=True)
    )
    return width, height


def _sticky(document: Document, key: str) -> Sticky:
    sticky = document.stickies.get(key)
    if sticky is None:
        raise UserError("That note is not there any more.")
    return sticky


def _with_sticky(document: Document, key: str, new: Sticky) -> Document:
    if new == document.stickies[key]:
        return document
    return replace(document, stickies={**document.stickies, key: new})
