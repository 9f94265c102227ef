"""Which gesture a drag begins on a port, on a link or on one of its dots."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF

from designer.graph.document import Link
from designer.gui.canvas.gestures.connect import Connect, OnNothing
from designer.gui.canvas.gestures.gesture import CONTROL, SHIFT, Gesture, Modifiers
from designer.gui.canvas.gestures.move_dots import BendLink, MoveDots
from designer.gui.canvas.gestures.move_links import MoveLinks
from designer.gui.canvas.look import PortEnd
from designer.gui.canvas.scene import DesignScene
from designer.gui.canvas.spots import Spot
from designer.gui.canvas.wiring import far_ends, links_at
from designer.gui.workspace import Workspace

Begin = Callable[[QPointF], Gesture]


class LinkPicking:
    """Picks for one canvas; `magnet` says from how many scene pixels on a loose end snaps to a port now.

    `on_nothing` is told of new links that are dropped on nothing.
    """

    def __init__(
        self, design: DesignScene, workspace: Workspace, magnet: Callable[[], float], on_nothing: OnNothing
    ) -> None:
        self._design, self._workspace, self._magnet, self._on_nothing = design, workspace, magnet, on_nothing

    def from_port(self, end: PortEnd, modifiers: Modifiers) -> Begin:
        """Draw a new link, or take the last one off an input; Shift draws a new one there too, Ctrl moves all links."""
        design, workspace, magnet = self._design, self._workspace, self._magnet()
        links = links_at(design.report, end)
        if links and modifiers & CONTROL:
            return lambda at: MoveLinks(design, workspace, end, at, magnet)
        if links and end[1] == "inputs" and not modifiers & SHIFT:
            old = next((link for link in links if link in design.chosen_links), links[-1])
            if design.links[old].source_port is not None:
                return self._replug(old, "inputs")
        return lambda at: Connect(design, workspace, end, at, magnet, on_nothing=self._on_nothing)

    def from_link(self, spot: Spot) -> Begin:
        """Drag the dot that is there, take off the end that is near, or bend the link with a new dot."""
        link, dot = spot.link, spot.dot
        assert link is not None
        if dot is not None:
            return lambda at: MoveDots(self._design, self._workspace, (link, dot), at)
        item = self._design.links[link]
        port = item.target_port if spot.near == "outputs" else item.source_port
        if spot.near and port is not None:
            return self._replug(link, spot.near)
        return lambda at: BendLink(self._design, self._workspace, link, item.dot_index(at))

    def _replug(self, link: Link, side: str) -> Begin:
        """Take the end of a link off: at its target for "inputs", at its source for "outputs"."""
        (fixed,) = far_ends(self._design.report, (link,), side)
        magnet = self._magnet()
        return lambda at: Connect(self._design, self._workspace, fixed, at, magnet, link)
