"""Prints the calls and values of a plan as Python expressions."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping

from designer.plan import ATTRIBUTES, OPERATORS, Call, Ref, Value

Shown = Mapping[str, str]
"""How a value is called in the text, where that is not its own name."""


def value_text(value: Value, shown: Shown) -> str:
    """A value of a plan as Python."""
    if isinstance(value, Ref):
        return shown.get(value.name, value.name)
    if isinstance(value, Call):
        return call_text(value, shown)
    if isinstance(value, tuple):
        parts = ", ".join(value_text(part, shown) for part in value)
        return f"({parts},)" if len(value) == 1 else f"({parts})"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)  # a Python literal too, in double quotes
    return repr(value)


def call_text(call: Call, shown: Shown) -> str:
    """A call as one line of Python."""
    if call.target in OPERATORS:
        return _operator_text(call, shown)
    callee, arguments = _parts(call, shown)
    return callee if call.target in ATTRIBUTES else f"{callee}({', '.join(arguments)})"


def _parts(call: Call, shown: Shown) -> tuple[str, list[str]]:
    """What is called, and the text of each argument."""
    positional = list(call.positional)
    callee = call.target
    if callee.startswith("."):
        callee = _operand(positional.pop(0), shown) + callee
    callee = callee.removeprefix("modules.")  # its class stands in the same file
    first, written = len(call.positional) - len(positional), call.written
    texts = [written.get(str(place)) or value_text(value, shown) for place, value in enumerate(positional, first)]
    texts += [f"{name}={written.get(name) or value_text(value, shown)}" for name, value in call.keywords.items()]
    return callee, texts


def _operator_text(call: Call, shown: Shown) -> str:
    operands = [_operand(value, shown) for value in call.positional]
    if call.target == "[]":
        index = call.positional[1]
        inside = value_text(index, shown)
        return f"{operands[0]}[{inside[1:-1] if isinstance(index, tuple) else inside}]"
    return f" {call.target} ".join(operands)


def _operand(value: Value, shown: Shown) -> str:
    """A value where an operator or a method follows: an operation stands in parentheses."""
    text = value_text(value, shown)
    return f"({text})" if isinstance(value, Call) and value.target in OPERATORS - {"[]"} else text


def broken(start: str, call: Call, shown: Shown, width: int) -> Iterator[str]:
    """`start` and the call as one line, or, where that is too long, with its arguments on lines of their own."""
    line = start + call_text(call, shown)
    if len(line) <= width or call.target in ATTRIBUTES | {"[]"}:
        yield line
    elif call.target in OPERATORS:
        operands = [_operand(value, shown) for value in call.positional]
        margin = _margin(start)
        yield f"{start}("
        yield f"{margin}    {operands[0]}"
        yield from (f"{margin}    {call.target} {operand}" for operand in operands[1:])
        yield f"{margin})"
    else:
        callee, arguments = _parts(call, shown)
        yield from listed(f"{start}{callee}(", arguments, ")", width)


def listed(opening: str, parts: list[str], closing: str, width: int) -> Iterator[str]:
    """Parts between brackets on one line; where that is too long, on a line between them; else each on its own."""
    inside, margin = ", ".join(parts), _margin(opening)
    if len(f"{opening}{inside}{closing}") <= width:
        yield f"{opening}{inside}{closing}"
        return
    yield opening
    if len(f"{margin}    {inside}") <= width:
        yield f"{margin}    {inside}"
    else:
        for part in parts:
            yield from _wrapped(f"{margin}    ", f"{part},", width)
    yield f"{margin}{closing}"


def _wrapped(margin: str, text: str, width: int) -> Iterator[str]:
    """An argument on as few lines as it takes; one with a text in it is never broken, lest the text be."""
    if len(margin + text) <= width or '"' in text:
        yield margin + text
        return
    yield from textwrap.wrap(
        text, width, initial_indent=margin, subsequent_indent=f"{margin}    ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _margin(line: str) -> str:
    return " " * (len(line) - len(line.lstrip()))
