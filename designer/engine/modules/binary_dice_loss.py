"""How little areas overlap, for yes or no."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class BinaryDiceLoss(nn.Module):
    """1 minus the Dice coefficient of yes: twice the overlap by the sum of both areas.

    From Milletari, Navab and Ahmadi (2016), "V-Net". Takes raw scores.
    """

    def __init__(self, smooth: float = 1.0) -> None:
        super().__init__()
        self.smooth = smooth

    def forward(self, x: Tensor, target: Tensor) -> Tensor:
        chances = torch.sigmoid(x)
        overlap, areas = (chances * target).sum(), chances.sum() + target.sum()
        return 1 - (2 * overlap + self.smooth) / (areas + self.smooth).clamp(min=1e-12)
