"""Steps on the theme's scale of colours, one for each node."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import log

from designer.gui.theme import SCALE

LAST = len(SCALE) - 1
HEAT_FIRST = len(SCALE)
"""Steps from here on are those of the other scale, from too little to too much."""


@dataclass(frozen=True, slots=True)
class Colours:
    """Each node's step on the scale, without nodes that have nothing of it; and what stands below the scale."""

    steps: Mapping[str, int] = field(default_factory=dict)
    low: str = ""
    high: str = ""
    first: int = 0
    """The step at which the scale begins."""


def on_scale(values: Mapping[str, int], write: Callable[[int], str]) -> Colours:
    """Steps in proportion to the logarithm: layers differ by powers of ten. Nought is none."""
    known = {name: value for name, value in values.items() if value > 0}
    if not known:
        return Colours()
    low, high = min(known.values()), max(known.values())
    span = log(high) - log(low)
    steps = {name: round((log(value) - log(low)) / span * LAST) if span else LAST for name, value in known.items()}
    return Colours(steps, write(low), write(high))
