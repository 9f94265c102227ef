"""Reads tables (CSV, TSV, Parquet) with polars: first their columns, then the rows that are learned from.

A column's type follows from all of its rows, not from the first ones. What polars takes for texts is looked at once
more without the blanks around each word, since many files have a blank behind each comma.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl
from polars.exceptions import PanicException, PolarsError

from designer.own_data.layout import Layout, Part
from designer.own_data.look import MOST_VALUES, Column, Kind, Look, Stamp
from designer.problems import UserError, one_line

GAPS = ("", "?", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "-")
"""What stands in a text file where a value is missing."""
SEPARATORS = ",;\t|"
HEAD = 2**16
"""Bytes from which the separator and the header are told."""

HELD = 2**27
"""Bytes up to which a file is read once and held while it is counted; a larger one is read for each count."""

T = TypeVar("T")


def look(path: str, stamp: Stamp) -> Look:
    """The columns of a table; raises UserError."""
    return _reading(path, lambda: _look(path, stamp))


def _reading(path: str, read: Callable[[], T]) -> T:
    """What `read` gives; whatever polars, or the system, says against the file becomes one sentence."""
    name = Path(path).name
    try:
        return read()
    except (PolarsError, PanicException, OSError, UnicodeDecodeError, csv.Error) as error:
        text = _long_row(path) or one_line(str(error).strip().split("\n")[0])[:160]
        why = "it is not UTF-8 text" if "utf" in text.lower() else text or type(error).__name__
        raise UserError(f"{name} cannot be read as a table: {why}. Mend the file, or choose another one.") from error


def _long_row(path: str) -> str:
    """The first row of a text file that has more cells than the first line; empty where there is none."""
    if _is_parquet(path):
        return ""
    try:
        separator, _header = _manner(path)
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, delimiter=separator)
            wide = len(next(rows))
            for row in rows:
                if len(row) > wide:
                    return f"line {rows.line_num:,} has {len(row)} cells, but the first one has {wide}"
    except (OSError, UnicodeDecodeError, csv.Error, StopIteration):
        return ""
    return ""


def _look(path: str, stamp: Stamp) -> Look:
    frame = _scan(path)
    schema = frame.collect_schema()
    written = _written(path, schema)
    kinds = {name: _kind_of(kind) for name, kind in schema.items()} | _kinds_of_texts(frame, sorted(written))
    values = frame.select(_value(name, kinds[name], name in written) for name in schema)
    if stamp[1] <= HELD:
        values = values.collect(engine="streaming").lazy()
    counted = [name for name in schema if kinds[name] in ("whole", "text")]
    rows, distinct = _counts(values, counted)
    gaps = _gaps(values)
    few = [name for name in counted if 0 < distinct[name] <= MOST_VALUES]
    found = {name: _values(values, name) for name in few}
    columns = (Column(name, kinds[name], (), found.get(name, ()), distinct.get(name, 0), rows) for name in schema)
    return Look(path, stamp, rows, tuple(columns), gaps)


def _written(path: str, schema: pl.Schema) -> frozenset[str]:
    """The columns of a text file that may have blanks around their words."""
    return frozenset() if _is_parquet(path) else frozenset(name for name, kind in schema.items() if kind == pl.String)


def _is_parquet(path: str) -> bool:
    return Path(path).suffix.lower() == ".parquet"


def _scan(path: str) -> pl.LazyFrame:
    if _is_parquet(path):
        return pl.scan_parquet(path, glob=False)
    separator, header = _manner(path)
    frame = pl.scan_csv(
        path, separator=separator, has_header=header, null_values=list(GAPS), infer_schema_length=None, glob=False
    )
    names = frame.collect_schema().names()
    bare = [name.strip() for name in names]
    return frame.rename(dict(zip(names, bare, strict=True))) if len(set(bare)) == len(bare) else frame


def _manner(path: str) -> tuple[str, bool]:
    """The separator of a text file, and whether its first line has names: no number stands among names."""
    with Path(path).open("rb") as file:
        head = file.read(HEAD).decode("utf-8-sig", errors="replace")
    lines = [line for line in head.splitlines() if line.strip()]
    if not lines:
        raise UserError(f"{Path(path).name} is empty. Choose another file.")
    tabbed = Path(path).suffix.lower() == ".tsv"
    separator = "\t" if tabbed else max(SEPARATORS, key=lambda each: len(next(csv.reader(lines[:1], delimiter=each))))
    cells = next(csv.reader(lines[:1], delimiter=separator))
    return separator, not any(_is_number(cell) for cell in cells)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.strip() not in GAPS


def _kind_of(dtype: pl.DataType) -> Kind:
    if dtype.is_integer():
        return "whole"
    if dtype.is_numeric():
        return "number"
    return "text" if dtype in (pl.String, pl.Boolean, pl.Categorical, pl.Enum) else "other"


def _text(name: str) -> pl.Expr:
    """A column of a text file without the blanks around its words; None where the value is missing."""
    stripped = pl.col(name).str.strip_chars()
    return pl.when(stripped.is_in(GAPS)).then(None).otherwise(stripped).alias(name)


def _kinds_of_texts(frame: pl.LazyFrame, names: list[str]) -> dict[str, Kind]:
    """What the words of a text file are: whole numbers, numbers or texts, all rows seen."""
    if not names:
        return {}
    counts = frame.select(
        expression
        for number, name in enumerate(names)
        for expression in (
            _text(name).count().alias(f"{number} all"),
            _text(name).cast(pl.Float64, strict=False).count().alias(f"{number} numbers"),
            _text(name).cast(pl.Int64, strict=False).count().alias(f"{number} whole"),
        )
    )
    found = counts.collect(engine="streaming").row(0, named=True)
    kinds: dict[str, Kind] = {}
    for number, name in enumerate(names):
        every, numbers, whole = (found[f"{number} {each}"] for each in ("all", "numbers", "whole"))
        kinds[name] = "whole" if whole == every else "number" if numbers == every else "text"
    return kinds


def _value(name: str, kind: Kind, written: bool) -> pl.Expr:
    """A column in its own type; what is missing or not finite is None."""
    column = _text(name) if written else pl.col(name)
    if kind == "number":
        numbers = column.cast(pl.Float64)
        return pl.when(numbers.is_finite()).then(numbers).otherwise(None).alias(name)
    if kind == "other":
        return pl.col(name).is_not_null()  # it is never used
    return column.cast(pl.Int64 if kind == "whole" else pl.String).alias(name)


def _counts(values: pl.LazyFrame, names: list[str]) -> tuple[int, dict[str, int]]:
    counts = [pl.col(name).drop_nulls().n_unique().alias(f"{place}") for place, name in enumerate(names)]
    found = values.select(pl.len().alias("rows"), *counts).collect(engine="streaming").row(0, named=True)
    return found["rows"], {name: found[f"{place}"] for place, name in enumerate(names)}


def _gaps(values: pl.LazyFrame) -> dict[frozenset[str], int]:
    lacking = values.select(pl.all().is_null()).filter(pl.any_horizontal(pl.all()))
    names = values.collect_schema().names()
    groups = lacking.group_by(names).agg(pl.len().alias("\0rows")).collect(engine="streaming")
    return {
        frozenset(name for name, gap in zip(names, row, strict=False) if gap): row[-1] for row in groups.iter_rows()
    }


def _values(values: pl.LazyFrame, name: str) -> tuple[str, ...]:
    found = values.select(pl.col(name).drop_nulls().unique()).collect(engine="streaming")[name]
    return tuple(map(str, found.sort().to_list()))


def read(layout: Layout) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """The rows without gaps, by field, and for fields of numbers which of their columns are measures."""
    return _reading(layout.look.path, lambda: _read(layout))


def _read(layout: Layout) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    path, used = layout.look.path, [part for part in layout.parts if part.role != "ignore"]
    frame = _scan(path)
    written = _written(path, frame.collect_schema())
    values = (_value(part.column.name, part.column.kind, part.column.name in written) for part in used)
    rows = frame.select(values).drop_nulls().collect(engine="streaming")
    features = [_numbers(rows, part) for part in layout.features]
    masks = [
        np.full(part.shape[1], each.taken == "number") for part, each in zip(features, layout.features, strict=True)
    ]
    fields = {layout.feature: np.concatenate(features, axis=1)}
    measures = {layout.feature: np.concatenate(masks)}
    first = layout.targets[0]
    if first.taken == "category":
        fields[layout.target] = _codes(rows, first)
    else:
        fields[layout.target] = np.concatenate([_numbers(rows, part) for part in layout.targets], axis=1)
        measures[layout.target] = np.full(len(layout.targets), True)
    return fields, measures


def _codes(frame: pl.DataFrame, part: Part) -> np.ndarray:
    """A category as the numbers of its values."""
    words, numbers = list(part.classes), list(range(len(part.classes)))
    column = frame[part.column.name].cast(pl.String)
    return column.replace_strict(words, numbers, return_dtype=pl.Int64).to_numpy().copy()


def _numbers(frame: pl.DataFrame, part: Part) -> np.ndarray:
    """A column of numbers, or a category one-hot: a row of the result for each of the table."""
    if part.taken == "number":
        return frame[part.column.name].cast(pl.Float64).to_numpy().reshape(-1, 1)
    return np.eye(len(part.classes), dtype=np.float32)[_codes(frame, part)]


def frame_of(look: Look) -> pl.DataFrame:
    """All rows of a table, each column in its own type; what is missing, or no finite number, is None."""
    return _reading(look.path, lambda: _frame(look))


def _frame(look: Look) -> pl.DataFrame:
    frame = _scan(look.path)
    schema = frame.collect_schema()
    written = _written(look.path, schema)
    values = [
        pl.col(column.name).cast(pl.String) if schema[column.name].is_temporal() and column.kind == "other"
        else _value(column.name, column.kind, column.name in written)
        for column in look.columns
    ]  # fmt: skip
    return frame.select(values).collect(engine="streaming")
