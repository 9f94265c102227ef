"""What one look at a file of rows tells: its columns, their types and classes, and where values are missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

FILE = "file"
"""The `source` of a design whose data is a file."""

TABLES = (".csv", ".tsv", ".parquet")
ARRAYS = (".npy", ".npz")
TEXTS = (".txt", ".md", ".text")
SUFFIXES = (*TABLES, *ARRAYS, *TEXTS)

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
    words: tuple[str, ...] = ()
    """The words of a text in sentences, the commonest first; empty where nobody has counted."""
    longest: int = 0
    """How many words the longest of its texts has."""
    picture: bool = False
    """Whether its numbers are bytes from 0 to 255, as those of pictures are."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look found at a path; what there is depends on the kind of source."""

    path: str
    stamp: Stamp

    @property
    def name(self) -> str:
        """The name of the file or folder, for sentences."""
        return Path(self.path).name


@dataclass(frozen=True, slots=True)
class SplitPart:
    """Some of the rows, and which of them lack a value in just these columns."""

    rows: int
    gaps: Mapping[frozenset[str], int]


@dataclass(frozen=True, slots=True)
class Look(Seen):
    """What is in a file of rows; `gaps` counts the rows that lack a value in just these columns."""

    rows: int
    columns: tuple[Column, ...]
    gaps: Mapping[frozenset[str], int]
    key: str = ""
    """What was looked at, where that is more than the path."""
    parts: Mapping[str, SplitPart] = field(default_factory=dict)
    """The rows of each split, where the file says so, or there is a file for each."""
    groups: tuple[int, ...] = ()
    """How many rows each sequence has, where rows are looked at as such, in the order in which they begin."""
    steady: frozenset[str] = frozenset()
    """The columns that do not change within any sequence."""

    @property
    def is_table(self) -> bool:
        """Whether columns are numbers or texts, not arrays."""
        return is_table(self.path)


def is_table(path: str) -> bool:
    """Whether the file is a table, by its suffix."""
    return Path(path).suffix.lower() in TABLES
