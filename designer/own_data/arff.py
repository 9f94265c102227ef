"""Reads ARFF, the format in which OpenML gives its sets: attributes with their types, then a line for each row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from polars.exceptions import PanicException, PolarsError

from designer.problems import UserError

NUMERIC = ("numeric", "real", "integer")
GAP = "?"
CELL = re.compile(r"""\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^,]*?))\s*(?:,|$)""")
"""A quoted or a bare cell, and what ends it."""
ATTRIBUTE = re.compile(r"""@attribute\s+(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\S+))\s+(.*)""", re.IGNORECASE)
CHUNK = 2**20


@dataclass(frozen=True, slots=True)
class Head:
    """The attributes of a file in their order, and whether each is a number; where the rows begin, by byte and line."""

    names: tuple[str, ...]
    numbers: tuple[bool, ...]
    begin: int
    lines: int


def read(path: Path, called: str) -> pl.DataFrame:
    """All rows: numbers as floats, all else as texts; None where a value is missing. Raises UserError."""
    try:
        head = _head(path, called)
        frame = _plain(path, head) if _is_plain(path, head.begin) else _quoted(path, head, called)
        return _whole(frame)
    except (PolarsError, PanicException, UnicodeDecodeError, OSError) as error:
        raise UserError(f"The rows of {called} cannot be read: {str(error).splitlines()[0][:120]}.") from error


def _head(path: Path, called: str) -> Head:
    names, numbers, lines = [], [], 0
    with path.open("rb") as file:
        for line in file:
            lines += 1
            text = line.decode("utf-8", errors="replace").strip()
            if text.lower().startswith("@data"):
                break
            found = ATTRIBUTE.match(text)
            if found is not None:
                single, double, bare, kind = found.groups()
                names.append(_unescaped(single if single is not None else double if double is not None else bare))
                numbers.append(kind.strip().lower().startswith(NUMERIC))
        else:
            raise UserError(f"{called} is no ARFF file: no line of it says @data.")
        begin = file.tell()
    if not names or len(set(names)) != len(names):
        raise UserError(f"{called} names no attributes, or two alike, so it cannot be read.")
    return Head(tuple(names), tuple(numbers), begin, lines)


def _is_plain(path: Path, begin: int) -> bool:
    """Whether the rows have no quotes, comments, blanks or sparse lines: then polars reads them at once."""
    with path.open("rb") as file:
        file.seek(begin)
        while chunk := file.read(CHUNK):
            if any(sign in chunk for sign in (b"'", b'"', b"\\", b"%", b"{", b" ", b"\t")):
                return False
    return True


def _plain(path: Path, head: Head) -> pl.DataFrame:
    kinds = (pl.Float64 if number else pl.String for number in head.numbers)
    frame = pl.read_csv(
        path, has_header=False, skip_lines=head.lines, quote_char=None, null_values=GAP, glob=False,
        schema=dict(zip(head.names, kinds, strict=True)),
    )  # fmt: skip
    return frame.filter(~pl.all_horizontal(pl.all().is_null()))


def _quoted(path: Path, head: Head, called: str) -> pl.DataFrame:
    columns: list[list[str | None]] = [[] for _ in head.names]
    with path.open("rb") as file:
        file.seek(head.begin)
        for number, line in enumerate(file, head.lines + 1):
            text = line.decode("utf-8", errors="replace").strip()
            if not text or text.startswith("%"):
                continue
            if text.startswith("{"):
                raise UserError(f"{called} is a sparse set, which cannot be read. Choose another one.")
            cells = list(_cells(text))
            if len(cells) != len(columns):
                raise UserError(f"Line {number:,} of {called} has {len(cells)} cells, but {len(columns)} are declared.")
            for column, cell in zip(columns, cells, strict=True):
                column.append(cell)
    frame = pl.DataFrame(dict(zip(head.names, columns, strict=True)), schema=dict.fromkeys(head.names, pl.String))
    return frame.with_columns(
        pl.col(name).cast(pl.Float64) for name, number in zip(head.names, head.numbers, strict=True) if number
    )


def _cells(text: str) -> Iterator[str | None]:
    place = 0
    while place <= len(text):
        found = CELL.match(text, place)
        if found is None:
            return
        single, double, bare = found.groups()
        if bare is not None:
            yield None if bare == GAP else bare
        else:
            yield _unescaped(single if single is not None else double)
        if found.end() == len(text) and not text.endswith(","):
            return
        place = found.end() if found.end() > place else place + 1


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _whole(frame: pl.DataFrame) -> pl.DataFrame:
    """The same, with numbers that are all whole as whole numbers."""
    floats = [name for name, kind in frame.schema.items() if kind == pl.Float64]
    whole = [name for name in floats if (frame[name].drop_nulls() % 1 == 0).all() and frame[name].is_finite().all()]
    return frame.with_columns(pl.col(whole).cast(pl.Int64)) if whole else frame
