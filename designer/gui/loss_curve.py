"""The curves of a run in arrays that grow, the smoothed course of its loss, and lines made fit to draw."""

from __future__ import annotations

import math
from array import array

import numpy as np

from designer import protocol

SMOOTHED_OVER = 10
"""About how many steps weigh in the smoothed loss, unless someone wants another number."""

LARGEST_POWER = 345.0
"""Powers of e that are worked with: 1e150, half of a float's range."""


class Losses:
    """The loss of every step so far and its smoothed course, in arrays that grow by doubling.

    What is not finite is NaN, and does not count for the smoothed course.
    """

    def __init__(self) -> None:
        self._room = np.empty((2, 1024))
        self._steps = np.arange(1.0, 1025.0)
        self._smooth = Smooth(SMOOTHED_OVER)
        self.count = 0

    def add(self, losses: tuple[protocol.Number, ...]) -> None:
        """Take the losses of the steps since the last call."""
        needed = self.count + len(losses)
        if needed > self._room.shape[1]:
            grown = np.empty((2, max(needed, 2 * self._room.shape[1])))
            grown[:, : self.count] = self._room[:, : self.count]
            self._room, self._steps = grown, np.arange(1.0, grown.shape[1] + 1)
        new = np.array(losses, dtype=float)  # None becomes NaN
        self._room[0, self.count : needed] = new
        self._room[1, self.count : needed] = self._smooth.add(new)
        self.count = needed

    def smooth_over(self, steps: int) -> None:
        """Let about so many steps weigh in the smoothed course, from the first one on."""
        if steps != self._smooth.over:
            self._smooth = Smooth(steps)
            self._room[1, : self.count] = self._smooth.add(self.values)

    def cut(self, count: int) -> None:
        """Forget all after so many steps."""
        if count < self.count:
            self.count, self._smooth = count, Smooth(self._smooth.over)
            self._room[1, :count] = self._smooth.add(self.values)

    @property
    def steps(self) -> np.ndarray:
        """The number of each step, from 1 on."""
        return self._steps[: self.count]

    @property
    def values(self) -> np.ndarray:
        """All of them, that of step 1 first."""
        return self._room[0, : self.count]

    @property
    def smooth(self) -> np.ndarray:
        """Their smoothed course."""
        return self._room[1, : self.count]


class Series:
    """A metric's values over the steps at which it was told; what is not finite is NaN."""

    def __init__(self) -> None:
        self._steps, self._values = array("d"), array("d")

    def add(self, step: int, value: protocol.Number) -> None:
        """Take the value at a step."""
        self._steps.append(step)
        self._values.append(math.nan if value is None else value)

    def cut(self, step: int) -> None:
        """Forget all after a step."""
        count = sum(each <= step for each in self._steps)
        del self._steps[count:], self._values[count:]

    @property
    def steps(self) -> np.ndarray:
        """Where the values stand."""
        return np.array(self._steps)

    @property
    def values(self) -> np.ndarray:
        """The values so far."""
        return np.array(self._values)


class Smooth:
    """An exponential mean from zero, divided by the weight that is in it so far: right from the first number on."""

    def __init__(self, over: int) -> None:
        self.over = max(1, over)
        self._mean = self._weight = 0.0

    def add(self, values: np.ndarray) -> np.ndarray:
        """The mean after each of the next numbers; NaN leaves it as it is, and is NaN before the first number."""
        if self.over == 1:
            return values
        known = np.isfinite(values)
        found = np.empty(len(values))
        # So many at once that the powers within stay in the range of a float.
        part = int(LARGEST_POWER / -math.log1p(-1.0 / self.over))
        for start in range(0, len(values), part):
            here = slice(start, start + part)
            found[here] = self._part(np.where(known[here], values[here], 0.0), known[here])
        return found

    def _part(self, values: np.ndarray, known: np.ndarray) -> np.ndarray:
        share = 1.0 / self.over
        faded = (1.0 - share) ** np.cumsum(known)
        mean = faded * (self._mean + share * np.cumsum(np.where(known, values / faded, 0.0)))
        weight = faded * (self._weight + share * np.cumsum(np.where(known, 1.0 / faded, 0.0)))
        self._mean, self._weight = float(mean[-1]), float(weight[-1])
        return np.divide(mean, weight, out=np.full(len(mean), np.nan), where=weight > 0)


def thinned(steps: np.ndarray, values: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """A line of about `most` points that looks like one of many more: the least and the largest of each stretch.

    A stretch in which all is NaN is NaN.
    """
    width = len(values) // max(1, most // 2)
    if width < 2:
        return steps, values
    whole = len(values) // width * width
    stretches = values[:whole].reshape(-1, width)
    low, high = np.fmin.reduce(stretches, axis=1), np.fmax.reduce(stretches, axis=1)
    places = np.repeat(steps[:whole:width], 2)
    peaks = np.empty(2 * len(low))
    peaks[0::2], peaks[1::2] = low, high
    return np.concatenate((places, steps[whole:])), np.concatenate((peaks, values[whole:]))
