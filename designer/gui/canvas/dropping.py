"""What is dropped on the canvas: a layer from the palette becomes a node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QDragMoveEvent, QDropEvent

from designer.gui.workspace import LAYER_MIME

if TYPE_CHECKING:
    from designer.gui.canvas.view import Canvas


def answer(canvas: Canvas, event: QDragMoveEvent) -> None:
    """Say whether what is dragged would be welcome, and show what it is over."""
    if event.mimeData().hasFormat(LAYER_MIME):
        canvas.mouse.hover(event.position())
        event.acceptProposedAction()
    else:
        event.ignore()


def drop(canvas: Canvas, event: QDropEvent) -> None:
    """A layer from the palette becomes a node under the pointer, or in the link that is there."""
    layer = bytes(event.mimeData().data(LAYER_MIME).data()).decode(errors="replace")
    if layer not in canvas.workspace.library.offers:
        event.ignore()
        return
    canvas.commands.add(layer, canvas.to_scene(event.position()), canvas.spot_at(event.position()).link)
    event.acceptProposedAction()
    canvas.setFocus()
