"""Positions in a window of an image told by how they lie to each other."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class WindowPositionBias(nn.Module):
    """Gives (num_heads, L, L), a learned number for each offset between the L places of a window, row by row.

    One number a head for each of the (2 height - 1)(2 width - 1) offsets (Liu et al., 2021, "Swin Transformer").
    """

    offset: Tensor

    def __init__(self, window_size: int | tuple[int, int] = 7, num_heads: int = 3) -> None:
        super().__init__()
        height, width = (window_size, window_size) if isinstance(window_size, int) else window_size
        self.weight = nn.Parameter(torch.empty((2 * height - 1) * (2 * width - 1), num_heads))
        nn.init.trunc_normal_(self.weight, std=0.02)
        row = torch.arange(height).repeat_interleave(width)
        column = torch.arange(width).repeat(height)
        below, right = row[:, None] - row + height - 1, column[:, None] - column + width - 1
        self.register_buffer("offset", below * (2 * width - 1) + right, persistent=False)

    def forward(self) -> Tensor:
        return self.weight[self.offset].permute(2, 0, 1)

    def extra_repr(self) -> str:
        return f"places={self.offset.shape[0]}, num_heads={self.weight.shape[1]}"
