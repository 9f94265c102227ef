"""The named variables of a design, and the edits that add, change, rename and remove them.

A value is a number, or a formula of the other variables ("=2*width"). Inside a group only the group's own variables
are seen, so that a block can be read, shared and copied by itself; what comes from outside comes as a setting of
the group, by the variable's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from designer.graph.document import EMPTY, Document, Node
from designer.graph.formulas import (
    SIGN,
    FormulaError,
    Number,
    evaluate,
    is_formula,
    names,
    parse,
    renamed,
    replaced,
)
from designer.graph.names import MODULE_ATTRIBUTES, is_legal
from designer.problems import UserError

GROUP_SETTINGS = frozenset({"block", "repeat"})
"""What a group's settings are called beside its variables; a test holds it to the catalogue."""


def is_variable_name(name: str) -> bool:
    """Whether a variable can be called so: a name in Python code that no setting of a group has."""
    return _is_plain(name) and name not in GROUP_SETTINGS


def _is_plain(name: str) -> bool:
    """Whether it can be a name in the exported code; unlike a node's, it hides no part of a module."""
    return name in MODULE_ATTRIBUTES or is_legal(name)


def set_variable(document: Document, name: str, value: Number | str) -> Document:
    """Give a variable a value, a number or a formula; one that is not there is added."""
    if name not in document.variables:
        refuse_name(document, name)
    elif repr(document.variables[name]) == repr(value):
        return document
    return replace(document, variables={**document.variables, name: value})


def refuse_name(document: Document, name: str) -> None:
    """Raise UserError where a variable cannot get this name."""
    if name in GROUP_SETTINGS:
        raise UserError(f"A variable cannot be called {name}, since groups have a setting of that name.")
    if not _is_plain(name):
        raise UserError(f'"{name[:40]}" cannot be a name in Python code. Use letters, digits and _, a letter first.')
    if name in document.variables:
        raise UserError(f"There is a variable called {name} already. Choose another name.")


def remove_variable(document: Document, name: str) -> Document:
    """Take a variable away. Formulas that name it stay, and the check says what they lack."""
    if name not in document.variables:
        return document
    return replace(document, variables={key: value for key, value in document.variables.items() if key != name})


def rename_variable(document: Document, name: str, new: str) -> Document:
    """Give a variable another name, in every formula that names it."""
    if name not in document.variables:
        raise UserError(f"There is no variable called {name} any more.")
    if new == name:
        return document
    refuse_name(document, new)

    def follow(value: Any) -> Any:
        return replaced(value, lambda text: renamed(text, name, new))

    variables = {new if key == name else key: follow(value) for key, value in document.variables.items()}
    nodes = {
        key: replace(node, settings={setting: follow(value) for setting, value in node.settings.items()})
        if name in used_names(node)
        else node
        for key, node in document.nodes.items()
    }
    return replace(document, variables=variables, nodes=nodes)


def used_names(node: Node) -> frozenset[str]:
    """Every variable that a node's settings name."""
    found = [value for value in node.settings.values() if isinstance(value, (str, tuple))]
    return frozenset().union(*map(names, found)) if found else frozenset()


def users(document: Document) -> Mapping[str, tuple[str, ...]]:
    """The nodes whose settings name each variable, by the variable's name."""
    found: dict[str, list[str]] = {}
    for node in document.nodes.values():
        for name in used_names(node):
            found.setdefault(name, []).append(node.id)
    return {name: tuple(nodes) for name, nodes in found.items()}


def needed(document: Document, nodes: Iterable[Node]) -> Mapping[str, Any]:
    """The variables that nodes' formulas name, and those that these are made of, in the document's order."""
    waiting = [name for node in nodes for name in used_names(node)]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found and name in document.variables:
            found.add(name)
            waiting.extend(names(document.variables[name]))
    return {name: value for name, value in document.variables.items() if name in found} or EMPTY


def known_values(variables: Mapping[str, Any]) -> Mapping[str, Number]:
    """What variables are worth, without those that are wrong or in a circle."""
    found: dict[str, Number] = {}
    waiting = dict(variables)
    while waiting:
        ready = [name for name, value in waiting.items() if not (names(value) & waiting.keys())]
        if not ready:
            break
        for name in ready:
            number = _reckoned(waiting.pop(name), found)
            if number is not None:
                found[name] = number
    return found


def _reckoned(value: Any, known: Mapping[str, Number]) -> Number | None:
    if not is_formula(value):
        return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    try:
        return evaluate(parse(value), known)
    except FormulaError:
        return None


def passed_on(variables: Mapping[str, Any]) -> Mapping[str, str]:
    """The settings by which a group gives the variables inside it what those of the same name are worth around it."""
    return {name: f"{SIGN}{name}" for name in variables if is_variable_name(name)} or EMPTY


def brought(document: Document, fragment: Document) -> Mapping[str, Any]:
    """A design's variables with those that a fragment needs and the design lacks."""
    missing = {
        name: value
        for name, value in needed(fragment, fragment.nodes.values()).items()
        if name not in document.variables
    }
    return {**document.variables, **missing} if missing else document.variables


def change_of_name(old: Document, new: Document) -> tuple[str, str | None] | None:
    """The variable that got another name between two designs, or that went (None); None where neither happened."""
    if len(old.variables) == len(new.variables):
        pairs = zip(old.variables, new.variables, strict=True)
        differing = [(one, other) for one, other in pairs if one != other]
        return differing[0] if len(differing) == 1 else None
    gone = [name for name in old.variables if name not in new.variables]
    return (gone[0], None) if len(gone) == 1 and len(new.variables) < len(old.variables) else None


def follow_in_groups(
    document: Document, shows: Callable[[Node], bool], change: tuple[str, str | None] | None, *, deep: bool = True
) -> Document:
    """The design after a variable inside the groups that `shows` picks got another name, or went.

    Their settings follow. With `deep`, groups inside groups and blocks too.
    """
    if change is None:
        return document
    nodes = {name: _followed(node, shows, change, deep) for name, node in document.nodes.items()}
    if any(node is not document.nodes[name] for name, node in nodes.items()):
        document = replace(document, nodes=nodes)
    blocks = {name: follow_in_groups(block, shows, change) for name, block in document.blocks.items()} if deep else {}
    if any(block is not document.blocks[name] for name, block in blocks.items()):
        document = replace(document, blocks=blocks)
    return document


def _followed(node: Node, shows: Callable[[Node], bool], change: tuple[str, str | None], deep: bool) -> Node:
    old, new = change
    if deep and node.inside is not None:
        inside = follow_in_groups(node.inside, shows, change)
        node = node if inside is node.inside else replace(node, inside=inside)
    if not shows(node) or old not in node.settings:
        return node
    kept = ((new if key == old else key, value) for key, value in node.settings.items())
    settings = {key: value for key, value in kept if key is not None}
    return replace(node, settings=settings or EMPTY)


def as_value(text: str) -> Number | str:
    """What a text typed as a variable's value means: a number, or a formula, with or without "=" in front."""
    plain = text.strip()
    if re.fullmatch(r"[+-]?\d{1,18}", plain):
        return int(plain)
    if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?", plain):
        return float(plain)
    return plain if is_formula(plain) else f"={plain}"
