"""A layout in a process of its own: the question and the answer as JSON."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from designer.graph.document import Document, Frame, Link, Node, Position
from designer.graph.layout.arranging import Direction, Layout, arranged
from designer.graph.layout.boxes import Box

Ends = tuple[str, str, str, str]


class Question(msgspec.Struct):
    """What is to be laid out: nodes by id in their order, the links by their ends, and the members of each frame."""

    direction: str
    boxes: dict[str, Box]
    links: list[Ends]
    frames: list[tuple[str, ...]]
    alone: bool = False


class Answer(msgspec.Struct):
    """Where nodes stand; the dots of links by the links' places in the question."""

    positions: dict[str, Position]
    routes: dict[int, tuple[Position, ...]]


def ask(document: Document, boxes: Mapping[str, Box], direction: Direction, *, alone: bool = False) -> bytes:
    """The question for a design."""
    sizes = {name: boxes.get(name, Box()) for name in document.nodes}
    links = [(link.source, link.target, link.source_port, link.target_port) for link in document.links]
    frames = [frame.members for frame in document.frames.values()]
    return msgspec.json.encode(Question(direction.value, sizes, links, frames, alone))


def answer(question: bytes) -> bytes:
    """Lay out what was asked for."""
    asked = msgspec.json.decode(question, type=Question)
    links = tuple(Link(*ends) for ends in asked.links)
    frames = {str(number): Frame(members=members) for number, members in enumerate(asked.frames)}
    document = Document({name: Node(name, "") for name in asked.boxes}, links, frames=frames)
    layout = arranged(document, asked.boxes, Direction(asked.direction), alone=asked.alone)
    place = {link: number for number, link in enumerate(links)}
    return msgspec.json.encode(
        Answer(dict(layout.positions), {place[link]: dots for link, dots in layout.routes.items()})
    )


def read(document: Document, answered: bytes) -> Layout:
    """The layout from an answer; raises msgspec.DecodeError for anything else."""
    found = msgspec.json.decode(answered, type=Answer)
    return Layout(found.positions, {document.links[number]: dots for number, dots in found.routes.items()})
