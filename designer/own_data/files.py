"""A file of rows, a table or arrays: what is asked of it, and what will be read."""

from __future__ import annotations

from collections.abc import Mapping

from designer.own_data.content import Choice, Content, Item
from designer.own_data.layout import Layout, Part, lay_out, refuse
from designer.own_data.look import Look
from designer.protocol import Column


class FileChoice(Choice, frozen=True, kw_only=True):
    """What each column is for, and what becomes of rows with gaps."""

    columns: Mapping[str, str] = {}
    kinds: Mapping[str, str] = {}
    missing: str = "refuse"


def layout(look: Look, choice: FileChoice) -> Layout:
    """What each column is, as far as it is known; nothing is refused."""
    return lay_out(look, choice.columns, choice.kinds, choice.missing)


def content(look: Look, choice: FileChoice) -> Content:
    """What will be read; raises UserError where the file cannot be learned from like this."""
    laid = layout(look, choice)
    refuse(laid, (*choice.columns, *choice.kinds))
    features = _table_items(laid) if look.is_table else _array_items(laid.features)
    fields = {**features, **_target_items(laid)}
    return Content(look.name, fields, tuple(features), laid.target, laid.examples)


def _table_items(layout: Layout) -> dict[str, Item]:
    """All features of a table stand side by side: a number for each, and one for each value of a category."""
    width = sum(len(part.classes) or 1 for part in layout.features)
    return {layout.feature: Item((width,), columns=_columns(layout.features))}


def _columns(parts: tuple[Part, ...]) -> tuple[Column, ...]:
    return tuple(Column(part.column.name, part.classes) for part in parts)


def _array_items(parts: tuple[Part, ...]) -> dict[str, Item]:
    return {part.column.name: _array_item(part) for part in parts}


def _array_item(part: Part) -> Item:
    if part.taken == "category":
        return Item(part.column.shape, "int64", part.classes)
    return Item(part.column.shape or (1,))


def _target_items(layout: Layout) -> dict[str, Item]:
    if not layout.targets:
        return {}
    first = layout.targets[0]
    if not layout.look.is_table:
        return {layout.target: _array_item(first)}
    if first.taken == "category":
        return {layout.target: Item((), "int64", first.classes)}
    return {layout.target: Item((len(layout.targets),), columns=_columns(layout.targets))}
