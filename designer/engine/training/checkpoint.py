"""The whole state of a run at one moment, taken from a trainer and given back to one, and its file.

The file is a safetensors file: tensors by running number, and in its metadata JSON that says where each belongs, with
all that is no tensor. It holds no code and is read without running any.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from safetensors import SafetensorError
from safetensors.torch import load
from torch import Tensor

from designer.engine.failures import fail
from designer.engine.training.record import Snapshot
from designer.engine.training.telling import Clock
from designer.run_folder import CHECKPOINTS, POSITION, STATE, read_texts


class Resumable(Protocol):
    """A run whose whole state can be taken and given back."""

    step: int
    epochs_done: int
    clock: Clock

    def state_dict(self) -> dict[str, Any]:
        """All that the rest of the run depends on: tensors, numbers and texts, in mappings, tuples and lists."""

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Becomes what it was."""


def take(run: Resumable) -> Snapshot:
    """The state of a run, in memory of its own, so that the run may go on before it is written."""
    tensors: dict[str, Tensor] = {}
    state = json.dumps(_flat(run.state_dict(), tensors))
    place = {"step": run.step, "epochs_done": run.epochs_done, "seconds": run.clock.seconds}
    return Snapshot(tensors, {STATE: state, POSITION: json.dumps(place)})


def give(run: Resumable, state: Mapping[str, Any], sizes: list[int]) -> None:
    """Makes a run what it was when `state` was taken; `sizes` are those of the batches it now has in an epoch.

    Raises Failure where it was another network, or other data.
    """
    if sizes != state.get("sizes"):
        message = f"The run learned from {sum(state.get('sizes', ()))} examples, and the data now has {sum(sizes)}."
        raise fail("resume", message, "Bring back the data as it was, or train afresh.")
    try:
        run.load_state_dict(state)
    except (KeyError, RuntimeError, ValueError) as error:
        raise fail("resume", "The run's checkpoint is that of another network.", "Train afresh.") from error


def read(folder: Path, which: str) -> Mapping[str, Any]:
    """The state in a run's folder, "last" or "best"; raises Failure."""
    path = folder / CHECKPOINTS[which]
    if not path.is_file():
        raise fail("resume", f"{folder} has no checkpoint to go on from.", "Train afresh.")
    try:
        # As bytes: tensors that are mapped from the file would hold it while it is replaced.
        return _whole(json.loads(read_texts(path)[STATE]), load(path.read_bytes()))
    except (OSError, SafetensorError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise fail("resume", f"{path} is no whole checkpoint.", "Train afresh.") from error


def _flat(value: Any, tensors: dict[str, Tensor]) -> Any:
    """The value as JSON can hold it, its tensors copied to `tensors`, which have their names from their number."""
    if isinstance(value, Tensor):
        name = str(len(tensors))
        tensors[name] = value.detach().to("cpu", copy=True).contiguous()
        return {"tensor": name}
    if isinstance(value, Mapping):  # as pairs, because keys may be numbers
        return {"pairs": [[key, _flat(each, tensors)] for key, each in value.items()]}
    if isinstance(value, tuple):
        return {"tuple": [_flat(each, tensors) for each in value]}
    if isinstance(value, list):
        return [_flat(each, tensors) for each in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"a checkpoint cannot hold {value!r}")


def _whole(value: Any, tensors: Mapping[str, Tensor]) -> Any:
    """What `_flat` was given."""
    if isinstance(value, list):
        return [_whole(each, tensors) for each in value]
    if not isinstance(value, dict):
        return value
    if "tensor" in value:
        return tensors[value["tensor"]]
    if "tuple" in value:
        return tuple(_whole(each, tensors) for each in value["tuple"])
    return {key: _whole(each, tensors) for key, each in value["pairs"]}
