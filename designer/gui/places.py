"""Where the user has been: back and forward through places, as in a browser, and from problem to problem."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, Signal

from designer.gui.canvas.surface import Viewpoint
from designer.gui.sheet import Sheet
from designer.gui.split_view import SplitView
from designer.gui.workspace import Workspace
from designer.problems import Problem

MOST = 100
"""So many places are remembered."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A place: the path of groups, what of them was in view, and what was selected."""

    place: tuple[str, ...]
    viewpoint: Viewpoint
    selection: frozenset[str]


class Places(QObject):
    """Remembers a place when the user leaves it: by entering or leaving a group, or by a jump to a node."""

    changed = Signal()
    """There is, or is not any more, a place to go back or forward to."""

    def __init__(self, workspace: Workspace, canvases: SplitView) -> None:
        super().__init__(canvases)
        self._workspace, self._canvases = workspace, canvases
        self._returning = False
        workspace.going.connect(self._note)
        self._of_sheets: WeakKeyDictionary[Sheet, tuple[list[Stop], list[Stop]]] = WeakKeyDictionary()
        self._follow_sheet()
        workspace.opened.connect(self._follow_sheet)

    @property
    def behind(self) -> bool:
        """Whether there is a place to go back to."""
        return bool(self._behind)

    @property
    def ahead(self) -> bool:
        """Whether there is a place to go forward to."""
        return bool(self._ahead)

    def _here(self) -> Stop:
        return Stop(self._workspace.place, self._canvases.active.viewpoint, self._workspace.selection)

    def _note(self) -> None:
        if self._returning:
            return
        here = self._here()
        if not self._behind or self._behind[-1] != here:
            self._behind.append(here)
            del self._behind[:-MOST]
        self._ahead.clear()
        self.changed.emit()

    def _follow_sheet(self) -> None:
        """Every open design has places of its own."""
        self._behind, self._ahead = self._of_sheets.setdefault(self._workspace.sheet, ([], []))
        self.changed.emit()

    def back(self) -> None:
        """Go to the place before."""
        self._return(self._behind, self._ahead)

    def forward(self) -> None:
        """Go again to the place from which the user went back."""
        self._return(self._ahead, self._behind)

    def _return(self, source: list[Stop], other: list[Stop]) -> None:
        """Go to the newest place of one list that stands still and is another one, and keep this one in the other."""
        here = self._here()
        while source:
            stop = source.pop()
            if stop != here and self._workspace.stands(stop.place):
                other.append(here)
                self._show(stop)
                break
        self.changed.emit()

    def _show(self, stop: Stop) -> None:
        self._returning = True
        try:
            self._workspace.enter(stop.place)
            self._workspace.select(stop.selection)
            self._canvases.active.return_to(stop.viewpoint)
        finally:
            self._returning = False

    def next_problem(self, step: int) -> Problem | None:
        """The next (1) or previous (-1) problem at a node, round and round; None without any."""
        found = [problem for problem in self._workspace.report.problems if problem.node is not None]
        if not found:
            return None
        nodes = list(dict.fromkeys(str(problem.node) for problem in found))
        full = [".".join((*self._workspace.place, name)) for name in self._workspace.selection]
        here = [place for place, node in enumerate(nodes) if node in full]
        place = (here[0] + step if here else 0 if step > 0 else -1) % len(nodes)
        return next(problem for problem in found if problem.node == nodes[place])
