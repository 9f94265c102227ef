"""What layers demand of the tensors that reach them, each demand once and in one wording."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from math import prod

from designer.catalogue.entry import Entry
from designer.catalogue.tensor import Length, Misfit, Specs, TensorSpec, dims

FLOATS = ("float32", "float64", "float16", "bfloat16")
WHOLE = ("int64", "int32")
NUMBERS = (*FLOATS, *WHOLE)
ANY = (*NUMBERS, "bool")
WEIGHT = ("float32",)
"""The type of all weights, hence of all that is multiplied with them."""

LARGEST_TENSOR = 2**40
"""More numbers than this (4 terabytes of float32) no computer holds; torch's own sizes overflow later."""


def name(layer: Entry) -> str:
    """What a message calls the layer."""
    return type(layer).__name__


def tensor(layer: Entry, x: Specs, port: str | None = None) -> TensorSpec:
    """The one tensor that a port takes; refuses several that travel together."""
    if isinstance(x, tuple):
        shapes = " and ".join(str(part) for part in x)
        raise Misfit(
            f"{name(layer)} takes one tensor, but {len(x)} come in together: {shapes}.",
            "Link another port of the recurrent layer, such as output or last.",
            code="port",
            port=port,
        )
    return x


def dtype(layer: Entry, x: TensorSpec, allowed: Collection[str], port: str | None = None) -> None:
    """Refuses a type of numbers that torch has no such operation for."""
    if x.dtype in allowed:
        return
    target = "float32" if "float32" in allowed else next(iter(allowed))
    looked_up = x.dtype in WHOLE and target in FLOATS
    raise Misfit(
        f"{name(layer)} takes {_types(allowed)}, but {x.dtype} comes in.",
        f"Set the Input's dtype to {target}{', or put an Embedding in front' if looked_up else ''}.",
        code="dtype",
        port=port,
    )


def _types(allowed: Collection[str]) -> str:
    """The allowed types in words: "floating-point or whole numbers", "int64 numbers", "true or false (bool)"."""
    left = dict.fromkeys(allowed)
    found = []
    for names, words in ((FLOATS, "floating-point"), (WHOLE, "whole")):
        if set(names) <= set(left):
            found.append(words)
            left = {each: None for each in left if each not in names}
    truths = "bool" in left
    found += [each for each in left if each != "bool"]
    numbers = [f"{' or '.join(found)} numbers"] if found else []
    return ", or ".join([*numbers, *(["true or false (bool)"] if truths else [])])


def batch_first(layer: Entry, x: TensorSpec, port: str | None = None) -> None:
    """Refuses a tensor whose batch axis does not come first, such as a recurrent state."""
    if x.batch not in (0, None):
        raise Misfit(
            f"{name(layer)} takes the batch as its first axis, but {x} comes in.",
            "Put a Permute in front that moves the batch to the front.",
            code="batch",
            port=port,
        )


def rank(layer: Entry, x: TensorSpec, wanted: Collection[int], axes: str, hint: str, port: str | None = None) -> None:
    """Refuses a wrong number of axes; `wanted` counts as torch does, the batch included."""
    full = len(x.full)
    if full in wanted:
        return
    nearest = min(wanted, key=lambda each: abs(each - full)) - (x.batch is not None)
    raise Misfit(
        f"{name(layer)} takes {axes}, but {dims(x.shape)} comes in.",
        hint,
        code="rank",
        rank=nearest if nearest >= (x.batch or 0) else None,
        port=port,
    )


GRIDS = {
    1: ("a sequence", "channels x length"),
    2: ("an image", "channels x height x width"),
    3: ("a volume", "channels x depth x height x width"),
}
"""What has so many axes beside its channels."""


def grid(layer: Entry, x: Specs, axes: int, *, alone: bool = True) -> tuple[TensorSpec, tuple[Length, ...]]:
    """A sequence, image or volume with the sizes of its axes; refuses one without channels.

    Torch would read that one as unbatched, and the batch as its channels. `alone` says whether torch
    takes one without a batch at all.
    """
    x = tensor(layer, x)
    batch_first(layer, x)
    kind, order = GRIDS[axes]
    shape = f"1 x {dims(x.shape)}" if x.rank == axes else order
    wanted = (axes + 1, axes + 2) if x.batch is None and alone else (axes + 2,)
    rank(layer, x, wanted, f"{kind} of {order}", f"Put a Reshape in front, to {shape}.")
    return x, x.shape[-axes:]


def image(layer: Entry, x: Specs) -> tuple[TensorSpec, tuple[Length, ...]]:
    """An image with its height and width; refuses what lacks an axis, which torch would read as unbatched."""
    return grid(layer, x, 2)


def features(layer: Entry, x: TensorSpec, port: str | None = None) -> int:
    """The length of the last axis; refuses a free length, a lone number, and the batch as features."""
    if not x.full or (x.batch is not None and not x.shape):
        raise Misfit(
            f"{name(layer)} needs at least one axis of features, but a single number comes in.",
            "Put a Reshape in front.",
            code="rank",
            rank=1,
            port=port,
        )
    if x.batch == x.rank:
        raise Misfit(
            f"{name(layer)} works on the last axis, which is the batch of {x}.",
            "Put a Permute in front that moves the batch to the front.",
            code="batch",
            port=port,
        )
    return known(layer, x.full[-1], "how many features come in", port)


def known(layer: Entry, length: Length, what: str, port: str | None = None) -> int:
    """`length` as a number; refuses a free one. `what` says what the layer must know."""
    if isinstance(length, int):
        return length
    raise Misfit(
        f"{name(layer)} must know {what}, but that is the free length {length}.",
        "Give the Input a number there, or move another axis into this place.",
        code="free",
        port=port,
    )


def axis(layer: Entry, x: TensorSpec, dim: int, setting: str, port: str | None = None) -> int:
    """The axis that `dim` names, counted from 0 with the batch included; refuses the batch itself."""
    full = len(x.full)
    place = in_range(layer, x, dim, setting, port)
    if place == x.batch:
        other = next((each for each in range(full) if each != x.batch), None)
        raise Misfit(
            f"{setting} = {dim} is the batch of {x}; {name(layer)} would mix the examples.",
            f"Take a {setting} of {other}." if other is not None else "Put a Reshape in front that adds an axis.",
            setting,
            code="batch",
            port=port,
            suggest=other,
        )
    return place


def axes(layer: Entry, x: TensorSpec, wanted: tuple[int, ...], setting: str) -> tuple[int, ...]:
    """The axes that `wanted` names, counted from 0 with the batch included; refuses the batch, and one named twice."""
    places = tuple(in_range(layer, x, dim, setting) for dim in wanted)
    others = tuple(dict.fromkeys(place for place in places if place != x.batch))
    if not places or len(set(places)) < len(places):
        raise Misfit(
            f"{setting} names {'an axis twice' if places else 'no axis'} of {x}, which {name(layer)} receives.",
            "Name one axis or more, each once.",
            setting,
            code="dim",
            suggest=others or None,
        )
    if x.batch in places:
        raise Misfit(
            f"{setting} = {', '.join(map(str, wanted))} names the batch of {x}; {name(layer)} would mix the examples.",
            f"Take axes other than {x.batch}.",
            setting,
            code="batch",
            suggest=others or None,
        )
    return places


def in_range(layer: Entry, x: TensorSpec, dim: int, setting: str, port: str | None = None) -> int:
    """The axis that `dim` names, counted from 0 with the batch included; refuses one that is not there."""
    full = max(len(x.full), 1)
    if -full <= dim < full:
        return dim % full
    raise Misfit(
        f"{setting} = {dim} names no axis of {x}, which {name(layer)} receives.",
        f"Take a {setting} between {-full} and {full - 1}.",
        setting,
        code="dim",
        port=port,
    )


def new_axis(layer: Entry, x: TensorSpec, dim: int, setting: str, port: str | None = None) -> int:
    """Where `dim` puts a new axis, counted with the batch; refuses a place that would move the batch."""
    most = len(x.full)
    if not -most - 1 <= dim <= most:
        raise Misfit(
            f"{setting} = {dim} names no place for a new axis in {x}, which {name(layer)} receives.",
            f"Take a {setting} between {-most - 1} and {most}.",
            setting,
            code="dim",
            port=port,
        )
    place = dim % (most + 1)
    if x.batch is not None and place <= x.batch:
        raise Misfit(
            f"{setting} = {dim} puts a new axis before the batch of {x}.",
            f"Take a {setting} of {x.batch + 1}.",
            setting,
            code="batch",
            port=port,
            suggest=x.batch + 1,
        )
    return place


def inserted(x: TensorSpec, place: int, length: Length) -> tuple[Length, ...]:
    """The shape of `x` per example with a new axis at a place behind the batch, counted with the batch."""
    own = place if x.batch is None else place - 1
    return (*x.shape[:own], length, *x.shape[own:])


def some_axis(layer: Entry, x: TensorSpec, port: str | None = None) -> None:
    """Refuses a lone number, which has no axis at all."""
    if not x.full:
        raise Misfit(
            f"{name(layer)} needs at least one axis, but a single number comes in.",
            "Put a Reshape in front.",
            code="rank",
            rank=1,
            port=port,
        )


def as_float(x: TensorSpec) -> TensorSpec:
    """Whole numbers become float32, as everywhere in torch where a result is not whole."""
    return x if x.is_float else replace(x, dtype="float32")


def with_length(x: TensorSpec, place: int, length: Length | None) -> TensorSpec:
    """`x` with another length at an axis counted with the batch, or without that axis where `length` is None.

    The batch stays the axis it was, at its new place.
    """
    full: list[Length | None] = [*x.full]
    full[place] = length
    shape = [each for axis, each in enumerate(full) if axis != x.batch and each is not None]
    batch = x.batch - 1 if x.batch is not None and length is None and place < x.batch else x.batch
    return TensorSpec(tuple(shape), x.dtype, batch)


def within_reach(
    layer: Entry, result: TensorSpec, weights: Mapping[str, tuple[int, ...]], setting: str | None = None
) -> TensorSpec:
    """`result`, or a refusal where it or a weight holds more numbers than any computer."""
    shapes = (("give", result.shape), *(("hold", shape) for shape in weights.values()))
    for verb, shape in shapes:
        if prod(length for length in shape if isinstance(length, int)) > LARGEST_TENSOR:
            raise Misfit(
                f"{name(layer)} would {verb} {dims(shape)} numbers, more than any computer can keep.",
                f"Take a smaller {setting}." if setting else "Make what comes in smaller.",
                setting,
                code="size",
            )
    return result
