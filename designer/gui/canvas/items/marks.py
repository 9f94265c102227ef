"""What stands on the canvas beside the network, as items: frames and sticky notes, kept equal to the shown design."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from designer.graph.document import EMPTY, Document, Frame, Position, Sticky
from designer.graph.frames import remove_frames
from designer.graph.stickies import remove_stickies
from designer.gui.canvas.items.frame_item import FrameItem
from designer.gui.canvas.items.node_item import NodeItem
from designer.gui.canvas.items.sticky_item import StickyItem
from designer.gui.canvas.look import OVERVIEW_BELOW, Look

FRAME, STICKY = "frame", "sticky"
Mark = tuple[str, str]
"""A frame or a note: which of the two it is, and its key in the design."""
TITLE_FROM = 70.0
"""Screen pixels that a frame must be wide for its title to be written in the overview."""
MOST_LOW, CROWD_FROM = 60, 32.0
"""Where there are more frames than this, only those of this height on the screen have their titles written."""
TITLE_SIZE = 12.0
"""How large they are, in screen pixels."""


class Marks:
    """The items of a scene's frames and notes. `chosen` are selected on the canvas alone, as links are."""

    def __init__(self, scene: QGraphicsScene, nodes: Mapping[str, NodeItem], look: Look) -> None:
        self._scene, self._nodes, self._look = scene, nodes, look
        self.frames: dict[str, FrameItem] = {}
        self.stickies: dict[str, StickyItem] = {}
        self.frame_of: dict[str, str] = {}
        self.chosen: frozenset[Mark] = frozenset()
        self._leaving: frozenset[str] = frozenset()
        self._shown_frames: Mapping[str, Frame] = EMPTY
        self._shown_stickies: Mapping[str, Sticky] = EMPTY

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.frames or self.stickies)

    def item(self, mark: Mark) -> FrameItem | StickyItem | None:
        """The item of a mark; None where it is gone."""
        return self.frames.get(mark[1]) if mark[0] == FRAME else self.stickies.get(mark[1])

    def follow(self, document: Document) -> list[QRectF]:
        """Bring the items in line with a design, after its nodes; returns where things stand that are new."""
        areas = []
        if document.frames is not self._shown_frames:
            self._follow_frames(document.frames)
            self._shown_frames = document.frames
        if document.stickies is not self._shown_stickies:
            areas = self._follow_stickies(document.stickies)
            self._shown_stickies = document.stickies
        self.choose(self.chosen)
        return areas

    def _follow_frames(self, frames: Mapping[str, Frame]) -> None:
        stale = [key for key, frame in frames.items() if self._shown_frames.get(key) is not frame]
        for key in [key for key in self.frames if key not in frames]:
            self._scene.removeItem(self.frames.pop(key))
        for key in stale:
            if key in self.frames:
                self.frames[key].show_frame(frames[key])
            else:
                self.frames[key] = FrameItem(key, frames[key], self._look)
                self._scene.addItem(self.frames[key])
        self.frame_of = {name: key for key, frame in frames.items() for name in frame.members}
        self._hug(stale)

    def _follow_stickies(self, stickies: Mapping[str, Sticky]) -> list[QRectF]:
        for key in [key for key in self.stickies if key not in stickies]:
            self._scene.removeItem(self.stickies.pop(key))
        changed = [key for key, sticky in stickies.items() if self._shown_stickies.get(key) is not sticky]
        for key in changed:
            if key in self.stickies:
                self.stickies[key].show_sticky(stickies[key])
            else:
                self.stickies[key] = StickyItem(key, stickies[key], self._look)
                self._scene.addItem(self.stickies[key])
        return [self.stickies[key].rect for key in changed]

    def settle(self, nodes: Iterable[str]) -> None:
        """Nodes' items moved: their frames go along."""
        if self.frames:
            self._hug({self.frame_of[name] for name in nodes if name in self.frame_of})

    def _hug(self, keys: Iterable[str]) -> None:
        for key in keys:
            item = self.frames.get(key)
            if item is None:
                continue
            inner = QRectF()
            for name in item.frame.members:
                node = self._nodes.get(name)
                if node is not None and name not in self._leaving:
                    inner = inner.united(node.body.translated(node.pos()))
            if not inner.isNull():
                item.hug(inner)

    def let_go(self, nodes: Collection[str]) -> None:
        """Show frames without nodes that are about to leave them; () ends it."""
        leaving = frozenset(nodes)
        if leaving != self._leaving:
            touched, self._leaving = self._leaving | leaving, leaving
            self.settle(touched)

    def place(self, places: Mapping[str, Position]) -> None:
        """Put notes' items somewhere; the design does not change."""
        for key, position in places.items():
            self.stickies[key].put(position, self.stickies[key].size)

    def choose(self, marks: Iterable[Mark]) -> None:
        """Select frames and notes."""
        chosen = frozenset(mark for mark in marks if self.item(mark) is not None)
        for mark in self.chosen ^ chosen:
            item = self.item(mark)
            if item is not None:
                item.mark(chosen=mark in chosen)
        if chosen != self.chosen:
            self.chosen = chosen
            self._scene.selectionChanged.emit()

    def cargo(self) -> tuple[frozenset[str], dict[str, Position]]:
        """What moves with the selected marks: the members of the frames, and where the notes stand."""
        frames = (self.frames[key].frame for kind, key in self.chosen if kind == FRAME)
        nodes = frozenset(name for frame in frames for name in frame.members)
        notes = (self.stickies[key] for kind, key in self.chosen if kind == STICKY)
        return nodes, {note.key: (note.pos().x(), note.pos().y()) for note in notes}

    def at(self, items: Iterable[QGraphicsItem], at: QPointF, zoom: float) -> Mark | None:
        """The mark at a point, of what stands around it: a note, or a frame by its title, on the bar or over it."""
        found = list(items)
        above = TITLE_SIZE / zoom if zoom < OVERVIEW_BELOW else 0.0
        for item in found:
            if isinstance(item, StickyItem) and item.rect.contains(at):
                return STICKY, item.key
        return next(
            (
                (FRAME, item.key)
                for item in found
                if isinstance(item, FrameItem) and item.bar.adjusted(0, -above, 0, 0).contains(at)
            ),
            None,
        )

    def on_handle(self, mark: Mark, at: QPointF) -> bool:
        """Whether a point of a mark is on the corner that changes the size of a note."""
        return mark[0] == STICKY and self.stickies[mark[1]].on_handle(at)

    def frame_under(self, at: QPointF) -> str | None:
        """The smallest frame that a point is in."""
        found = [item for item in self.frames.values() if item.rect.contains(at)]
        return min(found, key=lambda item: item.rect.width() * item.rect.height()).key if found else None

    def light(self, key: str | None) -> None:
        """Show one frame as what would take in what is dragged; None ends it."""
        for name, item in self.frames.items():
            item.mark(lit=name == key)

    def stickies_in(self, area: QRectF) -> frozenset[Mark]:
        """The notes that touch a rectangle."""
        return frozenset((STICKY, key) for key, item in self.stickies.items() if item.rect.intersects(area))

    def bounds(self) -> QRectF:
        """The rectangle around all frames and notes; a null one around none."""
        bounds = QRectF()
        for rect in (*(frame.rect for frame in self.frames.values()), *(note.rect for note in self.stickies.values())):
            bounds = bounds.united(rect)
        return bounds

    def paint_afar(self, painter: QPainter, look: Look, zoom: float) -> None:
        """Frames as rectangles with their titles, notes as blocks; `painter` is in scene coordinates."""
        low = CROWD_FROM if len(self.frames) > MOST_LOW else 0.0
        for frame in self.frames.values():
            painter.setPen(frame.pen())
            painter.setBrush(frame.ground())
            painter.drawRect(frame.rect)
            if frame.rect.width() * zoom >= TITLE_FROM and frame.rect.height() * zoom >= low:
                self._write_title(painter, look, frame, zoom)
        painter.setPen(Qt.PenStyle.NoPen)
        for note in self.stickies.values():
            painter.setBrush(look.shade(note.sticky.color, 0.45))
            painter.setPen(look.outline if note.chosen else Qt.PenStyle.NoPen)
            painter.drawRect(note.rect)

    def _write_title(self, painter: QPainter, look: Look, frame: FrameItem, zoom: float) -> None:
        """Over the frame, at a size that can be read."""
        scale = TITLE_SIZE / (zoom * look.frame_metrics.ascent())
        room = frame.rect.width() / scale
        title = look.frame_metrics.elidedText(frame.title, Qt.TextElideMode.ElideRight, room)
        painter.save()
        painter.translate(frame.rect.x(), frame.rect.y() - 4 / zoom)
        painter.scale(scale, scale)
        painter.setFont(look.frame_font)
        painter.setPen(look.theme.text)
        painter.drawText(QPointF(0, 0), title)
        painter.restore()


def without_marks(document: Document, marks: Collection[Mark]) -> Document:
    """The design without some frames and notes; nodes in the frames stay."""
    keys = {kind: [key for of, key in marks if of == kind] for kind in (FRAME, STICKY)}
    return remove_stickies(remove_frames(document, keys[FRAME]), keys[STICKY])
