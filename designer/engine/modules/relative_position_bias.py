"""Positions told by their distance from each other."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn


class RelativePositionBias(nn.Module):
    """Gives (num_heads, T, T) for a sequence (..., T, D): a learned number for the distance of each pair.

    Half of the classes of distances are for one distance each, the others for spans that grow up to `max_distance`
    (Raffel et al., 2020, "T5"). Row q, column k is for key k seen from query q.
    """

    def __init__(
        self, num_heads: int, num_buckets: int = 32, max_distance: int = 128, bidirectional: bool = True
    ) -> None:
        super().__init__()
        self.each_way = num_buckets // 2 if bidirectional else num_buckets
        self.alone = self.each_way // 2
        if max_distance <= self.alone:
            raise ValueError(f"max_distance must be above {self.alone}, not {max_distance}.")
        self.max_distance = max_distance
        self.bidirectional = bidirectional
        self.weight = nn.Parameter(torch.empty(num_buckets, num_heads))
        nn.init.normal_(self.weight, std=0.02)

    def forward(self, x: Tensor) -> Tensor:
        place = torch.arange(x.shape[-2], device=x.device)
        return self.weight[self.bucket(place - place[:, None])].permute(2, 0, 1)

    def bucket(self, ahead: Tensor) -> Tensor:
        """The class of each distance; positive ones look ahead."""
        far = ahead.abs() if self.bidirectional else (-ahead).clamp(min=0)
        span = math.log(self.max_distance / self.alone)
        share = (far.clamp(min=self.alone).float() / self.alone).log() / span
        together = self.alone + (share * (self.each_way - self.alone)).long()
        found = torch.where(far < self.alone, far, together.clamp(max=self.each_way - 1))
        return found + self.each_way * (ahead > 0) if self.bidirectional else found

    def extra_repr(self) -> str:
        buckets, heads = self.weight.shape
        return f"num_heads={heads}, num_buckets={buckets}, max_distance={self.max_distance}"
