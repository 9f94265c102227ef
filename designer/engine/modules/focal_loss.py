"""Cross-entropy that counts hard examples most."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class FocalLoss(nn.Module):
    """Cross-entropy times (1 - p) ** gamma, where p is the probability of the right class.

    From Lin et al. (2017), "Focal Loss for Dense Object Detection". Takes raw scores, N x classes x places.
    """

    weight: Tensor | None

    def __init__(self, gamma: float = 2.0, weight: Tensor | None = None) -> None:
        super().__init__()
        self.gamma = gamma
        self.register_buffer("weight", weight)

    def forward(self, x: Tensor, target: Tensor) -> Tensor:
        chances = torch.log_softmax(x, dim=1)
        right = chances.gather(1, target.clamp(min=0).unsqueeze(1)).squeeze(1)
        loss = -((1 - right.exp()) ** self.gamma) * right
        counts = (target >= 0).to(loss.dtype)
        if self.weight is not None:
            counts = counts * self.weight[target.clamp(min=0)]
        return (loss * counts).sum() / counts.sum().clamp(min=1e-12)
