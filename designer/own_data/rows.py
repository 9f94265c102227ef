"""All rows of a table as they stand in the file, to be looked at: those with gaps and the ignored columns too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from designer.own_data.asking import stamp
from designer.own_data.files import FileChoice, asked_for
from designer.own_data.layout import Layout
from designer.own_data.look import Column
from designer.own_data.table import frame_of, look

Cell = int | float | str | None


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a table and what its columns are; all texts are held as the file has them."""

    layout: Layout
    frame: pl.DataFrame

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns in the file's order."""
        return tuple(part.column for part in self.layout.parts)

    def lacking(self) -> np.ndarray:
        """Whether each row lacks a value in a column that is used."""
        used = list(self.layout.used)
        if not used:
            return np.zeros(len(self.frame), dtype=bool)
        found = self.frame.select(pl.any_horizontal(pl.col(used).is_null()))
        return found.to_series().to_numpy()

    def cells(self, rows: Sequence[int], names: Sequence[str]) -> list[tuple[Cell, ...]]:
        """What stands in some rows, by number, and columns."""
        return list(self.frame.select(names)[list(rows)].iter_rows())

    def numbers(self, name: str) -> np.ndarray:
        """A column of numbers without its gaps."""
        return self.frame[name].drop_nulls().cast(pl.Float64).to_numpy()

    def gaps(self, name: str) -> int:
        """How many rows lack a value of a column."""
        return self.frame[name].null_count()

    def common(self, name: str, most: int) -> list[tuple[str, int]]:
        """The commonest values of a column as texts, and how often each occurs."""
        counts = self.frame[name].drop_nulls().cast(pl.String).value_counts(sort=True, name="rows")
        return list(counts.sort(["rows", name], descending=[True, False]).head(most).iter_rows())

    def codes(self, name: str, classes: Sequence[str]) -> np.ndarray:
        """The number of each row's class; -1 where it has none."""
        numbers = {word: number for number, word in enumerate(classes)}
        words = self.frame[name].cast(pl.String)
        return words.replace_strict(numbers, default=-1, return_dtype=pl.Int64).fill_null(-1).to_numpy()


def rows_of(layout: Layout) -> Rows:
    """The rows of a table; raises UserError where it cannot be read."""
    return Rows(layout, frame_of(layout.look))


def texts_of(path: str, manner: FileChoice) -> dict[str, list[str | None]]:
    """All cells of a table by column, as texts; None where a value is missing. Raises UserError.

    `manner` says how its numbers and its first line are written, as they were in another file.
    """
    key = asked_for(FileChoice(path=path, decimal=manner.decimal, header=manner.header)).key
    frame = frame_of(look(key, stamp(key)))
    return {name: frame[name].cast(pl.String).to_list() for name in frame.columns}
