"""A place of its own in front of a sequence."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class ClassToken(nn.Module):
    """Puts a learned vector in front of a sequence: (..., T, width) becomes (..., T + 1, width).

    From BERT (Devlin et al., 2019) and ViT (Dosovitskiy et al., 2021), with their spread of 0.02 at the start.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.token = nn.Parameter(torch.empty(width))
        nn.init.trunc_normal_(self.token, std=0.02)

    def forward(self, x: Tensor) -> Tensor:
        token = self.token.expand(*x.shape[:-2], 1, -1)
        return torch.cat((token, x), dim=-2)

    def extra_repr(self) -> str:
        return f"width={self.token.shape[0]}"
