"""Positions told by learned vectors."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class PositionalEmbedding(nn.Module):
    """Adds a learned vector to each of at most `max_length` positions: (..., T, width) keeps its shape."""

    def __init__(self, max_length: int, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(max_length, width))
        nn.init.trunc_normal_(self.weight, std=0.02)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.weight.narrow(0, 0, x.shape[-2])

    def extra_repr(self) -> str:
        return f"max_length={self.weight.shape[0]}, width={self.weight.shape[1]}"
