"""Dragging nodes about."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF

from designer.graph import edits
from designer.graph.document import Position
from designer.gui.canvas.gestures.gesture import ALT, Gesture, Modifiers
from designer.gui.canvas.look import snapped
from designer.gui.canvas.scene import DesignScene
from designer.gui.workspace import Workspace


class MoveNodes(Gesture):
    """Drag nodes about. They snap to the grid by the node that is held; Alt moves them freely."""

    def __init__(self, scene: DesignScene, workspace: Workspace, held: str, start: QPointF) -> None:
        self._scene, self._workspace, self._held, self._start = scene, workspace, held, start
        names = workspace.selection if held in workspace.selection else frozenset({held})
        self._from: Mapping[str, Position] = {name: _position(scene, name) for name in names}
        self._now = dict(self._from)

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        dx, dy = at.x() - self._start.x(), at.y() - self._start.y()
        if not modifiers & ALT:
            x, y = self._from[self._held]
            dx, dy = snapped(x + dx) - x, snapped(y + dy) - y
        self._now = {name: (x + dx, y + dy) for name, (x, y) in self._from.items()}
        self._show(self._now)

    def finish(self, at: QPointF, modifiers: Modifiers) -> None:
        self.move(at, modifiers)
        places = self._now
        count = len(places)
        label = f"Move {self._held}" if count == 1 else f"Move {count} nodes"
        if not self._workspace.commit(lambda document: edits.move(document, places), label):
            self.cancel()

    def cancel(self) -> None:
        self._show(self._from)

    def _show(self, places: Mapping[str, Position]) -> None:
        self._scene.place(places)


def _position(scene: DesignScene, name: str) -> Position:
    place = scene.nodes[name].pos()
    return place.x(), place.y()
