"""How a text file holds a table: its separator, whether its first line names the columns, and what is no value."""

from __future__ import annotations

import csv
from pathlib import Path

from designer.problems import UserError

GAPS = ("", "?", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "-")
"""What stands in a text file where a value is missing."""
SEPARATORS = ",;\t|"
HEAD = 2**16
"""Bytes from which the separator and the header are told."""


def manner(path: str) -> tuple[str, bool]:
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
