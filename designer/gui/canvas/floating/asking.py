"""Asking for a short text in a field over a node."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

from designer.gui.canvas.floating.overlays import NameField

if TYPE_CHECKING:
    from designer.gui.canvas.view import Canvas

NAME = "New name"
NARROWEST = 160
"""The field is as wide as the node's name, but not narrower than this."""


def ask(canvas: Canvas, node: str, text: str, asked: str, accept: Callable[[str], bool]) -> None:
    """Open a field over a node with a text to begin with; it stays until `accept` takes what was typed.

    What is asked stands below it, but for the node's name, which speaks for itself.
    """
    canvas.show_nodes((node,))
    item = canvas.design.nodes[node]
    place = canvas.mapFromScene(item.pos() + item.id_rect().topLeft())
    field = NameField(canvas, text, accept)
    if asked != NAME:
        field.explain(asked)
    canvas.open_field(field, place - QPoint(6, 1), max(NARROWEST, int(item.id_rect().width() * canvas.zoom)))
