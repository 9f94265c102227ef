"""How tensors of different shapes and types are combined number by number, as torch does it."""

from __future__ import annotations

from collections.abc import Iterable

from designer.catalogue.tensor import Length, TensorSpec

_RANKS = {"bool": 0, "int32": 1, "int64": 2, "float16": 3, "bfloat16": 3, "float32": 4, "float64": 5}
_BATCH = object()
"""Stands for the length of the batch axis, which equals itself alone."""


def promote(specs: Iterable[TensorSpec]) -> str:
    """The type that comes out when tensors are combined.

    A lone number counts only where it is of a higher category (a float among whole numbers).
    Source: torch's page on type promotion (`torch.result_type`).
    """
    every = tuple(specs)
    lone = _higher(spec.dtype for spec in every if not spec.full)
    others = _higher(spec.dtype for spec in every if spec.full)
    if not lone or not others:
        return lone or others
    return others if _category(others) >= _category(lone) else lone


def broadcast(first: TensorSpec, second: TensorSpec) -> TensorSpec | None:
    """What combining two tensors gives, or None where their shapes do not add up.

    The batch axis meets only itself or an axis of length 1, and stays in its place.
    """
    batch = first.batch if first.batch is not None else second.batch
    left, right = _marked(first), _marked(second)
    rank = max(len(left), len(right))
    left, right = (1,) * (rank - len(left)) + left, (1,) * (rank - len(right)) + right
    lengths: list[object] = []
    for place, (one, other) in enumerate(zip(left, right, strict=True)):
        if one != other and one != 1 and other != 1:
            return None
        if (one is _BATCH or other is _BATCH) and place != batch:
            return None
        lengths.append(other if one == 1 else one)
    shape: tuple[Length, ...] = tuple(length for length in lengths if isinstance(length, (int, str)))
    return TensorSpec(shape, promote((first, second)), batch)


def _marked(spec: TensorSpec) -> tuple[object, ...]:
    return tuple(_BATCH if place == spec.batch else length for place, length in enumerate(spec.full))


def _higher(dtypes: Iterable[str]) -> str:
    highest = ""
    for dtype in dtypes:
        if {highest, dtype} == {"float16", "bfloat16"}:
            highest = "float32"
        elif not highest or _RANKS[dtype] > _RANKS[highest]:
            highest = dtype
    return highest


def _category(dtype: str) -> int:
    return 0 if dtype == "bool" else 1 if dtype.startswith("int") else 2
