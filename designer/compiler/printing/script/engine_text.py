"""Functions of the engine as a script has them: read as text, never imported, so that both do the same."""

from __future__ import annotations

import ast

from designer.compiler.printing.script.part import Part
from designer.resources import engine_text


def engine_function(file: str, name: str, *imports: str) -> Part:
    """A function out of a file of `designer.engine`, such as "training/examples.py"."""
    text = engine_text(file)
    found = next(each for each in ast.parse(text).body if isinstance(each, ast.FunctionDef) and each.name == name)
    return Part("\n".join(text.splitlines()[found.lineno - 1 : found.end_lineno]), frozenset(imports))


def engine_module(file: str, *imports: str) -> Part:
    """All of a file of `designer.engine` but its docstring and its imports, which are those given."""
    text = engine_text(file)
    heads = (ast.Import, ast.ImportFrom)
    begin = max(each.end_lineno or 0 for each in ast.parse(text).body if isinstance(each, heads))
    return Part("\n".join(text.splitlines()[begin:]).strip(), frozenset(imports))
