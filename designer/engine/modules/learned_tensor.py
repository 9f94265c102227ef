"""Numbers that are learned by themselves."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class LearnedTensor(nn.Module):
    """Gives a learned tensor; with `x`, one copy for each of its examples: (N, *shape)."""

    def __init__(self, shape: tuple[int, ...], std: float = 0.02) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(shape) * std)

    def forward(self, x: Tensor | None = None) -> Tensor:
        return self.weight if x is None else self.weight.expand(x.shape[0], *self.weight.shape)

    def extra_repr(self) -> str:
        return f"shape={tuple(self.weight.shape)}"
