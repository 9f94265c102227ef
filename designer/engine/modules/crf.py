"""A linear-chain conditional random field."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class CRF(nn.Module):
    """Chooses the best sequence of tags as a whole, by a score for each tag at each step and for each pair in a row.

    From Lafferty, McCallum and Pereira (2001), "Conditional Random Fields". Gives the best path (N x T), and where
    `tags` are given the negative log-likelihood of these (N). `mask` is true where a sequence has a step; its first
    step counts always, and the path is 0 where there is none.
    """

    def __init__(self, tags: int) -> None:
        super().__init__()
        if tags < 2:
            raise ValueError("a CRF chooses among two tags or more")
        self.start_transitions = nn.Parameter(torch.empty(tags))
        self.end_transitions = nn.Parameter(torch.empty(tags))
        self.transitions = nn.Parameter(torch.empty(tags, tags))
        for weight in self.parameters():
            nn.init.uniform_(weight, -0.1, 0.1)

    def forward(
        self, emissions: Tensor, tags: Tensor | None = None, mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor | None]:
        if emissions.dim() != 3 or not emissions.is_floating_point():
            raise ValueError("emissions must be floating-point numbers of N x T x tags")
        scores = emissions.to(torch.promote_types(emissions.dtype, self.transitions.dtype))
        if mask is None:
            mask = torch.ones(emissions.shape[:2], dtype=torch.bool, device=emissions.device)
        if mask.dtype != torch.bool or mask.shape != emissions.shape[:2]:
            raise ValueError("the mask must be true or false, of N x T")
        kept = torch.cat((torch.ones_like(mask[:, :1]), mask[:, 1:]), dim=1)
        path = self._best_path(scores.detach(), kept)
        if tags is None:
            return path, None
        if tags.dtype != torch.int64 or tags.shape != emissions.shape[:2]:
            raise ValueError("tags must be int64 numbers of N x T")
        return path, self._all_paths(scores, kept) - self._one_path(scores, tags, kept)

    def _all_paths(self, scores: Tensor, kept: Tensor) -> Tensor:
        """The logarithm of the sum of exp(score) over every path, by the forward algorithm."""
        so_far = self.start_transitions + scores[:, 0]
        for step in range(1, scores.shape[1]):
            longer = torch.logsumexp(so_far.unsqueeze(2) + self.transitions, dim=1) + scores[:, step]
            so_far = torch.where(kept[:, step, None], longer, so_far)
        return torch.logsumexp(so_far + self.end_transitions, dim=1)

    def _one_path(self, scores: Tensor, tags: Tensor, kept: Tensor) -> Tensor:
        """The score of the given tags."""
        tags = tags.masked_fill(~kept, 0)
        latest = [tags[:, 0]]
        for step in range(1, tags.shape[1]):
            latest.append(torch.where(kept[:, step], tags[:, step], latest[-1]))
        own = scores.gather(2, tags.unsqueeze(2)).squeeze(2).masked_fill(~kept, 0)
        before = torch.stack(latest, dim=1)[:, :-1]
        moves = self.transitions[before, tags[:, 1:]].masked_fill(~kept[:, 1:], 0)
        ends = self.start_transitions[tags[:, 0]] + self.end_transitions[latest[-1]]
        return own.sum(1) + moves.sum(1) + ends

    def _best_path(self, scores: Tensor, kept: Tensor) -> Tensor:
        """The path of the highest score, by the Viterbi algorithm."""
        transitions = self.transitions.detach()
        stay = torch.arange(scores.shape[2], device=scores.device)
        best = self.start_transitions.detach() + scores[:, 0]
        origins = []
        for step in range(1, scores.shape[1]):
            longer, origin = (best.unsqueeze(2) + transitions).max(dim=1)
            here = kept[:, step, None]
            best = torch.where(here, longer + scores[:, step], best)
            origins.append(torch.where(here, origin, stay))
        tag = (best + self.end_transitions.detach()).argmax(dim=1)
        path = [tag]
        for origin in reversed(origins):
            tag = origin.gather(1, tag.unsqueeze(1)).squeeze(1)
            path.append(tag)
        return torch.stack(path[::-1], dim=1).masked_fill(~kept, 0)

    def extra_repr(self) -> str:
        return f"tags={self.start_transitions.shape[0]}"
