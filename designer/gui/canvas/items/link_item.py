"""A link on the canvas: a curve from port to port that says what flows along it."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from designer.catalogue.layer import Port
from designer.catalogue.tensor import Specs
from designer.compiler.checking.report import NodeReport
from designer.graph.document import Link
from designer.graph.routes import Route
from designer.gui.canvas.items.node_item import NodeItem
from designer.gui.canvas.look import FLAT_BELOW, Look, shape_text
from designer.gui.canvas.paths.curves import nearest_piece, widest_piece
from designer.problems import Severity

REACH = 10.0
"""Width of the band around a link in which the pointer is on it, in scene pixels at zoom 1."""
ROOM = 64.0
"""Free length that a link needs on top of its text to have its shape written on it."""
WRITTEN_ABOVE = 0.6
"""Zoom above which shapes are written on links."""
DOT_RADIUS = 4.0


class LinkItem(QGraphicsItem):
    """One link, from its source's output port to its target's input port; drawn in scene coordinates."""

    def __init__(self, link: Link, source: NodeItem, target: NodeItem, look: Look) -> None:
        super().__init__()
        self.link, self.source, self.target = link, source, target
        self._look = look
        self.chosen = False
        self.hovered = False
        self.dots: Route = ()
        self.chosen_dots: frozenset[int] = frozenset()
        self.path = QPainterPath()
        self._bounds = QRectF()
        self._band: QPainterPath | None = None
        self._text_place: QRectF | None = None
        self._placed: tuple[Specs | None] | None = None
        """For what the place of the text was found; None where it is to be found."""
        self._text = ""
        self._said_by: tuple[NodeReport | None, NodeReport | None] = (None, None)
        self._said: tuple[Port | None, Port | None, Specs | None] = (None, None, None)
        self.setZValue(-1)

    def _says(self) -> tuple[Port | None, Port | None, Specs | None]:
        """Both ports, and what flows, as the reports of both ends are now; found out when it is asked for."""
        source, target = self.source.report, self.target.report
        if self._said_by[0] is not source or self._said_by[1] is not target:
            start, end = source.port(self.link.source_port, "outputs"), target.port(self.link.target_port, "inputs")
            self._said_by = source, target
            self._said = start, end, source.outgoing.get(start.name) if start is not None else None
        return self._said

    @property
    def source_port(self) -> Port | None:
        """The output port where it starts; None where there is no such port."""
        return self._says()[0]

    @property
    def target_port(self) -> Port | None:
        """The input port where it ends; None where there is no such port."""
        return self._says()[1]

    @property
    def carried(self) -> Specs | None:
        """What flows along it; None where that is not known."""
        return self._says()[2]

    @property
    def wrong(self) -> bool:
        """Whether the node at its end has an error about what comes in here, or no such port."""
        port = self.target_port
        alone = len(self.target.report.inputs) == 1 and self.target.report.layer is not None
        return port is None or any(
            problem.severity is Severity.ERROR
            and (problem.port == port.name or (alone and problem.port is None and problem.setting is None))
            for problem in self.target.report.problems
        )

    def start(self) -> QPointF:
        """Where it leaves, in scene coordinates."""
        return self.source.anchor("outputs", self.link.source_port)

    def end(self) -> QPointF:
        """Where it arrives, in scene coordinates."""
        return self.target.anchor("inputs", self.link.target_port)

    def end_near(self, at: QPointF, reach: float) -> str:
        """Which end a point is near, "inputs" for the target's; no farther than a third of the way between both."""
        start, end = self.path.pointAtPercent(0.0), self.path.pointAtPercent(1.0)
        reach = min(reach, QLineF(start, end).length() / 3)
        if QLineF(end, at).length() <= reach:
            return "inputs"
        return "outputs" if QLineF(start, at).length() <= reach else ""

    def dot_index(self, at: QPointF) -> int:
        """Which place among its dots a new one at a point gets."""
        return nearest_piece(self.path, at) if self.dots else 0

    def follow(self, path: QPainterPath) -> None:
        """Run along a path."""
        self.prepareGeometryChange()
        self.path = path
        # A text stands on the link, within its length, and is no higher than the band around it.
        self._bounds = self.path.controlPointRect().adjusted(-REACH, -REACH, REACH, REACH)
        self._placed = None
        self._band = None
        self.update()

    def shift(self, dx: float, dy: float) -> None:
        """Run elsewhere on the same way: both ends have moved alike."""
        self.follow(self.path.translated(dx, dy))

    def choose_dots(self, indices: frozenset[int]) -> None:
        """Show these of its dots as selected."""
        self.chosen_dots = indices
        self.update()

    def mark(self, *, chosen: bool | None = None, hovered: bool | None = None) -> None:
        """Show the link as selected, or as under the pointer."""
        self.chosen = self.chosen if chosen is None else chosen
        self.hovered = self.hovered if hovered is None else hovered
        self.update()

    def description(self) -> str:
        """One line: both ends and what flows between them."""
        start, end = self.link.ends
        return f"{start} → {end}: {shape_text(self.carried) if self.carried is not None else 'not known yet'}"

    def boundingRect(self) -> QRectF:
        return self._bounds

    def shape(self) -> QPainterPath:
        if self._band is None:
            stroker = QPainterPathStroker()
            stroker.setWidth(REACH)
            self._band = stroker.createStroke(self.path)
        return self._band

    def _text_rect(self) -> QRectF | None:
        """Where the shape is written on the link; found when it is first painted there."""
        carried = self.carried
        if self._placed is None or self._placed[0] is not carried:
            self._placed, self._text_place = (carried,), self._place_for_text()
        return self._text_place

    def _place_for_text(self) -> QRectF | None:
        """Where the shape can be written; None where there is no room, or nothing to write."""
        self._text = shape_text(self.carried) if self.carried is not None else ""
        piece = widest_piece(self.path) if self._text else None
        width = self._look.small_metrics.horizontalAdvance(self._text)
        if piece is None or piece.width <= width + ROOM:
            return None
        middle = piece.at(0.5)
        return QRectF(middle.x() - width / 2 - 4, middle.y() - 7, width + 8, 14)

    def _pen(self) -> QPen:
        look, theme = self._look, self._look.theme
        thick = self.chosen or self.hovered
        colour = theme.accent if thick else theme.link
        if self.wrong:
            colour = theme.error
        elif not thick and self.carried is None:
            colour = look.faint_link
        pen = QPen(colour, 2.6 if thick else 1.0 if look.fine else 1.6)
        pen.setCosmetic(look.cosmetic)
        return pen

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setPen(self._pen())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self.path)
        zoom = 1.0 if widget is None else option.levelOfDetailFromTransform(painter.worldTransform())
        rect = self._text_rect() if zoom >= WRITTEN_ABOVE else None
        if rect is not None:
            look = self._look
            painter.fillRect(rect, look.hollow)
            painter.setFont(look.small_font)
            painter.setPen(look.theme.muted)
            painter.drawText(QPointF(rect.x() + 4, rect.bottom() - 3.5), self._text)
        if self.dots and (zoom >= FLAT_BELOW or self.chosen_dots):
            self._paint_dots(painter)

    def _paint_dots(self, painter: QPainter) -> None:
        look, colour = self._look, self._pen().color()
        for index, dot in enumerate(self.dots):
            chosen = index in self.chosen_dots
            painter.setPen(look.outline if chosen else colour)
            painter.setBrush(look.theme.accent if chosen else look.hollow if self.hovered else colour)
            radius = DOT_RADIUS + 1.5 if chosen or self.hovered else DOT_RADIUS
            painter.drawEllipse(QPointF(*dot), radius, radius)
