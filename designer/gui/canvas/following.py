"""How a canvas follows the workspace, and what it shows while another canvas on the same design is worked in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from designer.compiler.checking.report import Report
from designer.graph.blocks import uses
from designer.graph.changes import Changes, difference
from designer.graph.document import Document
from designer.gui.canvas.viewpoints import Viewpoints
from designer.gui.levels import Place, still_there
from designer.gui.sheet import Sheet
from designer.gui.spoken import selection_in_words

if TYPE_CHECKING:
    from designer.gui.canvas.view import Canvas


class Following(QObject):
    """Keeps the items of one canvas in line with the design.

    The canvas that is worked in shows the workspace's place, and the workspace's selection is in it. One that rests
    beside it stays at a place of its own, and shows the selection while that is the same place.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas, self._workspace, self._design = canvas, canvas.workspace, canvas.design
        self.at_work = True
        """Whether this canvas is the one that is worked in."""
        self.place = self._workspace.place
        """The path of groups that this canvas shows."""
        self._before, self._selection = self._workspace.document, self._workspace.selection
        self._sheet = self._workspace.sheet
        self._views = Viewpoints()
        self._entered = False
        self._new: frozenset[str] = frozenset()
        self._calm = QTimer(self, singleShot=True, interval=0)
        self._calm.timeout.connect(self._forget_new)
        self._connections = [
            self._workspace.changed.connect(self._follow),
            self._workspace.selection_changed.connect(self._follow_selection),
            self._workspace.place_changed.connect(self._follow_place),
            self._workspace.gone_to.connect(self._come_to_selection),
            self._workspace.parked.connect(self._park),
            self._workspace.opened.connect(self._follow_sheet),
        ]

    def begin(self) -> None:
        """Show the design from nothing."""
        self._design.show_whole(self._workspace.shown_report)
        self._design.tell_uses(uses(self._workspace.document))
        self._follow_selection(self._workspace.selection)

    def shut(self) -> None:
        """Follow nothing any more, also before the canvas is gone."""
        for connection in self._connections:
            QObject.disconnect(connection)

    # Taking turns with another canvas.

    def rest(self) -> None:
        """Stay as it is while another canvas is worked in; nothing is selected in two of them."""
        self._canvas.cancel_gesture()
        self._canvas.marks.finish_writing()
        self._selection = self._workspace.selection
        self.at_work = False
        self._design.choose_links(())
        self._design.choose_dots(())
        self._design.marks.choose(())

    def work(self) -> None:
        """Let what this canvas shows be what the workspace shows."""
        self._workspace.turn_to(self.place, self._selection)
        self.at_work = True

    def show_as(self, other: Canvas) -> None:
        """While it rests, show the place that another canvas shows, as it does."""
        self._take_place(other.place)
        self._follow(Changes(), self._design.report)
        self._canvas.look_as(other)
        self._follow_selection(self._workspace.selection)

    # What the workspace says.

    def _follow(self, changes: Changes, report: Report) -> None:
        canvas, design = self._canvas, self._design
        canvas.cancel_gesture()
        if not self.at_work:
            changes, report = self._of_own_place()
        self._before = self._workspace.document
        was_empty, elsewhere = not design.nodes, self._entered and report.document is not design.document
        design.follow(changes, report)
        design.tell_uses(uses(self._workspace.document))
        canvas.mouse.forget()
        if elsewhere or (was_empty and len(changes.added) > 1):
            self._return_to_view()
        self._entered = False
        self._new = frozenset(changes.added)
        self._calm.start()
        canvas.hint.setVisible(not design.nodes)
        canvas.repaint_from_afar()

    def _of_own_place(self) -> tuple[Changes, Report]:
        """What changed here, in a canvas that rests; nothing of a design is kept when another one comes."""
        report = Report(Document(), {})
        if self._sheet is self._workspace.sheet:
            place = still_there(self.place, self._before, self._workspace.document)
            if place != self.place:
                self._take_place(place)
            report = self._workspace.report_at(place)
        return difference(self._design.document, report.document), report

    def _forget_new(self) -> None:
        self._new = frozenset()

    def _follow_selection(self, chosen: frozenset[str]) -> None:
        canvas, design = self._canvas, self._design
        if self.place != self._workspace.place:
            chosen = frozenset()
        design.mark_chosen(chosen)
        if chosen:
            design.choose_links(())
            design.choose_dots(())
        if chosen and chosen <= self._new and self.at_work:
            # What was just added must not stand out of sight.
            canvas.show_selection()
        said = selection_in_words(design.report, chosen)
        about = "The design as a drawing; arrows go along the links, Tab adds a layer."
        canvas.setAccessibleDescription(f"{about} Selected: {said}.")
        canvas.repaint_from_afar()

    def _follow_place(self, place: Place) -> None:
        if self.at_work:
            self._canvas.cancel_gesture()
            self._take_place(place)

    def _take_place(self, place: Place) -> None:
        self._views.leave(self.place, self._canvas.viewpoint)
        self.place = place
        self._entered = True
        self._canvas.breadcrumb.show_place(place, self._workspace.document.name)

    def _return_to_view(self) -> None:
        """Show a design that was just entered whole, or as it was left when coming back out of a group."""
        view = self._views.come_to(self.place)
        if view is None:
            self._canvas.fit_all()
        else:
            self._canvas.return_to(view)

    def _come_to_selection(self) -> None:
        if self.at_work:
            self._canvas.come_to_selection()

    def _park(self, sheet: Sheet) -> None:
        self._views.park(sheet, self.place, self._canvas.viewpoint)

    def _follow_sheet(self) -> None:
        """Show a design that was put aside as it was."""
        kept = self._views.take_back(self._workspace.sheet)
        self._sheet, self._before = self._workspace.sheet, self._workspace.document
        if not self.at_work:
            known = kept is not None and self._workspace.stands(kept[0])
            self.place = kept[0] if kept is not None and known else self._workspace.place
            self._canvas.breadcrumb.show_place(self.place, self._workspace.document.name)
            self._follow(Changes(), self._design.report)
            self._canvas.fit_all()
            self._follow_selection(self._workspace.selection)
        if kept is not None and kept[0] == self.place:
            self._canvas.return_to(kept[1])
