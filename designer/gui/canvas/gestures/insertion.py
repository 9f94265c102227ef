"""Putting a node that is dragged alone into the link under it."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPainterPathStroker, QPen

from designer.graph.document import Link
from designer.gui.canvas.look import Look
from designer.gui.canvas.paths.curves import bodies_met
from designer.gui.canvas.scene import DesignScene
from designer.gui.canvas.wiring import misfit

AROUND = 80.0
"""How far beside a node's body links are looked for: those that go around it are meant too, in scene pixels."""
CORE = 0.5
"""The part of a body, in its middle, that a link must run under."""
SAMPLES = 48
"""At how many points of a path the nearest to a node is looked for."""


class Insertion:
    """Lights the link that a node would be put into, as long as it has no link of its own.

    So it is in Blender: a node that is connected is moved over links without harm.
    """

    def __init__(self, scene: DesignScene, names: Collection[str]) -> None:
        self._scene = scene
        self.node = ""
        self.link: Link | None = None
        if len(names) == 1:
            (name,) = names
            report = scene.report.nodes[name]
            if report.inputs and report.outputs and not scene.document.links_of(name):
                self.node = name

    def seek(self, *, wanted: bool = True) -> None:
        """Find the link that runs under the node where it is now."""
        found = self._under() if self.node and wanted else None
        if self.link is not None and self.link != found:
            self._light(self.link, lit=False)
        if found is not None:
            self._light(found, lit=True)
        self.link = found

    def outlook(self) -> str:
        """What would come of it; empty where there is no link."""
        if self.link is None:
            return ""
        way = f"{self.link.source} → {self.node} → {self.link.target}"
        found = misfit(self._scene.report, Link(self.link.source, self.node, self.link.source_port))
        return f"{way}\n{found}" if found else f"{way}\nAlt keeps it out."

    def area(self) -> QRectF:
        """What `draw` paints on."""
        way = self._scene.links.get(self.link) if self.link is not None else None
        return way.path.controlPointRect().adjusted(-4, -4, 4, 4) if way is not None else QRectF()

    def draw(self, painter: QPainter, look: Look) -> None:
        """Paint the link over all, since the node hides it."""
        way = self._scene.links.get(self.link) if self.link is not None else None
        if way is not None:
            pen = QPen(look.theme.accent, 3.4)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(way.path)

    def _light(self, link: Link, *, lit: bool) -> None:
        item = self._scene.links.get(link)
        if item is not None:
            item.mark(hovered=lit)
            item.follow(self._scene.path_under(link, self.node if lit else ""))

    def _under(self) -> Link | None:
        item = self._scene.nodes[self.node]
        body = item.body.translated(item.pos())
        across, down = body.width() * (1 - CORE) / 2, body.height() * (1 - CORE) / 2
        core = body.adjusted(across, down, -across, -down)
        wide = body.adjusted(-AROUND, -AROUND, AROUND, AROUND)
        # Most links whose rectangle is near run elsewhere; to lead one anew costs more than to see that.
        near = [link.link for link in self._scene.links_near(wide) if bodies_met(link.path, [wide])]
        paths = {link: self._scene.path_under(link, self.node) for link in near}
        met = [link for link, path in paths.items() if _runs_through(path, core)]
        if len(met) < 2:
            return met[0] if met else None
        return min(met, key=lambda link: _distance(paths[link], core.center()))


def _runs_through(path: QPainterPath, area: QRectF) -> bool:
    if not path.controlPointRect().adjusted(-1, -1, 1, 1).intersects(area):
        return False
    stroker = QPainterPathStroker()
    stroker.setWidth(1.0)
    return stroker.createStroke(path).intersects(area)


def _distance(path: QPainterPath, point: QPointF) -> float:
    gaps = (path.pointAtPercent(step / SAMPLES) - point for step in range(SAMPLES + 1))
    return min(float(gap.x() ** 2 + gap.y() ** 2) for gap in gaps)
