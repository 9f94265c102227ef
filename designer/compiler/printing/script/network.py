"""The network of a script: what the export of the network alone prints, without its head."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from designer.compiler.printing.script.part import Part
from designer.compiler.printing.source import source
from designer.plan import Plan
from designer.problems import UserError


@dataclass(frozen=True, slots=True)
class Printed:
    """The classes of a network, the constants that they share, and the name of the whole."""

    name: str
    classes: Part
    constants: Part | None


def print_network(plan: Plan, taken: frozenset[str]) -> Printed:
    """The network; no class of it is called like one of `taken`. Raises UserError where a constant must be."""
    for name, _ in plan.constants:
        if name in taken:
            raise UserError(
                f"The variable {name.lower()} would be called {name} in the script, which that needs for itself. "
                "Rename it."
            )
    text = source(plan, taken)
    lines, body = text.splitlines(), ast.parse(text).body
    imports = [each for each in body if isinstance(each, (ast.Import, ast.ImportFrom))]
    classes = [each for each in body if isinstance(each, ast.ClassDef)]
    begin, end = imports[-1].end_lineno or 0, _first_line(classes[0]) - 1
    constants = "\n".join(lines[begin:end]).strip()
    needed = frozenset(ast.unparse(each) for each in imports)
    printed = Part("\n".join(lines[end:]), needed)
    return Printed(classes[-1].name, printed, Part(constants, needed) if constants else None)


def _first_line(found: ast.ClassDef) -> int:
    return min([found.lineno, *(each.lineno for each in found.decorator_list)])
