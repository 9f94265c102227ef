"""The canvas: shows the workspace's design, and turns what the mouse does into gestures."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal

# fmt: off
from PySide6.QtGui import (
    QContextMenuEvent,
    QCursor,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QResizeEvent,
    QShowEvent,
)

# fmt: on
from PySide6.QtWidgets import QWidget

from designer.gui.canvas import dropping, keys
from designer.gui.canvas.data_drop import DataDrop
from designer.gui.canvas.editing.arrange import Arrange
from designer.gui.canvas.editing.commands import Commands
from designer.gui.canvas.editing.flow import Flow
from designer.gui.canvas.editing.grouping import Grouping
from designer.gui.canvas.editing.lining_up import LiningUp
from designer.gui.canvas.editing.marking import Marking
from designer.gui.canvas.editing.menu import pop_up
from designer.gui.canvas.editing.selecting import Selecting
from designer.gui.canvas.floating.asking import NAME, ask
from designer.gui.canvas.floating.card import HoverCard
from designer.gui.canvas.floating.colouring import Colouring
from designer.gui.canvas.floating.minimap import Minimap
from designer.gui.canvas.floating.node_values import NodeValues
from designer.gui.canvas.floating.overlays import Breadcrumb, Hint, NameField
from designer.gui.canvas.floating.port_picker import Picker
from designer.gui.canvas.floating.quick_add import QuickAdd
from designer.gui.canvas.following import Following
from designer.gui.canvas.mouse import Mouse
from designer.gui.canvas.scene import DesignScene
from designer.gui.canvas.spots import Spot
from designer.gui.canvas.surface import FIT_MARGIN, Surface, Viewpoint
from designer.gui.canvas.walking import Walker
from designer.gui.finder.lately import Lately
from designer.gui.levels import Place
from designer.gui.theme import Appearance
from designer.gui.workspace import Workspace


class Canvas(Surface):
    """The design as a drawing. It follows the workspace's signals and asks the workspace for every change."""

    hovered = Signal(str)
    """One line about what is under the pointer, for the status bar; empty for nothing."""
    settings_wanted = Signal()
    """The settings of what is selected are asked for."""
    wanted = Signal(object)
    """The hand or the keyboard comes to this canvas, which is worked in from now on where there are several."""

    def __init__(
        self, workspace: Workspace, appearance: Appearance, lately: Lately | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(DesignScene(appearance.theme), parent)
        self.workspace = workspace
        self.commands = Commands(workspace, self.design)
        self.arranging = Arrange(workspace, self.design, self)
        self.flow = Flow(workspace)
        self.selecting, self.lining_up = Selecting(workspace), LiningUp(workspace, self.design)
        self.groups = Grouping(workspace, lambda *asked: ask(self, *asked))
        self.space_held = False
        self.marks = Marking(self)
        self.mouse = Mouse(self)
        self.walker, self.picker = Walker(workspace), Picker(self)
        self.data_drop = DataDrop(self)
        self.quick_add = QuickAdd(self, lately if lately is not None else Lately())
        self._seen = self._fitted = False
        self.breadcrumb, self.hint = Breadcrumb(self), Hint(self)
        self.breadcrumb.left.connect(self._go_to)
        self._field: NameField | None = None
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName("Canvas")
        self.arranging.placed.connect(lambda whole: self.fit_all() if whole else self.show_selection())
        # Before all that reads what the items say.
        self.following = Following(self)
        self.minimap = Minimap(self)
        self.colouring = Colouring(self, workspace, appearance, lambda: self.place)
        self.node_values = NodeValues(self, workspace, appearance, lambda: self.place)
        self.card = HoverCard(self, workspace, self.colouring.figures)
        appearance.changed.connect(self.take_theme)
        appearance.changed.connect(self.minimap.follow_design)
        self.take_theme(appearance.theme)
        self.following.begin()
        self.breadcrumb.show_place(workspace.place, workspace.document.name)
        self.hint.setVisible(not self.design.nodes)

    @property
    def place(self) -> Place:
        """The path of groups that this canvas shows."""
        return self.following.place

    @property
    def has_selection(self) -> bool:
        """Whether nodes, links or their dots, frames or notes are selected."""
        design = self.design
        return bool(self.workspace.selection or design.chosen_links or design.chosen_dots or design.marks.chosen)

    def repaint_from_afar(self) -> None:
        """From afar, and on the map, items do not paint themselves, so that their changes must be asked for."""
        self.minimap.follow_design()
        if self.from_afar:
            self.viewport().update()

    # What the window calls.

    def fit_all(self) -> None:
        """Show the whole design, at most at its natural size; it stays so while only the window changes its size."""
        self.fit(self.design.bounds())
        self._fitted = True

    def return_to(self, viewpoint: Viewpoint) -> None:
        """Look from where it was looked before; the view is left as it is from then on."""
        self._fitted = False
        self.look_from(viewpoint)

    def look_as(self, other: Canvas) -> None:
        """Look at the design from where another canvas does."""
        if other._fitted:
            self.fit_all()
        else:
            self.return_to(other.viewpoint)

    def fit_selection(self) -> None:
        """Show the selected nodes; all where none is selected."""
        self.fit(self.design.bounds(self.workspace.selection or None))

    def zoom_by(self, factor: float) -> None:
        """Zoom about the middle of the view."""
        self.zoom_at(QPointF(self.viewport().rect().center()), factor)

    def zoom_reset(self) -> None:
        """Back to the natural size, about the middle of the view."""
        self.zoom_by(1.0 / self.zoom)

    def delete_selection(self) -> None:
        """Take away the selected nodes and links."""
        self.commands.delete()

    def copy_selection(self) -> None:
        """Put the selected nodes on the clipboard."""
        self.commands.copy()

    def cut_selection(self) -> None:
        """Copy the selected nodes, then delete them."""
        self.commands.cut()

    def paste(self, *, linked: bool = False) -> None:
        """Add what is on the clipboard, at the pointer if it is over the canvas; see `Commands.paste`."""
        over = self.viewport().underMouse()
        at = self.to_scene(self.viewport().mapFromGlobal(QCursor.pos())) if over else None
        self.commands.paste(at, linked=linked)

    def rename_selected(self) -> None:
        """Open a field over the id of the one selected node; with a frame or a note alone selected, over that."""
        if not self.workspace.selection and len(self.design.marks.chosen) == 1:
            self.marks.open(next(iter(self.design.marks.chosen)))
        if len(self.workspace.selection) != 1:
            return
        (name,) = self.workspace.selection
        ask(self, name, name, NAME, lambda new: self.commands.rename(name, new))

    def open_field(self, field: NameField, place: QPoint, width: int) -> None:
        """Open a field over the canvas, in place of another."""
        self._close_field()
        self._field = field
        field.open_at(place, width)

    def show_selection(self) -> None:
        """Scroll as little as it takes for the selected nodes to be in view."""
        self.show_nodes(self.workspace.selection)

    def come_to_selection(self) -> None:
        """Bring the selected nodes into view, and so near that they can be read."""
        self.come_near(self.design.bounds(self.workspace.selection))
        self.show_selection()

    def show_nodes(self, names: Collection[str]) -> None:
        """Scroll as little as it takes for these nodes to be in view."""
        bounds = self.design.bounds(names)
        if not bounds.isNull():
            before = self.viewportTransform()
            # As much air as `fit` leaves, or less: what is fitted is not moved.
            air = int(FIT_MARGIN * min(1.0, self.zoom)) - 2
            self.ensureVisible(bounds, air, air)
            self._fitted = self._fitted and self.viewportTransform() == before

    def open(self) -> None:
        """Enter the selected group; of any other node, go to the settings."""
        chosen = [self.design.nodes[name] for name in self.workspace.selection]
        if len(chosen) == 1 and chosen[0].is_group:
            self.enter_group(chosen[0].id)
        else:
            self.settings_wanted.emit()

    def enter_group(self, node: str) -> None:
        """Show the network inside a group."""
        if self.design.nodes[node].is_group:
            self.workspace.enter((*self.workspace.place, node))

    def toggle_dot(self, spot: Spot, at: QPointF) -> None:
        """Take away the dot at a spot, or put one on the link that is there."""
        if spot.link is not None and spot.dot is not None:
            self.commands.remove_dots({(spot.link, spot.dot)})
        elif spot.link is not None:
            self.commands.add_dot(spot.link, self.design.links[spot.link].dot_index(at), at)

    def leave_group(self) -> None:
        """Show the design around, with the group selected that was left."""
        place = self.workspace.place
        if place:
            self.workspace.enter(place[:-1])
            self.workspace.select(place[-1:])

    def cancel_gesture(self) -> bool:
        """End what the hand is doing without a trace; False where it does nothing."""
        self._close_field()
        self.picker.close_list()
        self.arranging.settle()
        searching = self.quick_add.close()
        return self.mouse.cancel() or searching

    def shut(self) -> None:
        """Let go of all that outlives a canvas that is taken away."""
        self.cancel_gesture()
        self.arranging.cancel()
        self.colouring.figures.shut()
        self.following.shut()
        self.design.nodes.clear()
        self.design.links.clear()
        self.design.deleteLater()

    def _go_to(self, place: Place) -> None:
        self.wanted.emit(self)
        self.workspace.enter(place)
        self.setFocus()

    def _close_field(self) -> None:
        if self._field is not None:
            field, self._field = self._field, None
            field.close_field()

    # What comes from outside.

    def in_motion(self) -> None:
        """The hand moves the view: from now on it is left as it is."""
        self._fitted = False
        super().in_motion()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.wanted.emit(self)
        self.mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.mouse.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mouse.double_click(event)

    def spot_at(self, at: QPoint | QPointF) -> Spot:
        """What stands at a point of the viewport."""
        return self.design.spot(self.to_scene(at), self.zoom)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.mouse.leave()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self.card.tell(event, self.spot_at(event.pos()))
            return True
        if isinstance(event, QNativeGestureEvent):
            self.pinch(event)
            return True
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse and self.mouse.right_is_knife:
            return
        if event.reason() == QContextMenuEvent.Reason.Keyboard and self.workspace.selection:
            self.menu_at_selection()
        else:
            pop_up(self, self.spot_at(event.pos()), event.pos())

    def menu_at_selection(self, on_screen: QPoint | None = None) -> None:
        """Open the menu of what is selected, there or elsewhere on the screen; that of the middle for nothing."""
        chosen = self.workspace.selection
        node = self.walker.head() if chosen else None
        at = self.design.bounds((node,)).center() if node else self.to_scene(self.viewport().rect().center())
        pop_up(self, Spot(node), self.mapFromScene(at), on_screen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not keys.press(self, event):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not keys.release(self, event):
            event.ignore()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab searches for a layer to add; Shift+Tab leaves the canvas."""
        if self.hasFocus() and next:
            self.quick_add.open_by_key()
            return True
        return super().focusNextPrevChild(next)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.wanted.emit(self)
        self.colour_frame()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.space_held = False
        self.colour_frame()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.wanted.emit(self)
        dropping.answer(self, event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        dropping.answer(self, event)

    def dropEvent(self, event: QDropEvent) -> None:
        dropping.drop(self, event)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        super().drawForeground(painter, rect)
        for gesture in (self.mouse.gesture, self.quick_add.pending):
            if gesture is not None:
                gesture.draw(painter, self.design.look)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.hint.setGeometry(self.viewport().geometry())
        self.breadcrumb.take_room()
        self.minimap.take_place()
        if self._fitted:
            self.fit_all()
        self.minimap.follow_view()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._seen:
            self._seen = True
            self.fit_all()
