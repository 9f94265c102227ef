"""The card beside a node on which the pointer rests: what it is, what flows through it, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QHelpEvent, QPalette
from PySide6.QtWidgets import QFrame, QLabel, QToolTip, QVBoxLayout

from designer.catalogue.layer import Port
from designer.catalogue.tensor import Specs
from designer.compiler.cost import field_text, size_text
from designer.gui.canvas.floating.figures import Figure, Figures
from designer.gui.canvas.floating.telling import explain
from designer.gui.canvas.items.node_item import NodeItem
from designer.gui.canvas.look import count_text, shape_text
from designer.gui.canvas.spots import Spot
from designer.gui.canvas.surface import Surface
from designer.gui.theme import Theme
from designer.gui.workspace import Workspace

WIDEST = 340
GAP = 10
"""How far the card stands from its node, in screen pixels."""
MOST_SHAPES = 6
"""A node may have hundreds of links; so many shapes are told a side."""
MOST_LETTERS = 600
"""Of a note; the inspector has all of it."""
ENDS_IT = frozenset((QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.Leave, QEvent.Type.KeyPress))


class HoverCard(QFrame):
    """One card at most is shown, never under the pointer; it notices no mouse."""

    def __init__(self, canvas: Surface, workspace: Workspace, figures: Figures) -> None:
        super().__init__(canvas)
        self._canvas, self._workspace, self._figures = canvas, workspace, figures
        self.node = ""
        self._pointer = QPoint(-1, -1)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.ToolTipBase)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._label = QLabel(self)
        self._label.setTextFormat(Qt.TextFormat.RichText)
        self._label.setForegroundRole(QPalette.ColorRole.ToolTipText)
        self._label.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 12, 8)
        column.addWidget(self._label)
        self.hide()
        for watched in (canvas, canvas.viewport()):
            watched.installEventFilter(self)
        for signal in (canvas.zoom_changed, canvas.horizontalScrollBar().valueChanged,
                       canvas.verticalScrollBar().valueChanged, workspace.place_changed):  # fmt: skip
            signal.connect(self.hide)
        workspace.changed.connect(self._refresh)
        figures.ready.connect(self._refresh)

    @property
    def text(self) -> str:
        """What it says, as rich text; empty while it is hidden."""
        return self._label.text() if self.isVisible() else ""

    def tell(self, event: QHelpEvent, spot: Spot) -> None:
        """The pointer rests on something: a card for a node, a few words for all else."""
        if spot.node is not None and spot.port is None:
            QToolTip.hideText()
            self.show_node(spot.node, event.pos())
        else:
            self.hide()
            QToolTip.showText(event.globalPos(), explain(self._canvas.design, spot), self._canvas.viewport())

    def show_node(self, node: str, pointer: QPoint) -> None:
        """Show the card of a node; `pointer` is the place that it must leave free."""
        self.node, self._pointer = node, pointer
        self.show()
        self._refresh()

    def show_selected(self) -> None:
        """Show the card of the one selected node, as if the pointer rested on its middle; again, hide it."""
        if len(self._workspace.selection) == 1:
            (node,) = self._workspace.selection
            if self.isVisible() and self.node == node:
                self.hide()
                return
            item = self._canvas.design.nodes[node]
            self.show_node(node, self._canvas.mapFromScene(item.pos() + item.body.center()))

    def leave(self, spot: Spot) -> None:
        """The pointer is over something else now."""
        if spot.node != self.node or spot.port is not None:
            self.hide()

    def _refresh(self) -> None:
        if self.isHidden():
            return
        item = self._canvas.design.nodes.get(self.node)
        if item is None:
            self.hide()
            return
        self._label.setText(card_html(item, self._figures.of(self.node), self._canvas.design.look.theme))
        self._label.setFixedWidth(min(WIDEST, self._natural_width()))
        self.adjustSize()
        self._place(item)
        self.raise_()

    def _natural_width(self) -> int:
        self._label.setWordWrap(False)
        width = self._label.sizeHint().width()
        self._label.setWordWrap(True)
        return width

    def _place(self, item: NodeItem) -> None:
        """Right of the node, else left of it, below, above, beside the pointer: where it covers neither."""
        node = self._canvas.mapFromScene(item.body.translated(item.pos())).boundingRect()
        room, size = self._canvas.viewport().rect().adjusted(4, 4, -4, -4), self.size()
        beside = min(max(node.top(), room.top()), room.bottom() - size.height())
        along = min(max(node.left(), room.left()), room.right() - size.width())
        at = self._pointer
        for corner in (
            QPoint(node.right() + GAP, beside), QPoint(node.left() - GAP - size.width(), beside),
            QPoint(along, node.bottom() + GAP), QPoint(along, node.top() - GAP - size.height()),
            QPoint(at.x() + 2 * GAP, beside), QPoint(at.x() - 2 * GAP - size.width(), beside),
        ):  # fmt: skip
            if room.contains(QRect(corner, size)):
                self.move(corner)
                return
        self.move(room.right() - size.width() if at.x() < room.center().x() else room.left(), room.top())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A press, a key or a turn of the wheel ends it."""
        if event.type() in ENDS_IT and not self.isHidden():
            self.hide()
        return super().eventFilter(watched, event)


def card_html(item: NodeItem, figure: Figure | None, theme: Theme) -> str:
    """What the card of a node says; `figure` is None while it is worked out."""
    muted = theme.muted.name()
    hue = theme.category(item.category).name() if item.category else muted
    parts = [
        f'<p style="margin:0"><span style="color:{hue}">■</span> <b>{escape(item.title)}</b>'
        f' <span style="color:{muted}">{escape(item.id)}</span></p>'
    ]
    lines = "".join(
        f'<tr><td style="color:{muted};padding-right:12px">{escape(name)}</td><td>{escape(text)}</td></tr>'
        for name, text in (*_shapes(item), *_costs(item, figure))
    )
    parts.append(f'<table cellspacing="0" cellpadding="1" style="margin-top:4px">{lines}</table>')
    if item.report.node.note:
        note = item.report.node.note
        shown = note if len(note) <= MOST_LETTERS else f"{note[:MOST_LETTERS]}…"
        parts.append(f'<p style="margin:6px 0 0 0"><i>{escape(shown).replace(chr(10), "<br>")}</i></p>')
    for problem in item.problems:
        colour = theme.severity(problem.severity).name()
        parts.append(f'<p style="margin:6px 0 0 0;color:{colour}">{escape(problem.sentence)}</p>')
    return "".join(parts)


def _shapes(item: NodeItem) -> Iterator[tuple[str, str]]:
    """What comes in and goes out; ports by name where there are several."""
    report = item.report
    found = [(port, report.incoming.get(port.name, ())) for port in report.inputs]
    yield from _side("In", [(port, reached) for port, reached in found if reached])
    leaving = [(port, (report.outgoing.get(port.name),)) for port in report.outputs]
    yield from _side("Out", leaving)


def _side(title: str, ports: Sequence[tuple[Port, tuple[Specs | None, ...]]]) -> Iterator[tuple[str, str]]:
    every = [(port, specs) for port, carried in ports for specs in carried]
    for number, (port, specs) in enumerate(every[:MOST_SHAPES]):
        name = f"{port.name}: " if len(ports) > 1 else ""
        yield "" if number else title, f"{name}{shape_text(specs) if specs is not None else 'not known yet'}"
    if len(every) > MOST_SHAPES:
        yield "", f"and {len(every) - MOST_SHAPES} more"


def _costs(item: NodeItem, figure: Figure | None) -> Iterator[tuple[str, str]]:
    report = item.report
    if report.parameters:
        trained = report.trainable_parameters
        rest = "" if trained == report.parameters else ", frozen" if not trained else f", {trained:,} trainable"
        yield "Parameters", f"{report.parameters:,}{rest}"
    if item.owner:
        yield "Weights of", item.owner
    if report.macs:
        yield "Multiply-adds", count_text(report.macs)
    if figure is None:
        yield "Memory", "…"
    elif figure.weights or figure.kept != 0:
        kept = f"{size_text(figure.kept)} kept for gradients" if figure.kept != 0 else ""
        weights = f"{size_text(figure.weights)} of weights" if figure.weights else ""
        yield "Memory", ", ".join(part for part in (weights, kept) if part)
    if figure is not None and figure.field is not None and any(side > 1 for side in figure.field):
        yield "Sees", f"{field_text(figure.field)} places of the input"
