"""The mouse on the canvas: what a press selects, which gesture a drag begins, what is under the pointer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent

from designer.gui.canvas.gestures.connect import MAGNET, Connect
from designer.gui.canvas.gestures.gesture import CONTROL, SHIFT, Gesture, Modifiers
from designer.gui.canvas.gestures.move_nodes import MoveNodes
from designer.gui.canvas.gestures.pan import Pan
from designer.gui.canvas.gestures.rubber_band import RubberBand
from designer.gui.canvas.overlays import Note
from designer.gui.canvas.scene import Spot
from designer.gui.canvas.telling import in_one_line
from designer.gui.canvas.wiring import links_at

if TYPE_CHECKING:
    from designer.gui.canvas.view import Canvas

DRAG_FROM = 4
"""Screen pixels that the pointer must go for a press to become a drag."""
Buttons, Shapes = Qt.MouseButton, Qt.CursorShape


class Mouse:
    """Knows the gesture that is going on, if any, and what the pointer is over."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.workspace, self.design = canvas.workspace, canvas.design
        self.gesture: Gesture | None = None
        self._begin: Callable[[QPointF], Gesture] | None = None
        self._pressed = QPoint()
        self._pointer = QPoint()
        self._under = Spot()
        self._drawn_area = QRectF()
        self._note = Note(canvas)

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

    def press(self, event: QMouseEvent) -> None:
        """A button went down."""
        self.canvas.cancel_gesture()
        at, spot = self.canvas.to_scene(event.position()), self.canvas.spot_at(event.position())
        self._pressed = event.position().toPoint()
        if event.button() == Buttons.MiddleButton or (event.button() == Buttons.LeftButton and self.canvas.space_held):
            self.gesture = Pan(self.canvas.pan, at)
            self.canvas.viewport().setCursor(Shapes.ClosedHandCursor)
        elif event.button() == Buttons.LeftButton:
            self._press(spot, event.modifiers())
        elif event.button() == Buttons.RightButton:
            self._choose_for_menu(spot)

    def _press(self, spot: Spot, modifiers: Modifiers) -> None:
        """Select at once what was pressed, and know which gesture begins if the pointer goes on."""
        if spot.port is not None:
            self._begin = self._link_gesture(spot, modifiers)
        elif spot.node is not None:
            self._choose_node(spot.node, modifiers)
            node = spot.node
            self._begin = lambda at: MoveNodes(self.design, self.workspace, node, at)
        elif spot.link is not None:
            self._choose_link(spot, modifiers)
        else:
            if not modifiers & (SHIFT | CONTROL):
                self.workspace.select(())
                self.design.choose_links(())
            self._begin = lambda at: RubberBand(self.design, self.workspace, at)

    def _link_gesture(self, spot: Spot, modifiers: Modifiers) -> Callable[[QPointF], Gesture]:
        """Draw a new link from a port, or take the last one off an input; Shift draws a new one there too."""
        end = spot.port
        assert end is not None
        magnet = MAGNET / self.canvas.zoom
        links = links_at(self.design.report, end) if end[1] == "inputs" and not modifiers & SHIFT else ()
        if not links:
            return lambda at: Connect(self.design, self.workspace, end, at, magnet)
        old = next((link for link in links if link in self.design.chosen_links), links[-1])
        port = self.design.links[old].source_port
        if port is None:
            return lambda at: Connect(self.design, self.workspace, end, at, magnet)
        start = (old.source, "outputs", port.name)
        return lambda at: Connect(self.design, self.workspace, start, at, magnet, old)

    def _choose_node(self, node: str, modifiers: Modifiers) -> None:
        chosen = self.workspace.selection
        if modifiers & CONTROL:
            self.workspace.select(chosen ^ {node})
        elif modifiers & SHIFT:
            self.workspace.select(chosen | {node})
        elif node not in chosen:
            self.workspace.select((node,))
        self.design.choose_links(())

    def _choose_link(self, spot: Spot, modifiers: Modifiers) -> None:
        link = frozenset({spot.link} if spot.link is not None else ())
        if modifiers & CONTROL:
            link = self.design.chosen_links ^ link
        elif modifiers & SHIFT:
            link = self.design.chosen_links | link
        else:
            self.workspace.select(())
        self.design.choose_links(link)

    def _choose_for_menu(self, spot: Spot) -> None:
        if spot.node is not None and spot.node not in self.workspace.selection:
            self.workspace.select((spot.node,))
        elif spot.link is not None and spot.link not in self.design.chosen_links:
            self._choose_link(spot, Modifiers.NoModifier)

    def move(self, event: QMouseEvent) -> None:
        """The pointer is elsewhere."""
        at = self.canvas.to_scene(event.position())
        if self._begin is not None and event.buttons() & Buttons.LeftButton:
            gone = event.position().toPoint() - self._pressed
            if gone.manhattanLength() < DRAG_FROM:
                return
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
        elif began is not None and not event.modifiers() & (SHIFT | CONTROL):
            # A click without a drag on one of several selected nodes selects that one alone.
            spot = self.canvas.spot_at(event.position())
            if spot.node is not None:
                self.workspace.select((spot.node,))
        self.hover(event.position())

    def double_click(self, event: QMouseEvent) -> None:
        """Enter a group; elsewhere it is a press like any other."""
        spot = self.canvas.spot_at(event.position())
        if event.button() == Buttons.LeftButton and spot.node is not None and spot.port is None:
            self._begin = None
            self.canvas.enter_group(spot.node)
        else:
            self.press(event)

    def _show(self, gesture: Gesture) -> None:
        area = gesture.area()
        dirty = area.united(self._drawn_area)
        self._drawn_area = area
        if not dirty.isNull():
            self.canvas.viewport().update(self.canvas.mapFromScene(dirty).boundingRect().adjusted(-3, -3, 3, 3))
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
        if spot == self._under:
            return
        for old, hovered in ((self._under, False), (spot, True)):
            if old.node in self.design.nodes and old.node is not None:
                self.design.nodes[old.node].mark(hovered=hovered)
            if old.link in self.design.links and old.link is not None:
                self.design.links[old.link].mark(hovered=hovered)
        self._under = spot
        self.show_cursor()
        self.canvas.hovered.emit(in_one_line(self.design, spot))

    def show_cursor(self) -> None:
        """The pointer's form says what a press would do."""
        on_port = self._under.port is not None
        resting = Shapes.CrossCursor if on_port else Shapes.ArrowCursor
        self.canvas.viewport().setCursor(Shapes.OpenHandCursor if self.canvas.space_held else resting)
