"""Hinge with a soft corner, for targets of 0 and 1."""

from __future__ import annotations

from torch import Tensor, nn


class SoftMarginLoss(nn.Module):
    """The mean of log(1 + exp(-y * x)), where y is 1 for yes and -1 for no; the target says 1 and 0."""

    def forward(self, x: Tensor, target: Tensor) -> Tensor:
        return nn.functional.soft_margin_loss(x, 2 * target - 1)
