"""A run's network with its best weights, and the examples it was trained and tested on."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from msgspec.structs import replace
from safetensors import SafetensorError
from safetensors.torch import load_file

from designer.engine.data.load import SPLITS
from designer.engine.evaluation.outcomes import Outcome, outcomes
from designer.engine.failures import fail
from designer.engine.training.loop import Trainer
from designer.engine.training.prepare import Bench, prepare
from designer.kept_run import KeptRun, read
from designer.run_folder import BEST


class Fitted:
    """The run in a folder; of one that the worker still holds, `trainer`, network and data are used as they stand."""

    def __init__(self, folder: str, trainer: Trainer | None, allowed: Collection[str] = ()) -> None:
        self.kept: KeptRun = read(Path(folder))
        self.folder, self.state = folder, state_of(folder)
        held = trainer if trainer is not None and trainer.name == folder else None
        self.bench = held.bench if held is not None else _bench(self.kept, allowed)
        self._weights = best_weights(folder)
        self._outcomes: dict[str, list[Outcome]] = {}

    def outcomes(self, split: str) -> list[Outcome]:
        """What came of each example of a split, for each output; worked out once."""
        if split not in SPLITS:
            raise fail("split", f"There is no split called {split}.", f"Choose one of {', '.join(SPLITS)}.")
        if not len(self.bench.examples[split]):
            raise fail("split", f"The {split} split of this run has no examples.", "Choose another one.")
        if split not in self._outcomes:
            with self._best_weights():
                self._outcomes[split] = outcomes(self.bench, split, 4 * self.kept.recipe.batch_size)
        return self._outcomes[split]

    @contextmanager
    def _best_weights(self) -> Iterator[None]:
        """The best weights for a while; a run that goes on does so with its last ones."""
        network, bench = self.bench.network, self.bench
        before = {name: weight.clone() for name, weight in network.state_dict().items()}
        threads = torch.get_num_threads()
        torch.set_num_threads(bench.threads)
        try:
            try:
                network.load_state_dict(self._weights)
            except RuntimeError as error:
                message = f"The weights in {self.folder} are those of another network."
                raise fail("weights", message, "Choose another run.") from error
            yield
        finally:
            network.load_state_dict(before)
            torch.set_num_threads(threads)


def _bench(kept: KeptRun, allowed: Collection[str]) -> Bench:
    """All that the run was trained with, made anew on the device that is here now."""
    # What layers began with is of no account: the weights of the run take its place.
    return prepare(replace(kept.plan, loads=()), replace(kept.recipe, device="auto"), allowed)


def best_weights(folder: str) -> dict[str, torch.Tensor]:
    """The best weights of a run; raises Failure where they cannot be read."""
    try:
        return load_file(Path(folder) / BEST)
    except (OSError, SafetensorError) as error:
        reason = str(getattr(error, "strerror", None) or error).split("\n")[0].rstrip(".")
        message = f"The weights in {folder} could not be read: {reason}."
        raise fail("weights", message, "Choose the folder of a run that was trained.") from error


def state_of(folder: str) -> int:
    """Changes when the run trains on: when its best weights were written."""
    try:
        return (Path(folder) / BEST).stat().st_mtime_ns
    except OSError:
        return 0
