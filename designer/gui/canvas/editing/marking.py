"""What is done to frames and sticky notes by key or menu: frame, name, write, colour, take away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF
from PySide6.QtGui import QCursor

from designer.graph import frames, looks, stickies
from designer.graph.document import Document, Sticky
from designer.gui.canvas.floating.overlays import NameField
from designer.gui.canvas.floating.sticky_field import StickyField
from designer.gui.canvas.items.marks import FRAME, STICKY, Mark
from designer.gui.canvas.look import GRID, snapped

if TYPE_CHECKING:
    from designer.gui.canvas.view import Canvas

FARTHEST = 20
"""How many steps a new note is put off from the middle of the view so that it covers nothing."""


class Marking:
    """Acts on the canvas's frames and notes; each edit is one undo step."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas, self._workspace = canvas, canvas.workspace
        self.marks, self.look = canvas.design.marks, canvas.design.look
        self._writing: StickyField | None = None
        self._written = ""
        canvas.zoom_changed.connect(self._cover)
        canvas.horizontalScrollBar().valueChanged.connect(self._cover)
        canvas.verticalScrollBar().valueChanged.connect(self._cover)

    def open(self, mark: Mark) -> None:
        """Write on a note, or name a frame: what a double-click does."""
        self._workspace.select(())
        self.marks.choose((mark,))
        if mark[0] == FRAME:
            self.rename_frame(mark[1])
        else:
            self.write(mark[1])

    def come_to(self, mark: Mark) -> None:
        """Bring a frame or a note into view, so near that it can be read, and select it alone."""
        item = self.marks.item(mark)
        if item is None:
            return
        self._workspace.select(())
        self.marks.choose((mark,))
        self._canvas.come_near(item.rect)
        self._canvas.ensureVisible(item.rect, 20, 20)
        if mark[0] == FRAME:
            # Of one that is larger than the view, at least the title.
            self._canvas.ensureVisible(self.marks.frames[mark[1]].bar, 20, 20)

    # Frames.

    def frame_at_hand(self) -> str | None:
        """The frame that actions are about: the selected one, or that of the selected nodes."""
        chosen = [key for kind, key in self.marks.chosen if kind == FRAME]
        around = {self.marks.frame_of.get(name) for name in self._workspace.selection}
        keys = chosen or [key for key in around if key is not None]
        return keys[0] if len(keys) == 1 and len(around) <= 1 else None

    def frame_selection(self) -> None:
        """Put a frame around the selected nodes and ask for its title."""
        nodes = self._workspace.selection
        before = frozenset(self.marks.frames)
        if self._workspace.commit(lambda document: frames.add_frame(document, nodes), "Frame"):
            new = [key for key in self.marks.frames if key not in before]
            for key in new:
                self.open((FRAME, key))

    def rename_frame_at_hand(self) -> None:
        """Open a field over the title of the frame that the selected nodes are in."""
        key = self.frame_at_hand()
        if key is not None:
            self.rename_frame(key)

    def rename_frame(self, key: str) -> None:
        """Open a field over the title of a frame."""
        item = self.marks.frames[key]
        self._canvas.ensureVisible(item.bar, 20, 20)
        place = self._canvas.mapFromScene(item.bar.topLeft())
        field = NameField(self._canvas, item.frame.title, lambda title: self._retitle(key, title))
        width = min(max(160, int(item.rect.width() * self._canvas.zoom)), 420)
        self._canvas.open_field(field, place + QPoint(3, 2), width)

    def _retitle(self, key: str, title: str) -> bool:
        label = f"Name frame {title}" if title else "Name frame"
        return self._workspace.commit(lambda document: frames.change_frame(document, key, title=title), label)

    def leave_frame(self) -> None:
        """Take the selected nodes out of their frames."""
        nodes = self._workspace.selection
        self._workspace.commit(lambda document: frames.release(document, nodes), "Take out of the frame")

    def remove_frame(self) -> None:
        """Take the frame at hand away; its nodes stay."""
        key = self.frame_at_hand()
        if key is not None:
            self._workspace.commit(lambda document: frames.remove_frames(document, (key,)), "Remove frame")

    def select_members(self, key: str) -> None:
        """Select the nodes in a frame."""
        self.marks.choose(())
        self._workspace.select(self.marks.frames[key].frame.members)

    # Notes.

    def add_sticky_at_pointer(self) -> None:
        """Put a note where the pointer is; where it is not over the canvas, near the middle of the view."""
        viewport = self._canvas.viewport()
        if viewport.underMouse():
            self.add_sticky(self._canvas.to_scene(viewport.mapFromGlobal(QCursor.pos())))
        else:
            self.add_sticky(self._free_place(self._canvas.to_scene(viewport.rect().center())))

    def _free_place(self, middle: QPointF) -> QPointF:
        """A place where a note covers nothing, below or above the middle; else the middle itself."""
        design, size = self._canvas.design, QSizeF(*stickies.USUAL)
        middle = QPointF(snapped(middle.x() - size.width() / 2), snapped(middle.y() - size.height() / 2))
        for step in range(FARTHEST):
            for side in (1, -1):
                place = QRectF(middle + QPointF(0.0, side * step * 2 * GRID), size)
                nodes = any(place.intersects(item.body.translated(item.pos())) for item in design.nodes.values())
                if not nodes and not any(place.intersects(item.rect) for item in self.marks.stickies.values()):
                    return place.topLeft()
        return middle

    def add_sticky(self, at: QPointF) -> None:
        """Put a note at a point of the scene and begin to write on it."""
        self.finish_writing()
        place = (snapped(at.x()), snapped(at.y()))
        sticky = Sticky("", place, stickies.USUAL, stickies.FIRST_COLOR)
        before = frozenset(self.marks.stickies)
        if self._workspace.commit(lambda document: stickies.add_sticky(document, sticky), "Add note"):
            for key in [key for key in self.marks.stickies if key not in before]:
                self.open((STICKY, key))

    def write(self, key: str) -> None:
        """Open the field over a note."""
        self.finish_writing()
        item = self.marks.stickies[key]
        self._canvas.ensureVisible(item.rect, 10, 10)
        self._written = key
        self._writing = StickyField(self._canvas, item.sticky.text, lambda text: self._keep(key, text))
        look = self.look
        self._writing.colour(look.sheet(item.sticky.color), look.theme.text)
        self._cover()
        self._writing.show()
        self._writing.setFocus()

    @property
    def field(self) -> StickyField | None:
        """The field in which a note is written now."""
        return self._writing

    def finish_writing(self) -> None:
        """Keep what is being written, if anything is."""
        if self._writing is not None:
            self._writing.finish()

    def _keep(self, key: str, text: str) -> None:
        self._writing = None
        if key in self._workspace.shown.stickies:
            self._workspace.commit(lambda document: stickies.change_sticky(document, key, text=text), "Write note")

    def _cover(self) -> None:
        item = self.marks.stickies.get(self._written)
        if self._writing is not None and item is not None:
            area = self._canvas.mapFromScene(item.rect).boundingRect()
            self._writing.cover(area, self._canvas.zoom)

    # Both, and nodes.

    def paint(self, color: str) -> None:
        """Give the selected frames, notes and nodes a colour; an empty one is the usual."""
        nodes, chosen = self._workspace.selection, self.marks.chosen

        def edit(document: Document) -> Document:
            document = looks.set_color(document, nodes, color)
            for kind, key in chosen:
                if kind == FRAME:
                    document = frames.change_frame(document, key, color=color or frames.FIRST_COLOR)
                else:
                    document = stickies.change_sticky(document, key, color=color or stickies.FIRST_COLOR)
            return document

        self._workspace.commit(edit, f"Colour {color}" if color else "Usual colour")
