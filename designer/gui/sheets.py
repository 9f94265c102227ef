"""All designs that are open, in the order of their tabs; the workspace shows one of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from designer.gui.sheet import Sheet
from designer.gui.workspace import Workspace


class Sheets(QObject):
    """Follows the workspace: what it opens beside others comes next to the one that was shown."""

    changed = Signal()
    """Designs came or went, or one of them is called something else."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self.all: list[Sheet] = [workspace.sheet]
        self._before = workspace.sheet
        self._closed: Sheet | None = None
        workspace.closed.connect(self._note_closed)
        workspace.opened.connect(self._follow)
        workspace.title_changed.connect(self._tell)

    def _note_closed(self, sheet: Sheet) -> None:
        self._closed = sheet

    def _follow(self) -> None:
        shown, closed = self._workspace.sheet, self._closed
        if shown not in self.all:
            self.all.insert(self.all.index(self._before) + 1, shown)
        if closed is not None and closed in self.all:
            self.all.remove(closed)
        self._before, self._closed = shown, None
        self.changed.emit()

    def _tell(self) -> None:
        self._workspace.keep()
        self.changed.emit()

    @property
    def here(self) -> int:
        """Where among them the one that is shown stands."""
        return self.all.index(self._workspace.sheet)

    @property
    def several(self) -> bool:
        """Whether more than one is open."""
        return len(self.all) > 1

    @property
    def blank(self) -> bool:
        """Whether the one that is shown is as good as none: never touched, and from no file."""
        workspace = self._workspace
        return not (workspace.path or workspace.modified or workspace.document.nodes)

    def at(self, path: Path) -> Sheet | None:
        """The open design of a file."""
        self._workspace.keep()
        wanted = path.absolute()
        return next((each for each in self.all if each.path is not None and each.path.absolute() == wanted), None)

    def show(self, sheet: Sheet) -> None:
        """Show one of them."""
        if sheet is not self._workspace.sheet:
            self._workspace.show_sheet(sheet)

    def step(self, by: int) -> None:
        """Show the next (1) or previous (-1) one, round and round."""
        self.show(self.all[(self.here + by) % len(self.all)])

    def add(self, sheet: Sheet) -> None:
        """Let one be open, behind the others."""
        self.all.append(sheet)
        self.changed.emit()

    def arrange(self, first: Sequence[Sheet]) -> None:
        """Let these stand in this order, before all others."""
        self.all = [*first, *(each for each in self.all if each not in first)]
        self.changed.emit()

    def move(self, source: int, target: int) -> None:
        """Put the one at a place to another place."""
        self.all.insert(target, self.all.pop(source))
        self.changed.emit()

    def shift(self, by: int) -> None:
        """Move the one that is shown one place on (1) or back (-1), round and round."""
        self.move(self.here, (self.here + by) % len(self.all))

    def drop(self, sheet: Sheet) -> None:
        """Let go of one of several, with whatever is unsaved in it."""
        if sheet is self._workspace.sheet:
            place = self.here
            near = self.all[place + 1] if place + 1 < len(self.all) else self.all[place - 1]
            self._workspace.show_sheet(near, keep=False)
        else:
            self.all.remove(sheet)
            self._workspace.closed.emit(sheet)
            self._closed = None
            self.changed.emit()

    def modified(self) -> list[Sheet]:
        """Those with something to save, the one that is shown first."""
        self._workspace.keep()
        shown = self._workspace.sheet
        return sorted((each for each in self.all if each.modified), key=lambda each: each is not shown)
