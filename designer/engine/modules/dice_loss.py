"""How little areas overlap, for classes."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class DiceLoss(nn.Module):
    """1 minus the Dice coefficient, the mean over the classes: twice the overlap by the sum of both areas.

    From Milletari, Navab and Ahmadi (2016), "V-Net". Takes raw scores, N x classes x places.
    """

    def __init__(self, smooth: float = 1.0) -> None:
        super().__init__()
        self.smooth = smooth

    def forward(self, x: Tensor, target: Tensor) -> Tensor:
        chances = torch.softmax(x, dim=1)
        right = nn.functional.one_hot(target.clamp(min=0), x.shape[1]).movedim(-1, 1).to(chances.dtype)
        known = (target >= 0).unsqueeze(1).to(chances.dtype)
        axes = [0, *range(2, x.dim())]
        overlap = (chances * right * known).sum(axes)
        areas = ((chances + right) * known).sum(axes)
        return (1 - (2 * overlap + self.smooth) / (areas + self.smooth).clamp(min=1e-12)).mean()
