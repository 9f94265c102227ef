"""Opens data files: a look at one, or its rows as arrays, by field."""

from __future__ import annotations

import numpy as np

from designer.own_data import arrays
from designer.own_data.layout import Layout
from designer.own_data.look import Look, is_table, stamp

Rows = tuple[dict[str, np.ndarray], dict[str, np.ndarray]]


def look(path: str) -> Look:
    """Look through a whole file, which may take seconds; raises UserError where it cannot be read."""
    made = stamp(path)
    if not is_table(path):
        return arrays.look(path, made)
    from designer.own_data import table  # polars takes a tenth of a second to import: only for those who have one

    return table.look(path, made)


def read(layout: Layout) -> Rows:
    """The fields of a file without the rows that have gaps, and which columns of them are measures.

    Raises UserError where the file cannot be read.
    """
    if not layout.look.is_table:
        return arrays.read(layout)
    from designer.own_data import table

    return table.read(layout)
