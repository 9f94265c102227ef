"""Reads NumPy's files: .npz with an array for each field, .npy with one. Nothing in them is ever unpickled."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

import numpy as np

from designer.own_data.content import Collected
from designer.own_data.layout import Layout, Part
from designer.own_data.look import MOST_VALUES, Column, Look, Stamp
from designer.problems import UserError, one_line

ONLY = "values"
"""What the one array of a .npy file is called."""


def look(path: str, stamp: Stamp) -> Look:
    """The arrays of a file; raises UserError."""
    arrays = load(path)
    lengths = [len(array) for array in arrays.values()]
    # The rows are those of most arrays; what is longer or shorter, such as a test set, is left aside.
    rows = max(lengths, key=lambda length: (lengths.count(length), length))
    gaps = _gaps({name: array for name, array in arrays.items() if len(array) == rows})
    return Look(path, stamp, rows, tuple(_column(name, array) for name, array in arrays.items()), gaps)


def load(path: str) -> dict[str, np.ndarray]:
    """The arrays of a file by their names; raises UserError."""
    name = Path(path).name
    try:
        with Path(path).open("rb") as file:
            found = np.load(file, allow_pickle=False)
            arrays = {ONLY: found} if isinstance(found, np.ndarray) else {key: found[key] for key in found.files}
    except (OSError, ValueError, EOFError, KeyError, MemoryError, zipfile.BadZipFile, zlib.error) as error:
        if "allow_pickle" in str(error):
            text = f"{name} holds Python objects, which are never unpickled. Save it as numbers."
            raise UserError(text) from error
        why = one_line(str(error))[:160] or type(error).__name__
        raise UserError(f"{name} cannot be read as arrays: {why}. Choose another file.") from error
    if not arrays or not all(isinstance(array, np.ndarray) for array in arrays.values()):
        raise UserError(f"{name} holds no arrays. Choose another file.")
    if any(array.ndim == 0 for array in arrays.values()):
        key = next(key for key, array in arrays.items() if array.ndim == 0)
        raise UserError(f"{key} of {name} is a single number, not rows of them. Leave it out of the file.")
    return arrays


def _column(name: str, array: np.ndarray) -> Column:
    shape, rows = array.shape[1:], len(array)
    if array.dtype.kind in "fb":
        return Column(name, "number", shape, rows=rows)
    if array.dtype.kind == "U" and not shape:
        words = np.unique(array)
        values = tuple(words.tolist()) if len(words) <= MOST_VALUES else ()
        return Column(name, "text", shape, values, len(words), rows)
    if array.dtype.kind not in "iu":
        return Column(name, "other", shape, rows=rows)
    if array.dtype == np.uint8 and len(shape) > 1:
        return Column(name, "whole", shape, rows=rows, picture=True)
    low, high = (int(array.min()), int(array.max())) if array.size else (0, 0)
    if not 0 <= low <= high < MOST_VALUES:
        return Column(name, "whole", shape, distinct=high - low + 1, rows=rows)
    return Column(name, "whole", shape, tuple(map(str, range(high + 1))), len(np.unique(array)), rows)


def _gaps(arrays: dict[str, np.ndarray]) -> dict[frozenset[str], int]:
    lacking = {name: ~_complete(array) for name, array in arrays.items() if array.dtype.kind == "f"}
    lacking = {name: rows for name, rows in lacking.items() if rows.any()}
    if not lacking:
        return {}
    patterns, counts = np.unique(np.stack(list(lacking.values()), axis=1), axis=0, return_counts=True)
    return {
        frozenset(name for name, gap in zip(lacking, pattern, strict=True) if gap): int(count)
        for pattern, count in zip(patterns, counts, strict=True)
        if pattern.any()
    }


def _complete(array: np.ndarray) -> np.ndarray:
    """Which rows hold finite numbers alone."""
    return np.isfinite(array).reshape(len(array), -1).all(axis=1)


def read(layout: Layout) -> Collected:
    """The rows without gaps, or with NaN where gaps are to be filled, by array."""
    arrays = load(layout.look.path)
    used = [part for part in layout.parts if part.role != "ignore"]
    kept = np.full(layout.look.rows, True)
    for part in used:
        array = arrays[part.column.name]
        if array.dtype.kind == "f" and part.column.name in layout.needed:
            kept &= _complete(array)
    fields, measures = {}, {}
    for part in used:
        name = part.column.name
        fields[name] = _field(part, arrays[name] if kept.all() else arrays[name][kept])
        if part.taken == "number" and fields[name].ndim == 2:
            measures[name] = np.full(fields[name].shape[1], True)
    return Collected(fields, measures)


def _field(part: Part, array: np.ndarray) -> np.ndarray:
    if part.column.picture and part.taken == "number":
        return np.ascontiguousarray(array)  # bytes, to be brought to 0..1 where they are learned from
    if array.dtype.kind == "U":
        return np.searchsorted(np.array(part.classes), array)
    if part.taken == "category":
        return array.astype(np.int64)
    numbers = array.astype(np.float32)
    numbers[~np.isfinite(numbers)] = np.nan
    return numbers.reshape(-1, 1) if array.ndim == 1 else numbers
