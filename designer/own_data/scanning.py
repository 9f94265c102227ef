"""Opens tables (CSV, TSV, Parquet) with polars: how a file is written, and each column in its own type.

What polars takes for texts is looked at once more without the blanks around each word, since many files have a blank
behind each comma, and a comma may be a decimal sign.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeVar

import polars as pl
from polars.exceptions import PanicException, PolarsError

from designer.own_data.asking import Asked, asked
from designer.own_data.look import Kind
from designer.own_data.manner import GAPS, manner
from designer.problems import UserError, one_line

SPLIT = "\0split"
"""What the column is called that says from which file a row is."""
Commas = Literal["never", "maybe", "always"]
"""Whether a comma is a decimal sign."""

T = TypeVar("T")


def reading(key: str, read: Callable[[], T]) -> T:
    """What `read` gives; whatever polars, or the system, says against the file becomes one sentence."""
    paths = asked(key).paths
    try:
        return read()
    except (PolarsError, PanicException, OSError, UnicodeDecodeError, csv.Error) as error:
        found = {path: text for path in paths if (text := _long_row(path))}
        name = Path(next(iter(found), paths[0])).name
        text = next(iter(found.values()), "") or one_line(str(error).strip().split("\n")[0])[:160]
        why = "it is not UTF-8 text" if "utf" in text.lower() else text or type(error).__name__
        raise UserError(f"{name} cannot be read as a table: {why}. Mend the file, or choose another one.") from error


def _long_row(path: str) -> str:
    """The first row of a text file that has more cells than the first line; empty where there is none."""
    if _is_parquet(path):
        return ""
    try:
        separator, _header = manner(path)
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, delimiter=separator)
            wide = len(next(rows))
            for row in rows:
                if len(row) > wide:
                    return f"line {rows.line_num:,} has {len(row)} cells, but the first one has {wide}"
    except (OSError, UnicodeDecodeError, csv.Error, StopIteration):
        return ""
    return ""


def written_in(key: str, schema: pl.Schema) -> frozenset[str]:
    """The columns of a text file that may have blanks around their words."""
    names = (name for name, kind in schema.items() if kind == pl.String and name != SPLIT)
    return frozenset() if _is_parquet(asked(key).path) else frozenset(names)


def commas_in(key: str) -> Commas:
    """Whether a comma may be the decimal sign of a text file: where none stands between its columns."""
    path, decimal = asked(key).path, asked(key).manner.get("decimal", "auto")
    if _is_parquet(path) or decimal == ".":
        return "never"
    if decimal == ",":
        return "always"
    return "never" if manner(path)[0] == "," else "maybe"


def _is_parquet(path: str) -> bool:
    return Path(path).suffix.lower() == ".parquet"


def scan(key: str) -> pl.LazyFrame:
    """All rows, of all files; where there are several, a column says from which split a row is."""
    wanted = asked(key)
    first = _scan_one(wanted, wanted.path)
    if not wanted.further:
        return first
    names = first.collect_schema().names()
    frames = [first.with_columns(pl.lit("train").alias(SPLIT))]
    for split, path in wanted.further.items():
        frame = _scan_one(wanted, path)
        theirs = frame.collect_schema().names()
        for name in names:
            if name not in theirs:
                raise UserError(f"{Path(path).name} lacks the column {name} of {Path(wanted.path).name}.")
        frames.append(frame.select(names).with_columns(pl.lit(split).alias(SPLIT)))
    return pl.concat(frames, how="vertical_relaxed")


def _scan_one(wanted: Asked, path: str) -> pl.LazyFrame:
    if _is_parquet(path):
        return pl.scan_parquet(path, glob=False)
    separator, header = manner(path)
    named = wanted.manner.get("header")
    frame = pl.scan_csv(
        path,
        separator=separator,
        has_header=header if named is None else named == "yes",
        null_values=list(GAPS),
        # Numbers with commas, and tables that are put together, are told by what is written in all rows.
        infer_schema=not wanted.further and wanted.manner.get("decimal") != ",",
        infer_schema_length=None,
        glob=False,
    )
    names = frame.collect_schema().names()
    bare = [name.strip() for name in names]
    return frame.rename(dict(zip(names, bare, strict=True))) if len(set(bare)) == len(bare) else frame


def kind_of(dtype: pl.DataType) -> Kind:
    if dtype.is_integer():
        return "whole"
    if dtype.is_numeric():
        return "number"
    return "text" if dtype in (pl.String, pl.Boolean, pl.Categorical, pl.Enum) else "other"


def bare(name: str) -> pl.Expr:
    """A column of a text file without the blanks around its words; None where the value is missing."""
    stripped = pl.col(name).str.strip_chars()
    return pl.when(stripped.is_in(GAPS)).then(None).otherwise(stripped).alias(name)


def as_number(name: str, comma: Commas) -> pl.Expr:
    """What is written as a number; None where it is none."""
    plain = bare(name).cast(pl.Float64, strict=False)
    if comma == "never":
        return plain
    dotted = bare(name).str.replace_all(".", "", literal=True) if comma == "always" else bare(name)
    other = dotted.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    return other if comma == "always" else pl.coalesce(plain, other)


def value(name: str, kind: Kind, written: bool, comma: Commas = "never") -> pl.Expr:
    """A column in its own type; what is missing or not finite is None."""
    column = bare(name) if written else pl.col(name)
    if kind == "number":
        numbers = as_number(name, comma) if written else column.cast(pl.Float64)
        return pl.when(numbers.is_finite()).then(numbers).otherwise(None).alias(name)
    if kind == "other":
        return pl.col(name).is_not_null()  # it is never used
    return column.cast(pl.Int64 if kind == "whole" else pl.String).alias(name)
