"""Showing a group's network in the group's place: others make room, and come back where nothing stands in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from designer.graph.document import Document, Position
from designer.graph.edits import move
from designer.graph.places import ROW, STEP, meet


def expand(document: Document, name: str, growth: Position) -> Document:
    """Show a group expanded: it grows by so much to the right and downwards."""
    if name not in document.nodes or document.nodes[name].expanded:
        return document
    return move(_marked(document, name, expanded=True), _making_room(document, name, growth))


def collapse(document: Document, name: str, growth: Position) -> Document:
    """Show a group as one node again; what stands beyond it comes nearer if it then touches nothing."""
    if name not in document.nodes or not document.nodes[name].expanded:
        return document
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
    plain = _marked(document, name, expanded=False)
    return plain if meet(moved.values(), kept) else move(plain, moved)


def _marked(document: Document, name: str, *, expanded: bool) -> Document:
    return replace(document, nodes={**document.nodes, name: replace(document.nodes[name], expanded=expanded)})


def _making_room(document: Document, name: str, growth: Position) -> Mapping[str, Position]:
    """The places of those that would be covered, and of all that stands beyond them."""
    (x, y), (wider, higher) = document.positions.get(name, (0.0, 0.0)), growth
    others = {other: place for other, place in document.positions.items() if other != name}
    right = {other: place for other, place in others.items() if place[0] >= x + STEP / 2}
    below = {other: place for other, place in others.items() if other not in right and place[1] >= y + ROW / 2}
    covers_right = any(px < x + STEP + wider and y - ROW < py < y + ROW + higher for px, py in right.values())
    covers_below = any(px > x - STEP and py < y + ROW + higher for px, py in below.values())
    moved = {other: (px + wider, py) for other, (px, py) in right.items()} if covers_right else {}
    return {**moved, **({other: (px, py + higher) for other, (px, py) in below.items()} if covers_below else {})}
