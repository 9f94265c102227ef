"""Sequences in a table: a row a step, in order; a column may say to which sequence a row belongs.

To predict is one answer for each sequence, one for each step, or what comes some steps ahead of a window.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from designer.own_data.asking import Asked
from designer.own_data.content import Choice, Content, Item
from designer.own_data.layout import Layout, Part, gaps_text, lay_out, refuse
from designer.own_data.look import Look
from designer.problems import UserError
from designer.protocol import Column

SERIES = "series"
"""The `source` of a design that learns from sequences in a table."""

Predict = Literal["auto", "sequence", "step", "ahead"]
PREDICT: tuple[Predict, ...] = ("auto", "sequence", "step", "ahead")
MISSING = ("refuse", "fill")
MOST_STEPS = 1000
"""So many steps of a sequence are read where nobody says more."""
WINDOW = 32
"""Steps of a window that looks ahead where nobody says more."""


class SeriesChoice(Choice, frozen=True, kw_only=True):
    """What is a sequence, what is to be predicted of it, and what each column is for."""

    sequence: str = ""
    predict: Predict = "auto"
    length: int = 0
    horizon: int = 1
    columns: Mapping[str, str] = {}
    kinds: Mapping[str, str] = {}
    missing: str = "refuse"
    decimal: str = "auto"
    header: str = "auto"


def asked_for(choice: SeriesChoice) -> Asked:
    """What must be looked at: the rows of each sequence are counted in the look."""
    manner = {"sequence": choice.sequence}
    usual = {"decimal": "auto", "header": "auto"}
    manner |= {name: getattr(choice, name) for name, word in usual.items() if getattr(choice, name) != word}
    return Asked(choice.path, manner)


def layout(look: Look, choice: SeriesChoice) -> Layout:
    """What each column is, as far as it is known; nothing is refused."""
    apart = {choice.sequence: "ignore"} if choice.sequence else {}
    laid = lay_out(look, {**choice.columns, **apart}, choice.kinds, choice.missing)
    return replace(laid, split_column=choice.sequence)


def manner_of(laid: Layout, choice: SeriesChoice) -> str:
    """What is predicted: "sequence", "step" or "ahead"."""
    if choice.predict != "auto":
        return choice.predict
    if not choice.sequence:
        return "ahead"
    steady = all(part.column.name in laid.look.steady for part in laid.targets)
    return "sequence" if steady else "step"


def read_from(laid: Layout, manner: str) -> tuple[Part, ...]:
    """The columns that are learned from; what is to come is read from what it was before, too."""
    return (*laid.features, *laid.targets) if manner == "ahead" else laid.features


def length_of(laid: Layout, choice: SeriesChoice, manner: str) -> int:
    """How many steps an example has."""
    lengths = laid.look.groups
    usual = {"sequence": max(lengths, default=1), "step": min(lengths, default=1), "ahead": WINDOW}[manner]
    return choice.length or min(usual, MOST_STEPS)


def examples_of(length: int, laid: Layout, choice: SeriesChoice, manner: str) -> int:
    """How many examples a sequence of a length gives."""
    if manner == "sequence":
        return 1
    steps = length_of(laid, choice, manner)
    return length // steps if manner == "step" else max(0, length - steps - choice.horizon + 1)


def content(look: Look, choice: SeriesChoice) -> Content:
    """What will be read; raises UserError where the table cannot be learned from like this."""
    laid = layout(look, choice)
    _refuse(laid, choice)
    manner = manner_of(laid, choice)
    steps = length_of(laid, choice, manner)
    examples = sum(examples_of(length, laid, choice, manner) for length in look.groups)
    if not examples:
        raise UserError(
            f"No sequence of {look.name} is long enough for {steps:,} steps"
            f"{f' and a horizon of {choice.horizon:,}' if manner == 'ahead' else ''}. Take a smaller length."
        )
    parts = read_from(laid, manner)
    columns = tuple(Column(part.column.name, part.classes) for part in parts)
    width = sum(len(part.classes) or 1 for part in parts)
    fields = {"steps": Item((steps, width), columns=columns), laid.target: _target(laid, manner, steps)}
    alone = not choice.sequence and manner == "ahead"
    return Content(
        look.name, fields, ("steps",), laid.target, examples, ordered=alone, notes=_notes(laid, choice, manner, steps)
    )


def _target(laid: Layout, manner: str, steps: int) -> Item:
    each = (steps,) if manner == "step" else ()
    if laid.targets[0].taken == "category":
        return Item(each, "int64", laid.targets[0].classes)
    columns = tuple(Column(part.column.name) for part in laid.targets)
    return Item((*each, len(laid.targets)), columns=columns)


def _refuse(laid: Layout, choice: SeriesChoice) -> None:
    look = laid.look
    if not look.is_table:
        raise UserError(f"{look.name} is no table. Choose a CSV, TSV or Parquet file with a row a step.")
    if manner_of(laid, choice) == "ahead" and laid.targets and not laid.features:
        laid = replace(laid, parts=tuple(replace(each, role="feature") for each in laid.targets) + laid.targets)
    refuse(replace(laid, missing="fill"), (*choice.columns, *choice.kinds, *filter(None, [choice.sequence])))
    used = frozenset(laid.used) | ({choice.sequence} if choice.sequence else frozenset())
    lacking = {name for names in look.gaps for name in names & used}
    if choice.sequence in lacking:
        raise UserError(f"Some rows of {look.name} lack a value of {choice.sequence}, so they belong to no sequence.")
    if lacking and choice.missing == "refuse":
        raise UserError(f"{gaps_text(laid)} Mend the file, or set missing to fill to put in the value before it.")
    for part in laid.parts:
        if part.role != "ignore" and part.apart:
            raise UserError(f"{part.column.name} of {look.name} must be a number or a category in a sequence.")
    manner = manner_of(laid, choice)
    if manner == "sequence" and not choice.sequence:
        raise UserError(f"Say which column of {look.name} names the sequence, or predict each step.")
    for part in laid.targets:
        if manner == "sequence" and part.column.name not in look.steady:
            raise UserError(
                f"{part.column.name} of {look.name} changes within a sequence, so it is no answer to all of it. "
                "Predict each step instead."
            )


def _notes(laid: Layout, choice: SeriesChoice, manner: str, steps: int) -> tuple[str, ...]:
    lengths, notes = laid.look.groups, []
    if laid.lacking_used:
        notes.append(f"Gaps in {laid.lacking_used:,} rows are filled with the value before them.")
    cut = sum(max(0, length - steps) for length in lengths) if manner == "sequence" else 0
    if manner == "step":
        cut = sum(length % steps for length in lengths)
    if cut:
        notes.append(f"{cut:,} rows beyond {steps:,} steps are left out.")
    short = sum(not examples_of(length, laid, choice, manner) for length in lengths)
    if short:
        notes.append(f"{short:,} sequences are too short and left out.")
    return tuple(notes)
