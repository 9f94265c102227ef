"""Draws which examples are learned from and which are kept for the validation and the test."""

from __future__ import annotations

import numpy as np

from designer.engine.data.collect import Raw
from designer.problems import UserError
from designer.protocol import Split

SPLITS = ("train", "validation", "test")


def split_rows(raw: Raw, split: Split) -> dict[str, np.ndarray]:
    """The rows of each split, every class spread evenly where each example has one; raises UserError."""
    classes = raw.answers if raw.has_classes and raw.answers.ndim == 1 else None
    return divide(len(raw.answers), split, classes)


def divide(examples: int, split: Split, classes: np.ndarray | None = None) -> dict[str, np.ndarray]:
    """The rows of each split, drawn by `split.seed`; every class is spread evenly over the splits.

    Each class is shuffled and spread over 0..1; sorted by that place, any cut through the order has about
    the same share of every class.
    """
    if min(split.validation, split.test) < 0 or not split.validation + split.test < 1:
        raise UserError(
            "The shares for validation and test leave nothing to train with. Choose two that add up to less than 1."
        )
    generator = np.random.default_rng(split.seed)
    order = generator.permutation(examples)
    if classes is not None:
        places = np.empty(examples)
        for each in np.unique(classes):
            rows = order[classes[order] == each]
            places[rows] = (np.arange(len(rows)) + generator.random()) / len(rows)
        order = np.argsort(places, kind="stable")
    test, validation = round(split.test * examples), round(split.validation * examples)
    if test + validation >= examples:
        raise UserError(f"{examples} examples are too few to keep {test + validation} aside. Take smaller shares.")
    cuts = np.split(order, [test, test + validation])
    return dict(zip(("test", "validation", "train"), cuts, strict=True))
