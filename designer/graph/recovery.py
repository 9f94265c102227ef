"""Recovery files: each open design with unsaved changes stands in one, which outlives its process however that ends.

A recovery file is a design's file with one key more, `recovery`: where the design came from and what of it was
shown. Beside it stands a lock that the system frees when its process is gone, so that nobody takes what is open
in another window for lost.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from designer.graph import files
from designer.graph.document import EMPTY, Document
from designer.graph.writing import Known
from designer.problems import UserError

KEY = "recovery"
SUFFIX, UNREADABLE, DISCARDED = ".netwright", ".unreadable", ".discarded"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a design belongs: its file, if it has one, and the path of groups that was shown."""

    path: Path | None = None
    place: tuple[str, ...] = ()


class Slot:
    """A recovery file and its lock; made by `begin`, or by `take` for a file that somebody left."""

    def __init__(self, file: Path, lock: BinaryIO) -> None:
        self.file, self._lock, self._known = file, lock, Known()

    @classmethod
    def begin(cls, folder: Path) -> Slot:
        """A new slot in a folder, without a file yet; raises UserError where none can be made."""
        file = folder / f"{os.getpid()}-{uuid4().hex}{SUFFIX}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = _locked(file)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise UserError(f"Recovery files cannot be written in {folder}: {reason}. Save often.") from error
        if lock is None:
            raise UserError(f"Recovery files in {folder} cannot be locked. Save often.")
        return cls(file, lock)

    @classmethod
    def take(cls, file: Path) -> Slot | None:
        """The slot of a file whose process is gone; None while some process holds it."""
        try:
            lock = _locked(file)
        except OSError:
            return None
        return cls(file, lock) if lock is not None else None

    def write(self, document: Document, origin: Origin) -> None:
        """Put a design into the file, whole or not at all; raises UserError. May run in any thread."""
        record = {"path": str(origin.path) if origin.path is not None else "", "place": origin.place}
        files.write(replace(document, extra={**document.extra, KEY: record}), self.file, self._known, at_once=True)

    def release(self) -> None:
        """Leave the file to whoever comes next."""
        self._lock.close()

    def end(self) -> None:
        """Take the file away: nothing in it can be lost any more."""
        self.file.unlink(missing_ok=True)
        self._lock.close()
        _lock_of(self.file).unlink(missing_ok=True)


def _lock_of(file: Path) -> Path:
    return file.with_suffix(".lock")


def _locked(file: Path) -> BinaryIO | None:
    """The open lock of a recovery file; None where another holds it. The system frees it with its process."""
    lock = _lock_of(file).open("ab")
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return lock


@dataclass(frozen=True, slots=True)
class Lost:
    """A design that was open, with unsaved changes, in a process that is gone."""

    file: Path
    document: Document
    origin: Origin
    time: float
    """When it was written, in seconds since 1970."""

    @property
    def name(self) -> str:
        """What the design was called."""
        return self.origin.path.stem if self.origin.path is not None else self.document.name or "Untitled"

    def discard(self) -> None:
        """Give it up; `keep` brings it back until `clean` makes that final."""
        with suppress(FileNotFoundError):
            self.file.replace(self.file.with_suffix(DISCARDED))

    def keep(self) -> None:
        """Take it back that it was given up."""
        with suppress(FileNotFoundError):
            self.file.with_suffix(DISCARDED).replace(self.file)


def lost(folder: Path) -> tuple[tuple[Lost, ...], tuple[str, ...]]:
    """The designs that processes left behind, newest first, and a sentence for each file that holds none.

    A file that cannot be read is put aside under another name, and so told of once.
    """
    found: list[Lost] = []
    sentences: list[str] = []
    for file in folder.glob(f"*{SUFFIX}"):
        slot = Slot.take(file)
        if slot is None:
            continue
        try:
            if file.exists():
                found.append(_read(file))
        except UserError as error:
            aside = file.with_suffix(UNREADABLE)
            file.replace(aside)
            _lock_of(file).unlink(missing_ok=True)
            sentences.append(f"One design could not be recovered: {error} It is kept as {aside}.")
        finally:
            slot.release()
    return tuple(sorted(found, key=lambda each: -each.time)), tuple(sentences)


def clean(folder: Path) -> None:
    """Forget for good what was discarded before."""
    for file in folder.glob(f"*{DISCARDED}"):
        file.unlink(missing_ok=True)
        _lock_of(file).unlink(missing_ok=True)


def _read(file: Path) -> Lost:
    try:
        time = file.stat().st_mtime
    except OSError as error:
        raise UserError(f"{file.name} cannot be read: {error.strerror}.") from error
    document = files.read(file)
    record = document.extra.get(KEY)
    extra = {key: value for key, value in document.extra.items() if key != KEY}
    return Lost(file, replace(document, extra=extra or EMPTY), _origin(record), time)


def _origin(record: object) -> Origin:
    """What stands under `recovery`, as far as it is what belongs there."""
    if not isinstance(record, dict):
        return Origin()
    path, place = record.get("path"), record.get("place")
    steps = place if isinstance(place, tuple) and all(isinstance(step, str) for step in place) else ()
    return Origin(Path(path) if isinstance(path, str) and path else None, steps)
