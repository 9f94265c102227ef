"""What a drag of nodes does to frames, and to the sticky notes that are selected with the nodes.

As in Blender: a node that is dropped inside a frame joins it, and a frame grows with the member that is dragged.
With Ctrl, nodes leave their frame, and join none.
"""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QPointF

from designer.graph import frames, stickies
from designer.graph.document import Document, Position
from designer.gui.canvas.gestures.gesture import CONTROL, Modifiers
from designer.gui.canvas.scene import DesignScene


class Taking:
    """Follows a drag of `nodes`; with `marks`, the selected notes go along. `edit` is what comes of it."""

    def __init__(self, scene: DesignScene, nodes: Collection[str], *, marks: bool) -> None:
        self._marks, self._nodes = scene.marks, nodes
        self._from = scene.marks.cargo()[1] if marks else {}
        self._now = dict(self._from)
        self._members = frozenset(name for name in nodes if name in scene.marks.frame_of)
        self._free = frozenset(nodes) - self._members
        self._into: str | None = None
        self._leaves = False
        self.message = ""

    def follow(self, at: QPointF, modifiers: Modifiers, shift: Position) -> None:
        """The pointer is at a point, the nodes are `shift` from where they were."""
        self._leaves = bool(modifiers & CONTROL and self._members)
        under = None if modifiers & CONTROL or not self._free else self._marks.frame_under(at)
        whole = under is not None and set(self._marks.frames[under].frame.members) <= set(self._nodes)
        self._into = None if whole else under
        self._marks.let_go(self._members if self._leaves else ())
        self._marks.light(self._into)
        self._now = {key: (x + shift[0], y + shift[1]) for key, (x, y) in self._from.items()}
        self._marks.place(self._now)
        self.message = self._outlook()

    def _outlook(self) -> str:
        if self._leaves:
            return "Out of the frame"
        return f"Into {self._marks.frames[self._into].title}" if self._into is not None else ""

    def edit(self, document: Document) -> Document:
        """The design with notes moved, and with nodes in the frame that they were dropped in."""
        document = stickies.move_stickies(document, self._now)
        if self._leaves:
            return frames.release(document, self._members)
        return frames.join(document, self._into, self._free) if self._into is not None else document

    def end(self) -> None:
        """Show nothing of it any more."""
        self._marks.let_go(())
        self._marks.light(None)
        self.message = ""

    def cancel(self) -> None:
        """Put the notes back."""
        self._marks.place(self._from)
        self.end()
