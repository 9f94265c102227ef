"""What stands at a point of the canvas: ports before bodies, bodies before links, links before frames and notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtWidgets import QGraphicsItem

from designer.graph.document import Link
from designer.gui.canvas.items.link_item import LinkItem
from designer.gui.canvas.items.marks import Mark, Marks
from designer.gui.canvas.items.node_item import NodeItem
from designer.gui.canvas.items.value_item import ValueItem
from designer.gui.canvas.look import OVERVIEW_BELOW, PortEnd

PORT_REACH = 11.0
"""How near the pointer must be to a port, in screen pixels."""
INWARD_REACH = 9.0
"""How far a port reaches into its node's body, in scene pixels, where the body is meant otherwise."""
DOT_REACH = 8.0
"""How near the pointer must be to a dot of a link, in screen pixels."""
END_REACH = 40.0
"""How near to the end of a link a press takes that end off, in screen pixels."""
LINK_REACH = 2.0
"""How near the pointer must be to the band around a link, in screen pixels."""


@dataclass(frozen=True, slots=True)
class Spot:
    """What stands at a point: a port (with its node), a node, a link (with one of its dots or without), or nothing."""

    node: str | None = None
    port: PortEnd | None = None
    link: Link | None = None
    dot: int | None = None
    """Of a link that is under the point with one of its dots: which."""
    mark: Mark | None = None
    """A frame, by the bar with its title, or a sticky note."""
    near: str = ""
    """Of a link that is under the point near one of its ends: "inputs" at its target, "outputs" at its source.
    Of a note: "corner" where its size is changed."""


def spot_among(items: Sequence[QGraphicsItem], marks: Marks, at: QPointF, zoom: float) -> Spot:
    """What stands at a point, among the items around it, those in front first."""
    nodes = [item for item in items if isinstance(item, NodeItem)]
    if zoom >= OVERVIEW_BELOW:
        port = _nearest_port(nodes, at, PORT_REACH / zoom)
        if port is not None:
            return Spot(port[0], port)
    for node in nodes:
        if node.body.translated(node.pos()).contains(at):
            return Spot(node.id)
    for item in items:
        if isinstance(item, ValueItem) and item.sceneBoundingRect().contains(at):
            return Spot(item.node)
    found = _spot_on_link([item for item in items if isinstance(item, LinkItem)], at, zoom)
    if found.link is not None:
        return found
    mark = marks.at(items, at, zoom)
    return Spot(mark=mark, near="corner" if mark is not None and marks.on_handle(mark, at) else "")


def _spot_on_link(items: list[LinkItem], at: QPointF, zoom: float) -> Spot:
    """The dot or else the link at a point; of several links the selected one."""
    items.sort(key=lambda item: not item.chosen)
    if zoom >= OVERVIEW_BELOW:
        for item in items:
            for index, dot in enumerate(item.dots):
                if QLineF(QPointF(*dot), at).length() <= DOT_REACH / zoom:
                    return Spot(link=item.link, dot=index)
    reach = LINK_REACH / zoom
    near = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
    found = next((item for item in items if item.shape().intersects(near)), None)
    return Spot(link=found.link, near=found.end_near(at, END_REACH / zoom)) if found is not None else Spot()


def _nearest_port(nodes: list[NodeItem], at: QPointF, reach: float) -> PortEnd | None:
    found: tuple[float, PortEnd] | None = None
    for node in nodes:
        for end, _, middle in node.ports():
            inward = at.x() - middle.x() if end[1] == "inputs" else middle.x() - at.x()
            distance = QLineF(middle, at).length()
            if distance <= reach and inward <= INWARD_REACH and (found is None or distance < found[0]):
                found = (distance, end)
    return found[1] if found is not None else None
