"""The names of the columns that stand side by side in a field."""

from __future__ import annotations

from designer.catalogue.datasets import DataFacts
from designer.catalogue.own_data import FileFacts


def names_of(facts: DataFacts | None) -> dict[str, tuple[str, ...]]:
    """For the features of a table, a name for each number: "" for the places of a category, of which only one is 1."""
    if not isinstance(facts, FileFacts) or not facts.layout.look.is_table:
        return {}
    names: list[str] = []
    for part in facts.layout.features:
        width = len(part.classes) or 1
        names += [part.column.name] if width == 1 else [""] * width
    return {facts.layout.feature: tuple(names)}
