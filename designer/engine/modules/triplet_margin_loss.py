"""Three vectors, of which the first is to be nearer to the second than to the third."""

from __future__ import annotations

from torch import Tensor, nn


class TripletMarginLoss(nn.Module):
    """torch's loss of the same name over an output of N x 3 x width; there is no target."""

    def __init__(self, margin: float = 1.0, p: float = 2.0, swap: bool = False) -> None:
        super().__init__()
        self.margin = margin
        self.p = p
        self.swap = swap

    def forward(self, x: Tensor, target: Tensor | None = None) -> Tensor:
        if x.dim() != 3 or x.shape[1] != 3:
            raise ValueError("the output must be N x 3 x width")
        anchor, near, far = x.unbind(1)
        return nn.functional.triplet_margin_loss(anchor, near, far, self.margin, self.p, swap=self.swap)
