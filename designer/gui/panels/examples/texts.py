"""How the values of examples are written."""

from __future__ import annotations

from collections.abc import Sequence

from designer.gui.panels.texts import count_text
from designer.protocol import Cell, Seen, Spread

SIGNS = {"\n": "↵", "\t": "→"}
"""Letters that would not be seen in one line."""
KINDS = {"number": "numbers", "whole": "whole numbers", "text": "texts", "other": "neither numbers nor texts"}


def class_text(number: Cell, names: Sequence[str]) -> str:
    """A class by its name, where it has one."""
    known = isinstance(number, int) and 0 <= number < len(names)
    return names[number] if known and isinstance(number, int) else cell_text(number)


def cell_text(value: Cell) -> str:
    """What stands in one place; a missing value is said to be so."""
    if value is None:
        return "missing"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def sequence_text(values: Sequence[Cell], names: Sequence[str], cut: bool = False) -> str:
    """The steps of a sequence: letters as a text, words and numbers with blanks between."""
    words = [class_text(value, names) for value in values]
    # The first number may stand for all that is unknown, which is no letter.
    letters = len(names) > 1 and all(len(name) == 1 for name in names[1:])
    if letters:
        words = [SIGNS.get(word, word) for word in words]
    return ("" if letters else " ").join(words) + ("…" if cut else "")


def number_text(value: float | None) -> str:
    """A number of a range."""
    return "not finite" if value is None else f"{value:,.6g}" if abs(value) < 1e6 else f"{value:.4g}"


def range_text(spread: Spread) -> str:
    """From where to where a column goes, or how many different values it has."""
    if spread.low is None or spread.high is None:
        return f"{count_text(spread.distinct)} different" if spread.distinct else ""
    if spread.low == spread.high:
        return f"always {number_text(spread.low)}"
    return f"{number_text(spread.low)} to {number_text(spread.high)}"


def spread_text(spread: Spread) -> str:
    """A column in a sentence or two, for whoever reads it or hears it read."""
    parts = [f"{spread.name}: {KINDS.get(spread.kind, spread.kind)}"]
    if span := range_text(spread):
        parts.append(span)
    if spread.mean is not None and spread.deviation is not None and spread.low != spread.high:
        parts.append(f"mean {spread.mean:.4g}, standard deviation {spread.deviation:.4g}")
    text = ", ".join(parts)
    if spread.missing:
        text += f". {count_text(spread.missing)} of {count_text(spread.count + spread.missing)} are missing"
    return f"{text}."


def example_text(field: Seen, place: int, classes: Sequence[str]) -> str:
    """One field of one example in words; empty for a picture."""
    if field.form in ("image", "mask") or place >= len(field.values):
        return ""
    values = field.values[place]
    if field.form == "label":
        return class_text(values[0], classes or field.names)
    if field.form == "sequence":
        names = classes if field.role == "target" and classes else field.names
        return sequence_text(values, names, field.cut)
    return ", ".join(map(cell_text, values[:4])) + (" …" if len(values) > 4 or field.cut else "")
