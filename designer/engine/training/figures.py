"""The live figures of each layer: how large its weights and gradients are, how far a step moved them, what it gives."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

import torch
from torch import Tensor

from designer.engine.network import Network, layers
from designer.engine.training.activations import Activations
from designer.protocol import Activation, Layer, finite

SHARE = 0.02
"""Figures take no more than this share of the time: large weights are measured less often."""


class Measured(NamedTuple):
    """The figures of one step, by full id."""

    layers: Mapping[str, Layer] = {}
    activations: Mapping[str, Activation] = {}


NOTHING = Measured()


class Figures:
    """Measures all layers with learned weights in a few calls; a weight shared by two layers counts in the first."""

    def __init__(self, network: Network) -> None:
        self._activations = Activations(network)
        self._weights: list[Tensor] = []
        owners: list[int] = []
        self.names: list[str] = []
        known: set[int] = set()
        for name, layer in layers(network).items():
            own = [weight for weight in layer.parameters() if weight.requires_grad and id(weight) not in known]
            if own:
                known.update(map(id, own))
                owners += [len(self.names)] * len(own)
                self.names.append(name)
                self._weights += own
        self._due = self._spent = 0.0
        device = self._weights[0].device if self._weights else None
        self._owners = torch.tensor(owners, dtype=torch.int64, device=device)

    def copy(self) -> list[Tensor] | None:
        """The weights as they are before a step, for `measure`; None where it is too soon to measure again."""
        begun = time.perf_counter()
        if begun < self._due:
            return None
        before = [weight.detach().clone() for weight in self._weights]
        self._spent = time.perf_counter() - begun
        return before

    @torch.no_grad()
    def restore(self, *copies: list[Tensor] | None) -> None:
        """Puts back the first of the copies in which every weight is finite."""
        for copy in copies:
            if copy is not None and all(bool(weight.isfinite().all()) for weight in copy):
                for weight, kept in zip(self._weights, copy, strict=True):
                    weight.copy_(kept)
                return

    def pass_through(self, inputs: tuple[Tensor, ...]) -> tuple[Any, ...]:
        """The network's outputs; what comes out of each node is measured on the way."""
        return self._activations.pass_through(inputs)

    @torch.no_grad()
    def measure(self, before: list[Tensor]) -> Tensor:
        """Sums of squares of weights, gradients and updates by layer, then what was seen of the outputs, in a row."""
        begun = time.perf_counter()
        moved = torch._foreach_sub([weight.detach() for weight in self._weights], before)
        gradients = [torch.zeros_like(weight) if weight.grad is None else weight.grad for weight in self._weights]
        norms = torch._foreach_norm([*self._weights, *gradients, *moved])
        squares = torch.stack(norms).float().reshape(3, -1).square()
        by_layer = squares.new_zeros(3, len(self.names)).index_add_(1, self._owners, squares).flatten()
        outputs = self._activations.figures()
        found = by_layer if outputs is None else torch.cat((by_layer, outputs))
        now = time.perf_counter()
        self._due = now + (now - begun + self._spent + self._activations.seconds) / SHARE
        return found

    def read(self, numbers: list[float]) -> Measured:
        """The figures by full id, from the numbers of `measure`."""
        count = len(self.names)
        found = {}
        for place, name in enumerate(self.names):
            weight, gradient, update = (math.sqrt(numbers[part * count + place]) for part in range(3))
            ratio = update / weight if weight > 0 else math.inf
            found[name] = Layer(finite(weight), finite(gradient), finite(ratio))
        return Measured(found, self._activations.read(numbers[3 * count :]))
