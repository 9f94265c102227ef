"""The running mean of the weights (EMA), which often does better than the weights themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor


class Averages:
    """An exponential mean of weights over their updates; early on it forgets faster, since it begins with chance.

    What is kept at update n is `decay`, or (1 + n) / (10 + n) where that is less, as in TensorFlow's moving average.
    """

    def __init__(self, weights: Sequence[Tensor], decay: float) -> None:
        self._weights = list(weights)
        self._means = [weight.detach().clone() for weight in weights]
        self._decay = decay
        self._updates = 0

    @torch.no_grad()
    def update(self) -> None:
        """Takes the weights in after an update."""
        self._updates += 1
        kept = min(self._decay, (1 + self._updates) / (10 + self._updates))
        torch._foreach_lerp_(self._means, [weight.detach() for weight in self._weights], 1.0 - kept)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """The network with the means in place of its weights, for as long as it lasts."""
        self._exchange()
        try:
            yield
        finally:
            self._exchange()

    def _exchange(self) -> None:
        for weight, mean in zip(self._weights, self._means, strict=True):
            weight.data, mean.data = mean.data, weight.data

    def state_dict(self) -> dict[str, Any]:
        """The means, in the order of the weights, and how many updates they have seen."""
        return {"means": self._means, "updates": self._updates}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Takes back what `state_dict` gave."""
        self._updates = int(state["updates"])
        for mean, kept in zip(self._means, state["means"], strict=True):
            mean.copy_(kept)
