"""How the weights of one layer, and their gradients, are spread: counted when somebody asks, never by itself."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from designer.engine.network import Network, layers
from designer.protocol import Distribution, Histograms

MOST_BINS = 200


def distributions(network: Network, request: Histograms) -> tuple[Distribution, ...]:
    """Of each of the layer's own weights, then of its gradient from the last step; nothing of a layer not there."""
    layer = layers(network).get(request.node)
    if layer is None:
        return ()
    bins = min(max(request.bins, 1), MOST_BINS)
    return tuple(each for name, weight in layer.named_parameters() for each in _both(name, weight, bins))


def _both(name: str, weight: Tensor, bins: int) -> Iterator[Distribution]:
    yield counted(name, weight, bins)
    if weight.grad is not None:
        yield counted(name, weight.grad, bins, gradient=True)


def counted(name: str, values: Tensor, bins: int, *, gradient: bool = False) -> Distribution:
    """The counts between the least and the largest finite number; a single bin where all are the same."""
    numbers = values.detach().flatten().float()
    known = numbers[numbers.isfinite()]
    lost = numbers.numel() - known.numel()
    if not known.numel():
        return Distribution(name, 0.0, 0.0, (), gradient, lost)
    low, high = known.min().item(), known.max().item()
    if low == high:
        return Distribution(name, low, high, (known.numel(),), gradient, lost)
    counts = torch.histc(known, bins, low, high).long().tolist()
    return Distribution(name, low, high, tuple(counts), gradient, lost)
