"""Reads sequences from a table as arrays: (examples, steps, columns), and what is to be predicted of each."""

from __future__ import annotations

import numpy as np

from designer.own_data.content import Collected
from designer.own_data.layout import Layout, Part
from designer.own_data.look import Look
from designer.own_data.series import SeriesChoice, examples_of, layout, length_of, manner_of, read_from
from designer.own_data.table import frame_of, numbers_of


def collect(look: Look, choice: SeriesChoice) -> Collected:
    """All sequences; their places beyond the end are NaN, to be filled when the rest is standardized."""
    laid = layout(look, choice)
    manner = manner_of(laid, choice)
    frame = frame_of(look)
    groups = _groups(frame[choice.sequence].cast(str).to_numpy() if choice.sequence else None, look.rows)
    order = np.concatenate(groups)
    table = {part.column.name: numbers_of(frame, part) for part in laid.parts if part.role != "ignore"}
    for name, values in table.items():
        table[name] = _filled(values[order], groups)
    inputs = np.concatenate([_wide(table[part.column.name], part) for part in read_from(laid, manner)], axis=1)
    answers, classes = _answers(table, laid)
    measures = np.concatenate([np.full(len(part.classes) or 1, not part.classes) for part in read_from(laid, manner)])
    found = _cut(inputs, answers, laid, choice, manner)
    wanted = {} if classes else {laid.target: np.full(len(laid.targets), True)}
    ahead_alone = manner == "ahead" and not choice.sequence
    return Collected(
        {"steps": found[0], laid.target: found[1]},
        {"steps": measures, **wanted},
        overlap=length_of(laid, choice, manner) + choice.horizon - 1 if ahead_alone else None,
        groups=None if ahead_alone or manner == "sequence" else found[2],
        series=frozenset({"steps"} | ({laid.target} if manner == "step" and not classes else set())),
    )


def _groups(names: np.ndarray | None, rows: int) -> list[np.ndarray]:
    """The rows of each sequence, in the order in which the sequences begin."""
    if names is None:
        return [np.arange(rows)]
    _, first, inverse = np.unique(names, return_index=True, return_inverse=True)
    place = np.argsort(np.argsort(first))[inverse]
    order = np.argsort(place, kind="stable")
    return np.split(order, np.cumsum(np.bincount(place))[:-1])


def _filled(values: np.ndarray, groups: list[np.ndarray]) -> np.ndarray:
    """Each gap as the value before it in its sequence, or the one behind it; else the mean of all."""
    if not np.isnan(values).any():
        return values
    begin = 0
    for rows in groups:
        part = values[begin : begin + len(rows)]
        known = np.flatnonzero(~np.isnan(part))
        if len(known):
            part[:] = part[known[np.clip(np.searchsorted(known, np.arange(len(part)), side="right") - 1, 0, None)]]
        begin += len(rows)
    left = np.isnan(values)
    values[left] = values[~left].mean() if not left.all() else 0
    return values


def _wide(values: np.ndarray, part: Part) -> np.ndarray:
    """A column of numbers, or a category one-hot."""
    if not part.classes:
        return values.reshape(-1, 1).astype(np.float32)
    return np.eye(len(part.classes), dtype=np.float32)[np.rint(values).astype(np.int64)]


def _answers(table: dict[str, np.ndarray], laid: Layout) -> tuple[np.ndarray, bool]:
    """What is to be predicted at each row, and whether it is a class."""
    first = laid.targets[0]
    if first.classes:
        return np.rint(table[first.column.name]).astype(np.int64), True
    return np.stack([table[part.column.name] for part in laid.targets], axis=1).astype(np.float32), False


def _cut(
    inputs: np.ndarray, answers: np.ndarray, laid: Layout, choice: SeriesChoice, manner: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The examples of all sequences, what is to be predicted of each, and from which sequence it is."""
    steps, begin = length_of(laid, choice, manner), 0
    taken: list[np.ndarray] = []
    for length in laid.look.groups:
        count = examples_of(length, laid, choice, manner)
        far = 1 if manner == "ahead" else steps
        taken.append(begin + np.arange(count) * far)
        begin += length
    groups = np.repeat(np.arange(len(taken)), [len(each) for each in taken])
    starts = np.concatenate(taken)
    if manner == "ahead":
        rows = starts[:, None] + np.arange(steps)
        return inputs[rows], answers[starts + steps - 1 + choice.horizon], groups
    if manner == "step":
        rows = starts[:, None] + np.arange(steps)
        return inputs[rows], answers[rows], groups
    lengths = np.minimum(laid.look.groups, steps)
    inside = np.arange(steps) < lengths[:, None]
    found = np.full((len(starts), steps, inputs.shape[1]), np.nan, np.float32)
    found[inside] = inputs[(starts[:, None] + np.arange(steps))[inside]]
    return found, answers[starts], groups
