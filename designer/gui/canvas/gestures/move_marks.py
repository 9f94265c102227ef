"""Dragging frames, with their nodes, and sticky notes; making notes larger and smaller."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from designer.graph import edits
from designer.graph.document import Document, Position
from designer.graph.stickies import fitting, move_stickies, place_sticky
from designer.gui.canvas.gestures.gesture import ALT, Gesture, Modifiers
from designer.gui.canvas.items.marks import FRAME, Mark
from designer.gui.canvas.look import snapped
from designer.gui.canvas.scene import DesignScene
from designer.gui.workspace import Workspace


class MoveMarks(Gesture):
    """Drag the selected frames and notes, and the selected nodes with them. They snap to the grid; Alt lets them."""

    def __init__(self, scene: DesignScene, workspace: Workspace, held: Mark, start: QPointF) -> None:
        self._scene, self._workspace, self._held, self._start = scene, workspace, held, start
        members, self._notes = scene.marks.cargo()
        names = members | workspace.selection
        self._nodes: dict[str, Position] = {name: scene.document.positions.get(name, (0.0, 0.0)) for name in names}
        self._shift = (0.0, 0.0)
        self._anchor = self._place_of(held)

    def _place_of(self, held: Mark) -> Position:
        """The place that snaps to the grid: of a frame, its first node."""
        if held[0] == FRAME:
            return self._nodes[self._scene.marks.frames[held[1]].frame.members[0]]
        return self._notes[held[1]]

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        dx, dy = at.x() - self._start.x(), at.y() - self._start.y()
        if not modifiers & ALT:
            x, y = self._anchor
            dx, dy = snapped(x + dx) - x, snapped(y + dy) - y
        self._show((dx, dy))

    def _show(self, shift: Position) -> None:
        self._shift = shift
        self._scene.place(_moved(self._nodes, shift))
        self._scene.marks.place(_moved(self._notes, shift))

    def finish(self, at: QPointF, modifiers: Modifiers) -> None:
        self.move(at, modifiers)
        nodes, notes = _moved(self._nodes, self._shift), _moved(self._notes, self._shift)

        def edit(document: Document) -> Document:
            return move_stickies(edits.move(document, nodes), notes)

        what = "frame" if self._held[0] == FRAME else "note"
        if not self._workspace.commit(edit, f"Move {what}"):
            self.cancel()

    def cancel(self) -> None:
        self._show((0.0, 0.0))


def _moved(places: dict[str, Position], shift: Position) -> dict[str, Position]:
    return {name: (x + shift[0], y + shift[1]) for name, (x, y) in places.items()}


class ResizeSticky(Gesture):
    """Drag the lower right corner of a note. It snaps to the grid; Alt lets it."""

    def __init__(self, scene: DesignScene, workspace: Workspace, key: str, start: QPointF) -> None:
        self._item, self._workspace, self._start = scene.marks.stickies[key], workspace, start
        self._before = self._item.sticky

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        width, height = self._before.size
        right, bottom = width + at.x() - self._start.x(), height + at.y() - self._start.y()
        if not modifiers & ALT:
            x, y = self._before.position
            right, bottom = snapped(x + right) - x, snapped(y + bottom) - y
        self._item.put(self._before.position, fitting((right, bottom)))

    def finish(self, at: QPointF, modifiers: Modifiers) -> None:
        self.move(at, modifiers)
        key, place, size = self._item.key, self._before.position, self._item.size
        if not self._workspace.commit(lambda document: place_sticky(document, key, place, size), "Resize note"):
            self.cancel()

    def cancel(self) -> None:
        self._item.put(self._before.position, self._before.size)
