"""How the panels write figures, shapes and ids, so that one thing looks the same in all of them."""

from __future__ import annotations

from designer.catalogue.tensor import Specs, TensorSpec

UNITS = (("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3))


def count_text(number: int) -> str:
    """A count in full: 12,345."""
    return f"{number:,}"


def short_count(number: int) -> str:
    """A count in brief, from ten thousand on: "12.3 k"."""
    if number >= 10_000:
        for unit, size in UNITS:
            if number >= size:
                return f"{number / size:.3g} {unit}"
    return count_text(number)


def plural(number: int, one: str, many: str = "") -> str:
    """A count with its noun: "1 layer", "3 layers"."""
    return f"{count_text(number)} {one if number == 1 else many or one + 's'}"


def figure_text(number: float | None) -> str:
    """A figure of a run; None is what is not finite."""
    return "not finite" if number is None else f"{number:.3g}"


def specs_text(specs: Specs | None) -> str:
    """What a port carries, batch included; several tensors stand in parentheses."""
    if specs is None:
        return "not known yet"
    if isinstance(specs, TensorSpec):
        return str(specs)
    return f"({', '.join(str(spec) for spec in specs)})"


def breakable(text: str) -> str:
    """The same text, with places inside long ids where a line may end."""
    return text.replace("_", "_\u200b").replace(".", ".\u200b")
