"""Which examples are learned from, and which are kept aside: drawn by a seed, as the source says, or in its order."""

from __future__ import annotations

import numpy as np

from designer.engine.data.collect import Raw
from designer.own_data.content import SPLITS
from designer.problems import UserError
from designer.protocol import Split

Parts = dict[str, np.ndarray]
"""The rows of each split."""


def split_rows(raw: Raw, split: Split) -> Parts:
    """The rows of each split, every class spread evenly where each example has one; raises UserError."""
    if raw.overlap is not None:
        return in_order(len(raw.answers), split, raw.overlap)
    classes = raw.answers if raw.has_classes and raw.answers.ndim == 1 else None
    if raw.groups is not None:
        return together(raw.groups, split)
    if raw.splits is not None:
        return as_given(raw.splits, split, classes)
    return divide(len(raw.answers), split, classes)


def divide(examples: int, split: Split, classes: np.ndarray | None = None) -> Parts:
    """The rows of each split, drawn by `split.seed`; every class is spread evenly over the splits.

    Each class is shuffled and spread over 0..1; sorted by that place, any cut through the order has about
    the same share of every class.
    """
    test, validation = _kept_aside(examples, split)
    generator = np.random.default_rng(split.seed)
    order = generator.permutation(examples)
    if classes is not None:
        places = np.empty(examples)
        for each in np.unique(classes):
            rows = order[classes[order] == each]
            places[rows] = (np.arange(len(rows)) + generator.random()) / len(rows)
        order = np.argsort(places, kind="stable")
    cuts = np.split(order, [test, test + validation])
    return dict(zip(("test", "validation", "train"), cuts, strict=True))


def _kept_aside(examples: int, split: Split) -> tuple[int, int]:
    """How many examples test and validate; raises UserError where none are left."""
    if min(split.validation, split.test) < 0 or not split.validation + split.test < 1:
        raise UserError(
            "The shares for validation and test leave nothing to train with. Choose two that add up to less than 1."
        )
    test, validation = round(split.test * examples), round(split.validation * examples)
    if test + validation >= examples:
        raise UserError(f"{examples} examples are too few to keep {test + validation} aside. Take smaller shares.")
    return test, validation


def as_given(numbers: np.ndarray, split: Split, classes: np.ndarray | None = None) -> Parts:
    """The rows of each split as the source says, by the number of each example's split in `SPLITS`.

    Where it has none for validation, a share of the training examples is drawn for that.
    """
    rows = {name: np.flatnonzero(numbers == place) for place, name in enumerate(SPLITS)}
    if not len(rows["train"]):
        raise UserError("The data has no examples for training. Call one of its splits train.")
    if not len(rows["validation"]) and split.validation:
        learned = rows["train"]
        share = Split(split.validation, 0, split.seed)
        drawn = divide(len(learned), share, classes[learned] if classes is not None else None)
        rows |= {name: learned[drawn[name]] for name in ("train", "validation")}
    return rows


def together(groups: np.ndarray, split: Split) -> Parts:
    """The rows of each split, drawn by the number of the sequence that they are from."""
    names = np.unique(groups)
    drawn = divide(len(names), split)
    return {name: np.flatnonzero(np.isin(groups, names[places])) for name, places in drawn.items()}


def in_order(examples: int, split: Split, overlap: int) -> Parts:
    """The first examples to learn from, the next to validate, the last to test.

    `overlap` is how many of those before it an example shares something with: so many are left out at each border.
    """
    test, validation = _kept_aside(examples, split)
    train = examples - validation - test
    kept = {"validation": (train, train + validation), "test": (train + validation, examples)}
    rows = {"train": np.arange(train)}
    for name, (begin, end) in kept.items():
        rows[name] = np.arange(begin + overlap, end)
        if end > begin and not len(rows[name]):
            raise UserError(
                f"{examples} examples that overlap are too few to keep {end - begin} of them aside for the {name}. "
                "Take larger shares, or shorter windows."
            )
    return rows
