"""A learned factor for each channel."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class LayerScale(nn.Module):
    """Multiplies each channel, along `dim`, by a learned number that begins small.

    At the end of a residual branch it lets a deep network begin as nearly nothing but its skip connections
    (Touvron et al., 2021, "Going Deeper with Image Transformers").
    """

    def __init__(self, channels: int, dim: int = -1, init: float = 1e-5) -> None:
        super().__init__()
        self.dim = dim
        self.gamma = nn.Parameter(torch.full((channels,), init))

    def forward(self, x: Tensor) -> Tensor:
        shape = [1] * x.dim()
        shape[self.dim] = -1
        return x * self.gamma.view(shape)

    def extra_repr(self) -> str:
        return f"channels={self.gamma.shape[0]}, dim={self.dim}"
