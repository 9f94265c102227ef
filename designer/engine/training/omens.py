"""What can be seen before the first step that may keep a network from learning."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from designer.engine.data.load import Data
from designer.engine.network import Network, layers
from designer.engine.training.prepare import Bench
from designer.protocol import Omens, Recipe

MOST_CLASSES = 1000
"""Beyond that a target is no longer a question of balance."""


def omens(bench: Bench, recipe: Recipe) -> Omens:
    """Classes out of balance, constant columns, numbers that are not finite, and weights that all begin the same."""
    rows = bench.data.rows["train"]
    answers = {target.field for target in recipe.targets}
    balance = {}
    for target in recipe.targets:
        values = bench.data.fields.get(target.field)
        if target.compares in ("classes", "binary") and values is not None:
            counts = _counts(values, rows)
            if counts:
                balance[target.output] = counts
    return Omens(
        balance,
        {name: found for name in dict.fromkeys(recipe.inputs) if (found := _constant(bench.data, name, rows))},
        _not_finite(bench.data.fields, {*recipe.inputs, *answers}),
        _alike(bench.network),
    )


def _counts(values: Tensor, rows: Tensor) -> tuple[int, ...]:
    """How often each class stands in the training examples; nothing where there are too many, or one at most."""
    chosen = values[rows].flatten()
    if chosen.is_floating_point():
        chosen = (chosen > 0.5).long()
    if not chosen.numel() or int(chosen.min()) < 0 or not 0 < int(chosen.max()) < MOST_CLASSES:
        return ()
    return tuple(torch.bincount(chosen).tolist())


def _constant(data: Data, name: str, rows: Tensor) -> tuple[int, ...]:
    """The columns of a table that never change. Pictures have such places too, but no scale."""
    values = data.fields.get(name)
    if name not in data.scales or values is None or values.dim() != 2 or values.shape[1] < 2 or data.whole:
        return ()
    chosen = values[rows]
    same = (chosen == chosen[:1]).all(0) if len(chosen) > 1 else torch.zeros(values.shape[1], dtype=torch.bool)
    return tuple(same.nonzero().flatten().tolist())


def _not_finite(fields: Mapping[str, Tensor], names: set[str]) -> dict[str, int]:
    """How many numbers of each field are NaN or infinite, in all splits."""
    found = {}
    for name in sorted(names & fields.keys()):
        values = fields[name]
        if values.is_floating_point():
            lost = int((~values.isfinite()).sum())
            if lost:
                found[name] = lost
    return found


def _alike(network: Network) -> tuple[str, ...]:
    """Layers with a matrix of weights, all learned and all the same number."""
    found = []
    for name, layer in layers(network).items():
        own = [weight for weight in layer.parameters(recurse=False) if weight.requires_grad and weight.dim() > 1]
        if own and all(bool((weight == weight.flatten()[0]).all()) for weight in own if weight.numel() > 1):
            found.append(name)
    return tuple(found)
