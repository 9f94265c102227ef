"""Putting what is selected in line, by key or menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QMenu, QWidget

from designer.graph import edits
from designer.graph.aligning import Area, Edge, aligned, distributed
from designer.graph.document import Document, Position
from designer.graph.stickies import move_stickies
from designer.gui.canvas.editing.menu_keys import add_action
from designer.gui.canvas.items.marks import FRAME, STICKY
from designer.gui.canvas.scene import DesignScene
from designer.gui.workspace import Workspace

NODE = "node"
Thing = tuple[str, str]
"""A node, a frame or a note: which of them, and its id or key."""
Arrange = Callable[[Mapping[Thing, Area]], Mapping[Thing, Position]]


class LiningUp:
    """Each method is one entry of a menu and one undo step. A selected frame moves as one, with its nodes."""

    def __init__(self, workspace: Workspace, scene: DesignScene) -> None:
        self._workspace, self._scene = workspace, scene

    @property
    def count(self) -> int:
        """How many things would be put in line."""
        marks = self._scene.marks
        return len(self._workspace.selection - marks.cargo()[0]) + len(marks.chosen)

    def align(self, edge: Edge) -> None:
        """Put edges or middles on one line."""
        self._arrange(lambda areas: aligned(areas, edge), "Align")

    def distribute(self, axis: int) -> None:
        """Make gaps equal, from left to right (axis 0) or from top to bottom (1)."""
        self._arrange(lambda areas: distributed(areas, axis), "Distribute")

    def _areas(self) -> dict[Thing, Area]:
        """What each selected thing takes, in the document's order; a node in a selected frame belongs to that."""
        marks, items = self._scene.marks, self._scene.nodes
        inside = marks.cargo()[0]
        rects = {
            (NODE, name): items[name].body.translated(items[name].pos())
            for name in self._workspace.shown.nodes
            if name in self._workspace.selection and name not in inside
        }
        rects |= {(FRAME, key): item.rect for key, item in marks.frames.items() if (FRAME, key) in marks.chosen}
        rects |= {(STICKY, key): item.rect for key, item in marks.stickies.items() if (STICKY, key) in marks.chosen}
        return {thing: _area(rect) for thing, rect in rects.items()}

    def _arrange(self, arrange: Arrange, verb: str) -> None:
        areas, shown, chosen = self._areas(), self._workspace.shown, self._scene.marks.chosen
        if len(areas) < 2:
            return
        shifts = {key: (at[0] - areas[key].x, at[1] - areas[key].y) for key, at in arrange(areas).items()}
        nodes: dict[str, Position] = {}
        notes: dict[str, Position] = {}
        for (kind, key), shift in shifts.items():
            if kind == STICKY:
                notes[key] = _moved(shown.stickies[key].position, shift)
            for name in shown.frames[key].members if kind == FRAME else (key,) if kind == NODE else ():
                nodes[name] = _moved(shown.positions.get(name, (0.0, 0.0)), shift)

        def edit(document: Document) -> Document:
            return move_stickies(edits.move(document, nodes), notes)

        self._workspace.commit(edit, f"{verb} {len(areas)} {'nodes' if not chosen else 'things'}")


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to put things in line: its action's id, title, key and sentence."""

    id: str
    title: str
    keys: str
    tip: str
    run: Callable[[LiningUp], None]
    icon: str
    first: bool = False
    """Whether a line stands above it in the menu."""


def _align(edge: Edge, title: str, keys: str, tip: str, *, first: bool = False) -> Choice:
    name = f"align_{edge.name.lower()}"
    return Choice(name, title, keys, tip, lambda lining_up: lining_up.align(edge), name, first)


def _distribute(axis: int) -> Callable[[LiningUp], None]:
    return lambda lining_up: lining_up.distribute(axis)


CHOICES = (
    _align(Edge.LEFT, "Align l&eft edges", "Shift+A", "Put the left edges of what is selected on one line.",
           first=True),
    _align(Edge.CENTRE, "Align &centres", "Alt+Shift+S", "Put the middles of what is selected one below the other."),
    _align(Edge.RIGHT, "Align &right edges", "Shift+D", "Put the right edges of what is selected on one line."),
    _align(Edge.TOP, "Align to&p edges", "Shift+W", "Put the upper edges of what is selected on one line.",
           first=True),
    _align(Edge.MIDDLE, "Align &middles", "Alt+Shift+W", "Put the middles of what is selected side by side."),
    _align(Edge.BOTTOM, "Align &bottom edges", "Shift+S", "Put the lower edges of what is selected on one line."),
    Choice("distribute_across", "Distribute &horizontally", "Shift+H",
           "Make the gaps between what is selected equal, from left to right.", _distribute(0),
           "distribute_across", True),
    Choice("distribute_down", "Distribute &vertically", "Shift+V",
           "Make the gaps between what is selected equal, from top to bottom.", _distribute(1),
           "distribute_down"),
)  # fmt: skip
"""As in Unreal, W A S D with Shift go to the four sides."""


def fill_for_several(menu: QMenu, canvas: QWidget, lining_up: LiningUp) -> None:
    """What the context menu has for several selected things."""
    inner = menu.addMenu("Align and distribute")
    for choice in CHOICES:
        if choice.first and inner.actions():
            inner.addSeparator()
        add_action(inner, canvas, choice.id, choice.title, partial(choice.run, lining_up))


def _area(rect: QRectF) -> Area:
    return Area(rect.x(), rect.y(), rect.width(), rect.height())


def _moved(place: Position, shift: Position) -> Position:
    return place[0] + shift[0], place[1] + shift[1]
