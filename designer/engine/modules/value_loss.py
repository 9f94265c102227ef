"""A loss without a target."""

from __future__ import annotations

from torch import Tensor, nn


class ValueLoss(nn.Module):
    """The mean of what comes in, made small as it is: the negative log-likelihood of a CRF, the KL of a VAE."""

    def forward(self, x: Tensor, target: Tensor | None = None) -> Tensor:
        return x.mean()
