"""Looks at data files in a thread, so that a large one never keeps the window waiting, and again when one changes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QThreadPool, QTimer, Signal

from designer.compiler.checking.facts import look_or_reason
from designer.own_data.look import Look, stamp
from designer.problems import UserError

CALM = 300
"""Milliseconds without a change until a file is looked at again: whoever writes it may do so in steps."""


class FileLooks(QObject):
    """What is known of data files; one of them, that of the open design, is watched."""

    told = Signal(str)
    """The path of a file of which something else is known than before."""
    _done = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.known: dict[str, Look | str] = {}
        """A look at each file by its path, or the sentence why there is none."""
        self.followed: str | None = None
        """The path of the file that is watched."""
        self._under_way: set[str] = set()
        self._pool = QThreadPool(self, maxThreadCount=1)
        self._watcher = QFileSystemWatcher(self)
        self._calm = QTimer(self, singleShot=True, interval=CALM)
        self._calm.timeout.connect(self._look_again)
        self._watcher.fileChanged.connect(lambda _path: self._calm.start())
        self._watcher.directoryChanged.connect(lambda _path: self._calm.start())
        self._done.connect(self._finish)

    def follow(self, path: str | None) -> None:
        """Know what is in a file, now and when it changes."""
        if path == self.followed:
            return
        self.followed = path
        watched = [*self._watcher.files(), *self._watcher.directories()]
        if watched:
            self._watcher.removePaths(watched)
        if path is not None:
            self._watch(path)
            self.ask(path)

    def ask(self, path: str) -> None:
        """Look at a file unless it is known as it stands; `told` says when that is done."""
        if path in self._under_way or self.has(path):
            return
        self._under_way.add(path)
        self._pool.start(lambda: self._look(path))

    def has(self, path: str) -> bool:
        """Whether a file is known as it stands."""
        known = self.known.get(path)
        return isinstance(known, Look) and known.stamp == _stamp(path)

    def wait(self) -> None:
        """Wait until no file is being looked at."""
        self._pool.waitForDone()

    def _look(self, path: str) -> None:
        """Look at a file; this runs in the other thread."""
        found = look_or_reason(path)
        try:
            self._done.emit(path, found)
        except RuntimeError:  # the window is gone meanwhile, and with it whoever would like to know
            return

    def _finish(self, path: str, found: Look | str) -> None:
        self._under_way.discard(path)
        self.known[path] = found
        self.told.emit(path)

    def _watch(self, path: str) -> None:
        """Watch the file, and its folder: one that is renamed over it is another file to the system."""
        watched = {*self._watcher.files(), *self._watcher.directories()}
        new = [str(each) for each in (Path(path), Path(path).parent) if _exists(each) and str(each) not in watched]
        if new:
            self._watcher.addPaths(new)

    def _look_again(self) -> None:
        path = self.followed
        if path is None:
            return
        self._watch(path)
        known = self.known.get(path)
        if _stamp(path) != (known.stamp if isinstance(known, Look) else None):
            self.ask(path)


def _stamp(path: str) -> tuple[int, int] | None:
    try:
        return stamp(path)
    except UserError:
        return None


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name that is too long, a folder that may not be read
        return False
