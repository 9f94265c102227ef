"""A data file of the user's own as a data set: its settings, and the facts that follow from a look at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from designer.catalogue.datasets import DataFacts, Field
from designer.catalogue.entry import Entry, Setting
from designer.catalogue.tensor import TensorSpec
from designer.own_data.layout import MISSING, ROLES, TAKEN, Layout, Part, lay_out, refuse
from designer.own_data.look import Look


class ByColumn(Setting[Mapping[str, str]]):
    """A word for some of the columns, by the column's name."""

    def __init__(self, doc: str, words: tuple[str, ...]) -> None:
        super().__init__({}, doc, words=words, kind=dict)

    def accept(self, value: object) -> Mapping[str, str]:
        """A mapping of column names to the words, or raise Misfit."""
        if not isinstance(value, Mapping):
            return self._refuse(value, "a table from columns to words")
        for name, word in value.items():
            if word not in self.words:
                self._refuse(word, f"one of {', '.join(self.words)} at {name}")
        return dict(value)


class DataFile(Entry):
    """A file of your own: a table (CSV, TSV, Parquet) with a row an example, or NumPy arrays (.npz, .npy)."""

    title, kind = "A file of my own", "file"

    path = Setting("", "The file; a relative path begins at the design's folder.")
    missing: Setting[Any] = Setting(
        "refuse", "What becomes of rows that lack a value: refuse the file, or drop them.", choices=MISSING
    )
    columns = ByColumn("What each column is for, where the guess is wrong: feature, target or ignore.", ROLES)
    kinds = ByColumn("What a column is taken for, where the guess is wrong: number or category.", TAKEN)

    in_form: ClassVar[tuple[str, ...]] = ("missing",)
    """The settings that a form can show by itself."""

    def layout(self, look: Look) -> Layout:
        """What each column is, as far as it is known; nothing is refused."""
        return lay_out(look, self.columns, self.kinds, str(self.missing))

    def facts(self, look: Look) -> FileFacts:
        """What the check must know; raises UserError where the file cannot be learned from like this."""
        layout = self.layout(look)
        refuse(layout, (*self.columns, *self.kinds))
        features = _table_fields(layout) if look.is_table else _array_fields(layout.features)
        fields = {**features, **_target_fields(layout)}
        return FileFacts(look.name, fields, tuple(features), layout.target, layout.examples, layout)


@dataclass(frozen=True, slots=True)
class FileFacts(DataFacts):
    """The facts of a file, with what each of its columns is."""

    layout: Layout


def _table_fields(layout: Layout) -> dict[str, Field]:
    """All features of a table stand side by side: a number for each, and one for each value of a category."""
    width = sum(len(part.classes) or 1 for part in layout.features)
    return {layout.feature: Field(TensorSpec((width,)))}


def _array_fields(parts: tuple[Part, ...]) -> dict[str, Field]:
    return {part.column.name: _array_field(part) for part in parts}


def _array_field(part: Part) -> Field:
    if part.taken == "category":
        return Field(TensorSpec(part.column.shape, "int64"), part.classes)
    return Field(TensorSpec(part.column.shape or (1,)))


def _target_fields(layout: Layout) -> dict[str, Field]:
    if not layout.targets:
        return {}
    first = layout.targets[0]
    if not layout.look.is_table:
        return {layout.target: _array_field(first)}
    if first.taken == "category":
        return {layout.target: Field(TensorSpec((), "int64"), first.classes)}
    return {layout.target: Field(TensorSpec((len(layout.targets),)))}
