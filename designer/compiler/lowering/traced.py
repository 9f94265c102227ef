"""Numbers that remember the formula they come from, so that the exported source can say `2 * WIDTH` for 128.

They are the same numbers to all that reckons with them. A layer passes its settings on as they are, and shapes carry
them from layer to layer, so that what follows from a formula ("in_channels") is written as one too. What a layer does
to a number beyond + - * // gives a plain number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.catalogue.tensor import Specs, TensorSpec
from designer.graph.formulas import OPERATIONS, Formula, Literal, Name, Operation, Signed, substituted, text_of

LONGEST = 32
"""Letters of a formula that follows from others; a longer one says less than its number."""


class Traced(int):
    """A whole number and its formula."""

    formula: Formula

    def __add__(self, other: int) -> int:
        return _reckoned("+", self, other)

    def __radd__(self, other: int) -> int:
        return _reckoned("+", other, self)

    def __sub__(self, other: int) -> int:
        return _reckoned("-", self, other)

    def __rsub__(self, other: int) -> int:
        return _reckoned("-", other, self)

    def __mul__(self, other: int) -> int:
        return _reckoned("*", self, other)

    def __rmul__(self, other: int) -> int:
        return _reckoned("*", other, self)

    def __floordiv__(self, other: int) -> int:
        return _reckoned("//", self, other)


class TracedReal(float):
    """A real number and its formula."""

    formula: Formula


def traced(value: Any, formula: Formula) -> Any:
    """A number that remembers its formula; the plain number where the formula names nothing."""
    if not _named(formula):
        return value
    number: Any = Traced(value) if isinstance(value, int) else TracedReal(value)
    number.formula = formula
    return number


def _reckoned(sign: str, left: int, right: int) -> Any:
    if not isinstance(left, int) or not isinstance(right, int):
        return NotImplemented
    result = OPERATIONS[sign](int(left), int(right))
    formula = _simple(sign, _formula(left), _formula(right))
    return _unless_long(result, formula)


def _unless_long(value: int, formula: Formula) -> Any:
    return traced(value, formula) if len(text_of(formula)) <= LONGEST else value


def _formula(number: int) -> Formula:
    return number.formula if isinstance(number, Traced) else Literal(int(number))


def _simple(sign: str, left: Formula, right: Formula) -> Formula:
    """The operation without what changes nothing: times one, plus zero, plus one minus one."""
    if (sign in ("+", "-") and right == Literal(0)) or (sign in ("*", "//") and right == Literal(1)):
        return left
    if (sign == "+" and left == Literal(0)) or (sign == "*" and left == Literal(1)):
        return right
    if sign in ("+", "-") and isinstance(right, Literal):
        offset = right.value if sign == "+" else -right.value
        if isinstance(left, Operation) and left.sign in ("+", "-") and isinstance(left.right, Literal):
            offset += left.right.value if left.sign == "+" else -left.right.value
            left = left.left
        if not offset:
            return left
        return Operation("+" if offset > 0 else "-", left, Literal(abs(offset)))
    return Operation(sign, left, right)


def _named(formula: Formula) -> bool:
    """Whether a formula names a variable."""
    if isinstance(formula, Operation):
        return _named(formula.left) or _named(formula.right)
    return _named(formula.part) if isinstance(formula, Signed) else isinstance(formula, Name)


def carries(value: object) -> bool:
    """Whether a value is, or holds, a number that remembers its formula."""
    if isinstance(value, tuple):
        return any(map(carries, value))
    if isinstance(value, TensorSpec):
        return any(isinstance(length, Traced) for length in value.shape)
    return isinstance(value, (Traced, TracedReal))


def plain(value: Any) -> Any:
    """The value with plain numbers."""
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    if isinstance(value, Traced):
        return int(value)
    return float(value) if isinstance(value, TracedReal) else value


def moved(specs: Specs, known: Mapping[str, Formula]) -> Specs:
    """Shapes that leave a group: what its variables are is said in the words of the design around."""
    if isinstance(specs, tuple):
        return tuple(_moved(spec, known) for spec in specs)
    return _moved(specs, known)


def _moved(spec: TensorSpec, known: Mapping[str, Formula]) -> TensorSpec:
    return spec.with_shape(
        tuple(
            _unless_long(int(length), substituted(length.formula, known)) if isinstance(length, Traced) else length
            for length in spec.shape
        )
    )
