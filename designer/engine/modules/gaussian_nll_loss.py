"""The likelihood of numbers where the network says how sure it is."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class GaussianNLLLoss(nn.Module):
    """The negative log-likelihood of a bell curve: the first half of the last axis are means, the others log-variances.

    From Nix and Weigend (1994), "Estimating the mean and variance of the target probability distribution".
    """

    def __init__(self, eps: float = 1e-6) -> None:
        super().__init__()
        self.eps = eps

    def answer(self, x: Tensor) -> Tensor:
        """The means, which are what the network answers."""
        return x.chunk(2, dim=-1)[0]

    def forward(self, x: Tensor, target: Tensor) -> Tensor:
        mean, log_variance = x.chunk(2, dim=-1)
        return nn.functional.gaussian_nll_loss(mean, target, torch.exp(log_variance), eps=self.eps)
