"""Knows all runs in some folders: reads them in another thread, and again where something changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from designer.gui.mailbox import Mailbox
from designer.gui.panels.runs.summary import RunState, Summary, summarize
from designer.run_folder import DESIGN, FACTS

CALM = 200
"""Milliseconds after a change in a folder, of which many come together."""
AGAIN = 1000
"""Milliseconds after which runs under way are looked at again, while somebody looks."""
PORTION = 500
"""Rows that are told first, so that they show while the rest is read; each time twice as many as before."""

Stamp = tuple[int, ...]
Portion = tuple[Mapping[Path, tuple[Stamp, Summary]], set[Path] | None]
"""What was read, and, with the last of it, all folders that are there."""


class Shelf(QObject):
    """The rows of all runs by folder. `changed` carries what is new or different, and which are gone."""

    changed = Signal(object, object)
    """A list of Summary, and a set of folders."""
    settled = Signal()
    """All folders were looked at."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[Path, Summary] = {}
        self._homes: tuple[Path, ...] = ()
        self._stamps: dict[Path, Stamp] = {}
        self._busy = self._again = False
        self._watcher = QFileSystemWatcher(self)
        self._calm = QTimer(self, singleShot=True, interval=CALM)
        self._calm.timeout.connect(self.look)
        self._watcher.directoryChanged.connect(lambda _path: self._calm.start())
        self._soon = QTimer(self, singleShot=True, interval=AGAIN)
        self._soon.timeout.connect(self.look)
        self._mailbox = Mailbox(self)
        self._mailbox.came.connect(self._take)
        self.watched = False
        """Whether somebody looks, so that runs under way are followed."""

    def follow(self, homes: tuple[Path, ...]) -> None:
        """Know the runs in these folders."""
        if homes == self._homes:
            return
        self._homes = homes
        if self._watcher.directories():
            self._watcher.removePaths(self._watcher.directories())
        self.look()

    def set_watched(self, watched: bool) -> None:
        """Whether somebody looks now."""
        begins, self.watched = watched and not self.watched, watched
        if begins:
            self.look()

    def look(self) -> None:
        """Look for what changed; at once, or as soon as the look under way is done."""
        if self._busy:
            self._again = True
            return
        self._busy = True
        missing = {str(home) for home in self._homes if home.is_dir()} - set(self._watcher.directories())
        if missing:
            self._watcher.addPaths(sorted(missing))
        known = {folder: (stamp, self.rows[folder]) for folder, stamp in self._stamps.items() if folder in self.rows}
        homes = self._homes
        self._mailbox.start(lambda tell: _read_all(homes, known, tell))

    def _take(self, portion: Portion) -> None:
        """Know what was read; with the last of it comes which folders are there at all."""
        found, there = portion
        new = [row for folder, (_, row) in found.items() if self.rows.get(folder) != row]
        for folder, (stamp, row) in found.items():
            self._stamps[folder], self.rows[folder] = stamp, row
        gone = {folder for folder in self.rows if folder not in there} if there is not None else set()
        for folder in gone:
            del self.rows[folder], self._stamps[folder]
        if new or gone:
            self.changed.emit(new, gone)
        if there is not None:
            self._busy = False
            self.settled.emit()
            if self._again:
                self._again = False
                self.look()
            elif self.watched and any(row.state is RunState.RUNNING for row in self.rows.values()):
                self._soon.start()


def _read_all(
    homes: tuple[Path, ...],
    known: Mapping[Path, tuple[Stamp, Summary]],
    tell: Callable[[Portion], None],
) -> None:
    """Reads what is not known as it stands; this runs in another thread."""
    there: set[Path] = set()
    found: dict[Path, tuple[Stamp, Summary]] = {}
    portion = PORTION
    for home in homes:
        for folder in _folders(home):
            stamp = _stamp(folder)
            if stamp is None:
                continue
            there.add(folder)
            before = known.get(folder)
            if before is None or before[0] != stamp or before[1].state is RunState.RUNNING:
                found[folder] = stamp, summarize(folder)
            if len(found) >= portion:
                tell((found, None))
                found, portion = {}, 2 * portion
    tell((found, there))


def _folders(home: Path) -> list[Path]:
    try:
        with os.scandir(home) as entries:
            return [Path(entry.path) for entry in entries if entry.is_dir() and not entry.name.startswith(".")]
    except OSError:
        return []


def _stamp(folder: Path) -> Stamp | None:
    """What tells whether a run's folder changed; None for one that is no run's."""
    try:
        # All that a row shows is renamed into its place, which changes the folder.
        changed = folder.stat().st_mtime_ns
    except OSError:
        return None
    times = []
    for name in (FACTS, DESIGN):
        try:
            times.append((folder / name).stat().st_mtime_ns)
        except OSError:
            times.append(0)
    return (changed, *times) if any(times) else None
