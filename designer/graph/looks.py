"""How nodes look and what is noted at them: matters of people, which the network knows nothing of."""

from __future__ import annotations

from collections.abc import Collection, Container
from dataclasses import replace

from designer.graph.document import Document

COLORS = ("red", "orange", "yellow", "green", "teal", "blue", "purple", "gray")
"""The names of colours for nodes, frames and notes; the window has two shades of each, for light and for dark."""


def set_color(document: Document, nodes: Collection[str], color: str) -> Document:
    """Give nodes a colour; an empty one is that of their category. Nodes that are not there are left out."""
    new = {
        name: replace(document.nodes[name], color=color)
        for name in nodes
        if name in document.nodes and document.nodes[name].color != color
    }
    return replace(document, nodes={**document.nodes, **new}) if new else document


def set_note(document: Document, node: str, note: str) -> Document:
    """Note something at a node; an empty text takes the note away."""
    old = document.nodes.get(node)
    if old is None or old.note == note:
        return document
    return replace(document, nodes={**document.nodes, node: replace(old, note=note)})


def free_key(stem: str, taken: Container[str]) -> str:
    """The first free key of a frame or a sticky note: "frame1", "frame2"."""
    number = 1
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"
