"""Positions told by rotation."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class RotaryEmbedding(nn.Module):
    """Turns pairs of features by an angle that grows with the position: (..., T, D) keeps its shape; D is even.

    Pair i of position p turns by p / base^(2i / D) (Su et al., 2021, "RoFormer"). Pairs are neighbours where
    `interleaved`, as in the paper; else a feature and the one D / 2 further, as in GPT-NeoX and Llama.
    """

    def __init__(self, base: float = 10000.0, interleaved: bool = False) -> None:
        super().__init__()
        self.base = base
        self.interleaved = interleaved

    def forward(self, x: Tensor) -> Tensor:
        length, width = x.shape[-2:]
        if width % 2 or not x.is_floating_point():
            raise ValueError("RotaryEmbedding turns pairs of floating-point numbers.")
        positions = torch.arange(length, dtype=torch.float32, device=x.device)
        rates = self.base ** (-torch.arange(0, width, 2, dtype=torch.float32, device=x.device) / width)
        angles = positions[:, None] * rates
        cos, sin = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
        if self.interleaved:
            first, second = x[..., 0::2], x[..., 1::2]
        else:
            first, second = x.chunk(2, dim=-1)
        turned = first * cos - second * sin, first * sin + second * cos
        if self.interleaved:
            return torch.stack(turned, dim=-1).flatten(-2)
        return torch.cat(turned, dim=-1)

    def extra_repr(self) -> str:
        return f"base={self.base}, interleaved={self.interleaved}"
