"""Dragging the dots of links about, and bending a link where there is no dot yet."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from designer.graph import edits
from designer.graph.document import Document, Link, Position
from designer.graph.routes import Dot, Route, Routes, reroute, with_dots_at
from designer.gui.canvas.gestures.gesture import ALT, Gesture, Modifiers
from designer.gui.canvas.look import snapped
from designer.gui.canvas.scene import DesignScene
from designer.gui.workspace import Workspace


class MoveDots(Gesture):
    """Drag dots, and the nodes that are selected with them. They snap to the grid by the dot that is held."""

    def __init__(self, scene: DesignScene, workspace: Workspace, held: Dot, start: QPointF) -> None:
        self._scene, self._workspace, self._held, self._start = scene, workspace, held, start
        together = held in scene.chosen_dots
        routes = scene.document.routes
        dots = scene.chosen_dots if together else {held}
        self._dots: dict[Dot, Position] = {(link, index): routes[link][index] for link, index in dots}
        self._nodes: dict[str, Position] = {
            name: (scene.nodes[name].x(), scene.nodes[name].y()) for name in (workspace.selection if together else ())
        }
        self._places = self._nodes
        self._ways: Routes = {link: routes[link] for link, _ in dots}

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        dx, dy = at.x() - self._start.x(), at.y() - self._start.y()
        if not modifiers & ALT:
            x, y = self._dots[self._held]
            dx, dy = snapped(x + dx) - x, snapped(y + dy) - y
        self._places = {name: (x + dx, y + dy) for name, (x, y) in self._nodes.items()}
        dots = {dot: (x + dx, y + dy) for dot, (x, y) in self._dots.items()}
        self._ways = with_dots_at(self._scene.document.routes, dots)
        self._scene.place(self._places, self._ways)

    def finish(self, at: QPointF, modifiers: Modifiers) -> None:
        self.move(at, modifiers)
        places, ways, count = self._places, self._ways, len(self._dots) + len(self._nodes)

        def edit(document: Document) -> Document:
            return reroute(edits.move(document, places), ways)

        dots = self._scene.chosen_dots
        if not self._workspace.commit(edit, "Move a dot" if count == 1 else f"Move {count} dots and nodes"):
            self.cancel()
        self._scene.choose_dots(dots)

    def cancel(self) -> None:
        self._scene.place(self._nodes, {link: self._scene.document.routes[link] for link in self._ways})


class BendLink(Gesture):
    """Pull a link aside: a new dot on it goes with the pointer."""

    def __init__(self, scene: DesignScene, workspace: Workspace, link: Link, index: int) -> None:
        self._scene, self._workspace, self._link, self._index = scene, workspace, link, index
        self._before: Route = scene.document.routes.get(link, ())
        self._way = self._before

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        place = (at.x(), at.y()) if modifiers & ALT else (snapped(at.x()), snapped(at.y()))
        self._way = (*self._before[: self._index], place, *self._before[self._index :])
        self._scene.place({}, {self._link: self._way})

    def finish(self, at: QPointF, modifiers: Modifiers) -> None:
        self.move(at, modifiers)
        link, way = self._link, self._way
        self._workspace.commit(lambda document: reroute(document, {link: way}), f"Bend {' → '.join(link.ends)}")
        self._scene.choose_dots({(link, self._index)})

    def cancel(self) -> None:
        self._scene.place({}, {self._link: self._before})
