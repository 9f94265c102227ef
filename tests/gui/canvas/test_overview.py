"""The design from afar, while many nodes are carried."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage, QPainter

from designer.graph.document import Document, Link
from designer.graph.routes import reroute
from designer.gui.canvas.view import Canvas
from designer.gui.workspace import Workspace


def picture(canvas: Canvas) -> QImage:
    image = QImage(1000, 400, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.translate(50, 100)
    canvas.design.overview.paint(painter, canvas.design.look)
    painter.end()
    return image


@pytest.mark.parametrize("carried", [("conv1", "relu1", "sum"), ("relu1", "sum", "lstm1"), ("image", "conv1")])
def test_what_is_carried_is_painted_where_it_will_stand(
    canvas: Canvas, workspace: Workspace, design: Document, carried: tuple[str, ...]
) -> None:
    ways = {Link("conv1", "sum"): ((460.0, 100.0), (620.0, 100.0)), Link("relu1", "sum"): ((640.0, -40.0),)}
    workspace.commit(lambda document: reroute(document, ways), "Bend links")
    before = picture(canvas)
    canvas.design.overview.carry(carried, 20.0, 40.0)
    shown = picture(canvas)
    canvas.design.overview.carry((), 0.0, 0.0)
    places = {name: (x + 20.0, y + 40.0) for name, (x, y) in design.positions.items() if name in carried}
    canvas.design.place(places)
    assert shown == picture(canvas)
    assert shown != before
