"""Notices when another program changes the file of the open design."""

from __future__ import annotations

import hashlib
from pathlib import Path
from weakref import WeakKeyDictionary

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from designer.compiler.project import open_design
from designer.graph.document import Document
from designer.gui.sheet import Sheet
from designer.gui.workspace import Workspace
from designer.problems import UserError

CALM = 150
"""Milliseconds without a change until the file is looked at: whoever writes it may do so in steps."""
Stamp = tuple[int, int, int]
Known = tuple[Stamp | None, bytes]


class FileWatch(QObject):
    """Holds what the file was when it was last read or written here, and tells when that is no longer so.

    A file that is renamed over the old one is another file to the system, so that its folder is watched too.
    """

    changed = Signal()
    """Another program wrote a design into the file that differs from the one that stood there."""
    unreadable = Signal(str)
    """Another program wrote something that cannot be opened: one sentence."""
    gone = Signal()
    """The file is not there any more."""

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._path: Path | None = None
        self._saved: Document | None = None
        self._stamp: Stamp | None = None
        self._digest = b""
        self._told: bytes | None = None
        self._watcher = QFileSystemWatcher(self)
        self._calm = QTimer(self, singleShot=True, interval=CALM)
        self._calm.timeout.connect(self._look)
        self._watcher.fileChanged.connect(lambda _path: self._calm.start())
        self._watcher.directoryChanged.connect(lambda _path: self._calm.start())
        self._parked: WeakKeyDictionary[Sheet, Known] = WeakKeyDictionary()
        workspace.parked.connect(self._park)
        workspace.title_changed.connect(self._follow)

    def differs(self) -> bool:
        """Whether the file holds something else than what was last read or written here; not where it is gone."""
        return self._path is not None and self._stamp != _stamp(self._path) and _digest(self._path) not in (
            b"", self._digest)  # fmt: skip

    def read(self) -> Document:
        """The design in the file as it is now; raises UserError."""
        return open_design(self._workspace.path or Path())

    def accept(self) -> None:
        """Take the file as it is for known: what is in it is answered."""
        if self._path is not None:
            self._stamp, self._digest = _stamp(self._path), _digest(self._path)

    def _follow(self) -> None:
        """After opening and saving the file is as the workspace has it."""
        path, saved = self._workspace.path, self._workspace.saved
        if path == self._path and saved is self._saved:
            return
        if path != self._path:
            watched = [*self._watcher.files(), *self._watcher.directories()]
            if watched:
                self._watcher.removePaths(watched)
        self._path, self._saved, self._told = path, saved, None
        known = self._parked.pop(self._workspace.sheet, None)
        if known is None:
            self.accept()
        else:
            # It may have been changed while another design was shown.
            self._stamp, self._digest = known
            self._calm.start()
        self._watch()

    def look_at(self, path: Path) -> Known:
        """What a file is now, before it is read."""
        return _stamp(path), _digest(path)

    def expect(self, sheet: Sheet, known: Known) -> None:
        """A design was opened behind the one that is shown, from a file that was this."""
        self._parked[sheet] = known

    def _park(self, sheet: Sheet) -> None:
        """Another design is shown: remember what the file of this one was."""
        self._parked[sheet] = (self._stamp, self._digest)

    def _watch(self) -> None:
        if self._path is None:
            return
        watched = {*self._watcher.files(), *self._watcher.directories()}
        wanted = [str(each) for each in (self._path, self._path.absolute().parent) if each.exists()]
        new = [each for each in wanted if each not in watched]
        if new:
            self._watcher.addPaths(new)

    def _look(self) -> None:
        """Find out what happened to the file; something happens in its folder often."""
        if self._path is None:
            return
        self._watch()
        stamp = _stamp(self._path)
        if stamp == self._stamp:
            return
        digest = _digest(self._path)
        if digest == self._told or (digest and digest == self._digest):
            return
        self._told = digest
        if not digest:
            if stamp is None:
                self.gone.emit()
            return
        try:
            theirs = self.read()
        except UserError as error:
            self.unreadable.emit(str(error))
            return
        if theirs == self._saved:
            self.accept()
        else:
            self.changed.emit()


def _stamp(path: Path) -> Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _digest(path: Path) -> bytes:
    """What a file's content is told by; empty for one that cannot be read."""
    try:
        return hashlib.blake2b(path.read_bytes()).digest()
    except OSError:
        return b""
