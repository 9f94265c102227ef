"""What a press of the mouse on a frame or a sticky note selects, and which gesture it begins."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF

from designer.gui.canvas.gestures.gesture import CONTROL, SHIFT, Gesture, Modifiers
from designer.gui.canvas.gestures.move_marks import MoveMarks, ResizeSticky
from designer.gui.canvas.items.marks import Mark
from designer.gui.canvas.scene import DesignScene
from designer.gui.canvas.spots import Spot
from designer.gui.workspace import Workspace


class MarkPicking:
    """Picks frames and notes of a scene."""

    def __init__(self, design: DesignScene, workspace: Workspace) -> None:
        self._design, self._workspace = design, workspace
        self._marks = design.marks

    def leave(self, spot: Spot, modifiers: Modifiers) -> None:
        """A press is about to come: what stands elsewhere is selected no more."""
        together = spot.node is not None and spot.node in self._workspace.selection
        if spot.mark is None and not together and not modifiers & (SHIFT | CONTROL):
            self._marks.choose(())

    def press(self, mark: Mark, modifiers: Modifiers) -> Callable[[QPointF], Gesture]:
        """Select what was pressed; gives the gesture that begins if the pointer goes on."""
        chosen = self._marks.chosen
        if modifiers & CONTROL:
            self._marks.choose(chosen ^ {mark})
        elif modifiers & SHIFT:
            self._marks.choose(chosen | {mark})
        elif mark not in chosen:
            self.choose_alone(mark)
        return lambda at: self._gesture(mark, at)

    def choose_alone(self, mark: Mark) -> None:
        """Select this and nothing else."""
        self._workspace.select(())
        self._design.choose_links(())
        self._design.choose_dots(())
        self._marks.choose((mark,))

    def _gesture(self, mark: Mark, at: QPointF) -> Gesture:
        if self._marks.on_handle(mark, at):
            return ResizeSticky(self._design, self._workspace, mark[1], at)
        if mark not in self._marks.chosen:
            self.choose_alone(mark)
        return MoveMarks(self._design, self._workspace, mark, at)

    def hover(self, mark: Mark | None, *, hovered: bool) -> None:
        """Show a frame or note as under the pointer, or no more."""
        item = self._marks.item(mark) if mark is not None else None
        if item is not None:
            item.mark(hovered=hovered)
