"""A piece of a script, and how the pieces are put into one tidy file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from designer.compiler.printing.custom_source import import_lines

INDENT = "    "
WIDTH = 100
"""Longer lines are broken where that can be."""


@dataclass(frozen=True, slots=True)
class Part:
    """Constants, a function or a class, and the import lines that it may need."""

    text: str
    imports: frozenset[str] = frozenset()


def part(lines: Iterable[str], *imports: str) -> Part:
    """A part of lines."""
    return Part("\n".join(lines), frozenset(imports))


def indented(lines: Iterable[str], times: int = 1) -> Iterator[str]:
    """The lines further to the right, empty ones aside."""
    return (f"{INDENT * times}{line}" if line else "" for line in lines)


def joined(docstring: str, constants: Iterable[Part], parts: Iterable[Part]) -> str:
    """The text of a file: what it is, its imports, its constants, then its functions and classes."""
    constants, parts = list(constants), list(parts)
    lines = _merged(sorted({line for each in (*constants, *parts) for line in each.imports}))
    groups = ["\n".join(sorted(group, key=_in_order)) for group in import_lines(tuple(lines)) if group]
    head = "\n\n".join((docstring, *groups, "\n".join(each.text for each in constants)))
    return "\n\n\n".join((head, *(each.text for each in parts))) + "\n"


def _merged(lines: Iterable[str]) -> Iterator[str]:
    """One line for all that comes from the same module."""
    names: dict[str, set[str]] = {}
    for line in lines:
        found = re.fullmatch(r"from (\S+) import (\w+(?:, \w+)*)", line)
        if found is None:
            yield line
        else:
            names.setdefault(found[1], set()).update(found[2].split(", "))
    yield from (f"from {module} import {', '.join(sorted(each))}" for module, each in names.items())


def _in_order(line: str) -> tuple[bool, str]:
    """Plain imports first, each kind by name, as tools that sort imports have it."""
    return line.startswith("from "), re.split(r" ", line)[1].lower()
