"""What kind of data it is, as far as that decides which network suits it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from designer.catalogue.datasets import CHANNELS, DataFacts, Field

SMALLEST = 4
"""The side of the smallest picture in which there is something to look for."""
EMBEDDINGS = "embeddings"
"""The kind of a table whose categories are to be indices."""
MANY = "several"
"""The kind of several features that no template knows as they are."""


@dataclass(frozen=True, slots=True)
class DataKind:
    """The kinds of the features in order and that of the target, by words that templates name too."""

    features: tuple[str, ...]
    target: str


def kind_of(facts: DataFacts) -> DataKind:
    """The kind of a data set."""
    features = [facts.fields[name] for name in facts.features]
    if facts.whole:
        return DataKind(("graph",), "nodes")
    kinds = tuple(feature_kind(field) for field in features)
    return DataKind(kinds, _target_kind(facts, features[0], kinds[0]))


def feature_kind(field: Field) -> str:
    """What a feature is: "image", "series", "points", "table", "sequence", or "other"."""
    shape = field.spec.shape
    if any(isinstance(length, str) for length in shape):
        return "other"
    if field.spec.dtype == "int64":
        # A number that stands for something is one step of a sequence, as an Embedding reads it.
        return "sequence" if len(shape) == 1 and vocabulary(field) else "words" if vocabulary(field) else "other"
    if not field.spec.is_float:
        return "other"
    if len(shape) == 3 and shape[0] in CHANNELS and min(int(side) for side in shape[1:]) >= SMALLEST:
        return "image"
    if len(shape) == 1:
        return "points" if shape == (2,) else "table"
    return "series" if len(shape) == 2 else "other"


def vocabulary(field: Field) -> int:
    """How many different whole numbers a field may hold; 0 where that is not known."""
    return len(field.classes) or field.numbers


def _target_kind(facts: DataFacts, first: Field, kind: str) -> str:
    target = facts.fields[facts.target]
    shape = target.spec.shape
    if facts.target in facts.features:
        return "itself"
    if target.classes and not shape:
        return "classes"
    if target.classes and kind == "sequence" and shape == first.spec.shape:
        alone = len(facts.features) == 1
        return "next" if alone and len(target.classes) == vocabulary(first) else "steps"
    if kind == "image" and shape[-2:] == first.spec.shape[-2:]:
        return "map"
    if target.spec.is_float and all(isinstance(length, int) for length in shape):
        return "numbers"
    return "other"


def as_several(kind: DataKind) -> DataKind:
    """The same with all features taken for whatever can stand side by side."""
    return DataKind((MANY,), kind.target)


def sizes(facts: DataFacts) -> Mapping[str, int]:
    """What templates may reckon with: how wide, how long, how many."""
    fields = [facts.fields[name] for name in facts.features]
    target, first = facts.fields[facts.target], fields[0]
    shape = tuple(length for length in first.spec.shape if isinstance(length, int))
    numbers = 1
    for length in target.spec.shape:
        numbers *= length if isinstance(length, int) else 1
    outputs = len(target.classes) or (int(target.spec.shape[0]) if _is_map(facts) else max(1, numbers))
    few = facts.examples < 1000
    found = {
        "outputs": outputs,
        "width": 16 if few else 32 if facts.examples < 20_000 else 64,
        "code": 8,
        "channels": 16,
        "length": max(shape[0], 1) if shape else 1,
        "pooled": max(1, min(4, min(shape[-2:]) // 4)) if len(shape) == 3 else 1,
    }
    for place, field in enumerate(fields, 1):
        found["numbers" if place == 1 else f"numbers{place}"] = max(1, vocabulary(field))
    return found


def _is_map(facts: DataFacts) -> bool:
    target = facts.fields[facts.target]
    return not target.classes and len(target.spec.shape) == 3 and _target_kind(
        facts, facts.fields[facts.features[0]], feature_kind(facts.fields[facts.features[0]])) == "map"  # fmt: skip
