"""What a source of the user's own holds, as far as the check must know it, and what is then read from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import msgspec

from designer.own_data.look import Stamp
from designer.protocol import Column

if TYPE_CHECKING:
    import numpy as np

SPLITS = ("train", "validation", "test")
"""The place of a split in this row is its number in `Collected.splits`."""
PixelRange = Literal["0..1", "-1..1", "standardize", "imagenet"]
NORMALIZE: tuple[PixelRange, ...] = ("0..1", "-1..1", "standardize", "imagenet")


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """The base of what is asked of a source; `stamp` says which state of it was looked at."""

    path: str = ""
    stamp: Stamp | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A field: its shape per example, its type, and the names of its classes where it holds such."""

    shape: tuple[int, ...]
    dtype: str = "float32"
    classes: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    """The columns of a table that stand side by side in it."""


@dataclass(frozen=True, slots=True)
class Content:
    """What will be read: fields, how many examples, how many of each split where the source says so itself."""

    title: str
    fields: Mapping[str, Item]
    features: tuple[str, ...]
    target: str
    examples: int
    given: Mapping[str, int] | None = None
    """Examples by split, where the source is split already."""
    ordered: bool = False
    """Whether the examples are in an order that a split must keep, such as that of time."""
    notes: tuple[str, ...] = ()
    """A sentence for each thing that is left out."""


@dataclass(frozen=True, slots=True)
class Collected:
    """All examples by field. Pictures are bytes, (examples, channels, height, width)."""

    fields: Mapping[str, np.ndarray]
    measures: Mapping[str, np.ndarray]
    """By field, which of its columns are measures, each in a unit of its own: they are standardized."""
    splits: np.ndarray | None = None
    """The number of each example's split, where the source is split already."""
    overlap: int | None = None
    """Where examples are in order: how many of those before it an example shares something with; None: no order."""
    groups: np.ndarray | None = None
    """The number of the sequence that each example is from: all of a sequence stand in one split."""
    series: frozenset[str] = frozenset()
    """The fields whose last axis are the columns of a sequence, (examples, steps, columns); NaN beyond the end."""
    normalize: Mapping[str, PixelRange] = field(default_factory=dict)
    """By field of pictures, what their numbers are brought to."""
