"""The examples of a table of the user's own: its rows as the file has them."""

from __future__ import annotations

import msgspec
import numpy as np

from designer.engine.data.collect import collect
from designer.engine.data.splitting import divide, split_rows
from designer.engine.looking.spreads import spread
from designer.own_data.files import FileChoice
from designer.own_data.layout import lay_out
from designer.own_data.look import FILE, is_table
from designer.own_data.reading import asked_for, look, rows_in
from designer.own_data.rows import rows_of
from designer.problems import UserError
from designer.protocol import Seen, Source, Split, Spread

COLUMNS = 40
"""So many columns are shown of each row."""
SURVEYED = 200
"""So many columns are surveyed."""
COMMON = 24
POINTS = 2000
LONGEST = 60
"""Letters of a text."""


def is_table_source(source: Source) -> bool:
    """Whether a source is a table of the user's own."""
    return source.key == FILE and is_table(str(source.settings.get("path", "")))


class TableExamples:
    """All rows of the file; the splits are those of the rows that are learned from."""

    def __init__(self, source: Source, split: Split) -> None:
        chosen = msgspec.convert(source.settings, FileChoice)
        self._layout = lay_out(rows_in(look(asked_for(chosen).key)), chosen.columns, chosen.kinds, "drop")
        self._rows = rows_of(self._layout)
        lacking = self._rows.lacking()
        every = np.arange(len(lacking))
        self.parts: dict[str, np.ndarray] = {"all": every}
        if lacking.any():
            self.parts["lacking"] = every[lacking]
        targets = self._layout.targets
        category = targets[0] if len(targets) == 1 and targets[0].taken == "category" else None
        self.names = category.classes if category is not None else ()
        self.classes = self._rows.codes(category.column.name, self.names) if category is not None else None
        self.parts |= self._splits(source, chosen, split, every[~lacking])

    def page(self, rows: np.ndarray) -> tuple[Seen, ...]:
        """A field for each column."""
        parts = self._layout.parts[:COLUMNS]
        names = [part.column.name for part in parts]
        cells = self._rows.cells(rows.tolist(), names)
        cut = len(self._layout.parts) > COLUMNS
        return tuple(
            Seen(name, part.role, "numbers", (), (name,), tuple((_short(row[place]),) for row in cells), cut=cut)
            for place, (name, part) in enumerate(zip(names, parts, strict=True))
        )

    def spreads(self) -> tuple[Spread, ...]:
        """The spread of each column."""
        return tuple(self._spread(place) for place in range(min(len(self._layout.parts), SURVEYED)))

    def _spread(self, place: int) -> Spread:
        part = self._layout.parts[place]
        column, name = part.column, part.column.name
        missing = self._rows.gaps(name)
        if column.kind in ("number", "whole") and part.taken == "number":
            return spread(name, part.role, self._rows.numbers(name), missing, column.kind == "whole")
        common = tuple(self._rows.common(name, COMMON)) if column.kind != "other" else ()
        count = self._layout.look.rows - missing
        return Spread(name, part.role, column.kind, count, missing, column.distinct or len(common), common=common)

    def points(self) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
        """Two numbers that are all there is to learn from are a place in a plane."""
        features = self._layout.features
        plane = len(features) == 2 and all(part.taken == "number" for part in features)
        if not plane or any(part.column.kind == "text" for part in features):
            return (), np.empty((0, 2)), np.empty(0, dtype=np.int64)
        names = tuple(part.column.name for part in features)
        lacking = self._rows.lacking()
        rows = np.nonzero(~lacking)[0]
        rows = rows[:: max(1, -(-len(rows) // POINTS))]
        return names, np.array(self._rows.cells(rows.tolist(), names), dtype=np.float64).reshape(-1, 2), rows

    def note(self) -> str:
        """Nothing: the facts say it all."""
        return ""

    def _splits(self, source: Source, chosen: FileChoice, split: Split, kept: np.ndarray) -> dict[str, np.ndarray]:
        """The rows of each split as the training draws them; none where it could not."""
        plain = not (chosen.split_column or chosen.validation_file or chosen.test_file)
        try:
            if plain and chosen.missing != "fill":
                drawn = divide(len(kept), split, self.classes[kept] if self.classes is not None else None)
                return {name: kept[rows] for name, rows in drawn.items()}
            return _as_collected(source, split, kept, len(self._rows.frame))
        except UserError:
            return {}


def _as_collected(source: Source, split: Split, kept: np.ndarray, rows: int) -> dict[str, np.ndarray]:
    """The rows of each split where the file says more about them than shares do: all of it is read for that."""
    settings = {**source.settings, **({"missing": "drop"} if source.settings.get("missing") != "fill" else {})}
    raw = collect(Source(source.key, settings))
    used = kept if len(raw.answers) == len(kept) else np.arange(rows)
    if len(raw.answers) != len(used):
        return {}  # rows of other files are among them, which are not shown here
    return {name: used[places] for name, places in split_rows(raw, split).items()}


def _short(cell: int | float | str | None) -> int | float | str | None:
    return f"{cell[: LONGEST - 1]}…" if isinstance(cell, str) and len(cell) > LONGEST else cell
