"""Made-up inputs on which a network is traced, and its ONNX file compared with torch."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from designer.engine.network import Network, StepError
from designer.plan import Plan

TRACED_BATCH = 3
FREE_LENGTHS = (6, 24, 96, 384)
"""How long an axis of free length is made: the first that is enough for all windows."""
TRUTHS = (None, False, True)
"""What stands in a mask, None for both by chance: the first that leaves something of every row to be seen."""


@dataclass(frozen=True, slots=True)
class Trial:
    """How inputs are made for a plan: the length of free axes, and what stands where true or false is asked for."""

    plan: Plan
    length: int
    truth: bool | None = None

    def inputs(self, batch: int) -> tuple[Tensor, ...]:
        """A batch of the plan's shapes and types; whole numbers are 0 or 1, which every table of indices has."""
        generator = torch.Generator().manual_seed(0)
        inputs = []
        for given in self.plan.inputs:
            shape = [self.length if isinstance(part, str) else part for part in given.shape]
            if given.batch is not None:
                shape.insert(given.batch, batch)
            dtype, values = getattr(torch, given.dtype), torch.randn(shape, generator=generator)
            if dtype == torch.bool and self.truth is not None:
                inputs.append(torch.full(shape, self.truth))
            else:
                inputs.append(values.to(dtype) if dtype.is_floating_point else (values > 0).to(dtype))
        return tuple(inputs)


def find_trial(plan: Plan, network: Network) -> Trial:
    """The first way of making inputs that the network runs with; raises StepError where there is none."""
    free = any(isinstance(part, str) for given in plan.inputs for part in given.shape)
    *shorter, last = [Trial(plan, length) for length in (FREE_LENGTHS if free else FREE_LENGTHS[:1])]
    for trial in shorter:
        with suppress(StepError):
            return _unmasked(trial, network)
    return _unmasked(last, network)


def _unmasked(trial: Trial, network: Network) -> Trial:
    """The same with masks that leave numbers where they can: a row with nothing to see has no mean."""
    for truth in TRUTHS:
        chosen = replace(trial, truth=truth)
        with torch.inference_mode():
            outputs = network(*chosen.inputs(TRACED_BATCH))
        if not any(bool(output.isnan().any()) for output in outputs):
            return chosen
    return trial
