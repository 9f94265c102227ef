"""What a row of the table of runs says, read from a run's folder; any thread may read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import msgspec
from msgspec import Struct

from designer.problems import UserError
from designer.protocol import Failed, Finished, Number
from designer.run_folder import ABOUT, BEST, DESIGN, FACTS, is_held, position, read_epochs

MOST_LINES = 300
"""More differences than anybody reads."""


class RunState(StrEnum):
    """How far a run came."""

    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    NEVER_BEGUN = "never begun"
    BROKEN = "unreadable"


class About(Struct, frozen=True):
    """What the user says of a run."""

    name: str = ""
    note: str = ""


class _Length(Struct, frozen=True):
    epochs: int = 0


class _Told(Struct, frozen=True):
    """What run.json says, as far as a row shows it."""

    recipe: _Length = _Length()
    begun: str = ""
    parameters: int = 0
    result: Finished | Failed | None = None


class _Named(Struct, frozen=True):
    name: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """One run; None stands for a figure that it has not."""

    folder: Path
    name: str
    state: RunState
    note: str = ""
    design: str = ""
    begun: datetime | None = None
    epochs: int = 0
    planned: int = 0
    metrics: Mapping[str, Number] = field(default_factory=dict)
    seconds: float | None = None
    parameters: int | None = None
    sentence: str = ""
    """What went wrong, where something did."""
    weights: bool = False
    """Whether there are best weights."""

    def figure(self, name: str) -> float | None:
        """A metric by its name; of several outputs, that of the first."""
        value = self.metrics.get(name)
        if value is None and name not in self.metrics:
            found = next((full for full in self.metrics if full.endswith(f".{name}")), "")
            value = self.metrics.get(found)
        return value if value is not None and math.isfinite(value) else None

    @property
    def can_go_on(self) -> bool:
        """Whether it has all that is needed to train on."""
        return self.state in (RunState.FINISHED, RunState.STOPPED, RunState.FAILED, RunState.INTERRUPTED)


def summarize(folder: Path) -> Summary:
    """The row of a run; where something cannot be read, the row says so in a sentence."""
    about = read_about(folder)
    name = about.name or folder.name
    try:
        design = msgspec.json.decode((folder / DESIGN).read_bytes(), type=_Named).name
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        design = ""
    try:
        told = msgspec.json.decode((folder / FACTS).read_bytes(), type=_Told)
    except FileNotFoundError:
        return Summary(folder, name, RunState.NEVER_BEGUN, about.note, design)
    except OSError as error:
        sentence = f"{folder / FACTS} cannot be read: {error.strerror}."
        return Summary(folder, name, RunState.BROKEN, about.note, design, sentence=sentence)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        sentence = f"{folder / FACTS} is not what a run leaves; its weights may still be whole."
        return Summary(folder, name, RunState.BROKEN, about.note, design, sentence=sentence)
    epochs, metrics, seconds = _reached(folder, told.result)
    return Summary(
        folder, name, _state(folder, told.result), about.note, design, _time(told.begun), epochs, told.recipe.epochs,
        metrics, seconds, told.parameters or None,
        told.result.problem.sentence if isinstance(told.result, Failed) else "", (folder / BEST).is_file(),
    )  # fmt: skip


def _state(folder: Path, result: Finished | Failed | None) -> RunState:
    if isinstance(result, Failed):
        return RunState.FAILED
    if result is None:
        return RunState.RUNNING if is_held(folder) else RunState.INTERRUPTED
    return RunState.STOPPED if result.stopped and not result.reason else RunState.FINISHED


def _reached(folder: Path, result: Finished | Failed | None) -> tuple[int, Mapping[str, Number], float | None]:
    """How many epochs are done, the figures of the best of them, and the time in steps."""
    if isinstance(result, Finished):
        return result.epochs, result.metrics, result.seconds
    try:
        lines = read_epochs(folder)
    except OSError:
        lines = []
    if not lines:
        return 0, {}, None
    measured = [(line.metrics.get("validation_loss", line.metrics.get("train_loss")), line) for line in lines]
    best = min(measured, key=lambda each: math.inf if each[0] is None else each[0])[1]
    return len(lines), best.metrics, position(folder).get("seconds")


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def read_about(folder: Path) -> About:
    """The user's own words; empty where there are none to read."""
    try:
        return msgspec.json.decode((folder / ABOUT).read_bytes(), type=About)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return About()


def write_about(folder: Path, about: About) -> None:
    """Keeps the user's own words; raises UserError."""
    temporary = folder / f"{ABOUT}.part"
    try:
        temporary.write_bytes(msgspec.json.format(msgspec.json.encode(about), indent=2))
        temporary.replace(folder / ABOUT)
    except OSError as error:
        raise UserError(f"{folder / ABOUT} cannot be written: {error.strerror}. Allow writing there.") from error


def by_age(rows: list[Summary]) -> list[Summary]:
    """The oldest first; a run that does not say when it was begun before all others."""
    return sorted(rows, key=lambda row: row.begun.timestamp() if row.begun is not None else 0.0)


def about_text(row: Summary) -> str:
    """What there is no room for in the table."""
    figures = [f"{name.replace('_', ' ')}: {value:.4g}" for name, value in row.metrics.items() if value is not None]
    parts = [row.name, row.sentence, row.note, "\n".join(figures), str(row.folder)]
    return "\n\n".join(part for part in parts if part)


def differences_text(one: str, other: str, lines: list[str]) -> str:
    """What differs between two runs, as far as anybody reads it."""
    rest = [f"and {len(lines) - MOST_LINES:,} more"] if len(lines) > MOST_LINES else []
    shown = lines[:MOST_LINES] or ["Nothing differs but chance."]
    return "\n".join([f"From {one} to {other}:", "", *shown, *rest])
