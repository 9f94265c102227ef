"""The canvas of the open design, or two of them beside each other, each with its own zoom, place and level."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from designer.gui.canvas.view import Canvas
from designer.gui.example_values import ExampleValues
from designer.gui.finder.lately import Lately
from designer.gui.live_figures import LiveFigures
from designer.gui.theme import Appearance
from designer.gui.workspace import Workspace

SMALLEST = 160
"""No canvas is made narrower or lower than this by hand, in screen pixels."""


class SplitView(QSplitter):
    """Holds the canvases; the one to which the hand or the keyboard came last is worked in, and is `active`.

    The first canvas is always there. The second is made when the view is split, and is gone when it is not.
    """

    turned = Signal()
    """Another canvas is worked in now."""
    split_changed = Signal()
    """There is one canvas more, or one less."""
    closing = Signal(object)
    """This canvas is taken away; comes before anything happens to it."""
    hovered = Signal(str)
    """As `Canvas.hovered`, of either."""
    told = Signal(str)
    """As `Arrange.told`, of either."""
    zoom_changed = Signal(float)
    """The zoom of the active canvas."""
    settings_wanted = Signal()
    """As `Canvas.settings_wanted`, of either."""
    chosen_changed = Signal()
    """Links, frames or notes are selected on a canvas, or are not any more."""
    veil_lifted = Signal()
    """As `Surface.veil_lifted`, of either."""

    def __init__(
        self, workspace: Workspace, appearance: Appearance, lately: Lately | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace, self._appearance = workspace, appearance
        self._lately = lately if lately is not None else Lately()
        self._live: LiveFigures | None = None
        self._values: ExampleValues | None = None
        self.setChildrenCollapsible(False)
        self.all: list[Canvas] = []
        self.active = self._add()

    @property
    def several(self) -> bool:
        """Whether there are two canvases."""
        return len(self.all) > 1

    def is_split(self, way: Qt.Orientation) -> bool:
        """Whether two canvases stand beside each other (horizontal) or one above the other (vertical)."""
        return self.several and self.orientation() is way

    def follow_run(self, live: LiveFigures) -> None:
        """Let what runs tell of the layers be seen on all canvases."""
        self._live = live
        for canvas in self.all:
            canvas.colouring.follow_run(live)

    def follow_values(self, values: ExampleValues) -> None:
        """Let what an example becomes be seen on all canvases."""
        self._values = values
        for canvas in self.all:
            canvas.node_values.follow(values)

    def show_values(self, shown: bool) -> None:
        """Show at each node what comes out of it, or put that away."""
        for canvas in self.all:
            canvas.node_values.show_values(shown)

    def toggle(self, way: Qt.Orientation) -> None:
        """Split the view this way; one that is split this way already is one canvas again."""
        if self.is_split(way):
            self.unite()
            return
        self.setOrientation(way)
        if not self.several:
            self._split()
        self._share_room()

    def _split(self) -> None:
        """Add a canvas that shows what the first one shows, from where it does."""
        first, second = self.active, self._add()
        second.addActions(first.actions())
        second.groups.remember_with(first.groups)
        second.minimap.show_wanted(first.minimap.wanted)
        second.setMinimumSize(SMALLEST, SMALLEST)
        first.setMinimumSize(SMALLEST, SMALLEST)
        second.following.rest()
        second.show()
        self._share_room()
        second.colouring.choose(first.colouring.measure)
        second.node_values.show_values(first.node_values.shown)
        second.look_as(first)
        self._mark()
        self.split_changed.emit()

    def _share_room(self) -> None:
        """Give both canvases half of the room, now and not only when the event loop comes to it."""
        self.setSizes([1000] * len(self.all))
        self.refresh()

    def unite(self) -> None:
        """Show one canvas, with what the active one shows."""
        if not self.several:
            return
        first, second = self.all
        focused = second.hasFocus()
        self.closing.emit(second)
        second.node_values.show_values(False)
        if self.active is second:
            first.following.show_as(second)
            first.colouring.choose(second.colouring.measure)
            self.turn_to(first)
        self.all.remove(second)
        first.setMinimumSize(0, 0)
        second.hide()
        second.shut()
        second.deleteLater()
        if focused:
            first.setFocus()
        self._mark()
        self.split_changed.emit()

    def turn_to(self, canvas: Canvas) -> None:
        """Work in this canvas from now on."""
        if canvas is self.active or canvas not in self.all:
            return
        self.active.following.rest()
        self.active = canvas
        canvas.following.work()
        self._mark()
        self.zoom_changed.emit(canvas.zoom)
        self.turned.emit()

    def step(self) -> None:
        """Work in the other canvas, by keyboard."""
        if self.several:
            self.turn_to(self.all[1 - self.all.index(self.active)])
            self.active.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _mark(self) -> None:
        """The frame of the canvas that is worked in differs, where there are two."""
        for canvas in self.all:
            canvas.one_of_several = self.several and canvas is self.active
            canvas.colour_frame()

    def show_minimap(self, wanted: bool) -> None:
        """Show the map on all canvases, where it is of use, or put it away."""
        for canvas in self.all:
            canvas.minimap.show_wanted(wanted)

    def _add(self) -> Canvas:
        canvas = Canvas(self._workspace, self._appearance, self._lately)
        canvas.wanted.connect(self.turn_to)
        canvas.hovered.connect(self.hovered)
        canvas.arranging.told.connect(self.told)
        canvas.zoom_changed.connect(self._tell_zoom)
        canvas.settings_wanted.connect(self.settings_wanted)
        canvas.design.selectionChanged.connect(self.chosen_changed)
        canvas.veil_lifted.connect(self.veil_lifted)
        if self._live is not None:
            canvas.colouring.follow_run(self._live)
        if self._values is not None:
            canvas.node_values.follow(self._values)
        self.all.append(canvas)
        self.addWidget(canvas)
        return canvas

    def _tell_zoom(self) -> None:
        self.zoom_changed.emit(self.active.zoom)
