"""Sequences of whole numbers made up by a rule, for networks that read and write step by step."""

from __future__ import annotations

import numpy as np

SYMBOLS = 10
"""How many different numbers a sequence that is to be reversed has."""


def counting(samples: int, length: int, numbers: int, generator: np.random.Generator) -> np.ndarray:
    """Rows that begin anywhere and go on by a step of their own, around a clock of `numbers`: (samples, length)."""
    begin, step = generator.integers(0, numbers, (2, samples, 1))
    found: np.ndarray = (begin + step * np.arange(length)) % numbers
    return found


def reversal(samples: int, length: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sequences, what a writer of the reversed one is given at each step, and the reversed one: (samples, length) each.

    A writer is given what stands before: at the first step the number `SYMBOLS`, which says begin.
    """
    source = generator.integers(0, SYMBOLS, (samples, length))
    turned = source[:, ::-1]
    begin = np.full((samples, 1), SYMBOLS)
    return source, np.concatenate([begin, turned[:, :-1]], axis=1), turned
