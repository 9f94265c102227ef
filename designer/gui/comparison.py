"""Compares the open design with another one, on the canvas, without altering either."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QRectF, QTimer, Signal
from PySide6.QtWidgets import QFileDialog

from designer.compiler.project import open_design, without_defaults
from designer.graph.comparing import Comparison, compare
from designer.graph.document import Document
from designer.gui.canvas.differences import Differences, Mark
from designer.gui.canvas.surface import FIT_MARGIN
from designer.gui.canvas.view import Canvas
from designer.gui.comparison_entries import Entry, entries
from designer.gui.comparison_list import ComparisonList
from designer.gui.open_file import FILTER, OpenFile
from designer.gui.runs import Runs
from designer.gui.split_view import SplitView
from designer.gui.theme import Appearance
from designer.problems import UserError
from designer.run_folder import DESIGN

SOON = 100
"""Milliseconds from an edit until it is compared again."""


class Compared(QObject):
    """What the open design is compared with, as long as it is; follows its edits."""

    changed = Signal()
    """A comparison began or ended."""
    failed = Signal(str)

    def __init__(self, file: OpenFile, canvases: SplitView, runs: Runs, appearance: Appearance) -> None:
        super().__init__(canvases)
        self._file, self._canvases, self._runs = file, canvases, runs
        self._canvas = canvases.active
        self._workspace = file.workspace
        self._other: Document | None = None
        self._title = ""
        self.found = Comparison()
        self.marks = Differences(self._canvas.design)
        self.list = ComparisonList(self._canvas, appearance)
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self._look)
        self.list.chosen.connect(self._show)
        self.list.closed.connect(self.end)
        canvases.veil_lifted.connect(self.end)
        canvases.closing.connect(self._leave)
        self._workspace.changed.connect(self._follow)
        self._workspace.opened.connect(self.end)

    @property
    def active(self) -> bool:
        """Whether two designs are being compared."""
        return self._other is not None

    def with_file(self) -> None:
        """Compare with a file to choose."""
        name, _ = QFileDialog.getOpenFileName(self._canvas.window(), "Compare with a design", self._file.folder, FILTER)
        if name:
            self.with_path(Path(name))

    def with_run(self) -> None:
        """Compare with the design that a run trained, the run to choose by its folder."""
        folder = QFileDialog.getExistingDirectory(
            self._canvas.window(), "Compare with the design of a run", str(self._runs.folder))  # fmt: skip
        if folder:
            self.with_path(Path(folder) / DESIGN, f"the run {Path(folder).name}")

    def with_last_run(self) -> None:
        """Compare with the design that the last run trained."""
        run = self._runs.current
        if run is not None:
            self.begin(run.document, f"the run {run.title}")

    def with_path(self, path: Path, title: str = "") -> None:
        """Compare with a file; says why where it cannot be read."""
        try:
            self.begin(open_design(path), title or path.name)
        except UserError as error:
            self.failed.emit(str(error))

    def begin(self, other: Document, title: str) -> None:
        """Compare the open design with another: what this one has more is added, what it has not is removed."""
        self._other, self._title = without_defaults(other), title
        self._stand_on(self._canvases.active)
        self._canvas.lay(self.marks)
        self._look()
        self._fit()
        self.list.next.setFocus()
        self.changed.emit()

    def _stand_on(self, canvas: Canvas) -> None:
        """Compare on this canvas."""
        if canvas is not self._canvas:
            self._canvas.lay(None)
            self._canvas, self.marks = canvas, Differences(canvas.design)
            self.list.stand_on(canvas)

    def _leave(self, canvas: Canvas) -> None:
        """A canvas is taken away."""
        if canvas is self._canvas:
            self.end()
            self._stand_on(self._canvases.all[0])

    def end(self) -> None:
        """Put the marks away."""
        if self._other is None:
            return
        self._other, self.found = None, Comparison()
        self._soon.stop()
        self._canvas.lay(None)
        self.list.hide()
        self._canvas.setFocus()
        self.changed.emit()

    def step(self, way: int) -> None:
        """Go to the next (1) or previous (-1) difference."""
        self.list.step(way)

    def _follow(self) -> None:
        if self._other is not None:
            # Nodes that went must not stay marked until the comparison is made anew.
            self._mark()
            self._soon.start()

    def _look(self) -> None:
        """Compare anew."""
        if self._other is not None:
            self.found = compare(self._other, self._workspace.document)
            self.list.show_all(f"Compared with {self._title}", entries(self.found, self._other,
                                                                       self._workspace.document))  # fmt: skip
            self._mark()

    def _mark(self) -> None:
        """Mark what differs in the shown design."""
        place = self._canvas.place
        before = _there(self._other, self.found, place) if self._other is not None else None
        self.marks.take(self.found.at(place) if before is not None else Comparison(), before or Document())
        self._canvas.viewport().update()

    def _show(self, entry: Entry) -> None:
        """Go where a difference is."""
        self._canvases.turn_to(self._canvas)
        if entry.place != self._workspace.place:
            self._workspace.enter(entry.place)
            self._mark()
        ghost = self.marks.ghosts.get(entry.node) if entry.mark is Mark.REMOVED and entry.link is None else None
        if ghost is not None:
            self._workspace.select(())
            self._reveal(ghost.area)
        elif entry.node:
            self._workspace.select((entry.node,))
            self._reveal(self._canvas.design.bounds((entry.node,)))

    def _fit(self) -> None:
        """Show all of both designs, beside the list or above it, whichever leaves them larger."""
        area = self._canvas.design.bounds().united(self.marks.bounds())
        size, taken = self._canvas.viewport().size(), self.list.size()
        wide, high = area.width() + 2 * FIT_MARGIN, area.height() + 2 * FIT_MARGIN
        beside = min(1.0, (size.width() - taken.width()) / wide, size.height() / high)
        above = min(1.0, size.width() / wide, (size.height() - taken.height()) / high)
        if beside > above:
            area.setLeft(area.left() - taken.width() / beside)
        elif above > 0:
            area.setBottom(area.bottom() + taken.height() / above)
        self._canvas.fit(area)

    def _reveal(self, area: QRectF) -> None:
        """Bring a place into the part of the canvas that the list leaves free."""
        if area.isNull():
            return
        self._canvas.ensureVisible(area, 40, 40)
        shown = self._canvas.mapFromScene(area).boundingRect()
        if shown.intersects(self.list.geometry()):
            self._canvas.ensureVisible(area.adjusted(0, 0, 0, self.list.height() / self._canvas.zoom), 40, 40)


def _there(other: Document, found: Comparison, place: tuple[str, ...]) -> Document | None:
    """The other design inside the groups that are shown; None where it has no such group."""
    for depth, group in enumerate(place):
        names = {change.new: change.old for change in found.at(place[:depth]).changed}
        try:
            other = other.inside_of(other.nodes[names.get(group, group)])
        except KeyError:
            return None
    return other
