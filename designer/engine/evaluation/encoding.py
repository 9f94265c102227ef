"""Makes what people give into what a network takes, by the columns, values and scales of its training."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from designer.kept_run import KeptRun
from designer.own_data.layout import FILLING
from designer.own_data.texts import UNKNOWN
from designer.plan import PlanInput
from designer.problems import UserError
from designer.protocol import Column

PROSE = re.compile(r"[\w']+")
"""A word of a text in a table."""
Cells = Mapping[str, Sequence[str | None]]
"""Texts by column; None where nothing stands."""
RowName = Callable[[int], str]
"""Says which row it is, to begin a sentence: "Row 3 of new.csv"."""


def encode(kept: KeptRun, cells: Cells, where: RowName) -> tuple[Tensor, ...]:
    """The inputs of a network from cells of text; raises UserError, which names row and column."""
    pairs = zip(kept.plan.inputs, kept.recipe.inputs, strict=True)
    return tuple(_input(kept, given, field, cells, where) for given, field in pairs)


def lacking(kept: KeptRun, cells: Cells) -> list[str]:
    """The columns that are needed and not there."""
    return [column.name for column in kept.row() or kept.series() if column.name not in cells]


def windows(kept: KeptRun, cells: Cells, where: RowName) -> Tensor:
    """A table whose rows are steps as all sequences in it that are as long as the network takes; raises UserError."""
    field, length = kept.recipe.inputs[0], kept.plan.inputs[0].shape[0]
    steps = _side_by_side(kept, field, kept.series(), cells, where)
    if isinstance(length, str):
        return steps.unsqueeze(0)
    if len(steps) < length:
        raise UserError(f"The table has {len(steps):,} rows, but the network takes {length:,} in a row.")
    return steps.unfold(0, length, 1).movedim(-1, 1)


def _input(kept: KeptRun, given: PlanInput, field: str, cells: Cells, where: RowName) -> Tensor:
    columns = kept.columns_of(given, field)
    if given.dtype == "int64" and given.shape:
        if kept.meaning(field).columns:
            return torch.stack([_codes(column, cells, where) for column in columns], 1)
        return _sequences(kept, given, field, cells[field], where)
    if given.dtype == "int64":
        return _codes(columns[0], cells, where)
    values = _side_by_side(kept, field, columns, cells, where)
    return values if given.shape else values[:, 0]


def _side_by_side(kept: KeptRun, field: str, columns: Sequence[Column], cells: Cells, where: RowName) -> Tensor:
    """The columns of a table as they stand in a field, standardized: (rows, numbers)."""
    mean, deviation = scale_of(kept, field)
    parts, place = [], 0
    for column in columns:
        if column.values:
            parts.append(torch.nn.functional.one_hot(_codes(column, cells, where), len(column.values)).float())
        else:
            usual = float(mean.flatten()[place if mean.numel() > 1 else 0]) if fills(kept) else None
            parts.append(_numbers(column, cells, where, usual).unsqueeze(1))
        place += len(column.values) or 1
    values: Tensor = (torch.cat(parts, 1) - mean) / deviation
    return values


def scale_of(kept: KeptRun, field: str) -> tuple[Tensor, Tensor]:
    """Mean and deviation by which a field was standardized; 0 and 1 for one that was not."""
    scale = kept.scales.get(field)
    if scale is None:
        return torch.zeros(()), torch.ones(())
    return torch.tensor(scale.mean, dtype=torch.float32), torch.tensor(scale.deviation, dtype=torch.float32)


def fills(kept: KeptRun) -> bool:
    """Whether gaps were filled in training, numbers with their mean."""
    return kept.recipe.source.settings.get("missing") == "fill"


def _numbers(column: Column, cells: Cells, where: RowName, usual: float | None) -> Tensor:
    return torch.tensor(
        [_number(text, column, where, row, usual) for row, text in enumerate(cells[column.name])], dtype=torch.float32
    )


def _number(text: str | None, column: Column, where: RowName, row: int, usual: float | None) -> float:
    if text is None or not text.strip():
        if usual is not None:
            return usual
        raise UserError(f"{where(row)} has nothing in {column.name}. Give it a number.")
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UserError(f'{where(row)} has "{text[:40]}" in {column.name}, where a number must stand.')
    return value


def _codes(column: Column, cells: Cells, where: RowName) -> Tensor:
    places = {value: place for place, value in enumerate(column.values)}
    return torch.tensor([_code(text, column, places, where, row) for row, text in enumerate(cells[column.name])])


def _code(text: str | None, column: Column, places: Mapping[str, int], where: RowName, row: int) -> int:
    if text is None or not text.strip():
        raise UserError(f"{where(row)} has nothing in {column.name}. Choose one of {_some(column.values)}.")
    word = text.strip()
    if not places and word.lstrip("-").isdecimal():
        return int(word)
    found = places.get(word, places.get(word.removesuffix(".0")))  # whole numbers that another file holds as 3.0
    if found is None:
        known = f"one of {_some(column.values)} must stand" if places else "a whole number must stand"
        raise UserError(f'{where(row)} has "{word[:40]}" in {column.name}, where {known}.')
    return found


def _some(values: Sequence[str]) -> str:
    shown = ", ".join(values[:10])
    return f"{shown} and {len(values) - 10:,} more" if len(values) > 10 else shown


def _sequences(kept: KeptRun, given: PlanInput, field: str, texts: Sequence[str | None], where: RowName) -> Tensor:
    """Texts as the numbers of their characters or words; whole numbers where these have no names."""
    names = kept.meaning(field).classes
    unit = kept.recipe.source.settings.get("unit", "characters")
    rows = [_sequence(text or "", names, str(unit), field, where, row) for row, text in enumerate(texts)]
    length = given.shape[0]
    if isinstance(length, str):
        length = max(map(len, rows), default=1)
    if names[: len(FILLING)] == FILLING:
        return torch.tensor([(row + [0] * length)[:length] for row in rows])
    for place, row in enumerate(rows):
        if len(row) < length:
            raise UserError(f"{where(place)} has {len(row)} parts in {field}, but the network takes {length}.")
    return torch.tensor([row[-length:] for row in rows])


def _sequence(text: str, names: tuple[str, ...], unit: str, field: str, where: RowName, row: int) -> list[int]:
    places = {name: place for place, name in enumerate(names)}
    if names[: len(FILLING)] == FILLING:
        return [places.get(word, 1) for word in PROSE.findall(text.lower())]
    if names[:1] == (UNKNOWN,):
        from designer.own_data.text_reading import words_of

        return [places.get(part, 0) for part in (text if unit == "characters" else words_of(text))]
    parts = text.replace(",", " ").split()
    try:
        return [places[part] if part in places else int(part) for part in parts]
    except ValueError as error:
        raise UserError(f"{where(row)} has something in {field} that is no whole number.") from error


def pixels_of(kept: KeptRun, values: Any) -> tuple[Tensor, ...]:
    """Images of numbers from 0 to 1, (images, channels, height, width), brought to the scale of the training."""
    mean, deviation = scale_of(kept, kept.recipe.inputs[0])
    return ((torch.as_tensor(values, dtype=torch.float32) - mean) / deviation,)
