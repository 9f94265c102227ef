"""The mouse on the canvas: what a press selects, which gesture a drag begins, what is under the pointer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent

from designer.graph.routes import Dot
from designer.gui.canvas.floating.overlays import Note
from designer.gui.canvas.floating.telling import in_one_line, on_link
from designer.gui.canvas.gestures.connect import Connect
from designer.gui.canvas.gestures.gesture import ALT, CONTROL, SHIFT, Gesture, Line, Modifiers
from designer.gui.canvas.gestures.knife import Knife
from designer.gui.canvas.gestures.link_picking import LinkPicking
from designer.gui.canvas.gestures.loose_ends import MAGNET
from designer.gui.canvas.gestures.mark_picking import MarkPicking
from designer.gui.canvas.gestures.move_nodes import MoveNodes
from designer.gui.canvas.gestures.pan import Pan
from designer.gui.canvas.gestures.rubber_band import RubberBand
from designer.gui.canvas.look import OVERVIEW_BELOW
from designer.gui.canvas.spots import Spot

if TYPE_CHECKING:
    from designer.gui.canvas.view import Canvas

DRAG_FROM = 4
"""Screen pixels that the pointer must go for a press to become a drag."""
NOWHERE = QPointF(-1e6, -1e6)
"""A point of the viewport that nothing is at."""
Buttons, Shapes = Qt.MouseButton, Qt.CursorShape


class Mouse:
    """Knows the gesture that is going on, if any, and what the pointer is over."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.workspace, self.design = canvas.workspace, canvas.design
        self.gesture: Gesture | None = None
        self._begin: Callable[[QPointF], Gesture] | None = None
        self.pointer: QPointF | None = None
        """Where the pointer is in the viewport; None where it is elsewhere."""
        self._pressed = QPoint()
        self.right_is_knife = False
        """Whether the right button was pressed for a stroke of the knife, so that it asks for no menu."""
        self._pointer = QPoint()
        self._under = Spot()
        self._drawn_area = QRectF()
        self._drawn_lines: frozenset[Line] = frozenset()
        self._note = Note(canvas)
        self._marks = MarkPicking(self.design, self.workspace)
        self._links = LinkPicking(self.design, self.workspace, lambda: MAGNET / canvas.zoom, self._search)

    @property
    def note(self) -> str:
        """What is written beside the pointer; empty for nothing."""
        return self._note.text() if self._note.isVisible() else ""

    def cancel(self) -> bool:
        """End what the hand is doing without a trace; False where it does nothing."""
        self._begin = None
        if self.gesture is None:
            return False
        gesture, self.gesture = self.gesture, None
        gesture.cancel()
        self._after()
        return True

    def forget(self) -> None:
        """Let go of what was under the pointer if it is not there any more."""
        if self._under.node not in self.design.nodes and self._under.link not in self.design.links:
            self._under = Spot()
            self._note.say("", QPoint())

    def press(self, event: QMouseEvent) -> None:
        """A button went down."""
        self.canvas.cancel_gesture()
        self.canvas.marks.finish_writing()
        at, spot = self.canvas.to_scene(event.position()), self.canvas.spot_at(event.position())
        self.pointer, self._pressed = event.position(), event.position().toPoint()
        self.right_is_knife = event.button() == Buttons.RightButton and bool(event.modifiers() & CONTROL)
        if event.button() == Buttons.MiddleButton or (event.button() == Buttons.LeftButton and self.canvas.space_held):
            self.gesture = Pan(self.canvas.pan, at)
            self.canvas.viewport().setCursor(Shapes.ClosedHandCursor)
        elif event.button() == Buttons.LeftButton:
            self._press(spot, event.modifiers())
        elif self.right_is_knife:
            self._begin = self._knife
        elif event.button() == Buttons.RightButton:
            self._choose_for_menu(spot)

    def _press(self, spot: Spot, modifiers: Modifiers) -> None:
        """Select at once what was pressed, and know which gesture begins if the pointer goes on."""
        self._marks.leave(spot, modifiers)
        if spot.port is not None:
            self._begin = self._links.from_port(spot.port, modifiers)
        elif spot.node is not None:
            self._choose_node(spot.node, modifiers)
            node = spot.node
            self._begin = lambda at: MoveNodes(self.design, self.workspace, node, at, self._view)
        elif modifiers & ALT:
            self._begin = self._knife
        elif spot.link is not None:
            self._choose_link(spot, modifiers)
            self._begin = self._links.from_link(spot)
        elif spot.mark is not None:
            self._begin = self._marks.press(spot.mark, modifiers)
        else:
            if not modifiers & (SHIFT | CONTROL):
                self.workspace.select(())
                self.design.choose_links(())
                self.design.choose_dots(())
            self._begin = lambda at: RubberBand(self.design, self.workspace, at)

    def _search(self, link: Connect, at: QPointF) -> None:
        self.canvas.quick_add.open_for_link(link, at)

    def _knife(self, at: QPointF) -> Gesture:
        return Knife(self.design, self.canvas.commands.cut_links, at)

    def _view(self) -> tuple[QRectF, float]:
        """What guides must know: what is in view, and the zoom; 0 from afar, where single nodes do not count."""
        canvas = self.canvas
        seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
        return seen, canvas.zoom if canvas.zoom >= OVERVIEW_BELOW else 0.0

    def _choose_node(self, node: str, modifiers: Modifiers) -> None:
        chosen, dots = self.workspace.selection, self.design.chosen_dots
        if modifiers & CONTROL:
            self.workspace.select(chosen ^ {node})
        elif modifiers & SHIFT:
            self.workspace.select(chosen | {node})
        elif node not in chosen:
            self.workspace.select((node,))
            dots = frozenset()
        self.design.choose_links(())
        self.design.choose_dots(dots)

    def _choose_link(self, spot: Spot, modifiers: Modifiers) -> None:
        """Select a link or the dot on it: alone, or with what is selected already."""
        dot = (spot.link, spot.dot) if spot.link is not None and spot.dot is not None else None
        if dot is not None:
            self._choose_dot(dot, modifiers)
            return
        link = frozenset({spot.link} if spot.link is not None else ())
        if modifiers & CONTROL:
            link = self.design.chosen_links ^ link
        elif modifiers & SHIFT:
            link = self.design.chosen_links | link
        else:
            self.workspace.select(())
            self.design.choose_dots(())
        self.design.choose_links(link)

    def _choose_dot(self, dot: Dot, modifiers: Modifiers) -> None:
        dots = self.design.chosen_dots
        if modifiers & CONTROL:
            dots ^= {dot}
        elif modifiers & SHIFT:
            dots |= {dot}
        elif dot not in dots:
            self.workspace.select(())
            self.design.choose_links(())
            dots = frozenset({dot})
        self.design.choose_dots(dots)

    def _choose_for_menu(self, spot: Spot) -> None:
        if spot.node is not None and spot.node not in self.workspace.selection:
            self.workspace.select((spot.node,))
        elif spot.link is not None and (spot.dot is not None or spot.link not in self.design.chosen_links):
            self._choose_link(spot, Modifiers.NoModifier)
        elif spot.mark is not None and spot.mark not in self.design.marks.chosen:
            self._marks.choose_alone(spot.mark)

    def move(self, event: QMouseEvent) -> None:
        """The pointer is elsewhere."""
        at, self.pointer = self.canvas.to_scene(event.position()), event.position()
        if self._begin is not None and event.buttons() & (Buttons.LeftButton | Buttons.RightButton):
            gone = event.position().toPoint() - self._pressed
            if gone.manhattanLength() < DRAG_FROM:
                return
            self.hover(NOWHERE)
            self.gesture, self._begin = self._begin(self.canvas.to_scene(self._pressed)), None
        if self.gesture is None:
            self.hover(event.position())
            return
        self._pointer = event.position().toPoint()
        self.canvas.in_motion()
        self.gesture.move(at, event.modifiers())
        self._show(self.gesture)

    def release(self, event: QMouseEvent) -> None:
        """A button went up."""
        self._begin, began = None, self._begin
        if self.gesture is not None:
            gesture, self.gesture = self.gesture, None
            gesture.finish(self.canvas.to_scene(event.position()), event.modifiers())
            self._after()
        elif began is not None and event.button() == Buttons.LeftButton:
            self._click(self.canvas.spot_at(event.position()), event.modifiers())
        self.hover(event.position())

    def _click(self, spot: Spot, modifiers: Modifiers) -> None:
        """A press and a release without a drag: on one of several selected things it selects that one alone."""
        if modifiers & ALT and spot.link is not None:
            self.canvas.commands.cut_links((spot.link,))
        elif modifiers & (SHIFT | CONTROL):
            return
        elif spot.node is not None:
            self.design.choose_dots(())
            self.design.marks.choose(())
            self.workspace.select((spot.node,))
        elif spot.link is not None and spot.dot is not None:
            self.workspace.select(())
            self.design.choose_dots({(spot.link, spot.dot)})
        elif spot.mark is not None:
            self._marks.choose_alone(spot.mark)

    def double_click(self, event: QMouseEvent) -> None:
        """Enter a group, put a dot on a link or take it away, search on empty ground; else it is a press."""
        spot = self.canvas.spot_at(event.position())
        plain = event.button() == Buttons.LeftButton and not event.modifiers()
        if plain and spot == Spot() and not self.canvas.space_held:
            self._begin = None
            self.canvas.quick_add.open_at(self.canvas.to_scene(event.position()))
        elif plain and spot.link is not None:
            self._begin = None
            self.canvas.toggle_dot(spot, self.canvas.to_scene(event.position()))
        elif event.button() == Buttons.LeftButton and spot.node is not None and spot.port is None:
            self._begin = None
            self.canvas.enter_group(spot.node)
        elif event.button() == Buttons.LeftButton and spot.mark is not None:
            self._begin = None
            self.canvas.marks.open(spot.mark)
        else:
            self.press(event)

    def leave(self) -> None:
        """The pointer is over something else now."""
        self.pointer = None
        self.hover(NOWHERE)

    def _show(self, gesture: Gesture) -> None:
        area = gesture.area()
        dirty = area.united(self._drawn_area)
        self._drawn_area = area
        if not dirty.isNull():
            self.canvas.viewport().update(self.canvas.mapFromScene(dirty).boundingRect().adjusted(-3, -3, 3, 3))
        for x, y, right, bottom in gesture.lines() ^ self._drawn_lines:
            strip = self.canvas.mapFromScene(QRectF(QPointF(x, y), QPointF(right, bottom))).boundingRect()
            self.canvas.viewport().update(strip.adjusted(-2, -2, 2, 2))
        self._drawn_lines = gesture.lines()
        self.canvas.repaint_from_afar()
        message = gesture.message()
        self._note.say(message, self._pointer)
        self.canvas.hovered.emit(message.replace("\n", ": "))

    def _after(self) -> None:
        self._show(Gesture())
        self._drawn_area = QRectF()
        self.show_cursor()

    def hover(self, at: QPointF) -> None:
        """Show and say what is under a point of the viewport."""
        spot = self.canvas.spot_at(at)
        if spot.link is not None or self._under.link is not None:
            self._note.say(on_link(self.design, spot), at.toPoint())
        if spot == self._under:
            return
        for old, hovered in ((self._under, False), (spot, True)):
            self._marks.hover(old.mark, hovered=hovered)
            if old.node in self.design.nodes and old.node is not None:
                self.design.nodes[old.node].mark(hovered=hovered)
            if old.link in self.design.links and old.link is not None:
                self.design.links[old.link].mark(hovered=hovered)
        self._under = spot
        self.canvas.card.leave(spot)
        self.show_cursor()
        self.canvas.hovered.emit(in_one_line(self.design, spot))

    def show_cursor(self) -> None:
        """The pointer's form says what a press would do."""
        on_port = self._under.port is not None
        spot = self._under
        resting = Shapes.CrossCursor if on_port or spot.near else Shapes.ArrowCursor
        if spot.link is not None and not spot.near:
            resting = Shapes.SizeAllCursor if spot.dot is not None else Shapes.PointingHandCursor
        if spot.mark is not None:
            resting = Shapes.SizeFDiagCursor if spot.near else Shapes.ArrowCursor
        self.canvas.viewport().setCursor(Shapes.OpenHandCursor if self.canvas.space_held else resting)
