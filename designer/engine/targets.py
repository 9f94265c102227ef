"""Finds what the target of a `Call` names, and refuses whatever a plan has no business with."""

from __future__ import annotations

import importlib
import operator
from collections.abc import Callable, Collection
from functools import reduce
from types import ModuleType
from typing import Any

import torch
import torch.nn.functional

from designer.engine.custom_code import PlanError, make_custom
from designer.plan import ATTRIBUTES, Call, Ref, Value, module_file

ROOMS: dict[str, ModuleType] = {
    "nn": torch.nn,
    "nn.init": torch.nn.init,
    "F": torch.nn.functional,
    "torch": torch,
    "torch.nn": torch.nn,
    "torch.nn.functional": torch.nn.functional,
    "torch.nn.init": torch.nn.init,
    "torch.linalg": torch.linalg,
    "torch.fft": torch.fft,
    "torch.special": torch.special,
    "torch.optim": torch.optim,
    "torch.optim.lr_scheduler": torch.optim.lr_scheduler,
}
"""Where a target may be looked for; torch's other modules reach files, processes and the network."""

FUNCTIONS = frozenset(
    """abs amax amin arange bmm cat chunk clamp cumsum einsum exp eye flatten flip full full_like linspace log
    matmul maximum mean minimum movedim ones ones_like outer permute pow rand rand_like randn randn_like relu
    reshape roll sigmoid softmax split sqrt squeeze stack sum tanh transpose tril triu unsqueeze where zeros
    zeros_like""".split()
)
"""What a plan may call of torch itself: other names there reach files, or would disturb the run."""

__all__ = ["PlanError", "construct", "resolve"]

BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "@": operator.matmul,
}


def resolve(target: str) -> Callable[..., Any]:
    """The function that a call of `target` calls; modules of the plan ("self.x") are not known here.

    Raises PlanError for anything but the spellings that `plan.Call` lists.
    """
    if target in BINARY:
        return _folded(BINARY[target])
    if target == "[]":
        return _item
    if target.startswith("."):
        return _member(target)
    room, _, name = target.rpartition(".")
    if room == "modules" and name.isidentifier():
        return _own(name)
    if room == "gnn":
        return _on_graphs(name)
    if room == "kornia.augmentation":
        return _on_pictures(name)
    if not name.isidentifier() or name.startswith("_") or room not in ROOMS:
        raise PlanError(f"A plan cannot call {target!r}.")
    found = getattr(ROOMS[room], name, None)
    if not callable(found) or isinstance(found, ModuleType) or (room == "torch" and name not in FUNCTIONS):
        raise PlanError(f"There is no {target!r} that a plan could call.")
    return found


def _own(name: str) -> Callable[..., Any]:
    """A class of `designer.engine.modules`."""
    path = f"designer.engine.modules.{module_file(name)}"
    try:
        found: Callable[..., Any] = getattr(importlib.import_module(path), name)
    except (ModuleNotFoundError, AttributeError) as error:
        raise PlanError(f"There is no layer called {name!r} beside those of torch.") from error
    return found


def _on_graphs(name: str) -> Callable[..., Any]:
    """A layer or a pooling of torch_geometric, which is imported when a plan first needs it: that takes seconds."""
    try:
        from torch_geometric import nn as gnn
    except ModuleNotFoundError as error:
        raise PlanError("Layers on graphs need torch_geometric, which is not installed here.") from error
    found = getattr(gnn, name, None)
    is_layer = isinstance(found, type) and issubclass(found, gnn.MessagePassing)
    is_pooling = name.startswith("global_") and name.endswith("_pool") and callable(found)
    if found is None or not (is_layer or is_pooling):
        raise PlanError(f"There is no 'gnn.{name}' that a plan could call.")
    return found


def _on_pictures(name: str) -> Callable[..., Any]:
    """A change of pictures by chance, of kornia, which is imported when a run first needs it: that takes a second."""
    from kornia import augmentation

    found = getattr(augmentation, name, None)
    if not name.startswith("Random") or not isinstance(found, type):
        raise PlanError(f"There is no 'kornia.augmentation.{name}' that pictures could be changed by.")
    return found


def construct(call: Call, allowed: Collection[str] = ()) -> Any:
    """The object that `call` makes, calls among its arguments made first (an encoder and its layer).

    `allowed` are the fingerprints of the texts of the user's own that may be run.
    """
    if call.code:
        return make_custom(call, allowed)
    maker = resolve(call.target)
    try:
        return maker(*_constants(call.positional), **{key: _constant(part) for key, part in call.keywords.items()})
    except (TypeError, ValueError, RuntimeError, AssertionError, OverflowError) as error:
        raise PlanError(f"{call.target} cannot be made with these settings: {error}") from error


def _constants(values: tuple[Value, ...]) -> list[Any]:
    return [_constant(part) for part in values]


def _constant(value: Value) -> Any:
    if isinstance(value, Ref):
        raise PlanError(f"A module's settings cannot read {value.name!r}, which is known in forward only.")
    if isinstance(value, Call):
        return construct(value)
    return tuple(_constants(value)) if isinstance(value, tuple) else value


def _member(target: str) -> Callable[..., Any]:
    """A method of the first value, or one of the attributes that plans may read."""
    name = target[1:]
    if not name.isidentifier() or name.startswith("_"):
        raise PlanError(f"A plan cannot call {target!r}.")
    if target in ATTRIBUTES:
        return operator.attrgetter(name)
    if not callable(getattr(torch.Tensor, name, None)):
        raise PlanError(f"A tensor has no method {name!r}.")

    def method(value: Any, *rest: Any, **keywords: Any) -> Any:
        return getattr(value, name)(*rest, **keywords)

    return method


def _folded(binary: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    def over(*values: Any) -> Any:
        return binary(*values) if len(values) == 2 else reduce(binary, values)

    return over


def _item(value: Any, *index: Any) -> Any:
    return value[index[0] if len(index) == 1 else index]
