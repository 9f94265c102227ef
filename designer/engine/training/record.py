"""Writes a run's folder (`designer.run_folder` says what is in it) while the run goes on.

All but what is appended is written to a temporary name and renamed, so that a reader never finds half a file, not even
after a run that was killed.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
import torch
from safetensors.torch import save
from torch import Tensor

from designer.engine.failures import fail
from designer.problems import UserError
from designer.protocol import Failed, Number, Train
from designer.run_folder import (
    BEST,
    CHECKPOINTS,
    FACTS,
    LAST,
    LOSSES,
    METRICS,
    PATIENCE,
    Hold,
    cut,
    read_facts,
)

State = Mapping[str, Tensor]

SECONDS_BETWEEN_WRITES = 2.0
"""Weights and checkpoints are written at most this often while a run is under way, and always at its end."""

SHARE_OF_WRITING = 0.05
"""Nor do they take more than this share of the time, however large they are."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole state of a run at one moment, as a safetensors file holds it: tensors, and texts by name."""

    tensors: dict[str, Tensor]
    texts: dict[str, str]


class Record:
    """Writes what a run leaves behind; every method may raise OSError, SafetensorError or Failure."""

    def __init__(self, request: Train, facts: Mapping[str, object]) -> None:
        self.folder = Path(request.folder)
        self._best: tuple[State, Snapshot] | None = None
        """The best so far, where it is not on the disk yet."""
        self._hold = Hold(self.folder)
        self._due = 0.0
        self._begun = False
        self.folder.mkdir(parents=True, exist_ok=True)
        if not request.resume:
            (self.folder / METRICS).touch()
        self._take_hold()
        begun = datetime.now().astimezone().isoformat(timespec="seconds")
        try:
            if request.resume:
                begun = _same_run(request) or begun
            else:
                self._clear()
        finally:
            self._hold.release()  # until it begins: a run that never does holds nothing
        self._facts = {"begun": begun, "recipe": request.recipe, "plan": request.plan, **facts}
        self._back_to: tuple[int, int] | None = None

    def _clear(self) -> None:
        """Nothing stays of an earlier run in the same folder."""
        for name in (BEST, LAST, LOSSES, *CHECKPOINTS.values()):
            (self.folder / name).unlink(missing_ok=True)
        (self.folder / METRICS).write_bytes(b"")

    def _take_hold(self) -> None:
        """Keeps other processes from training in the folder; raises Failure where one does."""
        try:
            free = self._hold.take(PATIENCE)
        except FileNotFoundError as error:
            message = f"{self.folder} is not the folder of a run."
            raise fail("resume", message, "Name one that a training left.") from error
        if not free:
            message = f"The run in {self.folder} is being trained by another process."
            raise fail("run-held", message, "Wait for its end, or stop it.")

    def back_to(self, epochs: int, steps: int) -> None:
        """Forgets what was measured after so many epochs and steps as soon as the run begins: it is done again."""
        self._back_to = epochs, steps

    def begin(self) -> None:
        """The run goes on: it has no result yet."""
        self._take_hold()
        if self._back_to is not None:
            cut(self.folder, *self._back_to)
            self._back_to = None
        self._write_facts(None)
        self._begun = True
        self._due = time.monotonic() + SECONDS_BETWEEN_WRITES

    @property
    def due(self) -> bool:
        """Whether enough time has passed to write again."""
        return time.monotonic() >= self._due

    def steps(self, losses: list[float]) -> None:
        """Appends the losses of steps to losses.f32."""
        if losses:
            with (self.folder / LOSSES).open("ab") as file:
                file.write(torch.tensor(losses, dtype=torch.float32).numpy().tobytes())

    def epoch(self, epoch: int, step: int, metrics: Mapping[str, Number]) -> None:
        """Appends a line to metrics.jsonl."""
        line = msgspec.json.encode({"epoch": epoch, "step": step, **metrics})
        with (self.folder / METRICS).open("ab") as file:
            file.write(line + b"\n")

    def best(self, weights: State, snapshot: Snapshot) -> None:
        """Keeps the best so far; it reaches the disk with the next `last`, or by the end. The first is due at once."""
        self._best = weights, snapshot
        if not (self.folder / BEST).exists():
            self._due = 0.0

    def last(self, snapshot: Snapshot) -> None:
        """Writes the state of now, and before it the best one: what is best is never later than what is last."""
        begun = time.monotonic()
        self._write_best()
        write(snapshot.tensors, self.folder / CHECKPOINTS["last"], snapshot.texts)
        now = time.monotonic()
        self._due = now + max(SECONDS_BETWEEN_WRITES, (now - begun) / SHARE_OF_WRITING)

    def give_up(self) -> None:
        """Writes the best weights, but not the last ones, which are of no use after what ended the run."""
        try:
            self._write_best()
        finally:
            self._hold.release()

    def finish(self, result: object, best: State, last: State, snapshot: Snapshot) -> None:
        """Writes all that is not yet on the disk, and `result` into run.json."""
        self.last(snapshot)
        write_weights(best, self.folder / BEST)
        write_weights(last, self.folder / LAST)
        self._write_facts(result)
        self._hold.release()

    def failed(self, result: Failed) -> None:
        """Writes into run.json what ended the run; one that never began stays what it was."""
        if self._begun:
            with suppress(OSError):  # it is told to the user anyway, and a full disk may be what it is about
                self._write_facts(result)

    def _write_best(self) -> None:
        if self._best is not None:
            weights, snapshot = self._best
            write_weights(weights, self.folder / BEST)
            write(snapshot.tensors, self.folder / CHECKPOINTS["best"], snapshot.texts)
            self._best = None

    def _write_facts(self, result: object) -> None:
        _write_json({**self._facts, "result": result}, self.folder / FACTS)


def _same_run(request: Train) -> str:
    """When the run in a folder was begun; raises Failure where that is none to go on with as is asked."""
    try:
        found = read_facts(Path(request.folder))
    except UserError as error:
        raise fail("resume", str(error)) from error
    for_once = {"epochs": found.recipe.epochs, "device": found.recipe.device}
    if found.plan != request.plan or found.recipe != msgspec.structs.replace(request.recipe, **for_once):
        what = "network" if found.plan != request.plan else "training"
        message = f"The {what} of the design is no longer the one of the run in {request.folder}."
        raise fail("resume", message, "Train it afresh, or go on with the design in the run's folder.")
    return found.begun


def leave_failure(request: Train, result: Failed) -> None:
    """Says in a folder that was made for a run why it never began; a run that is there already stays as it is."""
    folder = Path(request.folder)
    with suppress(OSError):
        if folder.is_dir() and not (folder / FACTS).exists():
            begun = datetime.now().astimezone().isoformat(timespec="seconds")
            facts = {"begun": begun, "recipe": request.recipe, "plan": request.plan, "result": result}
            _write_json(facts, folder / FACTS)


def _write_json(facts: Mapping[str, object], target: Path) -> None:
    temporary = target.with_suffix(".part")
    temporary.write_bytes(msgspec.json.format(msgspec.json.encode(facts), indent=2))
    temporary.replace(target)


def write_weights(state: State, target: Path) -> None:
    """Writes a safetensors file whole or not at all; raises OSError or SafetensorError."""
    write(unshared(state), target)


def write(tensors: dict[str, Tensor], target: Path, texts: Mapping[str, str] | None = None) -> None:
    """Writes tensors that share no memory, and texts beside them; raises OSError or SafetensorError."""
    temporary = target.with_name(f"{target.name}.part")
    try:
        # Through bytes: a file that safetensors itself makes is readable by its owner alone.
        temporary.write_bytes(save(tensors, dict(texts) if texts is not None else None))
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def unshared(state: State) -> dict[str, Tensor]:
    """The tensors on the CPU, each with memory of its own: safetensors refuses any that share it."""
    return {name: weight.detach().to("cpu", copy=True).contiguous() for name, weight in state.items()}
