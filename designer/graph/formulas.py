"""Formulas: what a setting may say instead of a number, such as "=2*width".

A text that begins with "=" is one. It knows + - * // % ** ( ), numbers and names, as Python counts them. It is
read here, sign by sign, and never run as code; whatever a file says, reading and reckoning end at once.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Number = int | float

SIGN = "="
LONGEST = 200
"""Letters of a formula."""
DEEPEST = 30
"""Parentheses, signs and powers inside each other."""
LARGEST = 10**18
"""No whole number on the way may be larger; the largest setting is far below."""
SHOWN = 40
"""Letters of a formula that are said in a sentence."""

TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<sign>\*\*|//|[-+*/%()]))",
    re.ASCII,
)
NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*", re.ASCII)
BINDING = {"+": 1, "-": 1, "*": 2, "//": 2, "%": 2, "**": 4}
"""How strongly each operator binds; a sign in front stands between * and **."""
SIGNED = 3
ATOM = 5

OPERATIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "//": operator.floordiv, "%": operator.mod,
    "**": operator.pow,
}  # fmt: skip


class FormulaError(Exception):
    """A formula means no number: one sentence why, and what to do. `name` is the variable that is not there."""

    def __init__(self, message: str, hint: str = "", name: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.name = name


@dataclass(frozen=True, slots=True)
class Literal:
    """A number as it stands."""

    value: Number


@dataclass(frozen=True, slots=True)
class Name:
    """A variable."""

    name: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A part with + or - in front."""

    sign: str
    part: Formula


@dataclass(frozen=True, slots=True)
class Operation:
    """Two parts and the operator between them."""

    sign: str
    left: Formula
    right: Formula


Formula = Literal | Name | Signed | Operation


def is_formula(value: object) -> bool:
    """Whether a value stands for a number that is reckoned."""
    return isinstance(value, str) and value.startswith(SIGN)


def parse(text: str) -> Formula:
    """What a text such as "=2*width" says; raises FormulaError."""
    return _Parser(text).formula()


def evaluate(formula: Formula, values: Mapping[str, Number]) -> Number:
    """The number that a formula gives, as Python would reckon it; raises FormulaError."""
    if isinstance(formula, Literal):
        return formula.value
    if isinstance(formula, Name):
        if formula.name not in values:
            raise FormulaError(f"There is no variable called {formula.name}.", name=formula.name)
        return values[formula.name]
    if isinstance(formula, Signed):
        value = evaluate(formula.part, values)
        return -value if formula.sign == "-" else value
    return _reckon(formula.sign, evaluate(formula.left, values), evaluate(formula.right, values))


def _reckon(sign: str, left: Number, right: Number) -> Number:
    if sign == "**" and isinstance(left, int) and isinstance(right, int) and abs(left) > 1 and right > 64:
        raise _too_large(sign, left, right)
    try:
        result: Number = OPERATIONS[sign](left, right)
    except ZeroDivisionError as error:
        raise FormulaError(f"{left:g} {sign} {right:g} divides by zero.", "Let it divide by another number.") from error
    except OverflowError as error:
        raise _too_large(sign, left, right) from error
    if isinstance(result, complex):
        raise FormulaError(
            f"{left:g} ** {right:g} is no real number.", "Take a whole exponent, or a base that is not negative."
        )
    if abs(result) > LARGEST if isinstance(result, int) else not math.isfinite(result):
        raise _too_large(sign, left, right)
    return result


def _too_large(sign: str, left: Number, right: Number) -> FormulaError:
    return FormulaError(f"{left:g} {sign} {right:g} is too large a number.", "Take smaller numbers.")


def names(value: object) -> frozenset[str]:
    """Every variable that the formulas in a setting's value name, also in a formula that cannot be read."""
    return frozenset(name for text in formulas_in(value) for name in NAME.findall(text))


def formulas_in(value: object, depth: int = 2) -> Iterator[str]:
    """Every formula in a setting's value: itself, or parts of a list or of lists in a list."""
    if isinstance(value, str):
        if is_formula(value):
            yield value
    elif isinstance(value, tuple) and depth:
        for part in value:
            yield from formulas_in(part, depth - 1)


def replaced(value: Any, new: Callable[[str], Any], depth: int = 2) -> Any:
    """A setting's value with `new` of every formula in its place."""
    if isinstance(value, str):
        return new(value) if is_formula(value) else value
    if isinstance(value, tuple) and depth:
        return tuple(replaced(part, new, depth - 1) for part in value)
    return value


def renamed(text: str, old: str, new: str) -> str:
    """A formula with another name for a variable; all else stays as it was typed."""
    return NAME.sub(lambda found: new if found[0] == old else found[0], text)


def substituted(formula: Formula, known: Mapping[str, Formula]) -> Formula:
    """A formula with others in the place of names; names that are not known stay."""
    if isinstance(formula, Name):
        return known.get(formula.name, formula)
    if isinstance(formula, Signed):
        return Signed(formula.sign, substituted(formula.part, known))
    if isinstance(formula, Operation):
        return Operation(formula.sign, substituted(formula.left, known), substituted(formula.right, known))
    return formula


def as_literal(value: Number) -> Formula:
    """A number as a formula, its sign in front."""
    return Literal(value) if value >= 0 else Signed("-", Literal(-value))


def text_of(formula: Formula, called: Mapping[str, str] | None = None) -> str:
    """A formula as a Python expression, with spaces and no more parentheses than it needs.

    `called` gives other names for variables.
    """
    return _text(formula, called or {})[0]


def _text(formula: Formula, called: Mapping[str, str]) -> tuple[str, int]:
    """The text, and how strongly what is outermost in it binds."""
    if isinstance(formula, Literal):
        return repr(formula.value), ATOM if formula.value >= 0 else SIGNED
    if isinstance(formula, Name):
        return called.get(formula.name, formula.name), ATOM
    if isinstance(formula, Signed):
        return f"{formula.sign}{_bound(formula.part, SIGNED, called)}", SIGNED
    binding = BINDING[formula.sign]
    to_the_right = formula.sign == "**"
    left = _bound(formula.left, binding + 1 if to_the_right else binding, called)
    right = _bound(formula.right, SIGNED if to_the_right else binding + 1, called)
    return f"{left} {formula.sign} {right}", binding


def _bound(formula: Formula, least: int, called: Mapping[str, str]) -> str:
    text, binding = _text(formula, called)
    return text if binding >= least else f"({text})"


def shown(text: str) -> str:
    """A formula as a sentence quotes it."""
    return f'"{text}"' if len(text) <= SHOWN else f'"{text[: SHOWN - 3]}..."'


class _Parser:
    """Reads one formula from left to right."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise FormulaError(
                f"The formula {shown(text)} has {len(text):,} letters; at most {LONGEST} are allowed.",
                "Give a part of it to a variable.",
            )
        self.text = text
        self.tokens = list(self._read(text.removeprefix(SIGN).rstrip()))
        self.place = 0
        self.depth = 0

    def _read(self, text: str) -> Iterator[tuple[str, str]]:
        place = 0
        while place < len(text):
            found = TOKEN.match(text, place)
            if found is None:
                wrong = text[place:].lstrip()[0]
                raise FormulaError(
                    f'The formula {shown(self.text)} has a "{wrong}", which means nothing there.',
                    "Use numbers, names of variables, + - * // % ** and parentheses.",
                )
            if found["sign"] == "/":
                raise FormulaError(
                    f'The formula {shown(self.text)} divides with "/", which gives a fraction.',
                    "Use //, which leaves the rest out: 7 // 2 is 3.",
                )
            kind = found.lastgroup or ""
            yield kind, found[kind]
            place = found.end()

    def formula(self) -> Formula:
        if not self.tokens:
            raise FormulaError("The formula is empty.", 'Write a number or a variable after "=".')
        found = self.sum()
        if self.place < len(self.tokens):
            raise FormulaError(
                f'The formula {shown(self.text)} has a "{self.next}" too many.',
                "Put an operator between two values, and close each parenthesis once.",
            )
        return found

    @property
    def next(self) -> str:
        """The sign or word that comes next; empty at the end."""
        return self.tokens[self.place][1] if self.place < len(self.tokens) else ""

    def take(self) -> tuple[str, str]:
        if self.place == len(self.tokens):
            raise FormulaError(f"The formula {shown(self.text)} ends too early.", "Write what is missing at its end.")
        self.place += 1
        return self.tokens[self.place - 1]

    def sum(self) -> Formula:
        found = self.product()
        while self.next in ("+", "-"):
            found = Operation(self.take()[1], found, self.product())
        return found

    def product(self) -> Formula:
        found = self.signed()
        while self.next in ("*", "//", "%"):
            found = Operation(self.take()[1], found, self.signed())
        return found

    def signed(self) -> Formula:
        self.depth += 1
        if self.depth > DEEPEST:
            raise FormulaError(
                f"The formula {shown(self.text)} is nested too deeply.", "Give a part of it to a variable."
            )
        found: Formula
        if self.next in ("+", "-"):
            found = Signed(self.take()[1], self.signed())
        else:
            found = self.atom()
            if self.next == "**":
                found = Operation(self.take()[1], found, self.signed())
        self.depth -= 1
        return found

    def atom(self) -> Formula:
        kind, word = self.take()
        if kind == "number":
            return Literal(self._number(word))
        if kind == "name":
            return Name(word)
        if word != "(":
            raise FormulaError(
                f'The formula {shown(self.text)} has a "{word}" where a value belongs.', "Put a number or a name there."
            )
        found = self.sum()
        if self.take()[1] != ")":
            raise FormulaError(f"The formula {shown(self.text)} lacks a closing parenthesis.", "Close it with ).")
        return found

    def _number(self, word: str) -> Number:
        value: Number = int(word) if word.isdigit() else float(word)
        if abs(value) > LARGEST if isinstance(value, int) else not math.isfinite(value):
            raise FormulaError(f"{word[:SHOWN]} is too large a number.", "Take smaller numbers.")
        return value
