"""One pass over a split: what came of each example, for each output."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from designer.engine.training.goals import Goal
from designer.engine.training.metrics import Tally
from designer.engine.training.prepare import Bench

MOST_SCORES = 20_000_000
"""Scores of classes that are kept for all examples together."""


@dataclass(slots=True)
class Outcome:
    """An output over a split, an entry for each example, on the CPU; numbers are in the data's own units.

    `answers` are classes or numbers, `wanted` what they should be; `sure` is the probability of the answer, and
    `scores` are those of all classes, where there is one answer an example.
    """

    goal: Goal
    rows: Tensor
    losses: Tensor
    wanted: Tensor
    answers: Tensor
    sure: Tensor | None
    scores: Tensor | None
    tally: Tally | None
    metrics: dict[str, float] = field(default_factory=dict)

    @property
    def places(self) -> int:
        """How many axes of answers an example has: 0 for one answer, 1 for a sequence, 2 for an image."""
        return self.answers.dim() - 1

    @property
    def order(self) -> Tensor:
        """The examples, the one with the largest loss first; what is not finite is worst of all."""
        return self.losses.nan_to_num(torch.inf).argsort(descending=True, stable=True)


@dataclass(slots=True)
class _Batches:
    losses: list[Tensor] = field(default_factory=list)
    answers: list[Tensor] = field(default_factory=list)
    wanted: list[Tensor] = field(default_factory=list)
    sure: list[Tensor] = field(default_factory=list)
    scores: list[Tensor] = field(default_factory=list)
    sums: list[Tensor] = field(default_factory=list)
    tally: Tally | None = None


def outcomes(bench: Bench, split: str, size: int) -> list[Outcome]:
    """What came of each example of a split, in batches of `size`; raises StepError."""
    goals, examples = bench.goals.each, bench.examples[split]
    found = [_Batches() for _ in goals]
    bench.network.eval()
    with torch.inference_mode():
        for inputs, wanted in examples.batches(size):
            outputs = bench.network(*inputs)
            for goal, batches, each in zip(goals, found, wanted, strict=True):
                _add(goal, batches, outputs[goal.place], each, len(examples))
    rows = bench.data.rows[split].cpu()
    return [_outcome(bench, goal, batches, rows) for goal, batches in zip(goals, found, strict=True)]


def _add(goal: Goal, batches: _Batches, output: Tensor, wanted: Tensor, examples: int) -> None:
    batches.sums.append(goal.sums(output, wanted))
    batches.losses.append(losses(goal, output, wanted).float().cpu())
    batches.wanted.append(wanted.cpu())
    output = goal.answer(output)
    if batches.tally is None:
        batches.tally = goal.tally(output)
    if batches.tally is not None:
        batches.tally.add(output, wanted, goal.axis)
    if goal.target.compares == "classes":
        chances = output.float().movedim(goal.axis, -1).softmax(-1)
        sure, answers = chances.max(-1)
        batches.answers.append(answers.cpu())
        batches.sure.append(sure.cpu())
        if wanted.dim() == 1 and examples * chances.shape[-1] <= MOST_SCORES:
            batches.scores.append(chances.cpu())
    elif goal.target.compares == "binary":
        chance = output.float().sigmoid()
        batches.answers.append((chance > 0.5).long().cpu())
        batches.sure.append(torch.where(chance > 0.5, chance, 1 - chance).cpu())
        if examples * output[0].numel() <= MOST_SCORES:
            batches.scores.append(chance.cpu())
    else:
        batches.answers.append(output.cpu())


def losses(goal: Goal, output: Tensor, wanted: Tensor) -> Tensor:
    """The loss of each example of a batch, by itself."""
    before = getattr(goal.loss, "reduction", None)
    if isinstance(before, str):
        goal.loss.reduction = "none"  # type: ignore[assignment]  # a text, as torch's losses hold it
        try:
            found = goal.value(output, wanted)
        finally:
            goal.loss.reduction = before  # type: ignore[assignment]
        if found.dim() and len(found) == len(wanted):
            return found.flatten(1).mean(1) if found.dim() > 1 else found
    one_by_one = (goal.value(output[row : row + 1], wanted[row : row + 1]) for row in range(len(wanted)))
    return torch.stack([loss.reshape(()) for loss in one_by_one])


def _outcome(bench: Bench, goal: Goal, batches: _Batches, rows: Tensor) -> Outcome:
    compares, wanted, answers = goal.target.compares, torch.cat(batches.wanted), torch.cat(batches.answers)
    whole = torch.stack(batches.sums).cpu().double().sum(0).tolist()
    metrics = goal.metrics(whole, wanted)
    if batches.tally is not None:
        metrics |= batches.tally.metrics()
    if compares == "numbers":
        scale = bench.data.scales.get(goal.target.field)
        if scale is not None:
            shape = bench.data.fields[goal.target.field].shape[1:]
            unit, mean = (part.cpu().expand(shape).reshape(wanted.shape[1:]) for part in (scale.deviation, scale.mean))
            wanted, answers = wanted * unit + mean, answers * unit + mean
    if compares == "binary":
        wanted = (wanted > 0.5).long()
    sure = torch.cat(batches.sure) if batches.sure else None
    scores = torch.cat(batches.scores) if batches.scores else None
    if compares == "binary" and wanted.dim() == 2 and wanted.shape[1] == 1:  # one answer, with an axis of its own
        wanted, answers = wanted[:, 0], answers[:, 0]
        sure = sure[:, 0] if sure is not None else None
    return Outcome(goal, rows, torch.cat(batches.losses), wanted, answers, sure, scores, batches.tally, metrics)
