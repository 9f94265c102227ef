"""Opens data files: a look at one, or its rows as arrays, by field.

numpy and polars take a tenth of a second each to import: only those who have such a file wait for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from designer.own_data.layout import Layout
from designer.own_data.look import Look, is_table, stamp

if TYPE_CHECKING:
    import numpy as np

Rows: TypeAlias = "tuple[dict[str, np.ndarray], dict[str, np.ndarray]]"


def look(path: str) -> Look:
    """Look through a whole file, which may take seconds; raises UserError where it cannot be read."""
    made = stamp(path)
    if not is_table(path):
        from designer.own_data import arrays

        return arrays.look(path, made)
    from designer.own_data import table

    return table.look(path, made)


def read(layout: Layout) -> Rows:
    """The fields of a file without the rows that have gaps, and which columns of them are measures.

    Raises UserError where the file cannot be read.
    """
    if not layout.look.is_table:
        from designer.own_data import arrays

        return arrays.read(layout)
    from designer.own_data import table

    return table.read(layout)
