"""One training step after the other, in the way of the recipe."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor

from designer.engine.failures import fail
from designer.engine.training.augment import Augment, Mixed
from designer.engine.training.averages import Averages
from designer.engine.training.examples import Batch
from designer.engine.training.precision import Forward, compiled, in_precision, scaler_for
from designer.engine.training.prepare import Bench
from designer.engine.training.rates import Rates
from designer.protocol import Recipe


class Stepper:
    """Turns batches into steps of the weights; never waits for the device. What a recipe leaves off costs nothing."""

    def __init__(self, bench: Bench, recipe: Recipe, sizes: list[int]) -> None:
        _refuse(bench, recipe)
        self._bench, self._recipe = bench, recipe
        self._augment = _augment(bench, recipe) if recipe.augment else None
        self._shares = None if recipe.accumulate == 1 else shares(sizes, recipe.accumulate)
        network = compiled(bench.network) if recipe.compile else bench.network
        self.forward = in_precision(network, recipe.precision, bench.device)
        """The network as the recipe wants it run."""
        updates = -(-len(sizes) // recipe.accumulate)
        self.rates = Rates(bench.optimizers, recipe.schedule, recipe.warmup, recipe.epochs, updates)
        self.averages = Averages(bench.weights, recipe.ema) if recipe.ema else None
        self.scaler = scaler_for(recipe.precision, bench.device)

    def like_it(self, forward: Forward) -> Forward:
        """Another way to run the network, in the recipe's precision too."""
        return in_precision(forward, self._recipe.precision, self._bench.device)

    def step(self, batch: Batch, place: int, forward: Forward | None = None) -> Tensor:
        """Learns from the batch at `place` in its epoch; its loss, still on the device.

        `forward` runs the network this time, where that is not to be as always.
        """
        forward = forward or self.forward
        learned = batch if self._augment is None else self._augment(batch)
        if self._bench.optimizers.asks_again:
            return self._repeated(learned, forward)
        first, share, last = self._shares[place] if self._shares is not None else (True, 1.0, True)
        if first:
            self._forget()
        loss = self._loss(learned, forward)
        part = loss if share == 1.0 else loss * share
        (part if self.scaler is None else self.scaler.scale(part)).backward()
        if last:
            self._update()
        return loss

    def updates(self, place: int) -> bool:
        """Whether the weights are changed with the batch at this place of an epoch."""
        return self._shares is None or self._shares[place][2]

    def measured(self) -> AbstractContextManager[None]:
        """The network with the weights that are measured and kept: their running means, where there are any."""
        return nullcontext() if self.averages is None else self.averages.applied()

    def state_dict(self) -> dict[str, Any]:
        """All that is remembered from step to step, beside the network's own weights."""
        return {
            # Those of an update that several batches make together, of which the first are done.
            "gradients": None if self._shares is None else [weight.grad for weight in self._bench.weights],
            "optimizers": self._bench.optimizers.state_dict(),
            "rates": self.rates.state_dict(),
            "averages": None if self.averages is None else self.averages.state_dict(),
            "scaler": None if self.scaler is None else self.scaler.state_dict(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Takes back what `state_dict` gave."""
        for weight, gradient in zip(self._bench.weights, state["gradients"] or (), strict=False):
            weight.grad = None if gradient is None else gradient.to(weight)
        self._bench.optimizers.load_state_dict(state["optimizers"])
        self.rates.load_state_dict(state["rates"])
        if self.averages is not None:
            self.averages.load_state_dict(state["averages"])
        if self.scaler is not None:
            self.scaler.load_state_dict(state["scaler"])

    def _loss(self, batch: Batch | Mixed, forward: Forward) -> Tensor:
        goals, outputs = self._bench.goals, forward(*batch[0])
        loss = goals.loss(outputs, batch[1])
        if isinstance(batch, Mixed):
            loss = (1 - batch.share) * loss + batch.share * goals.loss(outputs, batch.other)
        return loss + self._bench.penalty() if self._bench.penalty else loss

    def _forget(self) -> None:
        for weight in self._bench.weights:
            weight.grad = None

    def _repeated(self, batch: Batch | Mixed, forward: Forward) -> Tensor:
        """A step of an optimizer that looks at its batch several times."""

        def closure() -> Tensor:
            self._forget()
            loss = self._loss(batch, forward)
            loss.backward()
            self._clip()
            return loss

        loss = self._bench.optimizers.repeat(closure)
        self._after_update()
        return loss

    def _update(self) -> None:
        optimizers, scaler = self._bench.optimizers, self.scaler
        if scaler is None:
            self._clip()
            optimizers.step()
        else:
            for part in optimizers.parts:
                scaler.unscale_(part)
            self._clip()
            for part in optimizers.parts:
                scaler.step(part)
            scaler.update()
        self._after_update()

    def _clip(self) -> None:
        if self._recipe.clip_value:
            torch.nn.utils.clip_grad_value_(self._bench.weights, self._recipe.clip_value)
        if self._recipe.clip_norm:
            torch.nn.utils.clip_grad_norm_(self._bench.weights, self._recipe.clip_norm)

    def _after_update(self) -> None:
        if self.averages is not None:
            self.averages.update()
        if self.rates.moves:
            self.rates.after_update()


def shares(sizes: list[int], together: int) -> list[tuple[bool, float, bool]]:
    """For each batch of an epoch: whether it begins an update, what share it has in it, and whether it ends it."""
    found = []
    for first in range(0, len(sizes), together):
        group = sizes[first : first + together]
        found += [(not place, size / sum(group), place == len(group) - 1) for place, size in enumerate(group)]
    return found


def _augment(bench: Bench, recipe: Recipe) -> Augment:
    """What changes the training pictures; raises Failure where there are none."""
    scales = [bench.data.scales.get(field) for field in recipe.inputs]
    few = bench.examples["train"].first(2)
    return Augment(recipe.augment, (few.inputs, few.targets), scales)


def _refuse(bench: Bench, recipe: Recipe) -> None:
    """Raises Failure for what does not go together."""
    if recipe.accumulate < 1:
        raise fail("accumulate", "An update needs at least one batch.", "Set accumulate to 1 or more.")
    if not bench.optimizers.asks_again:
        return
    rule = recipe.optimizer.target.rpartition(".")[2]
    if recipe.accumulate > 1:
        message = f"{rule} looks at each batch several times, so it cannot add up the gradients of several."
        raise fail("accumulate", message, "Set accumulate to 1, or choose another optimizer.")
    if recipe.precision == "float16":
        raise fail("precision", f"{rule} cannot be used with float16.", "Choose bfloat16 or float32.")
