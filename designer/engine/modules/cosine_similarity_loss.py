"""How far two vectors point apart."""

from __future__ import annotations

from torch import Tensor, nn


class CosineSimilarityLoss(nn.Module):
    """The mean of 1 minus the cosine of the angle between output and target, along the last axis."""

    def forward(self, x: Tensor, target: Tensor) -> Tensor:
        return (1 - nn.functional.cosine_similarity(x, target, dim=-1)).mean()
