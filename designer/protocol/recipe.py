"""How a plan is trained: its data, what it is compared with, and the way of each step."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from designer.plan import Call

Comparison = Literal["classes", "binary", "numbers", "labels", "nothing"]


Precision = Literal["float32", "bfloat16", "float16"]


Number = float | None
"""A figure of a run; None where it is not finite."""


def finite(value: float) -> Number:
    """The number, or None where it is not finite, as messages have it."""
    return value if math.isfinite(value) else None


class Source(Struct, frozen=True):
    """Where examples come from: a key of the catalogue's data sets and the chosen settings."""

    key: str
    settings: Mapping[str, object] = {}


class Split(Struct, frozen=True):
    """What share of the examples is kept for validation and for the test, drawn by `seed`."""

    validation: float = 0.15
    test: float = 0.15
    seed: int = 0


class Target(Struct, frozen=True):
    """What one output is compared with: a field of the data, by a loss.

    `compares` says what the loss takes: "classes" (an index each), "binary" (0 or 1 as a float in the
    output's shape), "numbers" (floats in the output's shape), "labels" (an index each, where the output is
    indices too: measured, not trained) or "nothing" (`field` is empty).
    """

    output: str
    field: str
    loss: Call
    compares: Comparison
    weight: float = 1.0
    """How much the loss counts in the sum over all outputs."""
    balanced: bool = False
    """Whether rare classes weigh more in the loss, each by how rare it is among the training examples."""


class Schedule(Struct, frozen=True):
    """How the learning rate goes: a scheduler of torch, and when it moves on.

    `call` names a class of `torch.optim.lr_scheduler`, without the optimizer. Its arguments may read three names:
    `updates`, how often the weights are changed in the whole run once the warm-up is over, `updates_per_epoch`, and
    `rate`, the optimizer's own learning rate. It moves on after each "update", from the end of the warm-up on; after
    each "epoch"; or after each epoch by the validation "loss".
    """

    call: Call
    every: Literal["update", "epoch", "loss"] = "epoch"


class Column(Struct, frozen=True):
    """A column of a table as it stands in a field: a number, or one of `values`.

    One of `values` is its place among them in a field of whole numbers; in any other it is a 1 among as many zeros.
    """

    name: str
    values: tuple[str, ...] = ()


class Meaning(Struct, frozen=True):
    """What the numbers of a field stand for: the names of its classes, or the columns that stand side by side."""

    classes: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()


class Recipe(Struct, frozen=True):
    """How a plan is trained. `inputs` names the data's field for each input of the plan, in order.

    What is 0, or as it stands here, is off.
    """

    source: Source
    inputs: tuple[str, ...]
    targets: tuple[Target, ...]
    optimizer: Call
    epochs: int = 10
    batch_size: int = 32
    split: Split = Split()
    seed: int = 0
    device: str = "auto"
    augment: tuple[Call, ...] = ()
    """What changes training pictures by chance, in this order."""
    fields: Mapping[str, Meaning] = {}
    """What the fields stand for, where that is known; kept for those who ask a trained network later."""
    schedule: Schedule | None = None
    warmup: int = 0
    """Updates over which the learning rate rises from a hundredth to what the schedule says."""
    clip_norm: float = 0.0
    """The largest l2 norm that all gradients together keep."""
    clip_value: float = 0.0
    """The largest absolute value that a number of a gradient keeps."""
    accumulate: int = 1
    """Batches whose gradients are added up for one update, as if they were one batch."""
    ema: float = 0.0
    """How much of the running mean of the weights is kept at each update; the mean is what is measured and kept."""
    precision: Precision = "float32"
    """The numbers that the network computes in, where torch holds that safe; the weights stay float32."""
    compile: bool = False
    deterministic: bool = False
    """Only operations that give the same numbers each time."""
    l1: float = 0.0
    """Adds l1 / examples * the sum of |w| to the loss, over all weights of two or more axes."""
    l2: float = 0.0
    """Adds l2 / (2 * examples) * the sum of w squared to the loss, over all weights of two or more axes."""
    patience: int = 0
    """Epochs without a better validation loss after which the run ends."""
