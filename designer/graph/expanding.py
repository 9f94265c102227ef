"""Showing a group's network in the group's place: others make room, and come back where nothing stands in the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from designer.graph.document import Document, Position
from designer.graph.edits import move
from designer.graph.places import ROW, STEP, meet


def expand(document: Document, name: str, growth: Position) -> Document:
    """Show a group expanded: it grows by so much to the right and downwards."""
    if name not in document.nodes or document.nodes[name].expanded:
        return document
    return move(_marked(document, name, expanded=True), _making_room(document, name, growth))


def collapse(
    document: Document, name: str, growth: Position, before: Mapping[str, tuple[Position, Position]] | None = None
) -> Document:
    """Show a group as one node again; what stands beyond it comes nearer if it then touches nothing.

    `before` holds where nodes stood before it was expanded, and after: those that still stand there go back.
    Without it what gave way is guessed.
    """
    if name not in document.nodes or not document.nodes[name].expanded:
        return document
    plain = _marked(document, name, expanded=False)
    if before is not None:
        back = {other: old for other, (old, new) in before.items() if document.positions.get(other) == new}
        kept = [place for other, place in document.positions.items() if other not in back]
        return plain if meet(back.values(), kept) else move(plain, back)
    (x, y), (wider, higher) = document.positions.get(name, (0.0, 0.0)), growth
    beyond = {
        other: (px - wider, py) for other, (px, py) in document.positions.items() if other != name and px >= x + wider
    }
    below = {
        other: (px, py - higher)
        for other, (px, py) in document.positions.items()
        if other not in beyond and other != name and py >= y + higher and abs(px - x) < STEP
    }
    moved = {**beyond, **below}
    kept = [place for other, place in document.positions.items() if other not in moved]
    return plain if meet(moved.values(), kept) else move(plain, moved)


def _marked(document: Document, name: str, *, expanded: bool) -> Document:
    return replace(document, nodes={**document.nodes, name: replace(document.nodes[name], expanded=expanded)})


def _making_room(document: Document, name: str, growth: Position) -> Mapping[str, Position]:
    """The places of those that would be covered, and of all that stands beyond them."""
    (x, y), (wider, higher) = document.positions.get(name, (0.0, 0.0)), growth
    others = {other: place for other, place in document.positions.items() if other != name}
    right = {other: place for other, place in others.items() if place[0] >= x + STEP / 2}
    below = {other: place for other, place in others.items() if other not in right and place[1] >= y + ROW / 2}
    beside = [other for other, (_, py) in right.items() if y - ROW < py < y + ROW + higher]
    covers_below = any(px > x - STEP and py < y + ROW + higher for px, py in below.values())
    covers_right = any(right[other][0] < x + STEP + wider for other in beside)
    pushed = _forwards(document, beside, right) if covers_right else set()
    moved = {other: (right[other][0] + wider, right[other][1]) for other in pushed}
    if meet(moved.values(), (place for other, place in others.items() if other not in moved)):
        moved = {other: (px + wider, py) for other, (px, py) in right.items()}
    return {**moved, **({other: (px, py + higher) for other, (px, py) in below.items()} if covers_below else {})}


def _forwards(document: Document, starts: Iterable[str], among: Mapping[str, Position]) -> set[str]:
    """Nodes with what follows them towards the right; a row that a long chain goes on in further down is left alone."""
    found = set(starts)
    waiting = list(found)
    while waiting:
        name = waiting.pop()
        for link in document.outgoing.get(name, ()):
            if link.target in among and link.target not in found and among[link.target][0] > among[name][0]:
                found.add(link.target)
                waiting.append(link.target)
    return found
