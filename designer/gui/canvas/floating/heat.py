"""The figures of a run as steps of the colour scale: by fixed bounds, so that a colour means the same all along."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from designer.graph.names import plain_id
from designer.gui.canvas.floating.scale import HEAT_FIRST, LAST, Colours
from designer.gui.live_figures import FIGURE, Moment
from designer.protocol import Number

GRADIENT, UPDATE, DEAD, SPREAD = "gradient_norm", "update_ratio", "dead", "spread"


@dataclass(frozen=True, slots=True)
class Bounds:
    """The values at both ends of the scale and what they say; `first` is the step at which the scale begins."""

    low: float
    high: float
    least: str
    most: str
    first: int = HEAT_FIRST
    logarithmic: bool = True

    def step(self, value: Number) -> int:
        """The step of a value; what is not finite is most."""
        if value is None:
            return self.first + LAST
        low, high = self.low, self.high
        if self.logarithmic:
            value, low, high = math.log10(max(value, 1e-300)), math.log10(low), math.log10(high)
        return self.first + round(min(max((value - low) / (high - low), 0.0), 1.0) * LAST)


HEAT = {
    GRADIENT: Bounds(1e-9, 1e5, "1e-9, vanished", "1e5, exploding"),
    UPDATE: Bounds(1e-7, 1e1, "1e-7, stands still", "10, torn"),
    SPREAD: Bounds(1e-4, 1e4, "1e-4, all alike", "1e4"),
    DEAD: Bounds(0.0, 1.0, "none", "all", 0, logarithmic=False),
}
"""By what nodes can be coloured while they are trained; healthy layers stand in the middle of the first three."""


def heat(measure: str, moment: Moment, prefix: str, shown: Iterable[str]) -> Colours:
    """The colours of the shown nodes; `prefix` stands before their ids in a full id.

    A group shows the largest share of dead units inside, and of all else the mean of the logarithms.
    """
    bounds, values = HEAT[measure], moment.all(FIGURE[measure])
    inside = {name: found for name, found in values.items() if name.startswith(prefix)}
    own = {plain_id(name[len(prefix) :]): value for name, value in inside.items()}
    grouped: dict[str, list[Number]] = {}
    for name, value in inside.items():
        top, dot, _ = name[len(prefix) :].partition(".")
        if dot:
            grouped.setdefault(top, []).append(value)
    steps = {}
    for node in shown:
        if node in grouped:
            steps[node] = bounds.step(_together(measure, grouped[node]))
        elif node in own:
            steps[node] = bounds.step(own[node])
    return Colours(steps, bounds.least, bounds.most, bounds.first)


def _together(measure: str, values: list[Number]) -> Number:
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    if measure == DEAD:
        return max(known)
    return 10 ** (sum(math.log10(max(value, 1e-300)) for value in known) / len(known))


def changed(before: Mapping[str, int] | None, after: Mapping[str, int]) -> set[str]:
    """The nodes whose colour is another one."""
    if before is None:
        return set(after)
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
