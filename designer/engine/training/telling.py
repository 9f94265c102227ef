"""What a run has to tell: the losses not yet told, how fast it goes, and the time spent in steps."""

from __future__ import annotations

import time

import torch
from torch import Tensor

from designer.protocol import Number, finite


class Losses:
    """The losses of all steps, left on the device until they are read together."""

    def __init__(self) -> None:
        self._unread: list[Tensor] = []
        self._untold: list[float] = []
        self.epoch: list[float] = []
        """Those of the epoch under way that have been read."""
        self._unwritten: list[float] = []

    def add(self, loss: Tensor) -> None:
        """Takes the loss of a step; it is not waited for."""
        self._unread.append(loss.detach())

    def read(self, others: Tensor | None = None) -> list[float]:
        """Fetches all that is unread, and `others` with it, in one transfer; returns the numbers of `others`."""
        count = len(self._unread)
        if not count:
            return []
        together = torch.stack(self._unread)
        self._unread.clear()
        numbers = (together if others is None else torch.cat((together, others.to(together.dtype)))).tolist()
        self._untold += numbers[:count]
        self.epoch += numbers[:count]
        self._unwritten += numbers[:count]
        return numbers[count:]

    def first_not_finite(self) -> int | None:
        """How many steps ago the first loss not yet told stopped being finite, the last step being 0."""
        bad = (place for place, loss in enumerate(self._untold) if finite(loss) is None)
        place = next(bad, None)
        return None if place is None else len(self._untold) - 1 - place

    @property
    def waiting(self) -> bool:
        """Whether any were read and not told."""
        return bool(self._untold)

    def tell(self) -> tuple[Number, ...]:
        """Those not told before, None for what is not finite."""
        told = tuple(map(finite, self._untold))
        self._untold.clear()
        return told

    def write(self) -> list[float]:
        """Those that were read since the last call."""
        written, self._unwritten = self._unwritten, []
        return written

    def mean(self, sizes: list[int]) -> float:
        """The epoch's mean over its examples, given the size of each batch."""
        weighted = sum(loss * size for loss, size in zip(self.epoch, sizes, strict=False))
        return weighted / max(sum(sizes[: len(self.epoch)]), 1)


class Pace:
    """Steps a second and seconds left; time in which the run was held does not count."""

    def __init__(self, step: int, steps: int) -> None:
        self._first = self._told = step
        self._last = step + steps
        self._begun = self._told_at = time.perf_counter()

    def held(self, seconds: float) -> None:
        """Leaves out a pause."""
        self._begun += seconds
        self._told_at += seconds

    def tell(self, step: int) -> tuple[float, float]:
        """Steps a second since it was told last, and seconds left at the speed of the whole run."""
        now = time.perf_counter()
        rate = (step - self._told) / max(now - self._told_at, 1e-9)
        left = (self._last - step) * (now - self._begun) / max(step - self._first, 1)
        self._told, self._told_at = step, now
        return rate, left


class Clock:
    """Wall time inside training steps; it stands still while the run is paused or a message is handed over."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._since: float | None = None

    def start(self) -> None:
        """Goes on."""
        self._since = time.perf_counter()

    def stop(self) -> None:
        """Holds still; harmless where it does already."""
        if self._since is not None:
            self.seconds += time.perf_counter() - self._since
            self._since = None
