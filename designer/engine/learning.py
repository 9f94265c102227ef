"""What a run needs of how nodes learn, beside the network itself: penalties, and files with which weights begin.

Files with weights are safetensors alone; nothing in them is ever run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from designer.engine.failures import Failure
from designer.plan import Plan
from designer.problems import Fix, Problem

LOAD = "learning.load"


def _parts(network: nn.Module, plan: Plan, prefix: str = "") -> Iterator[tuple[str, nn.Module, Plan]]:
    """The network and the groups inside it, each with its path (a dot at its end) and its plan."""
    yield prefix, network, plan
    for name, made_by in plan.modules.items():
        if isinstance(made_by, Plan):
            yield from _parts(network.get_submodule(name), made_by, f"{prefix}{name}.")
        elif isinstance(made_by, tuple):
            for number, inside in enumerate(made_by):
                path = f"{name}.{number}"
                yield from _parts(network.get_submodule(path), inside, f"{prefix}{path}.")


@dataclass(frozen=True, slots=True)
class WeightPenalty:
    """What the weights' own size adds to the loss: l1 times sums of |w|, and l2 times sums of w squared.

    It is worked out on the device and waits for nothing.
    """

    absolute: Mapping[float, list[Tensor]] = field(default_factory=dict)
    """Weights by l1."""
    squared: Mapping[float, list[Tensor]] = field(default_factory=dict)
    """Weights by l2."""

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.absolute or self.squared)

    def __call__(self) -> Tensor:
        """The sum of all."""
        terms = [l1 * _sum(weight.abs().sum() for weight in weights) for l1, weights in self.absolute.items()]
        terms += [l2 * _sum(weight.square().sum() for weight in weights) for l2, weights in self.squared.items()]
        return _sum(terms)


def _sum(values: Iterable[Tensor]) -> Tensor:
    return torch.stack(list(values)).sum()


def penalty(network: nn.Module, plan: Plan, l1: float = 0.0, l2: float = 0.0) -> WeightPenalty:
    """The penalties of a network, groups included, on the weights as they stand on their device.

    `l1` and `l2` hold for all weights that are learned and have two or more axes: no biases, no gains.
    """
    absolute: dict[float, list[Tensor]] = {}
    squared: dict[float, list[Tensor]] = {}
    for _, part, inside in _parts(network, plan):
        for each in inside.penalties:
            weights = [part.get_parameter(f"{each.node}.{name}") for name in each.weights]
            if each.l1:
                absolute.setdefault(each.l1, []).extend(weights)
            if each.l2:
                squared.setdefault(each.l2, []).extend(weights)
    everywhere = [weight for weight in network.parameters() if weight.requires_grad and weight.dim() > 1]
    if l1 and everywhere:
        absolute.setdefault(l1, []).extend(everywhere)
    if l2 and everywhere:
        squared.setdefault(l2, []).extend(everywhere)
    return WeightPenalty(absolute, squared)


def load_begun(network: nn.Module, plan: Plan) -> None:
    """Gives modules the weights of the files that the plan names for them; raises Failure, with the node.

    A file may be a run's or an export's, where the weights have the node's id in front ("block1.conv1.weight",
    "conv1.weight"), or have the weights alone ("weight"). Running statistics are read where the file has them.
    """
    for prefix, part, inside in _parts(network, plan):
        for name, path in inside.loads:
            _load(part.get_submodule(name), f"{prefix}{name}", path)


def _load(module: nn.Module, full_id: str, path: str) -> None:
    parameters = dict(module.named_parameters(remove_duplicate=False))
    tensors = {**parameters, **dict(module.named_buffers())}
    try:
        with ExitStack() as stack:
            file = stack.enter_context(safe_open(path, framework="pt"))
            keys = set(file.keys())
            prefix = _prefix(keys, full_id, tensors)
            found = {name: file.get_tensor(prefix + name) for name in tensors if prefix + name in keys}
    except (OSError, SafetensorError) as error:
        missing_file = isinstance(error, FileNotFoundError)
        reason = "there is no such file" if missing_file else str(error).split("\n")[0].rstrip(".")
        message = f"The weights of {full_id} could not be read from {path}: {reason}."
        raise _failure(full_id, message, "Choose a safetensors file, or load none.") from error
    missing = [name for name in parameters if name not in found]
    if missing:
        message = f"{path} has no {missing[0]} for {full_id}."
        raise _failure(full_id, message, f"Its weights must be called as those of {full_id} are.")
    for name, weight in found.items():
        if weight.shape != tensors[name].shape:
            here, there = (_shape(tensor) for tensor in (tensors[name], weight))
            message = f"The {name} of {full_id} is {here}, but in {path} it is {there}."
            raise _failure(full_id, message, "Load the weights of a layer with the same settings and inputs.")
    with torch.no_grad():
        for name, weight in found.items():
            tensors[name].copy_(weight)


def _prefix(keys: set[str], full_id: str, names: Iterable[str]) -> str:
    """What stands before the weights' names in a file: the longest form of the node's id that it has, or nothing."""
    parts = full_id.split(".")
    plain = [part for part in parts if not part.isdigit()]
    names = tuple(names)
    for path in (parts, plain, plain[-1:]):
        prefix = f"{'.'.join(path)}."
        if any(prefix + name in keys for name in names):
            return prefix
    return ""


def _shape(tensor: Tensor) -> str:
    return " x ".join(map(str, tensor.shape)) or "a single number"


def _failure(full_id: str, message: str, hint: str) -> Failure:
    """A failure at the node's field, with the mend of loading nothing."""
    *groups, node = (part for part in full_id.split(".") if not part.isdigit())
    fix = Fix("Load no weights", "change_learning", {"node": node, "unset": ("load",)}, tuple(groups))
    place = ".".join((*groups, node))
    return Failure(Problem("load", message, hint, node=place, setting=LOAD, fixes=(fix,)))
