"""What falls on the canvas from elsewhere: a layer from the palette becomes a node, a data file what is learned from.

A design's file is not taken here, so that it reaches the window, which opens it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QDragMoveEvent, QDropEvent

from designer.gui.canvas.data_drop import dragged_file
from designer.gui.canvas.look import snapped
from designer.gui.workspace import LAYER_MIME

if TYPE_CHECKING:
    from designer.gui.canvas.view import Canvas


def answer(canvas: Canvas, event: QDragMoveEvent) -> None:
    """Say whether what is dragged would be welcome, and show what it is over."""
    if event.mimeData().hasFormat(LAYER_MIME):
        canvas.mouse.hover(event.position())
        event.acceptProposedAction()
    elif dragged_file(event.mimeData()) is not None:
        event.acceptProposedAction()
    else:
        event.ignore()


def drop(canvas: Canvas, event: QDropEvent) -> None:
    """A layer from the palette becomes a node under the pointer, or in the link that is there.

    From a data file the design learns, with an Input at the pointer.
    """
    place = canvas.to_scene(event.position())
    layer = bytes(event.mimeData().data(LAYER_MIME).data()).decode(errors="replace")
    path = dragged_file(event.mimeData())
    if layer in canvas.workspace.library.offers:
        canvas.commands.add(layer, place, canvas.spot_at(event.position()).link)
    elif path is not None:
        canvas.data_drop.learn_from(path, (snapped(place.x()), snapped(place.y())))
    else:
        event.ignore()
        return
    event.acceptProposedAction()
    canvas.setFocus()
