"""Cross-entropy for yes or no that counts hard examples most."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class BinaryFocalLoss(nn.Module):
    """Binary cross-entropy times (1 - p) ** gamma, where p is the probability of the right answer.

    From Lin et al. (2017), "Focal Loss for Dense Object Detection". Yes counts `alpha`, no the rest of 1. Takes raw
    scores.
    """

    def __init__(self, gamma: float = 2.0, alpha: float = 0.25) -> None:
        super().__init__()
        self.gamma = gamma
        self.alpha = alpha

    def forward(self, x: Tensor, target: Tensor) -> Tensor:
        surprise = nn.functional.binary_cross_entropy_with_logits(x, target, reduction="none")
        share = self.alpha * target + (1 - self.alpha) * (1 - target)
        return (share * (1 - torch.exp(-surprise)) ** self.gamma * surprise).mean()
