"""A number that no data decides."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Constant(nn.Module):
    """Gives a tensor of one number. It moves to a device with the network, but is neither learned nor saved."""

    value: Tensor

    def __init__(self, shape: tuple[int, ...] = (1,), value: float = 1.0) -> None:
        super().__init__()
        self.register_buffer("value", torch.full(shape, value), persistent=False)

    def forward(self) -> Tensor:
        return self.value
