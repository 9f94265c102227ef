"""Labels whose places in a sequence are not known."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class CTCLoss(nn.Module):
    """Connectionist temporal classification: the likelihood of the labels over all places where they might stand.

    From Graves et al. (2006). Takes raw scores, N x classes x T, and labels N x S; class 0 is the blank, and what a
    row of labels is filled up with.
    """

    only_loss = True

    def __init__(self, zero_infinity: bool = True) -> None:
        super().__init__()
        self.zero_infinity = zero_infinity

    def forward(self, x: Tensor, target: Tensor) -> Tensor:
        chances = torch.log_softmax(x, dim=1).permute(2, 0, 1)
        full = torch.full((len(x),), x.shape[2], dtype=torch.long, device=x.device)
        known = target > 0
        # Labels first, in their order, then what fills the row up.
        labels = target.gather(1, torch.argsort((~known).to(torch.uint8), dim=1, stable=True))
        return nn.functional.ctc_loss(
            chances, labels, full, known.sum(1), reduction="mean", zero_infinity=self.zero_infinity
        )
