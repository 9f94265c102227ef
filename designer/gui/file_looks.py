"""Looks at data files in a thread, so that a large one never keeps the window waiting, and again when one changes."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QThreadPool, QTimer, Signal

from designer.compiler.checking.facts import look_or_reason
from designer.own_data.asking import asked, stamp
from designer.own_data.look import Seen
from designer.problems import UserError

MOST_WATCHED = 100
"""So many folders inside a folder are watched."""
CALM = 300
"""Milliseconds without a change until a file is looked at again: whoever writes it may do so in steps."""


class FileLooks(QObject):
    """What is known of data files; one of them, that of the open design, is watched."""

    told = Signal(str)
    """The key of a file of which something else is known than before."""
    _done = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.known: dict[str, Seen | str] = {}
        """A look at each file by its key (its path, as a rule), or the sentence why there is none."""
        self.followed: str | None = None
        """The key of what is watched."""
        self._under_way: set[str] = set()
        self._pool = QThreadPool(self, maxThreadCount=1)
        self._watcher = QFileSystemWatcher(self)
        self._calm = QTimer(self, singleShot=True, interval=CALM)
        self._calm.timeout.connect(self._look_again)
        self._watcher.fileChanged.connect(lambda _path: self._calm.start())
        self._watcher.directoryChanged.connect(lambda _path: self._calm.start())
        self._done.connect(self._finish)

    def follow(self, key: str | None) -> None:
        """Know what is in a file, now and when it changes."""
        if key == self.followed:
            return
        self.followed = key
        watched = [*self._watcher.files(), *self._watcher.directories()]
        if watched:
            self._watcher.removePaths(watched)
        if key is not None:
            self._watch(key)
            self.ask(key)

    def ask(self, key: str) -> None:
        """Look at a file unless it is known as it stands; `told` says when that is done."""
        if key in self._under_way or self.has(key):
            return
        self._under_way.add(key)
        self._pool.start(lambda: self._look(key))

    def has(self, key: str) -> bool:
        """Whether a file is known as it stands."""
        known = self.known.get(key)
        return isinstance(known, Seen) and known.stamp == _stamp(key)

    def share(self, other: FileLooks) -> None:
        """Know what another one knows."""
        self.known |= other.known

    def wait(self) -> None:
        """Wait until no file is being looked at."""
        self._pool.waitForDone()

    def _look(self, key: str) -> None:
        """Look at a file; this runs in the other thread."""
        found = look_or_reason(key)
        try:
            self._done.emit(key, found)
        except RuntimeError:  # the window is gone meanwhile, and with it whoever would like to know
            return

    def _finish(self, key: str, found: Seen | str) -> None:
        self._under_way.discard(key)
        self.known[key] = found
        self.told.emit(key)

    def _watch(self, key: str) -> None:
        """Watch each file, and its folder: one that is renamed over it is another file to the system."""
        watched = {*self._watcher.files(), *self._watcher.directories()}
        places = [each for path in asked(key).paths for each in (Path(path), Path(path).parent, *_folders(Path(path)))]
        new = [each for each in dict.fromkeys(map(str, places)) if _exists(Path(each)) and each not in watched]
        if new:
            self._watcher.addPaths(new)

    def _look_again(self) -> None:
        key = self.followed
        if key is None:
            return
        self._watch(key)
        known = self.known.get(key)
        if _stamp(key) != (known.stamp if isinstance(known, Seen) else None):
            self.ask(key)


def _stamp(key: str) -> tuple[int, int] | None:
    try:
        return stamp(key)
    except UserError:
        return None


def _folders(path: Path) -> list[Path]:
    """Some of the folders right inside a folder, such as those of classes; none inside a file."""
    try:
        return list(islice((each for each in path.iterdir() if each.is_dir()), MOST_WATCHED)) if path.is_dir() else []
    except OSError:
        return []


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name that is too long, a folder that may not be read
        return False
