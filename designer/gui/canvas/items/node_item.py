"""A node on the canvas: what the report says of it, painted; it decides nothing."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from designer.catalogue import LAYERS, LOSSES, is_group, title_of
from designer.catalogue.layer import Port
from designer.compiler.checking.report import NodeReport
from designer.compiler.checking.sharing import owner_of
from designer.graph.document import Document
from designer.gui.canvas.items.forms import BodyForm, PortForm, paint_body, paint_port
from designer.gui.canvas.items.glyphs import RADIUS, paint_bypass, paint_lock, paint_note, paint_rings, paint_severity
from designer.gui.canvas.items.inset import Inset, inset_of
from designer.gui.canvas.look import (
    FLAT_BELOW,
    FOOT,
    GIVEN,
    HEAD,
    PORT_ROW,
    STEP,
    WIDTH,
    Look,
    PortEnd,
    count_text,
    shape_text,
)
from designer.problems import Problem, Severity

MARGIN = 12.0
"""How far a badge, an outline or a lit port may stand out of the body."""
LEFT, RIGHT = 14.0, 10.0
"""How far text stands from the sides."""
MARK = 14.0
"""The room for each of the marks in front of the count: frozen, shared."""
LEAP = 22.0
"""The room for the sign of a bypassed node behind its title."""
WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.TIP)


class NodeItem(QGraphicsItem):
    """One node; its position is the upper left corner of its body, as in the design."""

    def __init__(self, report: NodeReport, look: Look) -> None:
        super().__init__()
        self._look = look
        self.chosen = False
        self.hovered = False
        self.width, self.height = WIDTH, 0.0
        self._inset: Inset | None = None
        self._rows = 0
        """How many rows with names of ports there are; none where no side has more than one port."""
        self.report = report
        self.problems: tuple[Problem, ...] = ()
        self.linked: frozenset[tuple[str, str]] = frozenset()
        self.uses = 0
        self.refresh(report, ())

    @property
    def id(self) -> str:
        """The id of the node that is shown."""
        return self.report.node.id

    @property
    def title(self) -> str:
        """What the layer is called; the name in the file for one that is not known."""
        return title_of(self.report.node.layer)

    @property
    def category(self) -> str:
        """The category of the layer; empty for one that is not known or bypassed, which has no colour."""
        kind = LAYERS.get(self.report.node.layer)
        return kind.category if kind is not None and not self.bypassed else ""

    @property
    def hue(self) -> str:
        """The name of its colour: by a figure while nodes are coloured so, else given to it, else of its category."""
        steps = self._look.steps
        if steps is not None:
            return f"{STEP}{steps.get(self.id, '')}"
        given = self.report.node.color
        return f"{GIVEN}{given}" if given and not self.bypassed else self.category

    @property
    def bypassed(self) -> bool:
        """Whether it hands on what reaches it as it is."""
        return self.report.node.bypassed

    @property
    def is_group(self) -> bool:
        """Whether there is a network inside."""
        return is_group(self.report.node.layer)

    @property
    def severity(self) -> Severity | None:
        """How bad the worst problem is; None without problems."""
        if not self.problems:
            return None
        found = {problem.severity for problem in self.problems}
        return next((severity for severity in WORST_FIRST if severity in found), None)

    @property
    def frozen(self) -> bool:
        """Whether it has weights, and none of them is trained."""
        return bool(self.report.parameters) and not self.report.trainable_parameters

    @property
    def owner(self) -> str:
        """The node whose weights it uses; empty where they are its own."""
        return owner_of(self.report.node)

    @property
    def body(self) -> QRectF:
        """The node without its ports and badge, in its own coordinates."""
        return QRectF(0, 0, self.width, self.height)

    def refresh(self, report: NodeReport, problems: tuple[Problem, ...]) -> bool:
        """Take another report, to be shown when it is painted next; returns whether ports may have moved."""
        before, self.report, self.problems = self.report, report, problems
        self._laid_out = False
        same_ports = self.height and report.inputs is before.inputs and report.outputs is before.outputs
        if same_ports and not (report.node.expanded or before.node.expanded):
            return False
        ports_before = (before.inputs, before.outputs) if self.height else None
        width, height = self._size()
        moved = (width, height) != (self.width, self.height)
        if moved:
            self.prepareGeometryChange()
            self.width, self.height = width, height
        return moved or ports_before != (report.inputs, report.outputs)

    def _size(self) -> tuple[float, float]:
        """How large the node is: larger where it shows the network inside."""
        most = max(len(self.report.inputs), len(self.report.outputs))
        self._rows = most if most > 1 else 0
        plain = HEAD + FOOT + self._rows * PORT_ROW
        network = shown_inside(self.report)
        if network is None:
            self._inset = None
            return WIDTH, plain
        if self._inset is None or self._inset.network is not network:
            self._inset = inset_of(network)
        return max(WIDTH, self._inset.size.width()), plain + self._inset.size.height()

    @property
    def _right(self) -> float:
        """Where text ends."""
        return self.width - RIGHT

    @property
    def _kind(self) -> str:
        """What the layer is called; of a block, that others show it too."""
        if not self.uses:
            return self.title
        return f"Block, {self.uses} use{'s' if self.uses > 1 else ''}"

    def tell_uses(self, uses: int) -> None:
        """Say how many groups show the block of this one; 0 for a node that shows none."""
        if uses != self.uses:
            self.uses, self._laid_out = uses, False
            self.update()

    def link_ports(self, linked: frozenset[tuple[str, str]]) -> None:
        """Say which ports, as (side, name), have a link: the others are drawn hollow if optional."""
        if linked != self.linked:
            self.linked = linked
            self.update()

    def mark(self, *, chosen: bool | None = None, hovered: bool | None = None) -> None:
        """Show the node as selected, or as under the pointer."""
        if chosen is not None and chosen != self.chosen:
            self.chosen = chosen
            self.setZValue(1 if chosen else 0)
            self.update()
        if hovered is not None and hovered != self.hovered:
            self.hovered = hovered
            self.update()

    def port_point(self, side: str, index: int) -> QPointF:
        """The middle of a port, in the node's coordinates."""
        x = 0.0 if side == "inputs" else self.width
        y = HEAD + (index + 0.5) * PORT_ROW - 1 if self._rows else (HEAD + FOOT) / 2
        return QPointF(x, y)

    def anchor(self, side: str, name: str) -> QPointF:
        """Where a link ends, in scene coordinates; the first port's place for no name, or a port that is not there."""
        index = 0
        if name:
            ports: tuple[Port, ...] = getattr(self.report, side)
            index = next((place for place, port in enumerate(ports) if port.name == name), 0)
        return self.pos() + self.port_point(side, index)

    def ports(self) -> list[tuple[PortEnd, Port, QPointF]]:
        """Every port with its middle in scene coordinates."""
        return [
            ((self.id, side, port.name), port, self.pos() + self.port_point(side, index))
            for side, ports in (("inputs", self.report.inputs), ("outputs", self.report.outputs))
            for index, port in enumerate(ports)
        ]

    def boundingRect(self) -> QRectF:
        return QRectF(-MARGIN, -MARGIN, self.width + 2 * MARGIN, self.height + 2 * MARGIN)

    def badge_rect(self) -> QRectF:
        """Where the sign of a problem stands, in the node's coordinates."""
        return QRectF(self.width - RADIUS - 4, -RADIUS + 2, 2 * RADIUS, 2 * RADIUS)

    def id_rect(self) -> QRectF:
        """Where the id is written, in the node's coordinates."""
        return QRectF(LEFT, 4.0 if self.is_group else 20.0, self._right - LEFT, 16.0)

    def description(self) -> str:
        """One line that says all that is known."""
        parts = [f"{self.id}: {self._kind}"]
        if self.report.shape is not None:
            parts.append(shape_text(self.report.shape))
        if self.report.parameters:
            parts.append(f"{self.report.parameters:,} parameters")
        if self.bypassed:
            parts.append("bypassed")
        if self.frozen:
            parts.append("frozen")
        if self.owner:
            parts.append(f"shares the weights of {self.owner}")
        return ", ".join(parts)

    def _lay_out_text(self) -> None:
        """Cut what is written to the room there is; done when it is first painted."""
        self._laid_out = True
        look, report = self._look, self.report
        small = look.small_metrics
        # All groups would look alike by their kind: a group is known by its name.
        title, below = (self.id, self._kind) if self.is_group else (self.title, self.id)
        room = self._right - LEFT - (LEAP if self.bypassed else 0)
        self._title = self._fitting(look.title_metrics, title, room)
        self._flat_title = self._fitting(look.flat_metrics, title, self._right - LEFT - 6)
        self._badge = _cut(small, self._badge_text(), 84)
        self._badge_width = small.horizontalAdvance(self._badge) + 8 if self._badge else 0.0
        self._below = _cut(small, below, self._right - LEFT - self._badge_width - (6 if self._badge else 0))
        count = count_text(report.parameters) if report.parameters else ""
        self._count, self._count_width = count, small.horizontalAdvance(count)
        kinds = ((paint_rings, self.owner), (paint_lock, self.frozen), (paint_note, report.node.note))
        self.signs = [paint for paint, wanted in kinds if wanted]
        taken = self._count_width + MARK * len(self.signs)
        self._shape = _cut(small, shape_text(report.shape), self._right - LEFT - taken - (8 if count else 0))
        self._port_names = self._cut_port_names(small) if self._rows else []

    def _fitting(self, metrics: QFontMetricsF, title: str, width: float) -> str:
        """The title, or the shorter name in the code where it does not fit."""
        if metrics.horizontalAdvance(title) > width and not self.is_group:
            title = self.report.node.layer
        return _cut(metrics, title, width)

    def _badge_text(self) -> str:
        """How the layer is set; nothing for an Input that is given another shape from outside its group."""
        layer = self.report.layer
        if layer is None or (layer.role == "input" and self.report.shape != layer.output()):
            return ""
        if layer.role == "output":
            loss = LOSSES.get(layer.badge())
            return loss.title if loss is not None else layer.badge()
        return layer.badge()

    def _cut_port_names(self, metrics: QFontMetricsF) -> list[tuple[QPointF, str]]:
        found = []
        inputs, outputs = self.report.inputs, self.report.outputs
        for side, ports, others in (("inputs", inputs, outputs), ("outputs", outputs, inputs)):
            for index, port in enumerate(ports):
                shares_row = index < len(others)
                text = _cut(metrics, port.name, (self._right - LEFT) * (0.58 if shares_row else 1.0))
                if shares_row and side == "outputs":
                    text = _cut(metrics, port.name, (self._right - LEFT) * 0.4)
                x = LEFT - 2 if side == "inputs" else self._right - metrics.horizontalAdvance(text)
                found.append((QPointF(x, self.port_point(side, index).y() + 3.5), text))
        return found

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        # No widget means that a picture is made, which has every detail, as shapes and not as pixels.
        zoom = 1.0 if widget is None else option.levelOfDetailFromTransform(painter.worldTransform())
        stamped = widget is not None
        dimmed = self._look.lit is not None and self.id not in self._look.lit_nodes
        if dimmed:
            painter.setOpacity(0.35)
        if not self._laid_out:
            self._lay_out_text()
        if zoom < FLAT_BELOW:
            self._paint_flat(painter)
        else:
            self._paint_body(painter, stamped)
            if self._inset is not None:
                self._inset.paint(painter, QPointF(0, HEAD + self._rows * PORT_ROW - 2), self._look)
            self._paint_text(painter)
            self._paint_ports(painter, stamped)
        if self.severity is not None:
            paint_severity(painter, self.severity, self.badge_rect().center(), self._look.theme)
        if dimmed:
            painter.setOpacity(1.0)

    def _paint_flat(self, painter: QPainter) -> None:
        look = self._look
        painter.setPen(look.outline if self.chosen else look.border)
        painter.setBrush(look.behind if self.bypassed else look.ground(self.hue))
        painter.drawRect(self.body)
        painter.fillRect(QRectF(0, 0, 10, self.height), look.hue(self.hue))
        painter.setFont(look.flat_font)
        painter.setPen(look.theme.muted if self.bypassed else look.theme.text)
        painter.drawText(QPointF(LEFT + 6, self.height / 2 + 9), self._flat_title)

    def _paint_body(self, painter: QPainter, stamped: bool) -> None:
        form = BodyForm(self.width, self.height, self.hue, self.is_group, self.chosen, self.hovered, self.bypassed)
        if stamped and self._inset is None:
            area = QRectF(-2, -2, self.width + 10, self.height + 10)
            self._look.stamps.put(painter, form, area, lambda onto: paint_body(onto, form, self._look))
        else:
            paint_body(painter, form, self._look)

    def _paint_text(self, painter: QPainter) -> None:
        look, theme = self._look, self._look.theme
        text = theme.muted if self.bypassed else theme.text
        painter.setFont(look.title_font)
        painter.setPen(text)
        painter.drawText(QPointF(LEFT, 18), self._title)
        if self.bypassed:
            paint_bypass(painter, self._right - 15, 18, text)
        painter.setFont(look.small_font)
        if self._badge:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.chip)
            painter.drawRoundedRect(QRectF(self._right - self._badge_width, 22.5, self._badge_width, 14), 4, 4)
            painter.setPen(theme.text)
            painter.drawText(QPointF(self._right - self._badge_width + 4, 33), self._badge)
        painter.setPen(look.rule)
        foot = self.height - FOOT
        painter.drawLine(QPointF(LEFT, foot), QPointF(self._right, foot))
        painter.setPen(theme.muted)
        painter.drawText(QPointF(LEFT, 33), self._below)
        painter.drawText(QPointF(self._right - self._count_width, foot + 14), self._count)
        for number, paint_mark in enumerate(self.signs, 1):
            paint_mark(painter, self._right - self._count_width - number * MARK, foot + 14, theme.muted)
        painter.setPen(theme.muted)
        for place, name in self._port_names:
            painter.drawText(place, name)
        if self.report.shape is not None:
            painter.setPen(text)
        painter.drawText(QPointF(LEFT, foot + 14), self._shape)

    def _paint_ports(self, painter: QPainter, stamped: bool) -> None:
        look = self._look
        wrong_ports = {problem.port for problem in self.problems if problem.severity is Severity.ERROR}
        for side, ports in (("inputs", self.report.inputs), ("outputs", self.report.outputs)):
            for index, port in enumerate(ports):
                lit = look.lit is not None and (self.id, side, port.name) in look.lit
                if lit:
                    hollow = look.fits is not None and not look.fits((self.id, side, port.name))
                else:
                    hollow = (side, port.name) not in self.linked and (port.optional or side == "outputs")
                wrong = side == "inputs" and port.name in wrong_ports
                form = PortForm(lit, hollow or (wrong and (side, port.name) not in self.linked), port.many, wrong)
                middle = self.port_point(side, index)
                if stamped:
                    area = QRectF(middle.x() - 12, middle.y() - 12, 24, 24)
                    paint = partial(paint_port, form=form, middle=middle, look=look)
                    look.stamps.put(painter, form, area, paint)
                else:
                    paint_port(painter, form, middle, look)


def _cut(metrics: QFontMetricsF, text: str, width: float) -> str:
    if metrics.horizontalAdvance(text) <= width:
        return text
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)


def shown_inside(report: NodeReport) -> Document | None:
    """The network that an expanded group shows; None for all other nodes."""
    if not report.node.expanded:
        return None
    return report.node.inside if report.node.inside is not None else next((d.document for d in report.rounds), None)
