"""The classes of layers that torch lacks, as the source writer prints them: read as text, never imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from designer.plan import Plan, calls, module_file
from designer.resources import module_text


@dataclass(frozen=True, slots=True)
class ModuleClass:
    """A class's name and text, and the imported names that the text makes use of."""

    name: str
    text: str
    used: frozenset[str]


def module_classes(plan: Plan) -> Iterator[ModuleClass]:
    """The classes of `designer.engine.modules` that a plan calls, each once, in the order of use."""
    targets = dict.fromkeys(call.target for call in calls(plan))
    for target in targets:
        room, _, name = target.rpartition(".")
        if room == "modules":
            yield module_class(name)


@cache
def module_class(name: str) -> ModuleClass:
    """A class of `designer.engine.modules` out of its file, which is part of the program and does not change."""
    text = module_text(module_file(name))
    found = next(part for part in ast.parse(text).body if isinstance(part, ast.ClassDef) and part.name == name)
    lines = text.splitlines()[found.lineno - 1 : found.end_lineno]
    return ModuleClass(
        name, "\n".join(lines), frozenset(part.id for part in ast.walk(found) if isinstance(part, ast.Name))
    )
