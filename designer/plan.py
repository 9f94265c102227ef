"""The lowered network as plain data: the torch calls a design stands for.

The engine makes each call, the source writer prints it; neither knows more than what stands here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct

UNUSED = "_"
"""Stands in `Step.result` where a part of the result is not wanted."""


class Ref(Struct, frozen=True, tag="ref"):
    """A value computed earlier, or an input, by name."""

    name: str


class Call(Struct, frozen=True, tag="call"):
    """One torch call.

    `target` says what is called, in the spelling of the exported source:

    - "nn.Conv2d", "torch.optim.Adam": a class to construct
    - "custom.Waves": the class in `code`, which the user wrote; it is run only where that is allowed
    - "modules.DropPath": a class of `designer.engine.modules`, in the file that `module_file` says
    - "gnn.GCNConv", "gnn.global_mean_pool": a layer or a pooling of `torch_geometric.nn`
    - "self.conv1": a module of the plan, applied
    - "torch.cat", "F.pad": a function
    - ".reshape": a method of the first positional value
    - ".device" with no other argument and `ATTRIBUTES`: an attribute of the first positional value
    - "+", "-", "*", "/", "@", "[]": an operator over the positional values
    """

    target: str
    keywords: Mapping[str, Value] = {}
    positional: tuple[Value, ...] = ()
    code: str = ""
    """The Python text that defines the class, for a layer of the user's own."""
    written: Mapping[str, str] = {}
    """What the source says in place of an argument, by its keyword or its place: "2 * WIDTH" for 128."""


Atom = bool | int | float | str | Ref | Call | None
Value = Atom | tuple[Atom | tuple[Atom, ...], ...]
Names = str | tuple[str | tuple[str, ...], ...]

ATTRIBUTES = frozenset({".device", ".dtype", ".shape"})
OPERATORS = frozenset({"+", "-", "*", "/", "@", "[]"})


class Step(Struct, frozen=True):
    """One line of `forward`: `result = call`. A nested tuple of names unpacks the result."""

    result: Names
    call: Call
    node: str = ""
    """The node this line comes from, for messages and per-layer figures."""


class PlanInput(Struct, frozen=True):
    """An argument of `forward`: its name and its shape per example (a string is a free length)."""

    name: str
    shape: tuple[int | str, ...]
    dtype: str = "float32"
    batch: int | None = 0


class Penalty(Struct, frozen=True):
    """What holds the weights of a node small: l1 times the sum of |w| and l2 times that of w squared join the loss.

    `weights` are all of the node's but its biases.
    """

    node: str
    weights: tuple[str, ...]
    l1: float = 0.0
    l2: float = 0.0


class Plan(Struct, frozen=True, tag="plan"):
    """A network, or a group inside one: what `__init__` makes and what `forward` does.

    A module is a Call, a Plan (a group), or a tuple of Plans (a group repeated; its rounds are the
    modules "0", "1", ... below the group's name, each fed with the outputs of the round before).
    `outputs` names the values returned, in order; `ties` are pairs of weights ("decoder.weight",
    "embedding.weight") where the first is the same tensor as the second. A module that several steps call
    is shared by their nodes.
    """

    title: str
    inputs: tuple[PlanInput, ...]
    modules: Mapping[str, Call | Plan | tuple[Plan, ...]]
    steps: tuple[Step, ...]
    outputs: tuple[tuple[str, Value], ...]
    """Pairs of the output's id and the value returned for it."""
    ties: tuple[tuple[str, str], ...] = ()
    constants: tuple[tuple[str, str], ...] = ()
    """Names and their texts at the top of the source, which what is written in calls refers to."""
    parameters: tuple[tuple[str, int | float], ...] = ()
    """Of a group: the arguments of its class, each with its default."""
    arguments: Mapping[str, str] = {}
    """Of a group: what its class is given where it is made."""
    inits: tuple[tuple[str, Call], ...] = ()
    """Weights ("conv1.weight") that begin otherwise than torch has it, and the call of nn.init, without the weight."""
    frozen: tuple[str, ...] = ()
    """The modules that are not trained, ties included, with all that is inside."""
    still: tuple[str, ...] = ()
    """The modules that keep their running statistics, so that they are evaluated even in training."""
    penalties: tuple[Penalty, ...] = ()
    loads: tuple[tuple[str, str], ...] = ()
    """Modules and the safetensors files with which they begin."""


def module_file(name: str) -> str:
    """The file of a class of `designer.engine.modules`, without its ending: "KMaxPool1d" is in "k_max_pool1d"."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def calls(plan: Plan) -> Iterator[Call]:
    """Every call that a plan makes, in its groups and among the arguments of other calls too."""
    for made_by in plan.modules.values():
        if isinstance(made_by, Call):
            yield from _calls_in(made_by)
        else:
            for inside in (made_by,) if isinstance(made_by, Plan) else made_by:
                yield from calls(inside)
    for step in plan.steps:
        yield from _calls_in(step.call)


def _calls_in(value: object) -> Iterator[Call]:
    if isinstance(value, Call):
        yield value
        yield from _calls_in(value.positional)
        yield from _calls_in(tuple(value.keywords.values()))
    elif isinstance(value, tuple):
        for part in value:
            yield from _calls_in(part)


def fingerprint(code: str) -> str:
    """What stands for a text of the user's own wherever it is remembered that it may be run."""
    return hashlib.sha256(code.encode(errors="surrogatepass")).hexdigest()


def codes(plan: Plan) -> dict[str, str]:
    """Every text of the user's own in a plan, by its fingerprint."""
    return {fingerprint(call.code): call.code for call in calls(plan) if call.code}


def refs(value: object) -> Iterator[str]:
    """Every name that `value` reads, in order of appearance."""
    if isinstance(value, Ref):
        yield value.name
    elif isinstance(value, Call):
        yield from refs(value.positional)
        for part in value.keywords.values():
            yield from refs(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from refs(part)


def names(result: Names) -> Iterator[str]:
    """Every name that a step's result binds, `UNUSED` left out."""
    if isinstance(result, str):
        if result != UNUSED:
            yield result
    else:
        for part in result:
            yield from names(part)


def substitute(value: Any, read: Callable[[str], Value]) -> Any:
    """`value` with every Ref replaced by `read(name)`."""
    if isinstance(value, Ref):
        return read(value.name)
    if isinstance(value, Call):
        keywords = {key: substitute(part, read) for key, part in value.keywords.items()}
        positional = tuple(substitute(part, read) for part in value.positional)
        return Call(value.target, keywords, positional, value.code, value.written)
    if isinstance(value, tuple):
        return tuple(substitute(part, read) for part in value)
    return value


def retargeted(call: Call, old: str, new: str) -> Call:
    """The same call, with calls of the target `old` inside it, or itself, made to `new`."""

    def follow(value: Any) -> Any:
        if isinstance(value, Call):
            return retargeted(value, old, new)
        return tuple(map(follow, value)) if isinstance(value, tuple) else value

    keywords = {key: follow(part) for key, part in call.keywords.items()}
    return Call(
        new if call.target == old else call.target,
        keywords,
        tuple(map(follow, call.positional)),
        call.code,
        call.written,
    )
