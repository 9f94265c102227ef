"""A run's folder, for those who write it and those who read it: its files' names, what they say, and who holds it.

- `design.netwright`: the design that is trained.
- `run.json`: plan, recipe and facts, and the result once there is one; `about.json`: a name and a note by the user.
- `metrics.jsonl`: a line an epoch; `losses.f32`: the loss of each step, 4 bytes each, little-endian.
- `best.safetensors`, `last.safetensors`: weights by the names of the exported source's `state_dict`.
- `best.checkpoint`, `last.checkpoint`: all that a run needs to go on; safetensors files, with JSON in their metadata.

Who trains holds a lock on `metrics.jsonl`, which the system takes back when the process ends, however it ends.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct

from designer.plan import Plan
from designer.problems import UserError
from designer.protocol import Failed, Finished, Number, Recipe

DESIGN, FACTS, ABOUT = "design.netwright", "run.json", "about.json"
METRICS, LOSSES = "metrics.jsonl", "losses.f32"
BEST, LAST = "best.safetensors", "last.safetensors"
CHECKPOINTS = {"best": "best.checkpoint", "last": "last.checkpoint"}
STATE, POSITION = "state", "position"
"""The keys of a checkpoint's metadata: all of it as JSON, and what of it tells where it stands."""
MOST_HEADER = 100 * 2**20
"""Bytes; safetensors itself takes no longer header."""
PATIENCE = 0.5
"""Seconds; a reader that asks whether a run is held holds it for a moment too."""


class Facts(Struct, frozen=True):
    """What run.json says of a run, as far as the run can go on from it."""

    plan: Plan
    recipe: Recipe
    begun: str = ""
    """When, in ISO 8601, with the zone."""
    result: Finished | Failed | None = None


class EpochLine(Struct, frozen=True):
    """A line of metrics.jsonl."""

    epoch: int
    step: int
    metrics: Mapping[str, Number]


def read_facts(folder: Path) -> Facts:
    """What run.json says; raises UserError."""
    path = folder / FACTS
    try:
        return msgspec.json.decode(path.read_bytes(), type=Facts)
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}. Name the folder of a run.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(f"{path} is not what a run leaves: {error}. Name the folder of a run.") from error


def read_epochs(folder: Path) -> list[EpochLine]:
    """The epochs of a run so far; a line that is not whole, as a crash may leave it, ends them. Raises OSError."""
    with (folder / METRICS).open("rb") as file:
        return [line for line, _ in _whole_lines(file)]


def cut(folder: Path, epochs: int, steps: int) -> None:
    """Takes back what was written after so many epochs and steps, because it will be done again; raises OSError."""
    with (folder / METRICS).open("r+b") as file:
        ends = [end for line, end in _whole_lines(file) if line.epoch <= epochs]
        file.truncate(ends[-1] if ends else 0)
    path = folder / LOSSES
    if path.exists():
        with path.open("r+b") as file:
            file.truncate(min(4 * steps, path.stat().st_size))


def _whole_lines(file: BinaryIO) -> list[tuple[EpochLine, int]]:
    """The lines from the first on that are whole, each with the place where it ends."""
    found, end = [], 0
    for text in file:
        try:
            values = msgspec.json.decode(text)
            line = EpochLine(values.pop("epoch"), values.pop("step"), values)
        except (msgspec.DecodeError, UnicodeDecodeError, AttributeError, KeyError):
            break
        if not text.endswith(b"\n"):
            break
        end += len(text)
        found.append((line, end))
    return found


def position(folder: Path, which: str = "last") -> Mapping[str, Any]:
    """Where a checkpoint stands ("step", "epochs_done", "seconds"); empty where there is none to read."""
    try:
        found = json.loads(read_texts(folder / CHECKPOINTS[which])[POSITION])
        return found if isinstance(found, dict) else {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def read_texts(path: Path) -> Mapping[str, str]:
    """The texts of a safetensors file, in whose head they stand: 8 bytes that say how long it is, then JSON.

    Raises OSError, ValueError, KeyError, TypeError or AttributeError where it is none.
    """
    return _head(path)["__metadata__"]


def read_shapes(path: Path) -> Mapping[str, tuple[int, ...]]:
    """The shape of each tensor of a safetensors file, by its name; raises as `read_texts` does."""
    return {name: tuple(found["shape"]) for name, found in _head(path).items() if name != "__metadata__"}


def _head(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        return json.loads(file.read(min(length, MOST_HEADER)))


def is_held(folder: Path) -> bool:
    """Whether some process is training in this folder now."""
    hold = Hold(folder)
    try:
        held = not hold.take()
    except OSError:
        return False
    hold.release()
    return held


class Hold:
    """The lock of a run's folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / METRICS
        self._file: int | None = None

    def take(self, patience: float = 0.0) -> bool:
        """Takes the lock if nobody else has it, trying for `patience` seconds; raises OSError without such a file."""
        until = time.monotonic() + patience
        file = os.open(self._path, os.O_RDWR)
        while not _lock(file):
            if time.monotonic() >= until:
                os.close(file)
                return False
            time.sleep(0.01)
        self._file = file
        return True

    def release(self) -> None:
        """Gives the lock back; harmless where it was not taken."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


if sys.platform == "win32":
    import msvcrt

    FAR = 2**30
    """The lock is on a byte beyond what is ever written: on Windows nobody can read what is locked."""

    def _lock(file: int) -> bool:
        os.lseek(file, FAR, os.SEEK_SET)
        with suppress(OSError):
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            return True
        return False

else:
    import fcntl

    def _lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks
            return True
        return True
