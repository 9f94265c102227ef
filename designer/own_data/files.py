"""A file of rows, a table or arrays: what is asked of it, and what will be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from designer.own_data.asking import Asked
from designer.own_data.content import Choice, Content, Item
from designer.own_data.layout import Layout, Part, lay_out, refuse
from designer.own_data.look import Look
from designer.problems import UserError
from designer.protocol import Column


class FileChoice(Choice, frozen=True, kw_only=True):
    """What each column is for, and what becomes of rows with gaps."""

    columns: Mapping[str, str] = {}
    kinds: Mapping[str, str] = {}
    missing: str = "refuse"
    decimal: str = "auto"
    header: str = "auto"
    vocabulary: int = 10_000
    length: int = 0
    split_column: str = ""
    validation_file: str = ""
    test_file: str = ""


def layout(look: Look, choice: FileChoice) -> Layout:
    """What each column is, as far as it is known; nothing is refused."""
    apart = {choice.split_column: "ignore"} if choice.split_column else {}
    laid = lay_out(look, {**choice.columns, **apart}, choice.kinds, choice.missing)
    return replace(laid, vocabulary=choice.vocabulary, length=choice.length, split_column=choice.split_column)


def asked_for(choice: FileChoice) -> Asked:
    """What must be looked at: another decimal sign or header makes another table of the same file."""
    usual = {"decimal": "auto", "header": "auto", "split_column": ""}
    manner = {name: getattr(choice, name) for name, word in usual.items() if getattr(choice, name) != word}
    texts = sorted(name for name, kind in choice.kinds.items() if kind == "text")
    files = {"validation": choice.validation_file, "test": choice.test_file}
    return Asked(
        choice.path,
        {**manner, **({"texts": "\n".join(texts)} if texts else {})},
        {name: path for name, path in files.items() if path},
    )


def content(look: Look, choice: FileChoice) -> Content:
    """What will be read; raises UserError where the file cannot be learned from like this."""
    laid = layout(look, choice)
    named = (*choice.columns, *choice.kinds, *filter(None, [choice.split_column]))
    refuse(laid, named)
    _refuse_splits(laid, choice)
    features = _table_items(laid) if look.is_table else _array_items(laid.features)
    fields = {**features, **_target_items(laid)}
    return Content(
        look.name, fields, tuple(features), laid.target, laid.examples, laid.given, notes=tuple(_notes(laid))
    )


def _refuse_splits(laid: Layout, choice: FileChoice) -> None:
    if choice.split_column and (choice.validation_file or choice.test_file):
        raise UserError("Either a column or files of their own can say which rows are for the test. Clear one of them.")
    if (choice.split_column or choice.validation_file or choice.test_file) and not laid.look.is_table:
        raise UserError(f"{laid.look.name} is no table, so no column and no other file can say how it is split.")
    if laid.given is not None and not laid.given["train"]:
        raise UserError(f"{laid.look.name} has no rows to learn from. Call some of them train.")


def _notes(laid: Layout) -> Iterator[str]:
    if laid.lacking:
        are = "row that lacks" if laid.lacking == 1 else "rows that lack"
        yield f"{laid.lacking:,} {are} a value {'is' if laid.lacking == 1 else 'are'} left out."
    filled = laid.lacking_used - laid.lacking
    if filled:
        yield f"Gaps in {filled:,} {'row' if filled == 1 else 'rows'} are filled with the mean or the commonest value."


def _table_items(layout: Layout) -> dict[str, Item]:
    """Features of a table stand side by side: a number for each, and one for each value of a category.

    A category as an index, and a text as the numbers of its words, is a field of its own.
    """
    together = tuple(part for part in layout.features if not part.apart)
    width = sum(len(part.classes) or 1 for part in together)
    items = {layout.feature: Item((width,), columns=_columns(together))} if together else {}
    for part in layout.features:
        if part.taken == "text":
            items[part.column.name] = Item((layout.length_of(part),), "int64", layout.words(part))
        elif part.apart:
            items[part.column.name] = Item((), "int64", part.classes)
    return items


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
