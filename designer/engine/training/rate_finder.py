"""Looks for a learning rate: ever larger ones, a step each, on weights that nobody keeps.

After Smith (2017), "Cyclical Learning Rates for Training Neural Networks".
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import torch
from msgspec import structs

from designer.engine.control import Control
from designer.engine.failures import EXPECTED, Failure, explain, fail
from designer.engine.network import StepError
from designer.engine.training.examples import Batch
from designer.engine.training.prepare import Bench, prepare
from designer.engine.training.stepping import Stepper
from designer.engine.training.surroundings import surroundings
from designer.engine.training.telling import finite
from designer.protocol import FindRate, RateFound

KEPT = 0.9
"""How much of the smoothed loss stays at each step."""
EXPLODED = 4.0
"""Times the least smoothed loss at which larger rates are not tried any more."""
LEFT_OUT = 5
"""First steps that do not count: their smoothed loss hangs on too few batches."""


def find_rate(request: FindRate, control: Control) -> RateFound:
    """Tries the rates of a request; a Stop ends it with what is known until then."""
    try:
        if not 0 < request.lowest < request.highest or request.steps < 2:
            raise fail("rates", "There are no learning rates to try.", "Ask for a range above 0 and some steps.")
        bench = prepare(request.plan, request.recipe, request.allowed)
        with surroundings(bench.threads, request.recipe.deterministic):
            rates, losses = _tried(request, bench, control)
    except (Failure, *EXPECTED) as error:
        return RateFound(problem=explain(error))
    return RateFound(tuple(rates), tuple(map(finite, losses)), suggested(rates, losses))


def _tried(request: FindRate, bench: Bench, control: Control) -> tuple[list[float], list[float]]:
    """Rates, and the smoothed loss after a step of each."""
    recipe = structs.replace(request.recipe, schedule=None, warmup=0, ema=0.0, compile=False)
    sizes = bench.examples["train"].sizes(recipe.batch_size)
    stepper = Stepper(bench, recipe, sizes)
    grow = (request.highest / request.lowest) ** (1 / (request.steps - 1))
    rates: list[float] = []
    losses: list[float] = []
    mean = weight = 0.0
    bench.network.train()
    for batch, place in _batches(bench, sizes, recipe.seed):
        rate = request.lowest * grow ** len(rates)
        stepper.rates.change(rate)
        try:
            loss = stepper.step(batch, place).item()
        except RuntimeError as error:  # of the backward pass or the update: no step of the plan can be blamed
            raise StepError("", error) from error
        mean, weight = KEPT * mean + (1 - KEPT) * loss, KEPT * weight + (1 - KEPT)
        if stepper.updates(place):
            rates.append(rate)
            losses.append(mean / weight)
        exploded = not math.isfinite(mean) or (losses and losses[-1] > EXPLODED * min(losses) > 0)
        if exploded or len(rates) == request.steps or control.stop_waits:
            break
    return rates, losses


def _batches(bench: Bench, sizes: list[int], seed: int) -> Iterator[tuple[Batch, int]]:
    """Batches without end, each with its place in its epoch."""
    order = torch.Generator().manual_seed(seed)
    while True:
        for place, batch in enumerate(bench.examples["train"].shuffled(sizes, order)):
            yield batch, place


def suggested(rates: Sequence[float], losses: Sequence[float]) -> float | None:
    """Where the smoothed loss falls most steeply over the logarithm of the rate, before its least value."""
    known = [loss for loss in losses if math.isfinite(loss)]
    if len(known) <= LEFT_OUT + 2:
        return None
    least = min(range(len(known)), key=known.__getitem__)
    slopes = {
        place: (known[place + 1] - known[place - 1]) / math.log(rates[place + 1] / rates[place - 1])
        for place in range(LEFT_OUT, min(least + 1, len(known) - 1))
    }
    if not slopes:
        return None
    place = min(slopes, key=slopes.__getitem__)
    return float(f"{rates[place]:.2g}") if slopes[place] < 0 else None
