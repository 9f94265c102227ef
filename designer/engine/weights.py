"""Weights as a file: those of a run checked against the plan they are for, or fresh ones drawn by a seed."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import torch
from safetensors import SafetensorError

from designer.engine.failures import EXPECTED, Failure, explain, fail
from designer.engine.learning import load_begun
from designer.engine.network import Network
from designer.engine.training.record import write_weights
from designer.engine.weight_file import load, reason
from designer.plan import Plan
from designer.protocol import Exported, Failed


def export(plan: Plan, path: str, trained: str | None, seed: int, allowed: Collection[str] = ()) -> Exported | Failed:
    """Writes a safetensors file that `load_state_dict` of the exported source takes, or says why not.

    `trained` is a run's file; without one the weights are those with which a run of this seed begins, those that
    layers load from files included.
    """
    try:
        torch.manual_seed(seed)
        network = Network(plan, allowed)
        if trained is not None:
            load(network, trained)
        else:
            load_begun(network, plan)
        try:
            write_weights(network.state_dict(), Path(path))
        except (OSError, SafetensorError) as error:
            raise fail("folder", f"{path} could not be written: {reason(error)}.", "Choose another place.") from error
    except (Failure, *EXPECTED) as error:
        return Failed(explain(error))
    return Exported(path)
