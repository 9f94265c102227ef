"""The examples of a data set that comes as arrays, each field shown by what it looks like."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from designer.engine.data.collect import Raw, collect
from designer.engine.data.splitting import split_rows
from designer.engine.looking.pictures import is_mask, is_picture, masks, pictures
from designer.engine.looking.spreads import spread
from designer.own_data.reading import LENIENT
from designer.problems import UserError
from designer.protocol import Cell, Form, Seen, Source, Split, Spread

COLUMNS = 40
SURVEYED = 200
STEPS = 96
"""So many steps of a sequence are shown."""
CHANNELS = 8
POINTS = 2000
MOST_NUMBERS = 4_000_000
STRICT = (None, "refuse")
"""What a setting says where one thing that cannot be used is a reason to refuse all."""


class ArrayExamples:
    """The rows of all arrays; a field is an array with a row for each example."""

    def __init__(self, source: Source, split: Split) -> None:
        self._raw = raw = _collected(source)
        answers = raw.answers
        self.parts: dict[str, np.ndarray] = {"all": np.arange(len(answers))}
        self.names = tuple(raw.words.get(raw.target, ()))
        self.classes: np.ndarray | None = answers if raw.has_classes and answers.ndim == 1 else None
        try:
            self.parts |= split_rows(raw, split)
        except UserError:
            return  # the panel says beside it why there are no shares

    def _fields(self) -> Iterator[tuple[str, str, np.ndarray]]:
        """All fields with a row for each example: name, role, values."""
        raw = self._raw
        yield raw.feature, "feature", raw.features
        for name, values in raw.others.items():
            if len(values) == len(raw.answers):
                yield name, "feature", values
        if raw.target != raw.feature:
            yield raw.target, "target", raw.answers

    def page(self, rows: np.ndarray) -> tuple[Seen, ...]:
        """Each field of some examples as what it is: pictures, numbers, a class, a sequence."""
        return tuple(self._seen(name, role, _in_units(values[rows])) for name, role, values in self._fields())

    def _seen(self, name: str, role: str, values: np.ndarray) -> Seen:
        words = tuple(self._raw.words.get(name, ()))
        if is_picture(values, self._raw.image):
            shape, pixels = pictures(values)
            return Seen(name, role, "image", shape, pixels=pixels)
        if is_mask(values):
            shape, pixels = masks(values)
            return Seen(name, role, "mask", shape, pixels=pixels, names=words)
        if values.ndim == 1:
            form: Form = "label" if np.issubdtype(values.dtype, np.integer) and role == "target" else "numbers"
            return Seen(name, role, form, (), (name,), _cells(values.reshape(-1, 1)), names=words)
        if np.issubdtype(values.dtype, np.integer):
            flat = values.reshape(len(values), -1)
            return Seen(name, role, "sequence", values.shape[1:], values=_cells(flat[:, :STEPS]), names=words,
                        cut=flat.shape[1] > STEPS)  # fmt: skip
        if values.ndim == 2:
            return Seen(name, role, "numbers", values.shape[1:], self._columns(name, values.shape[1])[:COLUMNS],
                        _cells(values[:, :COLUMNS]), cut=values.shape[1] > COLUMNS)  # fmt: skip
        series = values.reshape(len(values), values.shape[1], -1).transpose(0, 2, 1)[:, :CHANNELS, :STEPS]
        return Seen(name, role, "series", series.shape[1:], values=_cells(series.reshape(len(values), -1)),
                    cut=series[0].size < values[0].size)  # fmt: skip

    def _columns(self, name: str, width: int) -> tuple[str, ...]:
        known = self._raw.columns.get(name, ())
        if len(known) == width:
            return tuple(known)
        return tuple(f"{name} {place}" for place in range(1, width + 1)) if width > 1 else (name,)

    def spreads(self) -> tuple[Spread, ...]:
        """Each column of a table, and all values together of any other field; classes are told by the balance."""
        found: list[Spread] = []
        for name, role, values in self._fields():
            if role == "target" and self.classes is not None:
                continue
            if values.ndim == 2 and not np.issubdtype(values.dtype, np.integer) and not self._raw.whole:
                names = self._columns(name, values.shape[1])[:SURVEYED]
                found += [spread(each, role, values[:, place]) for place, each in enumerate(names)]
            else:
                title = f"all values of {name}" if values.ndim > 1 else name
                found.append(spread(title, role, _in_units(_some(values)), words=self._raw.words.get(name, ())))
        return tuple(found)

    def points(self) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
        """Features of two numbers are places in a plane."""
        values = self._raw.features
        if values.ndim != 2 or values.shape[1] != 2 or np.issubdtype(values.dtype, np.integer) or self._raw.whole:
            return (), np.empty((0, 2)), np.empty(0, dtype=np.int64)
        rows = np.arange(len(values))[:: max(1, -(-len(values) // POINTS))]
        return self._columns(self._raw.feature, 2), values[rows], rows

    def note(self) -> str:
        """A graph as counts."""
        edges = next((each for each in self._raw.others.values() if each.ndim == 2 and len(each) == 2), None)
        if not self._raw.whole or edges is None:
            return ""
        nodes = len(self._raw.answers)
        degrees = np.bincount(edges[0], minlength=nodes)
        return (
            f"{nodes:,} nodes with {self._raw.features.shape[1]:,} numbers each, {edges.shape[1]:,} directed edges; "
            f"from {degrees.min():,} to {degrees.max():,} leave a node, {degrees.mean():.3g} on average."
        )


def _collected(source: Source) -> Raw:
    """The arrays; what cannot be used is left out of the look, whatever becomes of it in the training."""
    refused = {name: each for name, each in LENIENT.get(source.key, {}).items() if source.settings.get(name) in STRICT}
    return collect(Source(source.key, {**source.settings, **refused}))


def _some(values: np.ndarray) -> np.ndarray:
    """Evenly drawn examples where there are many numbers: millions of pixels tell what some of them tell."""
    return values[:: max(1, -(-values.size // MOST_NUMBERS))]


def _in_units(values: np.ndarray) -> np.ndarray:
    """The bytes of pictures in 0..1, as they are learned from; all else as it is."""
    return values.astype(np.float32) / 255 if values.dtype == np.uint8 else values


def _cells(values: np.ndarray) -> tuple[tuple[Cell, ...], ...]:
    """Numbers as they travel, to six digits; what is not finite is missing."""
    if np.issubdtype(values.dtype, np.integer):
        return tuple(map(tuple, values.tolist()))
    return tuple(tuple(float(f"{each:.6g}") if np.isfinite(each) else None for each in row) for row in values.tolist())
