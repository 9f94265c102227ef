"""Stochastic depth."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class DropPath(nn.Module):
    """Sets whole examples to zero with probability `p` while training, and scales the rest by 1 / (1 - p).

    On the branch of a residual block it skips the block for some examples (Huang et al., 2016, "Deep Networks
    with Stochastic Depth"). Takes any shape with the batch in front.
    """

    def __init__(self, p: float = 0.1) -> None:
        super().__init__()
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.p == 0.0:
            return x
        if self.p == 1.0:
            return torch.zeros_like(x)
        each = (x.shape[0], *(1,) * (x.dim() - 1))
        kept = torch.rand(each, dtype=x.dtype, device=x.device) >= self.p
        return x * kept / (1 - self.p)

    def extra_repr(self) -> str:
        return f"p={self.p}"
