"""What a run's folder tells those who ask a trained network: its plan, its recipe and how numbers were scaled."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from designer.plan import Plan, PlanInput
from designer.problems import UserError
from designer.protocol import Column, Meaning, Recipe
from designer.run_folder import BEST, FACTS

MOST_COLUMNS = 1000
"""Numbers without names that are taken for columns of a table."""


class KeptScale(Struct, frozen=True):
    """How a field was standardized, (value - mean) / deviation: numbers, or lists of them in the field's shape."""

    mean: Any = 0.0
    deviation: Any = 1.0


class KeptRun(Struct, frozen=True):
    """What run.json says, as far as it is needed to use the network."""

    plan: Plan
    recipe: Recipe
    examples: Mapping[str, int] = {}
    scales: Mapping[str, KeptScale] = {}
    columns: Mapping[str, tuple[str, ...]] = {}
    """What the numbers of a field are called, where the recipe does not say it."""

    def meaning(self, field: str) -> Meaning:
        """What is known of a field."""
        known = self.recipe.fields.get(field, Meaning())
        if known.columns or field not in self.columns:
            return known
        return Meaning(known.classes, tuple(map(Column, self.columns[field])))

    def row(self) -> tuple[Column, ...]:
        """What a row typed in must have, a column each; empty where the inputs are no rows of a table, and no text."""
        found: list[Column] = []
        for given, field in zip(self.plan.inputs, self.recipe.inputs, strict=True):
            columns = self.columns_of(given, field)
            if not columns:
                return ()
            found += columns
        return tuple(found) if len({column.name for column in found}) == len(found) and self.in_batches else ()

    def series(self) -> tuple[Column, ...]:
        """The columns of a table whose rows are the steps of the one sequence that is taken; empty for all else."""
        if len(self.plan.inputs) != 1 or not self.in_batches:
            return ()
        given, columns = self.plan.inputs[0], self.meaning(self.recipe.inputs[0]).columns
        width = sum(len(column.values) or 1 for column in columns)
        return columns if given.dtype == "float32" and len(given.shape) == 2 and given.shape[1] == width else ()

    def columns_of(self, given: PlanInput, field: str) -> tuple[Column, ...]:
        """The columns of a table from which an input is made; one of texts for a sequence of whole numbers."""
        whole, known = given.dtype == "int64", self.meaning(field)
        if len(given.shape) > 1 or (not whole and not all(isinstance(length, int) for length in given.shape)):
            return ()
        if known.columns:
            return known.columns
        if whole:
            return (Column(field, () if given.shape else known.classes),)
        width = int(given.shape[0]) if given.shape else 1
        if width > MOST_COLUMNS:
            return ()
        return tuple(Column(field if width == 1 else f"{field} {place + 1}") for place in range(width))

    @property
    def in_batches(self) -> bool:
        """Whether there are examples apart from each other, not the nodes of one whole graph."""
        return all(given.batch == 0 for given in self.plan.inputs)

    def picture(self) -> tuple[int, int, int] | None:
        """Channels, height and width of the one image that the network takes; None where it takes something else."""
        if len(self.plan.inputs) != 1 or not self.in_batches or self.plan.inputs[0].dtype != "float32":
            return None
        shape = self.plan.inputs[0].shape
        lengths = [length for length in shape if isinstance(length, int)]
        if len(lengths) != 3 or len(shape) != 3 or lengths[0] not in (1, 3, 4) or min(lengths[1:]) < 2:
            return None
        return lengths[0], lengths[1], lengths[2]


def read(folder: Path) -> KeptRun:
    """What a run's folder tells; raises UserError."""
    path = folder / FACTS
    try:
        found = msgspec.json.decode(path.read_bytes(), type=KeptRun)
    except OSError as error:
        text = f"{folder} is not the folder of a run: it has no {FACTS} that can be read."
        raise UserError(f"{text} Choose one that a training left.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(f"{path} is not what a run leaves: {error}. Choose another run.") from error
    if not (folder / BEST).is_file():
        raise UserError(f"The run in {folder} has no weights yet. Let it train for an epoch.")
    return found
