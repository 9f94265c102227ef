"""Keeps the open design safe: every change stands in a recovery file within a second, written by another thread.

A design is never changed in place, so the thread can write it while the next edits are made. Only the newest
waits to be written; there is never a second writer.
"""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QThreadPool, QTimer, Signal

from designer.graph.document import Document
from designer.graph.recovery import Origin, Slot
from designer.gui.sheet import Sheet
from designer.gui.workspace import Workspace
from designer.problems import UserError

SOON = 150
"""Milliseconds from a change until it is written: what follows at once, as in a drag, is written with it."""
LATEST = 400
"""The same after a write that took long, which leaves the rest of a second for the write itself."""


class Recovery(QObject):
    """The recovery files of one workspace; there is one for each open design that has unsaved changes."""

    written = Signal(object)
    """The design that stands in the file now."""
    failed = Signal(str)
    """One sentence why nothing is kept; said once until it works again."""
    _done = Signal(object, object, str)

    def __init__(self, workspace: Workspace, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self._workspace = workspace
        self._slot: Slot | None = None
        self._busy: Slot | None = None
        self._kept: tuple[Document, Origin] | None = None
        self._took = 0.0
        self._warned = self._closed = False
        self._pool = QThreadPool(self, maxThreadCount=1)
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self._write)
        self._done.connect(self._finish)
        self._parked: dict[Sheet, Slot] = {}
        workspace.parked.connect(self._park)
        workspace.closed.connect(self._forget)
        workspace.opened.connect(self._take_back)
        for signal in (workspace.changed, workspace.title_changed, workspace.place_changed):
            signal.connect(self._follow)

    @property
    def file(self) -> Path | None:
        """Where the unsaved changes are kept; None while there are none."""
        return self._slot.file if self._slot is not None else None

    def adopt(self, slot: Slot) -> None:
        """Go on in the file of a design that was just recovered, so that it is never without one."""
        self._drop()
        self._slot = slot
        self._follow()

    # Designs that are open, but not shown. What follows for their files is done by the one thread that writes,
    # after all that it has to write before.

    def _park(self, sheet: Sheet) -> None:
        """Another design is shown: write this one as it is, and leave its file until it comes back."""
        self._soon.stop()
        slot, kept, self._slot, self._kept = self._slot, self._is_kept(), None, None
        if not self._workspace.modified:
            if slot is not None:
                self._pool.start(slot.end)
            return
        try:
            slot = slot or Slot.begin(self.folder)
        except UserError as error:
            self._warn(str(error))
            return
        self._parked[sheet] = slot
        if not kept:
            document, origin = self._state()
            self._pool.start(lambda: self._keep(slot, document, origin))

    def _take_back(self) -> None:
        """A design is shown again: go on in its file."""
        slot = self._parked.pop(self._workspace.sheet, None)
        if slot is not None:
            self._slot = slot
            self._follow()

    def _forget(self, sheet: Sheet) -> None:
        """A design was closed, with all in it saved or given up."""
        slot = self._parked.pop(sheet, None)
        if slot is not None:
            self._pool.start(slot.end)
        elif sheet is self._workspace.sheet:
            self._drop()

    def close(self) -> None:
        """End with nothing left to recover: all was saved, or given up."""
        self._closed = True
        self._drop()
        self._pool.waitForDone()
        for slot in self._parked.values():
            slot.end()
        self._parked.clear()
        if self._busy is not None:
            self._busy.end()
            self._busy = None

    def _follow(self) -> None:
        if self._closed:
            return
        if not self._workspace.modified:
            self._drop()
        elif not self._is_kept() and self._busy is None and not self._soon.isActive():
            self._soon.start(min(LATEST, SOON + round(2000 * self._took)))

    def _is_kept(self) -> bool:
        """Whether what is open was handed to the writer; asked by identity, which is quick for any size."""
        document, origin = self._state()
        return self._kept is not None and self._kept[0] is document and self._kept[1] == origin

    def _state(self) -> tuple[Document, Origin]:
        return self._workspace.document, Origin(self._workspace.path, self._workspace.place)

    def _drop(self) -> None:
        """Take the file away; one that is being written goes when that is done."""
        self._soon.stop()
        slot, self._slot, self._kept = self._slot, None, None
        if slot is not None and slot is not self._busy:
            slot.end()

    def _write(self) -> None:
        try:
            slot = self._slot = self._slot or Slot.begin(self.folder)
        except UserError as error:
            self._warn(str(error))
            return
        self._busy, self._kept = slot, self._state()
        document, origin = self._kept
        self._pool.start(lambda: self._keep(slot, document, origin))

    def _keep(self, slot: Slot, document: Document, origin: Origin) -> None:
        """Write the file; this runs in the other thread."""
        began, sentence = time.perf_counter(), ""
        try:
            slot.write(document, origin)
        except UserError as error:
            sentence = str(error)
        finally:
            self._took = time.perf_counter() - began
            self._done.emit(slot, document, sentence)

    def _finish(self, slot: Slot, document: Document, sentence: str) -> None:
        if slot is self._busy:
            self._busy = None
        if slot in self._parked.values():
            if sentence:
                self._warn(sentence)
        elif slot is not self._slot:
            slot.end()
        elif sentence:
            self._warn(sentence)
        else:
            self._warned = False
            self.written.emit(document)
        if not sentence:
            self._follow()

    def _warn(self, sentence: str) -> None:
        self._kept = None
        if not self._warned:
            self._warned = True
            self.failed.emit(f"Your changes are not kept against a crash. {sentence}")


def recovery_folder() -> Path:
    """Where this user's recovery files are kept."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)) / "recovery"
