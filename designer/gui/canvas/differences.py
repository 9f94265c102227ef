"""What differs from another design, painted over the one that is shown: added, removed as ghosts, changed, moved.

Colour is never the only sign: + added, − removed, ~ changed, ↔ moved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from designer.catalogue import title_of
from designer.graph.comparing import Comparison
from designer.graph.document import Document, Link
from designer.gui.canvas.items.link_item import LinkItem
from designer.gui.canvas.look import CORNER, FLAT_BELOW, FOOT, HEAD, OVERVIEW_BELOW, WIDTH, mixed
from designer.gui.canvas.paths.routes import curve
from designer.gui.canvas.scene import DesignScene
from designer.gui.theme import Theme

GAP = 16.0
"""Between a ghost and the node that stands in its place now."""
MOST_PLACED = 300
"""So many ghosts look for free ground; more of them stand where they stood, or looking takes too long."""
SIGN = 9.0
"""The radius of a sign."""


class Mark(Enum):
    """What can be said of a part of a design; the value is its sign."""

    ADDED = "+"
    REMOVED = "−"
    CHANGED = "~"
    MOVED = "↔"

    def colour(self, theme: Theme) -> QColor:
        """The colour that goes with the sign."""
        return {Mark.ADDED: theme.good, Mark.REMOVED: theme.error, Mark.CHANGED: theme.warning}.get(self, theme.muted)


@dataclass(frozen=True, slots=True)
class Ghost:
    """A node that is not in the design any more: where it stood, and what it was."""

    area: QRectF
    name: str
    title: str


class Differences:
    """The marks of one comparison on one scene; a `Veil`."""

    def __init__(self, design: DesignScene) -> None:
        self._design = design
        self.marks: dict[str, Mark] = {}
        self.ghosts: dict[str, Ghost] = {}
        self._linked: frozenset[Link] = frozenset()
        self._threads: list[tuple[QRectF, QPainterPath]] = []

    def take(self, comparison: Comparison, before: Document) -> None:
        """Mark what a comparison found; `before` is the other design, there where this one is shown."""
        self.marks = dict.fromkeys(comparison.moved, Mark.MOVED)
        self.marks.update(dict.fromkeys((change.new for change in comparison.changed), Mark.CHANGED))
        self.marks.update(dict.fromkeys(comparison.added, Mark.ADDED))
        self.ghosts = {}
        for number, name in enumerate(comparison.removed):
            area = QRectF(*before.positions.get(name, (0.0, 0.0)), WIDTH, HEAD + FOOT)
            title = title_of(before.nodes[name].layer)
            self.ghosts[name] = Ghost(self._free(area) if number < MOST_PLACED else area, name, title)
        self._linked = frozenset(comparison.linked)
        threads = (self._thread(link, comparison) for link in comparison.unlinked)
        self._threads = [(path.controlPointRect(), path) for path in threads if path is not None]

    def _free(self, area: QRectF) -> QRectF:
        """Ground near a place where no node stands."""
        for shift in (0.0, area.height() + GAP, -area.height() - GAP, 2 * (area.height() + GAP)):
            moved = area.translated(0.0, shift)
            if not self._design.nodes_in(moved):
                return moved
        return area.translated(GAP, GAP)

    def _thread(self, link: Link, comparison: Comparison) -> QPainterPath | None:
        """The way of a link that is gone, from and to what is left of its ends."""
        start = self._end(link.source, "outputs", link.source_port, comparison)
        end = self._end(link.target, "inputs", link.target_port, comparison)
        return curve(start, end) if start is not None and end is not None else None

    def _end(self, node: str, side: str, port: str, comparison: Comparison) -> QPointF | None:
        ghost = self.ghosts.get(node)
        if ghost is not None:
            middle = ghost.area.center()
            return QPointF(ghost.area.right() if side == "outputs" else ghost.area.left(), middle.y())
        item = self._design.nodes.get(comparison.renamed.get(node, node))
        return item.anchor(side, port) if item is not None else None

    def bounds(self) -> QRectF:
        """The rectangle around all ghosts."""
        bounds = QRectF()
        for ghost in self.ghosts.values():
            bounds = bounds.united(ghost.area)
        return bounds

    def under(self, painter: QPainter, area: QRectF, zoom: float) -> None:
        """Ghosts, the links that are gone, and a band below those that are new."""
        theme = self._design.look.theme
        fine = zoom < OVERVIEW_BELOW
        painter.setBrush(Qt.BrushStyle.NoBrush)
        band = QColor(theme.good)
        band.setAlphaF(0.45)
        painter.setPen(_pen(band, 0.0 if fine else 7.0))
        if fine:
            painter.drawLines(self._design.overview.lines(self._linked))
        else:
            for path in self._new_paths(area):
                painter.drawPath(path)
        painter.setPen(_pen(theme.error, 0.0 if fine else 1.6))
        for around, path in self._threads:
            if around.intersects(area):
                painter.drawPath(path)
        painter.setBrush(mixed(theme.canvas, theme.error, 0.12))
        seen = [ghost for ghost in self.ghosts.values() if ghost.area.intersects(area)]
        if fine:
            painter.drawRects([ghost.area for ghost in seen])
            return
        for ghost in seen:
            self._paint_ghost(painter, ghost)

    def _new_paths(self, area: QRectF) -> list[QPainterPath]:
        """The ways of the new links in a part of the scene; the scene knows quickly which those are."""
        items = self._design.items(area, Qt.ItemSelectionMode.IntersectsItemBoundingRect)
        return [item.path for item in items if isinstance(item, LinkItem) and item.link in self._linked]

    def _paint_ghost(self, painter: QPainter, ghost: Ghost) -> None:
        look = self._design.look
        painter.drawRoundedRect(ghost.area, CORNER, CORNER)
        pen = painter.pen()
        room = ghost.area.adjusted(14, 6, -10, -6)
        painter.setPen(look.theme.text)
        painter.setFont(look.title_font)
        title = look.title_metrics.elidedText(ghost.title, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignTop, title)
        painter.setFont(look.small_font)
        painter.setPen(look.theme.muted)
        name = look.small_metrics.elidedText(ghost.name, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room.adjusted(0, 18, 0, 0), Qt.AlignmentFlag.AlignTop, name)
        painter.setPen(pen)

    def over(self, painter: QPainter, area: QRectF, zoom: float) -> None:
        """A frame around what is marked, and the sign at its corner."""
        if zoom < OVERVIEW_BELOW:
            self._paint_from_afar(painter)
            return
        theme = self._design.look.theme
        painter.setBrush(Qt.BrushStyle.NoBrush)
        seen = [(self.marks[name], self._design.nodes[name]) for name in self._design.nodes_in(area)
                if name in self.marks]  # fmt: skip
        for mark, item in seen:
            if mark is not Mark.MOVED:
                painter.setPen(_pen(mark.colour(theme), 2.5))
                painter.drawRoundedRect(item.body.translated(item.pos()), CORNER, CORNER)
        for mark, item in seen:
            self._paint_sign(painter, mark, item.pos())
        for ghost in self.ghosts.values():
            if ghost.area.intersects(area):
                self._paint_sign(painter, Mark.REMOVED, ghost.area.topLeft())
        if zoom >= FLAT_BELOW:
            self._paint_link_signs(painter, area)

    def _paint_link_signs(self, painter: QPainter, area: QRectF) -> None:
        gone = [path for around, path in self._threads if around.intersects(area)]
        for mark, paths in ((Mark.ADDED, self._new_paths(area)), (Mark.REMOVED, gone)):
            for path in paths:
                middle = path.pointAtPercent(0.5)
                if area.contains(middle):
                    self._paint_sign(painter, mark, middle, 0.8)

    def _paint_sign(self, painter: QPainter, mark: Mark, at: QPointF, scale: float = 1.0) -> None:
        look = self._design.look
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mark.colour(look.theme))
        radius = SIGN * scale
        painter.drawEllipse(at, radius, radius)
        painter.setPen(look.theme.on_accent)
        painter.setFont(look.title_font)
        painter.drawText(QRectF(at.x() - radius, at.y() - radius - 1, 2 * radius, 2 * radius),
                         Qt.AlignmentFlag.AlignCenter, mark.value)  # fmt: skip
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_from_afar(self, painter: QPainter) -> None:
        """All of a kind at once, as the overview does."""
        theme, overview = self._design.look.theme, self._design.overview
        for mark in (Mark.ADDED, Mark.CHANGED):
            colour = QColor(mark.colour(theme))
            painter.setPen(_pen(colour, 0.0))
            colour.setAlphaF(0.45)
            painter.setBrush(colour)
            painter.drawRects(overview.bodies(_marked(self.marks.items(), mark)))
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _marked(marks: Iterable[tuple[str, Mark]], wanted: Mark) -> list[str]:
    return [name for name, mark in marks if mark is wanted]


def _pen(colour: QColor, width: float) -> QPen:
    pen = QPen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen
