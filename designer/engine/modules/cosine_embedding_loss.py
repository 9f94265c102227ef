"""Pairs of vectors that are to point the same way, or apart."""

from __future__ import annotations

from torch import Tensor, nn


class CosineEmbeddingLoss(nn.Module):
    """1 minus the cosine for pairs whose target is 1; for 0 the cosine, as far as it is above the margin.

    Takes N x 2 x width, and a 0 or 1 for each example.
    """

    def __init__(self, margin: float = 0.0) -> None:
        super().__init__()
        self.margin = margin

    def answer(self, x: Tensor) -> Tensor:
        """More than 0 where both point the same way rather than not."""
        return nn.functional.cosine_similarity(x[:, 0], x[:, 1], dim=-1) - 0.5

    def forward(self, x: Tensor, target: Tensor) -> Tensor:
        if x.dim() != 3 or x.shape[1] != 2:
            raise ValueError("the output must be N x 2 x width")
        first, second = x.unbind(1)
        return nn.functional.cosine_embedding_loss(first, second, 2 * target.reshape(-1) - 1, margin=self.margin)
