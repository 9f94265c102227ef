"""What comes out of each node while it trains: mean, spread, and units that are always zero.

Nothing is measured but in a step whose message is due, and nothing is waited for: the figures stay on the device.
"""

from __future__ import annotations

import time
from typing import Any

import torch
from torch import Tensor, nn

from designer.engine.network import Network, layers, watch
from designer.protocol import Activation, finite

RECTIFIERS = (nn.ReLU, nn.ReLU6, nn.Threshold)
"""Modules whose units can be zero for good."""
MOST = 2**18
"""Numbers of one output that are looked at; of larger ones, as many examples as make up so many."""
FEWEST = 32
"""Examples that are looked at nevertheless."""


class Activations:
    """Figures of all outputs of a network; groups have their own, as nodes do."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._rectifiers = {name for name, layer in layers(network).items() if isinstance(layer, RECTIFIERS)}
        self._found: dict[str, Tensor] = {}
        self.names: tuple[str, ...] = ()
        """The nodes of the last `pass_through`, in the order of their figures."""
        self.seconds = 0.0
        """What the last `pass_through` took longer than one without figures."""

    def pass_through(self, inputs: tuple[Tensor, ...]) -> tuple[Any, ...]:
        """The network's outputs, each node's figures being kept for `figures`."""
        self._found, self.seconds = {}, 0.0
        begun = time.perf_counter()
        with watch(self._network, self._see):
            self.seconds += time.perf_counter() - begun
            outputs = self._network(*inputs)
        self.names = tuple(self._found)
        return outputs

    def figures(self) -> Tensor | None:
        """Mean, spread and dead share of each of `names` in a row, as one tensor on the device."""
        return torch.cat(tuple(self._found.values())) if self._found else None

    def read(self, numbers: list[float]) -> dict[str, Activation]:
        """The figures by full id, from the numbers of `figures`."""
        found = {}
        for place, name in enumerate(self.names):
            mean, spread, dead = numbers[3 * place : 3 * place + 3]
            found[name] = Activation(finite(mean), finite(spread), dead if name in self._rectifiers else None)
        return found

    def _see(self, node: str, value: Any) -> None:
        """Of a node with several outputs the first counts."""
        if node in self._found or not isinstance(value, Tensor) or not value.is_floating_point() or not value.numel():
            return
        begun = time.perf_counter()
        with torch.no_grad():
            some = _some(value.detach())
            spread, mean = torch.var_mean(some, correction=0)
            dead = dead_share(some) if node in self._rectifiers else torch.zeros_like(mean)
            self._found[node] = torch.stack((mean.float(), spread.float().sqrt(), dead.float()))
        self.seconds += time.perf_counter() - begun


def dead_share(values: Tensor) -> Tensor:
    """The share of units that are zero for all of a batch.

    A unit is a channel of an image or a number of a vector. Of a sequence it may be either, (N, C, L) or (N, T, F):
    the axis with more dead units is taken, since a whole place of a sequence is hardly ever zero.
    """
    silent = values == 0
    if values.dim() < 2:
        return silent.float().mean()
    if values.dim() == 3:
        return torch.maximum(silent.all(2).all(0).float().mean(), silent.all(1).all(0).float().mean())
    return silent.movedim(1, 0).flatten(1).all(1).float().mean()


def _some(value: Tensor) -> Tensor:
    """The first examples, where all are too many to look at."""
    if value.numel() <= MOST or value.dim() < 2:
        return value
    return value[: max(FEWEST, MOST * len(value) // value.numel())]
