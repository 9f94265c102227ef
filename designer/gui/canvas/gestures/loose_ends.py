"""What drawing one link and moving several have in common: ends that are loose until they come to a port."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from designer.graph.document import Link
from designer.gui.canvas.gestures.gesture import Gesture, Modifiers
from designer.gui.canvas.look import Look, PortEnd
from designer.gui.canvas.paths.routes import curve
from designer.gui.canvas.scene import DesignScene
from designer.gui.canvas.wiring import Partners
from designer.problems import Severity

MAGNET = 24.0
"""How near a link's loose end must come to a port to snap to it, in screen pixels."""


class LooseEnds(Gesture):
    """Links from `fixed` ports, all of one side, to the pointer.

    Ports that they could end at are lit; the nearest within `magnet` scene pixels becomes the `target`.
    `hidden` links are not shown meanwhile: these are the ones whose end is loose.
    """

    def __init__(
        self, scene: DesignScene, fixed: tuple[PortEnd, ...], start: QPointF, magnet: float,
        hidden: Collection[Link], *, joined: bool = False,
    ) -> None:  # fmt: skip
        self._scene, self._fixed, self._magnet, self._hidden = scene, fixed, magnet, hidden
        self._partners = Partners(scene.report, *fixed, without=hidden, joined=joined)
        self._all = self._partners.all
        self._loose = start
        self._message = ""
        self.target: PortEnd | None = None
        scene.light(self._all, fixed[0][0], cache(self.fits))
        for link in hidden:
            scene.links[link].setVisible(False)

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        self._loose, self._message = at, ""
        self.target = self._scene.port_near(at, self._magnet, self._all)
        if self.target is None:
            self._try_what_is_under(at)
        if self.target is not None:
            self._loose = self._place(self.target)
            self._message = self.outlook(self.target)

    def fits(self, target: PortEnd) -> bool:
        """Whether what flows suits a port; True where it is not known."""
        return True

    def outlook(self, target: PortEnd) -> str:
        """What would come of it, before it is done."""
        return ""

    def _try_what_is_under(self, at: QPointF) -> None:
        """A node under the pointer stands for its best port; a port that cannot be says why."""
        spot = self._scene.spot(at, 1.0)
        if spot.port is not None and spot.port not in self._fixed:
            self._message = self._partners.refusal(spot.port)
        elif spot.node is not None and spot.node not in self._partners.nodes:
            self.target = self._partners.best_of(spot.node)
            if self.target is None:
                self._message = self._partners.refusal_of(spot.node)

    def _place(self, end: PortEnd) -> QPointF:
        return self._scene.nodes[end[0]].anchor(end[1], end[2])

    def cancel(self) -> None:
        self.end_showing()

    def end_showing(self) -> None:
        """Show everything as it was before."""
        self._scene.light(None)
        for link in self._hidden:
            if link in self._scene.links:
                self._scene.links[link].setVisible(True)

    def message(self) -> str:
        return self._message

    def path(self) -> QPainterPath:
        """The links as far as they are drawn."""
        path = QPainterPath()
        for end in self._fixed:
            fixed = self._place(end)
            path.addPath(curve(fixed, self._loose) if end[1] == "outputs" else curve(self._loose, fixed))
        return path

    def area(self) -> QRectF:
        return self.path().controlPointRect().adjusted(-10, -10, 10, 10)

    def draw(self, painter: QPainter, look: Look) -> None:
        colour = look.theme.muted
        if self.target is not None:
            colour = look.theme.accent if self.fits(self.target) else look.theme.severity(Severity.WARNING)
        elif self._message:
            colour = look.theme.error
        pen = QPen(colour, 2.4)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self.path())
        painter.setBrush(look.theme.accent if colour == look.theme.muted else colour)
        painter.drawEllipse(self._loose, 4, 4)
