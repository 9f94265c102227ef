"""A run's folder: best.safetensors, last.safetensors, metrics.jsonl and run.json.

Weights and run.json are written to a temporary name and renamed, so that a reader never finds half a file, not even
after a run that was killed. The weights' names are those of the exported source's `state_dict`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import msgspec
from safetensors.torch import save
from torch import Tensor

from designer.protocol import Number

State = Mapping[str, Tensor]

SECONDS_BETWEEN_WRITES = 2.0
"""Weights are written at most this often while a run is under way, and always at its end."""

SHARE_OF_WRITING = 0.05
"""Nor do they take more than this share of the time, however large they are."""


class Record:
    """Writes what a run leaves behind; every method may raise OSError or SafetensorError."""

    def __init__(self, folder: str, facts: Mapping[str, object]) -> None:
        self.folder = Path(folder)
        self._facts = facts
        self._unwritten: dict[str, State] = {}
        self._due = 0.0
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in ("best", "last"):  # of an earlier run in the same folder
            self._weights(name).unlink(missing_ok=True)
        self._metrics.write_bytes(b"")
        self._write_facts(None)

    @property
    def _metrics(self) -> Path:
        return self.folder / "metrics.jsonl"

    def _weights(self, name: str) -> Path:
        return self.folder / f"{name}.safetensors"

    def epoch(self, epoch: int, step: int, metrics: Mapping[str, Number]) -> None:
        """Appends a line to metrics.jsonl."""
        line = msgspec.json.encode({"epoch": epoch, "step": step, **metrics})
        with self._metrics.open("ab") as file:
            file.write(line + b"\n")

    def keep(self, name: str, state: State) -> None:
        """Keeps weights as best or last; they reach the disk when enough time has passed, or by `finish`."""
        self._unwritten[name] = state
        now = time.monotonic()
        if now >= self._due:
            self._write_weights()
            taken = time.monotonic() - now
            self._due = now + max(SECONDS_BETWEEN_WRITES, taken / SHARE_OF_WRITING)

    def give_up(self) -> None:
        """Writes the best weights, but not the last ones, which are of no use after what ended the run."""
        self._unwritten.pop("last", None)
        self.finish(None)

    def finish(self, result: object) -> None:
        """Writes all that is not yet on the disk, and `result` (a message, or None) into run.json."""
        self._write_weights()
        self._write_facts(result)

    def _write_weights(self) -> None:
        while self._unwritten:
            name, state = self._unwritten.popitem()
            write_weights(state, self._weights(name))

    def _write_facts(self, result: object) -> None:
        text = msgspec.json.format(msgspec.json.encode({**self._facts, "result": result}), indent=2)
        target = self.folder / "run.json"
        temporary = target.with_suffix(".part")
        temporary.write_bytes(text)
        temporary.replace(target)


def write_weights(state: State, target: Path) -> None:
    """Writes a safetensors file whole or not at all; raises OSError or SafetensorError."""
    temporary = target.with_name(f"{target.name}.part")
    try:
        # Through bytes: a file that safetensors itself makes is readable by its owner alone.
        temporary.write_bytes(save(unshared(state)))
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def unshared(state: State) -> dict[str, Tensor]:
    """The tensors on the CPU, each with memory of its own: safetensors refuses any that share it."""
    return {name: weight.detach().to("cpu", copy=True).contiguous() for name, weight in state.items()}
