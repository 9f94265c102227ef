"""Suits a design to its data by the mends that the check itself offers, all of them one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from designer.compiler.checking.report import Report
from designer.compiler.lowering.recipe import training_problems
from designer.graph.document import Document
from designer.graph.edits import apply_fix
from designer.problems import Problem

OF_THE_DATA = frozenset(
    {
        "data-shape", "data-batch", "data-whole", "data-field", "data-target", "data-loss", "loss-dtype",
        "output-width", "no-loss", "table-short",
    }
)  # fmt: skip
"""Problems that a design has with its data alone."""
MOST = 50
"""So many mends are made at once."""


@dataclass(frozen=True, slots=True)
class Suited:
    """A design after its mends, and what each of them was called."""

    document: Document
    mends: tuple[str, ...]


def misfits(report: Report) -> Iterator[Problem]:
    """What of a design does not suit its data and can be mended."""
    if report.facts is None:
        return
    lacking = (problem for problem in training_problems(report) if problem not in report.problems)
    for problem in (*report.problems, *lacking):
        if problem.code in OF_THE_DATA and problem.fixes:
            yield problem


def suit(document: Document, examine: Callable[[Document], Report]) -> Suited:
    """Make the first mend of each misfit until none is left, or none helps any more."""
    mends: list[str] = []
    while len(mends) < MOST:
        problem = next(misfits(examine(document)), None)
        if problem is None or problem.fixes[0].label in mends:
            break
        mends.append(problem.fixes[0].label)
        document = apply_fix(document, problem.fixes[0])
    return Suited(document, tuple(mends))
