"""Reads tables (CSV, TSV, Parquet): first what is in their columns, then the rows that are learned from.

A column's type follows from all of its rows, not from the first ones.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from designer.own_data.asking import Asked, asked
from designer.own_data.content import SPLITS, Collected
from designer.own_data.folder import SPLIT_NAMES
from designer.own_data.layout import FILLING, WIDE, Layout, Part
from designer.own_data.look import MOST_VALUES, Column, Kind, Look, SplitPart, Stamp
from designer.own_data.scanning import (
    SPLIT,
    Commas,
    as_number,
    bare,
    commas_in,
    kind_of,
    reading,
    scan,
    value,
    written_in,
)  # fmt: skip
from designer.problems import UserError

HELD = 2**27
"""Bytes up to which a file is read once and held while it is counted; a larger one is read for each count."""
SENTENCE = 3
"""Texts of so many words on average are read word by word."""
MOST_WORDS = 50_000
"""So many different words are kept of a text."""


def look(key: str, stamp: Stamp) -> Look:
    """The columns of a table; raises UserError."""
    return reading(key, lambda: _look(key, stamp))


def _look(key: str, stamp: Stamp) -> Look:
    wanted = asked(key)
    frame = scan(key)
    schema = frame.collect_schema()
    written, comma = written_in(key, schema), commas_in(key)
    kinds = {name: kind_of(kind) for name, kind in schema.items()} | _kinds_of_texts(frame, sorted(written), comma)
    values = frame.select(value(name, kinds[name], name in written, comma) for name in schema)
    if stamp[1] <= HELD:
        values = values.collect(engine="streaming").lazy()
    counted = [name for name in schema if kinds[name] in ("whole", "text")]
    rows, distinct = _counts(values, counted)
    split = _split_of(wanted, schema)
    gaps = _gaps(values)
    few = [name for name in counted if 0 < distinct[name] <= MOST_VALUES]
    found = {name: _values(values, name) for name in few}
    prose = _prose(values, [name for name in schema if kinds[name] == "text"], distinct, wanted)
    columns = (
        Column(name, kinds[name], (), found.get(name, ()), distinct.get(name, 0), rows, *prose.get(name, ((), 0)))
        for name in schema
        if name != SPLIT
    )
    parts = {} if split is None else _parts(wanted, values, split)
    groups, steady = _sequences(wanted, values, rows)
    return Look(wanted.path, stamp, rows, tuple(columns), gaps, key, parts, groups, steady)


def _sequences(wanted: Asked, values: pl.LazyFrame, rows: int) -> tuple[tuple[int, ...], frozenset[str]]:
    """How many rows each sequence has, and which columns do not change within one."""
    column, names = wanted.manner.get("sequence"), values.collect_schema().names()
    if not column or column not in names:
        return ((rows,), frozenset()) if column is not None else ((), frozenset())
    others = [pl.col(name).drop_nulls().n_unique().alias(f"{place}") for place, name in enumerate(names)]
    found = values.group_by(column, maintain_order=True).agg(pl.len().alias("rows"), *others).collect()
    steady = frozenset(name for place, name in enumerate(names) if (found[f"{place}"] <= 1).all())
    return tuple(found["rows"].to_list()), steady


def _prose(
    values: pl.LazyFrame, texts: list[str], distinct: dict[str, int], wanted: Asked
) -> dict[str, tuple[tuple[str, ...], int]]:
    """The words of each text in sentences, and of how many its longest consists."""
    asked_for = wanted.manner.get("texts", "").split("\n")
    found = {}
    for name in texts:
        if name != SPLIT and (name in asked_for or (distinct[name] > WIDE and _has_sentences(values, name))):
            words = values.select(_words(name).alias("words")).collect(engine="streaming")["words"]
            lengths = words.list.len().drop_nulls().to_numpy()
            counts = words.explode(empty_as_null=True).drop_nulls().value_counts(sort=True, name="rows")
            common = counts.sort(["rows", "words"], descending=[True, False]).head(MOST_WORDS)["words"]
            found[name] = (tuple(common.to_list()), int(lengths.max(initial=0)))
    return found


def _has_sentences(values: pl.LazyFrame, name: str) -> bool:
    """Whether a text has that many words on average, by the blanks in it: words are counted only where that helps."""
    blanks = values.select(pl.col(name).str.count_matches(" ", literal=True).mean()).collect(engine="streaming").item()
    return blanks is not None and blanks + 1 >= SENTENCE


def _words(name: str) -> pl.Expr:
    """The words of each text, in small letters."""
    return pl.col(name).str.to_lowercase().str.extract_all(r"[\p{L}\p{N}_']+")


def _split_of(wanted: Asked, schema: pl.Schema) -> str | None:
    """The column that says of each row to which split it belongs; None where none does."""
    if wanted.further:
        return SPLIT
    column = wanted.manner.get("split_column")
    return column if column in schema else None


def _parts(wanted: Asked, values: pl.LazyFrame, column: str) -> dict[str, SplitPart]:
    """The rows of each split, and their gaps; raises UserError where a row is of none."""
    split = _split_number(column).alias("\0number")
    numbers = values.with_columns(split)
    others = numbers.filter(pl.col("\0number").is_null()).select(pl.col(column).cast(pl.String)).head(1).collect()
    if len(others):
        found = others.to_series().to_list()[0]
        word = f'"{found}"' if found is not None else "nothing"
        raise UserError(
            f"The column {column} of {Path(wanted.path).name} says {word} of a row, which is no split. "
            "Write train, validation or test."
        )
    parts = {}
    for place, name in enumerate(SPLITS):
        rows = numbers.filter(pl.col("\0number") == place).drop("\0number")
        parts[name] = SplitPart(rows.select(pl.len()).collect().item(), _gaps(rows))
    return parts


def _split_number(column: str) -> pl.Expr:
    """The number of each row's split in SPLITS; None where what is written is none."""
    numbers = {word: SPLITS.index(name) for word, name in SPLIT_NAMES.items()}
    word = pl.col(column).cast(pl.String).str.strip_chars().str.to_lowercase()
    return word.replace_strict(numbers, default=None, return_dtype=pl.Int64)


def _kinds_of_texts(frame: pl.LazyFrame, names: list[str], comma: Commas) -> dict[str, Kind]:
    """What the words of a text file are: whole numbers, numbers or texts, all rows seen."""
    if not names:
        return {}
    counts = frame.select(
        expression
        for number, name in enumerate(names)
        for expression in (
            bare(name).count().alias(f"{number} all"),
            as_number(name, comma).count().alias(f"{number} numbers"),
            bare(name).cast(pl.Int64, strict=False).count().alias(f"{number} whole"),
        )
    )
    found = counts.collect(engine="streaming").row(0, named=True)
    kinds: dict[str, Kind] = {}
    for number, name in enumerate(names):
        every, numbers, whole = (found[f"{number} {each}"] for each in ("all", "numbers", "whole"))
        kinds[name] = "whole" if whole == every else "number" if numbers == every else "text"
    return kinds


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


def read(layout: Layout) -> Collected:
    """The rows that lack nothing that is needed, by field, in the file's order."""
    return reading(layout.look.key or layout.look.path, lambda: _read(layout))


def _read(layout: Layout) -> Collected:
    key, used = layout.look.key or layout.look.path, [part for part in layout.parts if part.role != "ignore"]
    frame = scan(key)
    schema = frame.collect_schema()
    written, comma = written_in(key, schema), commas_in(key)
    values = [value(part.column.name, part.column.kind, part.column.name in written, comma) for part in used]
    split = _split_of(asked(key), schema)
    if split is not None:
        values.append(_split_number(split).alias(SPLIT))
    rows = frame.select(values).drop_nulls(sorted(layout.needed)).collect(engine="streaming")
    fields, measures = _features(rows, layout)
    first = layout.targets[0]
    if first.taken == "category":
        fields[layout.target] = _codes(rows, first)
    else:
        fields[layout.target] = np.concatenate([_numbers(rows, part) for part in layout.targets], axis=1)
        measures[layout.target] = np.full(len(layout.targets), True)
    return Collected(fields, measures, rows[SPLIT].to_numpy().copy() if split is not None else None)


def _features(rows: pl.DataFrame, layout: Layout) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Numbers and one-hot categories side by side, and what stands apart; which columns of them are measures."""
    fields: dict[str, np.ndarray] = {}
    measures: dict[str, np.ndarray] = {}
    together = [part for part in layout.features if not part.apart]
    if together:
        features = [_numbers(rows, part) for part in together]
        fields[layout.feature] = np.concatenate(features, axis=1)
        masks = [np.full(part.shape[1], each.taken == "number") for part, each in zip(features, together, strict=True)]
        measures[layout.feature] = np.concatenate(masks)
    for part in layout.features:
        if part.apart:
            fields[part.column.name] = _tokens(rows, part, layout) if part.taken == "text" else _codes(rows, part)
    return fields, measures


def _tokens(frame: pl.DataFrame, part: Part, layout: Layout) -> np.ndarray:
    """The numbers of the words of each text; what is too long is cut, what is too short filled up with 0."""
    numbers = {word: place for place, word in enumerate(layout.words(part)) if place >= len(FILLING)}
    length = layout.length_of(part)
    found = np.zeros((len(frame), length), np.int64)
    texts = frame.select(_words(part.column.name)).to_series().to_list()
    for row, words in zip(found, texts, strict=True):
        kept = [numbers.get(word, 1) for word in (words or ())[:length]]
        row[: len(kept)] = kept
    return found


def _codes(frame: pl.DataFrame, part: Part) -> np.ndarray:
    """A category as the numbers of its values; a gap counts as the commonest of them."""
    words, numbers = list(part.classes), list(range(len(part.classes)))
    column = frame[part.column.name].cast(pl.String)
    if column.null_count():
        counts = column.drop_nulls().value_counts(sort=True, name="rows")
        column = column.fill_null(
            counts.sort(["rows", part.column.name], descending=[True, False])[part.column.name][0]
        )
    return column.replace_strict(words, numbers, return_dtype=pl.Int64).to_numpy().copy()


def numbers_of(frame: pl.DataFrame, part: Part) -> np.ndarray:
    """A column as floats: numbers, or the places of a category's values; NaN where there is a gap."""
    column = frame[part.column.name]
    if part.taken != "number":
        numbers = {word: place for place, word in enumerate(part.classes)}
        column = column.cast(pl.String).replace_strict(numbers, default=None, return_dtype=pl.Int64)
    return column.cast(pl.Float64).fill_null(float("nan")).to_numpy().copy()


def _numbers(frame: pl.DataFrame, part: Part) -> np.ndarray:
    """A column of numbers, NaN where there is a gap, or a category one-hot; a row for each of the table."""
    if part.taken == "number":
        return frame[part.column.name].cast(pl.Float64).fill_null(float("nan")).to_numpy().reshape(-1, 1)
    return np.eye(len(part.classes), dtype=np.float32)[_codes(frame, part)]


def frame_of(look: Look) -> pl.DataFrame:
    """All rows of a table, each column in its own type; what is missing, or no finite number, is None."""
    return reading(look.key or look.path, lambda: _frame(look))


def _frame(look: Look) -> pl.DataFrame:
    key = look.key or look.path
    frame = scan(key)
    schema = frame.collect_schema()
    written, comma = written_in(key, schema), commas_in(key)
    values = [
        pl.col(column.name).cast(pl.String) if schema[column.name].is_temporal() and column.kind == "other"
        else value(column.name, column.kind, column.name in written, comma)
        for column in look.columns
    ]  # fmt: skip
    return frame.select(values).collect(engine="streaming")
