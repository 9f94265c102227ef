"""What one example becomes on its way through a network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from designer.protocol.events import Event
from designer.protocol.recipe import Number

ValueForm = Literal["picture", "maps", "heat", "bars", "number"]


class Value(Struct, frozen=True):
    """What a node gives for one example, or a weight, as it can be shown small.

    A "picture" (in colour or grey), "maps" (one picture a channel, side by side) and a "heat" map have `pixels`: bytes
    in base64, of `size` (height, width, channels). In maps and heat a byte stands for a number between `low` and
    `high`; where these differ in sign, 128 is zero and both sides have one scale. "bars" and a "number" have `numbers`.
    `shape` is that of the tensor, without the batch; `parts` is how many maps or numbers there really are.
    """

    form: ValueForm
    shape: tuple[int, ...]
    low: Number = None
    high: Number = None
    mean: Number = None
    size: tuple[int, ...] = ()
    pixels: str = ""
    numbers: tuple[Number, ...] = ()
    parts: int = 0


class Values(Event, frozen=True):
    """What comes out of every node, by full id, for one example; a `problem`, one sentence, stands in its place.

    `examples` is how many there are to choose from. `wanted` are the example's own answers by field, `given` what went
    into the network, in the data's own units, where few numbers do. `weights` says whose they are: "run", "file" or
    "fresh"; `large` and `own` are the node that was asked for, and its weights by name.
    """

    key: str
    values: Mapping[str, Value] = {}
    examples: int = 0
    wanted: Mapping[str, tuple[Number, ...]] = {}
    given: Mapping[str, tuple[Number, ...]] = {}
    weights: str = ""
    step: int = 0
    large: Value | None = None
    own: Mapping[str, Value] = {}
    problem: str = ""
