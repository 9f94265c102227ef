"""Examples as they are looked at: which there are in each part, a page of them, and what all of them are like."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from designer.engine.data.splitting import SPLITS
from designer.engine.looking.arrays import ArrayExamples
from designer.engine.looking.table import TableExamples, is_table_source
from designer.protocol import Look, Looked, Seen, Source, Split, Spread, Survey

MOST = 200
"""Examples on a page."""


class Examples(Protocol):
    """What a page and a survey are made of."""

    parts: dict[str, np.ndarray]
    """The numbers of the examples of each part, "all" among them."""
    classes: np.ndarray | None
    """The class of each example, -1 where it has none; None where examples have no single class."""
    names: tuple[str, ...]
    """What the classes are called, where that is known."""

    def page(self, rows: np.ndarray) -> tuple[Seen, ...]:
        """The fields of some examples."""

    def spreads(self) -> tuple[Spread, ...]:
        """How the values of each column lie."""

    def points(self) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
        """The names of two axes, examples as points in a plane and their numbers; no names where there is no plane."""

    def note(self) -> str:
        """What else there is to say; empty as a rule."""


def examples_of(source: Source, split: Split) -> Examples:
    """The examples of a source; raises UserError where they cannot be read."""
    if is_table_source(source):
        return TableExamples(source, split)
    return ArrayExamples(source, split)


def show(examples: Examples, request: Look) -> Looked:
    """A page of examples, and a survey where that is asked for."""
    rows = _chosen(examples, request)
    page = rows[request.offset :][: max(0, min(request.count, MOST))]
    fields = examples.page(page) if len(page) else ()
    found = survey(examples) if request.survey else None
    return Looked(request.key, len(rows), request.offset, tuple(page.tolist()), fields, found)


def _chosen(examples: Examples, request: Look) -> np.ndarray:
    """The numbers of the examples to page through, in their order."""
    rows = np.sort(examples.parts.get(request.part, np.empty(0, dtype=np.int64)))
    if request.only is not None and examples.classes is not None:
        rows = rows[examples.classes[rows] == request.only]
    if request.shuffle is not None:
        rows = np.random.default_rng(request.shuffle).permutation(rows)
    return rows


def survey(examples: Examples) -> Survey:
    """What all examples are like."""
    counts = {name: len(rows) for name, rows in examples.parts.items()}
    axes, points, rows = examples.points()
    classes = examples.classes
    marks = classes[rows] if classes is not None else np.full(len(rows), -1)
    return Survey(
        counts=counts,
        balance=_balance(examples),
        names=examples.names,
        columns=examples.spreads(),
        points=tuple((float(x), float(y), int(mark)) for (x, y), mark in zip(points, marks, strict=True)),
        axes=axes,
        note=examples.note(),
    )


def _balance(examples: Examples) -> dict[str, tuple[int, ...]]:
    """How often each class occurs in each part."""
    classes = examples.classes
    if classes is None or not len(classes):
        return {}
    number = max(int(classes.max()) + 1, len(examples.names))
    found = {}
    for part in ("all", *SPLITS):
        if part in examples.parts:
            marks = classes[examples.parts[part]]
            found[part] = tuple(np.bincount(marks[marks >= 0], minlength=number).tolist())
    return found
