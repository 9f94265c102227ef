"""The share of wrong answers."""

from __future__ import annotations

from torch import Tensor, nn


class ZeroOneLoss(nn.Module):
    """The share of labels that are not those of the target; it has no gradient, so nothing can learn from it."""

    def forward(self, x: Tensor, target: Tensor) -> Tensor:
        return (x != target).float().mean()
