"""Dragging nodes about."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from designer.graph import edits
from designer.graph.document import EMPTY, Document, Position
from designer.graph.routes import Routes, carried_along, reroute, with_dots_at
from designer.gui.canvas.gestures.carrying import MANY, Carrying
from designer.gui.canvas.gestures.gesture import ALT, Gesture, Line, Modifiers
from designer.gui.canvas.gestures.guides import Guides, View
from designer.gui.canvas.gestures.insertion import Insertion
from designer.gui.canvas.gestures.taking import Taking
from designer.gui.canvas.look import Look, snapped
from designer.gui.canvas.scene import DesignScene
from designer.gui.workspace import Workspace


class MoveNodes(Gesture):
    """Drag nodes about, and the dots that are selected with them.

    They snap to the lines of their neighbours (`Guides`), else to the grid by the node that is held; Alt moves them
    freely. A node without links that is dropped on one is put into it, but not with Alt. `Taking` has what that does
    to frames.
    """

    def __init__(
        self, scene: DesignScene, workspace: Workspace, held: str, start: QPointF, view: View = lambda: (QRectF(), 0.0)
    ) -> None:
        self._scene, self._workspace, self._held, self._start = scene, workspace, held, start
        names = workspace.selection | scene.marks.cargo()[0] if held in workspace.selection else frozenset({held})
        positions = scene.document.positions
        self._from: Mapping[str, Position] = {name: positions.get(name, (0.0, 0.0)) for name in names}
        self._now = dict(self._from)
        self._dots = scene.chosen_dots if held in workspace.selection else frozenset()
        self._shift = (0.0, 0.0)
        self._taking = Taking(scene, names, marks=held in workspace.selection)
        self._insertion = Insertion(scene, names)
        self._guides = Guides(scene, names, view)
        self._carrying = Carrying(scene, self._from) if len(names) >= MANY else None

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        dx, dy = at.x() - self._start.x(), at.y() - self._start.y()
        if not modifiers & ALT:
            x, y = self._from[self._held]
            dx, dy = self._guides.shift((dx, dy), (snapped(x + dx) - x, snapped(y + dy) - y))
        else:
            self._guides.clear()
        self._now = {name: (x + dx, y + dy) for name, (x, y) in self._from.items()}
        self._shift = (dx, dy)
        self._show(self._now)
        self._taking.follow(at, modifiers, (dx, dy))
        self._insertion.seek(wanted=not modifiers & ALT)

    def finish(self, at: QPointF, modifiers: Modifiers) -> None:
        self.move(at, modifiers)
        places, ways, dots, link = self._now, self._ways(), self._dots, self._insertion.link
        self._insertion.seek(wanted=False)
        count = len(places)
        verb = "Move" if link is None else "Insert"
        label = f"{verb} {self._held}" if count == 1 else f"Move {count} nodes"

        def edit(document: Document) -> Document:
            if link is None:
                moved = reroute(edits.move(document, places), ways)
            else:
                moved = edits.put_on_link(document, link, self._held, places[self._held])
            return self._taking.edit(moved)

        if self._carrying is not None:
            self._carrying.end()
        made = self._workspace.commit(edit, label)
        self._taking.end()
        if not made:
            self.cancel()
        self._scene.choose_dots(dots)

    def message(self) -> str:
        return self._insertion.outlook() or self._taking.message

    def area(self) -> QRectF:
        return self._insertion.area()

    def lines(self) -> frozenset[Line]:
        return self._guides.lines

    def draw(self, painter: QPainter, look: Look) -> None:
        self._guides.draw(painter, look)
        self._insertion.draw(painter, look)

    def cancel(self) -> None:
        self._insertion.seek(wanted=False)
        self._shift = (0.0, 0.0)
        if self._carrying is not None:
            self._carrying.cancel()
        else:
            self._show(self._from)
        self._taking.cancel()

    def _show(self, places: Mapping[str, Position]) -> None:
        if self._carrying is not None:
            self._carrying.by(*self._shift)
        else:
            self._scene.place(places, self._ways())

    def _ways(self) -> Routes:
        """The routes of the selected dots, which go along."""
        if not self._dots:
            return EMPTY
        routes, (dx, dy) = self._scene.document.routes, self._shift
        dots = {(link, index): (routes[link][index][0] + dx, routes[link][index][1] + dy) for link, index in self._dots}
        return with_dots_at({**routes, **carried_along(self._scene.document, self._now)}, dots)
