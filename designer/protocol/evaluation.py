"""What a trained network makes of examples, and how well."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from designer.problems import Problem
from designer.protocol.events import Event
from designer.protocol.examples import Seen
from designer.protocol.recipe import Comparison, Number


class Case(Struct, frozen=True):
    """An example and what was made of it: its row in the data, its own loss, and how sure the answer was (0 to 1)."""

    row: int
    loss: Number
    true: str
    predicted: str
    sure: Number = None


class ClassFigures(Struct, frozen=True):
    """How well one class was found; `examples` are those that are of it."""

    name: str
    examples: int
    precision: Number
    recall: Number
    f1: Number
    iou: Number


class Verdict(Struct, frozen=True):
    """How one output did. A row of `matrix` is a class, its columns what it was taken for; empty where there are many.

    `pairs` are a number and what was predicted for it, of some examples. `cases` are the worst, by their loss;
    `shown` are the inputs of the first of them.
    """

    output: str
    compares: Comparison
    metrics: Mapping[str, Number] = {}
    classes: tuple[str, ...] = ()
    matrix: tuple[tuple[int, ...], ...] = ()
    by_class: tuple[ClassFigures, ...] = ()
    pairs: tuple[tuple[Number, Number], ...] = ()
    cases: tuple[Case, ...] = ()
    shown: tuple[Seen, ...] = ()


class Evaluated(Event, frozen=True):
    """How the best weights of a run do on a split. With a `problem` the rest says nothing."""

    folder: str
    split: str
    examples: int = 0
    verdicts: tuple[Verdict, ...] = ()
    problem: Problem | None = None


class Sampled(Event, frozen=True):
    """The examples behind a cell of a matrix, the worst first; there are `total` of them."""

    folder: str
    split: str
    output: str
    true: int
    predicted: int
    total: int = 0
    cases: tuple[Case, ...] = ()
    shown: tuple[Seen, ...] = ()
    problem: Problem | None = None


class Answer(Struct, frozen=True):
    """What an output says of one example: a class by its name, with the chance of each, or numbers as text."""

    output: str
    text: str
    classes: tuple[str, ...] = ()
    scores: tuple[Number, ...] = ()
    shown: Seen | None = None
    """The answer as an image, where it is one."""


class Predicted(Event, frozen=True):
    """The answers for one example, or for the first rows of a file as a table; a file has `total` rows.

    `path` is the file that was read, `out` that which was written. With a `problem` the rest says nothing.
    """

    folder: str
    answers: tuple[Answer, ...] = ()
    path: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    total: int = 0
    out: str = ""
    problem: Problem | None = None
