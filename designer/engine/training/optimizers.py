"""The optimizers of a run: made from the recipe's call, and stepped and remembered as one."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

import torch
from torch import Tensor, nn

from designer.engine.failures import fail
from designer.engine.targets import resolve
from designer.plan import Call

MUON = "torch.optim.Muon"
SHARED_WITH_MUON = ("lr", "weight_decay")
"""What the optimizer of the other weights takes over from Muon."""


class Optimizers:
    """One optimizer, or the two that share the weights under Muon."""

    def __init__(self, parts: Sequence[torch.optim.Optimizer]) -> None:
        self.parts = tuple(parts)
        self.asks_again = any(isinstance(part, torch.optim.LBFGS) for part in parts)
        """Whether a step looks at its batch several times, so that it needs a closure."""

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The groups of weights with their settings, of all parts."""
        return [group for part in self.parts for group in part.param_groups]

    def step(self) -> None:
        """Moves the weights by their gradients."""
        for part in self.parts:
            part.step()

    def repeat(self, closure: Callable[[], Tensor]) -> Tensor:
        """A step of an optimizer that asks again: `closure` works out the gradients anew, and gives the loss."""
        (part,) = self.parts
        return cast(Tensor, part.step(cast(Callable[[], float], closure)))

    def state_dict(self) -> list[dict[str, Any]]:
        """All that is remembered from step to step, a mapping for each part."""
        return [part.state_dict() for part in self.parts]

    def load_state_dict(self, state: Sequence[dict[str, Any]]) -> None:
        """Takes back what `state_dict` gave."""
        for part, remembered in zip(self.parts, state, strict=True):
            part.load_state_dict(remembered)


def make_optimizers(call: Call, network: nn.Module) -> Optimizers:
    """The optimizer of a call for all weights that are learned; raises Failure where torch refuses its settings.

    Muon takes the matrices between the first and the last layer, and AdamW the other weights, at the same rate.
    """
    weights = [weight for weight in network.parameters() if weight.requires_grad]
    if call.target != MUON:
        return Optimizers([_make(call, weights)])
    matrices = set(map(id, hidden_matrices(network)))
    inner = [weight for weight in weights if id(weight) in matrices]
    outer = [weight for weight in weights if id(weight) not in matrices]
    shared = {name: value for name, value in call.keywords.items() if name in SHARED_WITH_MUON}
    parts = [_make(call, inner)] if inner else []
    return Optimizers([*parts, *([_make(Call("torch.optim.AdamW", shared), outer)] if outer else [])])


def hidden_matrices(network: nn.Module) -> Iterator[Tensor]:
    """The learned matrices that are neither tables of an embedding nor the last one, which gives the result."""
    tables = {
        id(weight) for part in network.modules() if hasattr(part, "num_embeddings") for weight in part.parameters()
    }
    found = [
        weight
        for weight in network.parameters()
        if weight.requires_grad and weight.dim() == 2 and id(weight) not in tables
    ]
    yield from found[:-1]


def _make(call: Call, weights: Sequence[Tensor]) -> torch.optim.Optimizer:
    """An optimizer, fused where torch has it so: one call for all weights instead of several for each."""
    if not call.target.startswith("torch.optim."):
        raise fail("optimizer", f"{call.target} is no optimizer of torch.", "Choose another one.")
    maker = resolve(call.target)
    keywords: dict[str, object] = dict(call.keywords)
    takes: Mapping[str, object] = inspect.signature(maker).parameters
    if "fused" in takes and all(weight.is_floating_point() for weight in weights):
        keywords.setdefault("fused", True)
    elif "foreach" in takes:
        keywords.setdefault("foreach", True)
    try:
        made: torch.optim.Optimizer = maker(list(weights), **keywords)
    except (TypeError, ValueError) as error:
        name = call.target.rpartition(".")[2]
        raise fail("optimizer", f"{name} cannot be used with these settings: {error}.", "Change them.") from error
    return made
