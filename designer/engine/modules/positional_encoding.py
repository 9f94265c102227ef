"""Positions told by waves."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class PositionalEncoding(nn.Module):
    """Adds sines to the even features and cosines to the odd ones: (..., T, D) keeps its shape.

    Feature 2i of position p gets sin(p / base^(2i / D)), feature 2i + 1 the cosine of the same angle
    (Vaswani et al., 2017, "Attention Is All You Need").
    """

    def __init__(self, base: float = 10000.0) -> None:
        super().__init__()
        self.base = base

    def forward(self, x: Tensor) -> Tensor:
        length, width = x.shape[-2:]
        positions = torch.arange(length, dtype=torch.float32, device=x.device)
        features = torch.arange(width, device=x.device)
        even = features % 2 == 0
        rates = self.base ** (-(features - features % 2) / width)
        angles = positions[:, None] * rates
        waves = torch.where(even, angles.sin(), angles.cos())
        return x + (waves.to(x.dtype) if x.is_floating_point() else waves)

    def extra_repr(self) -> str:
        return f"base={self.base}"
