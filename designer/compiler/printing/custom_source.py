"""The user's own classes as the source writer prints them: as they stand, their imports merged into the file's."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from designer.catalogue.custom_code import layer_class, parsed
from designer.graph.names import free_id
from designer.plan import Plan, codes

FILES_OWN = {
    "torch": "torch", "nn": "torch.nn", "F": "torch.nn.functional", "Tensor": "torch.Tensor", "math": "math",
    "gnn": "torch_geometric.nn", "Self": "typing.Self",
}  # fmt: skip
"""What the names mean that the file itself imports."""
FUTURE = "from __future__ import annotations"


@dataclass(frozen=True, slots=True)
class Import:
    """One name that a text imports: what it is called there, what it stands for, and the line that brings it.

    `line` brings it as `brings`; that is empty for "import a.b", which brings "a" and can bring no other name.
    """

    name: str
    path: str
    line: str
    brings: str

    def under(self, name: str) -> str:
        """The line that brings it as `name`."""
        return self.line if not self.brings or name == self.brings else f"{self.line} as {name}"


@dataclass(frozen=True, slots=True)
class Printed:
    """The user's classes in a file: their names and texts by the whole text they come from, and what they import."""

    names: Mapping[str, str]
    texts: tuple[str, ...]
    used: frozenset[str]
    """Which of the names that the file itself may import."""
    lines: tuple[str, ...]
    """Imports beside those."""


def print_custom(plan: Plan, taken: set[str]) -> Printed:
    """The user's classes in a plan, each text once, under names that are not `taken`; takes them."""
    meanings = dict(FILES_OWN)
    lines: dict[str, None] = {}
    used: set[str] = set()
    read: list[tuple[str, ast.ClassDef, dict[str, str]]] = []
    for code in codes(plan).values():
        tree = parsed(code)
        found, renamed = layer_class(tree), dict[str, str]()
        spoken = {part.id for part in ast.walk(found) if isinstance(part, ast.Name)}
        for brought in _imports(tree):
            if brought.line == FUTURE:
                lines[FUTURE] = None
            elif brought.name in spoken:
                name = _name_for(brought, meanings, taken)
                if brought.brings and FILES_OWN.get(name) == brought.path:
                    used.add(name)
                else:
                    lines[brought.under(name)] = None
                if name != brought.name:
                    renamed[brought.name] = name
        read.append((code, found, renamed))
    names, texts = {}, []
    for code, found, renamed in read:
        names[code] = free_id(found.name, taken)
        taken.add(names[code])
        if names[code] != found.name:
            renamed[found.name] = names[code]
        texts.append(_text(code, found, renamed))
    return Printed(names, tuple(texts), frozenset(used), tuple(lines))


def import_lines(lines: tuple[str, ...]) -> tuple[list[str], list[str], list[str]]:
    """Import lines in the groups of a tidy file: of the future, of Python itself, and all others."""
    future = [line for line in lines if line == FUTURE]
    rest = [line for line in lines if line != FUTURE]
    own = [line for line in rest if re.split(r"[ .]", line)[1] in sys.stdlib_module_names]
    return future, sorted(own), sorted(line for line in rest if line not in own)


def _imports(tree: ast.Module) -> Iterator[Import]:
    for part in tree.body:
        if isinstance(part, ast.Import):
            for name in part.names:
                package, dot, _ = name.name.partition(".")
                path = name.name if name.asname else package
                brings = "" if dot and not name.asname else package
                yield Import(name.asname or package, path, f"import {name.name}", brings)
        elif isinstance(part, ast.ImportFrom):
            for name in part.names:
                line = f"from {part.module} import {name.name}"
                yield Import(name.asname or name.name, f"{part.module}.{name.name}", line, name.name)


def _name_for(brought: Import, meanings: dict[str, str], taken: set[str]) -> str:
    """The name that an import has in the file: its own, unless that means something else there."""
    if meanings.get(brought.name) == brought.path or not brought.brings:
        return brought.name
    name = free_id(brought.name, taken | set(meanings))
    meanings[name] = brought.path
    taken.add(name)
    return name


def _text(code: str, found: ast.ClassDef, renamed: Mapping[str, str]) -> str:
    """The class's lines, decorators included, with some names exchanged."""
    lines = code.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    places = [
        (part.lineno, part.col_offset, part.id)
        for part in ast.walk(found)
        if isinstance(part, ast.Name) and part.id in renamed
    ]
    for number, column, name in sorted(places, reverse=True):
        raw = lines[number - 1].encode()
        lines[number - 1] = (raw[:column] + renamed[name].encode() + raw[column + len(name.encode()) :]).decode()
    if found.name in renamed:
        head = lines[found.lineno - 1]
        lines[found.lineno - 1] = re.sub(
            rf"\bclass(\s+){found.name}\b", rf"class\1{renamed[found.name]}", head, count=1
        )
    first = min([found.lineno, *(part.lineno for part in found.decorator_list)])
    return "\n".join(line.rstrip() for line in lines[first - 1 : found.end_lineno])
