"""How the values of a column lie: range, mean, histogram."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from designer.protocol import Spread

BINS = 24
FEW = 24
"""Whole numbers with so many different values are counted one by one."""
MOST = 2_000_000
"""Of more values, evenly drawn ones are looked at."""


def spread(
    name: str, role: str, values: np.ndarray, missing: int = 0, whole: bool = False, words: Sequence[str] = ()
) -> Spread:
    """The spread of numbers; what is not finite counts as missing. `words` say what whole numbers stand for."""
    flat = np.asarray(values).reshape(-1)
    if len(flat) > MOST:
        flat = flat[:: -(-len(flat) // MOST)]
    finite = flat[np.isfinite(flat)] if flat.dtype.kind == "f" else flat
    missing += len(flat) - len(finite)
    kind = "whole" if whole or flat.dtype.kind in "iu" else "number"
    if not len(finite):
        return Spread(name, role, kind, 0, missing)
    numbers = finite.astype(np.float64)
    low, high = float(numbers.min()), float(numbers.max())
    single = np.unique(finite) if kind == "whole" else np.empty(0)
    with np.errstate(over="ignore", invalid="ignore"):  # numbers may be so large that their sum is not finite
        mean, deviation, bins = float(numbers.mean()), float(numbers.std()), _bins(numbers, low, high)
    if words:
        return _of_words(name, role, numbers, missing, words)
    common: tuple[tuple[str, int], ...] = ()
    if 0 < len(single) <= FEW:
        common = tuple((str(int(each)), int((finite == each).sum())) for each in single)
        bins = ()
    return Spread(name, role, kind, len(finite), missing, len(single), low, high, mean, deviation, bins, common)


def _of_words(name: str, role: str, numbers: np.ndarray, missing: int, words: Sequence[str]) -> Spread:
    """The commonest of the words that whole numbers stand for; their mean would mean nothing."""
    counts = np.bincount(numbers.astype(np.int64).clip(0, len(words) - 1), minlength=len(words))
    order = np.argsort(-counts, kind="stable")[:FEW]
    common = tuple((words[each], int(counts[each])) for each in order if counts[each])
    return Spread(name, role, "text", len(numbers), missing, int((counts > 0).sum()), common=common)


def _bins(numbers: np.ndarray, low: float, high: float) -> tuple[int, ...]:
    """Counts between the lowest and the highest number; nothing where all are the same, or too far apart."""
    if not low < high or not np.isfinite(high - low):
        return ()
    # Relative to the range: numpy refuses bins that are narrower than its numbers are exact.
    counts, _ = np.histogram((numbers - low) / (high - low), BINS, (0.0, 1.0))
    return tuple(counts.tolist())
