"""What the variables inside a group are in the words of the network around it: what ungrouping writes instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from designer.graph.document import Document, Node
from designer.graph.formulas import (
    LONGEST,
    NAME,
    SIGN,
    Formula,
    FormulaError,
    Literal,
    Name,
    Number,
    as_literal,
    evaluate,
    is_formula,
    names,
    parse,
    replaced,
    substituted,
    text_of,
)
from designer.graph.variables import GROUP_SETTINGS, used_names
from designer.problems import UserError


class InnerValues:
    """The variables of a group as formulas of those around it, and the settings that name them.

    `around` is what the variables around are worth, as far as that is known.
    """

    def __init__(self, group: Node, inside: Document, around: Mapping[str, Number]) -> None:
        self._group, self._inside, self._around = group, inside, around
        self._formulas: dict[str, Formula] = {}

    def outside(self, node: Node) -> Node:
        """A node of the group with settings that the network around understands; the same object where it names no
        variable. Raises UserError where a variable is wrong."""
        if not used_names(node):
            return node
        return replace(node, settings={name: replaced(value, self._text) for name, value in node.settings.items()})

    def number(self, value: Any) -> int:
        """A whole number around the group, which may be written as a formula; raises UserError."""
        if is_formula(value):
            try:
                value = evaluate(parse(value), self._around)
            except FormulaError as error:
                raise UserError(f"{self._group.id}: {error.message} Mend that first.") from error
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise UserError(f"repeat of {self._group.id} is no whole number from 1 on. Mend that first.")
        return value

    def _text(self, text: str) -> Any:
        """A formula inside, or the number that it is, for the network around."""
        try:
            formula = parse(text)
        except FormulaError:
            return text  # the check says what is wrong with it, here and there
        parts = self._parts(text, ())
        called = {name: part.name for name, part in parts.items() if isinstance(part, Name)}
        if len(called) == len(parts):  # it stays as it was typed
            return NAME.sub(lambda found: called.get(found[0], found[0]), text)
        found = self._short(substituted(formula, parts))
        return found.value if isinstance(found, Literal) else f"{SIGN}{text_of(found)}"

    def _parts(self, value: object, within: tuple[str, ...]) -> Mapping[str, Formula]:
        return {name: self._formula(name, within) for name in names(value) if name in self._inside.variables}

    def _formula(self, name: str, within: tuple[str, ...]) -> Formula:
        """What a variable of the group is around it; raises UserError where it is wrong."""
        if name not in self._formulas:
            if name in within:
                raise self._wrong(name)
            given = name in self._group.settings and name not in GROUP_SETTINGS
            value = self._group.settings[name] if given else self._inside.variables[name]
            formula = self._read(name, value)
            if not given:
                formula = substituted(formula, self._parts(value, (*within, name)))
            self._formulas[name] = self._short(formula)
        return self._formulas[name]

    def _read(self, name: str, value: Any) -> Formula:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return as_literal(value)
        try:
            if is_formula(value):
                return parse(value)
        except FormulaError as error:
            raise self._wrong(name) from error
        raise self._wrong(name)

    def _short(self, formula: Formula) -> Formula:
        """The formula, as the number that it is where it names nothing or is too long to be read."""
        text = f"{SIGN}{text_of(formula)}"
        if len(text) <= LONGEST and names(text):
            return formula
        try:
            return Literal(evaluate(formula, self._around))
        except FormulaError:
            if len(text) > LONGEST:
                raise UserError(f"What stands inside {self._group.id} depends on a variable that is wrong.") from None
            return formula

    def _wrong(self, name: str) -> UserError:
        return UserError(f"The variable {name} of {self._group.id} is no number. Mend it first.")
