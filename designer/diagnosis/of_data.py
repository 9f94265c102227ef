"""Rules about the data: seen before the first step, whatever the network does with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from designer.diagnosis.course import Course
from designer.problems import Fix, Problem, Severity

UNEVEN = 8.0
"""How many times the commonest class must outnumber the rarest to be worth a word."""
FEW = 10
"""Examples of a class from which on its share can be told."""
MOST_NAMED = 3


def about_data(course: Course) -> Iterator[Problem]:
    """All that is wrong with the data."""
    yield from _not_finite(course)
    yield from _uneven(course)
    yield from _constant(course)


def _not_finite(course: Course) -> Iterator[Problem]:
    for field, count in course.omens.not_finite.items():
        numbers = "1 number" if count == 1 else f"{count:,} numbers"
        yield Problem(
            "nan-data",
            f"{numbers} of {field} are NaN or infinite, and so is every loss that they reach."
            if count > 1
            else f"{numbers} of {field} is NaN or infinite, and so is every loss that it reaches.",
            "Mend these rows in the data, or leave them out.",
            Severity.ERROR,
        )


def _uneven(course: Course) -> Iterator[Problem]:
    for output, counts in course.omens.balance.items():
        there = [count for count in counts if count]
        if len(there) < 2 or sum(there) < FEW * len(there):
            continue
        most, least = max(there), min(there)
        if most < UNEVEN * least:
            continue
        share = most / sum(there)
        yield Problem(
            "class-imbalance",
            f"Of what {output} learns from, the commonest class has {most:,} examples ({share:.0%}) and the rarest"
            f" {least:,}: always answering the commonest would already be right for {share:.0%}.",
            "Judge it by F1 or the confusion matrix, and weigh the rare classes more in the loss.",
            Severity.TIP,
            output,
        )


def _constant(course: Course) -> Iterator[Problem]:
    for field, columns in course.omens.constant.items():
        names = course.names.get(field, ())
        called = [names[column] if column < len(names) else f"column {column + 1}" for column in columns]
        called = [name for name in called if name]
        if not called:
            continue
        more = f" and {len(called) - MOST_NAMED} more" if len(called) > MOST_NAMED else ""
        which = f"{', '.join(called[:MOST_NAMED])}{more}"
        one = len(called) == 1
        yield Problem(
            "constant-column",
            f"{which} of {field} {'has' if one else 'have'} the same value in every training example, so the network"
            f" learns nothing from {'it' if one else 'them'}.",
            f"Ignore {'this column' if one else 'these columns'}, or look whether the file was read as it is meant.",
            Severity.TIP,
            fixes=_ignoring(course, called) if names else (),
        )


def _ignoring(course: Course, columns: list[str]) -> tuple[Fix, ...]:
    chosen = course.recipe.source.settings.get("columns")
    before = dict(chosen) if isinstance(chosen, Mapping) else {}
    label = f"Ignore {columns[0]}" if len(columns) == 1 else f"Ignore these {len(columns)} columns"
    values = {"columns": {**before, **dict.fromkeys(columns, "ignore")}}
    return (Fix(label, "change_data", {"values": values}),)
