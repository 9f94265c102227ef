"""Examples of a data set as they can be shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from designer.protocol.events import Event
from designer.protocol.recipe import Number

Form = Literal["image", "mask", "numbers", "label", "sequence", "series"]


Cell = int | float | str | None
"""What stands in one place of a table; None where the value is missing."""


class Seen(Struct, frozen=True):
    """One field of some examples.

    An "image" or "mask" has `pixels`, the bytes of all examples in base64, each of `shape` (height, width, channels);
    a mask's byte is a class. All others have `values`, a row for each example: "numbers" by `columns`, a "label" is one
    number of a class, a "sequence" one for each step, a "series" a row for each channel, one after the other (`shape`:
    channels, steps). `names` says what whole numbers stand for, where that is known.
    """

    name: str
    role: str
    form: Form
    shape: tuple[int, ...] = ()
    columns: tuple[str, ...] = ()
    values: tuple[tuple[Cell, ...], ...] = ()
    pixels: str = ""
    names: tuple[str, ...] = ()
    cut: bool = False
    """Whether there is more of each example than is shown."""


class Spread(Struct, frozen=True):
    """How the values of one column lie: `bins` are counts between `low` and `high`, `common` the commonest values."""

    name: str
    role: str
    kind: str
    """"number", "whole", "text" or "other"."""
    count: int
    missing: int = 0
    distinct: int = 0
    low: Number = None
    high: Number = None
    mean: Number = None
    deviation: Number = None
    bins: tuple[int, ...] = ()
    common: tuple[tuple[str, int], ...] = ()


class Survey(Struct, frozen=True):
    """What all examples of a source are like. `counts` are examples by part, `balance` those of each class by part.

    `points` are (x, y, class) of some examples in a plane, named by `axes`; the class is -1 where there is none.
    """

    counts: Mapping[str, int]
    balance: Mapping[str, tuple[int, ...]] = {}
    names: tuple[str, ...] = ()
    columns: tuple[Spread, ...] = ()
    points: tuple[tuple[float, float, int], ...] = ()
    axes: tuple[str, ...] = ()
    note: str = ""


class Looked(Event, frozen=True):
    """Some examples of a source: `total` are in the part that was asked for, `rows` are their numbers, from 0 on.

    With a `problem`, one sentence, there is nothing to show.
    """

    key: str
    total: int = 0
    offset: int = 0
    rows: tuple[int, ...] = ()
    fields: tuple[Seen, ...] = ()
    survey: Survey | None = None
    problem: str = ""


class Varied(Event, frozen=True):
    """Some training pictures before and after; a `problem`, one sentence, stands in their place."""

    key: str
    before: Seen | None = None
    after: Seen | None = None
    problem: str = ""
