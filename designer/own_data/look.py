"""What one look at a data file tells: its columns, their types and classes, and where values are missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from designer.problems import UserError

FILE = "file"
"""The `source` of a design whose data is a file."""

TABLES = (".csv", ".tsv", ".parquet")
ARRAYS = (".npy", ".npz")
SUFFIXES = (*TABLES, *ARRAYS)

MOST_VALUES = 1000
"""A column with more different values is no category."""

Kind = Literal["number", "whole", "text", "other"]
Stamp = tuple[int, int]
"""When a file was changed last, in nanoseconds, and its bytes: another stamp, another file."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table, or an array, whose first axis are the rows; `shape` is that of one row."""

    name: str
    kind: Kind
    shape: tuple[int, ...] = ()
    values: tuple[str, ...] = ()
    """All different values in order, as text, where it may be a category; of an array, the numbers from 0 on."""
    distinct: int = 0
    """How many different values there are; 0 where nobody has counted."""
    rows: int = 0
    picture: bool = False
    """Whether its numbers are bytes from 0 to 255, as those of pictures are."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is in a file; `gaps` counts the rows that lack a value in just these columns."""

    path: str
    stamp: Stamp
    rows: int
    columns: tuple[Column, ...]
    gaps: Mapping[frozenset[str], int]

    @property
    def name(self) -> str:
        """The file's name, for sentences."""
        return Path(self.path).name

    @property
    def is_table(self) -> bool:
        """Whether columns are numbers or texts, not arrays."""
        return is_table(self.path)


def is_table(path: str) -> bool:
    """Whether the file is a table, by its suffix."""
    return Path(path).suffix.lower() in TABLES


def stamp(path: str) -> Stamp:
    """The stamp of the file as it is now; raises UserError where there is none, or one of another kind."""
    if Path(path).suffix.lower() not in SUFFIXES:
        raise UserError(f"{Path(path).name} is no data file that can be read. Choose one of {', '.join(SUFFIXES)}.")
    try:
        found = Path(path).stat()
        if not Path(path).is_file():
            raise UserError(f"{path} is no file. Choose another one.")
    except (OSError, ValueError) as error:
        raise UserError(f"There is no data file {path}. Choose another one, or put it back.") from error
    return found.st_mtime_ns, found.st_size
