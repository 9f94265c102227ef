"""Drawing links, and taking their ends elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from designer.graph import edits
from designer.graph.document import Document, Link
from designer.gui.canvas.gestures.gesture import Gesture, Modifiers
from designer.gui.canvas.look import Look, PortEnd
from designer.gui.canvas.routes import curve
from designer.gui.canvas.scene import DesignScene
from designer.gui.canvas.wiring import Partners, connected, link_between, misfit
from designer.gui.workspace import Workspace

MAGNET = 24.0
"""How near a link's loose end must come to a port to snap to it, in screen pixels."""


class Connect(Gesture):
    """Draw a link from a port, of either side, to another.

    With `old` its end is taken off an input: dropped on another port it moves there, dropped on nothing
    it is gone. `magnet` is in scene pixels.
    """

    def __init__(
        self, scene: DesignScene, workspace: Workspace, end: PortEnd, start: QPointF, magnet: float,
        old: Link | None = None,
    ) -> None:  # fmt: skip
        self._scene, self._workspace, self._end, self._old, self._magnet = scene, workspace, end, old, magnet
        self._partners = Partners(scene.report, end)
        self._all = self._partners.all
        self._loose = start
        self._message = ""
        self.target: PortEnd | None = None
        scene.light(self._all, end[0])
        if old is not None:
            scene.links[old].setVisible(False)

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        self._loose, self._message = at, ""
        self.target = self._scene.port_near(at, self._magnet, self._all)
        if self.target is None:
            self._try_what_is_under(at)
        if self.target is not None:
            self._loose = self._place(self.target)
            self._message = self._outlook(self.target)

    def _try_what_is_under(self, at: QPointF) -> None:
        """A node under the pointer stands for its best port; a port that cannot be says why."""
        spot = self._scene.spot(at, 1.0)
        if spot.port is not None and spot.port != self._end:
            self._message = self._partners.refusal(spot.port)
        elif spot.node is not None and spot.node != self._end[0]:
            self.target = self._partners.best_of(spot.node)
            if self.target is None:
                side = "inputs" if self._end[1] == "outputs" else "outputs"
                reason = self._partners.refusal((spot.node, side, ""))
                self._message = reason or f"{spot.node} has no {side[:-1]} to connect to."

    def _outlook(self, target: PortEnd) -> str:
        """What would come of the link, before it is drawn."""
        link = link_between(self._scene.report, self._end, target)
        return " → ".join(link.ends) + (f"\n{found}" if (found := misfit(self._scene.report, link)) else "")

    def _place(self, end: PortEnd) -> QPointF:
        return self._scene.nodes[end[0]].anchor(end[1], end[2])

    def finish(self, at: QPointF, modifiers: Modifiers) -> None:
        self.move(at, modifiers)
        self._end_showing()
        old, report = self._old, self._scene.report
        if self.target is not None:
            link = link_between(report, self._end, self.target)
            port = report.nodes[link.target].port(link.target_port, "inputs")

            def edit(document: Document) -> Document:
                return connected(document, report, link, port, old)

            self._workspace.commit(edit, f"Connect {link.source} to {link.target}")
        elif self._message:
            self._workspace.refused.emit(self._message)
        elif old is not None:
            label = f"Disconnect {old.source} from {old.target}"
            self._workspace.commit(lambda document: edits.remove(document, links=(old,)), label)

    def cancel(self) -> None:
        self._end_showing()

    def _end_showing(self) -> None:
        self._scene.light(None)
        if self._old is not None and self._old in self._scene.links:
            self._scene.links[self._old].setVisible(True)

    def message(self) -> str:
        return self._message

    def path(self) -> QPainterPath:
        """The link as far as it is drawn."""
        fixed = self._place(self._end)
        return curve(fixed, self._loose) if self._end[1] == "outputs" else curve(self._loose, fixed)

    def area(self) -> QRectF:
        return self.path().controlPointRect().adjusted(-10, -10, 10, 10)

    def draw(self, painter: QPainter, look: Look) -> None:
        pen = QPen(look.theme.accent if self.target is not None else look.theme.muted, 2.4)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self.path())
        painter.setBrush(look.theme.accent)
        painter.drawEllipse(self._loose, 4, 4)
