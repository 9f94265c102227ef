"""Pooling that keeps several values and their order."""

from __future__ import annotations

from torch import Tensor, nn


class KMaxPool1d(nn.Module):
    """Keeps the `k` largest values along the last axis, in the order in which they stand there.

    Takes (..., T) with T of at least k and gives (..., k) (Kalchbrenner et al., 2014, "A Convolutional Neural
    Network for Modelling Sentences").
    """

    def __init__(self, k: int = 2) -> None:
        super().__init__()
        self.k = k

    def forward(self, x: Tensor) -> Tensor:
        places = x.topk(self.k, dim=-1).indices.sort(dim=-1).values
        return x.gather(-1, places)

    def extra_repr(self) -> str:
        return f"k={self.k}"
