"""What the variables of a design are worth, and its nodes' settings with every formula reckoned.

A formula that is wrong is a problem where it stands. What only depends on a variable that is wrong is not known yet,
and no second problem.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

from designer.catalogue.entry import Setting
from designer.compiler.checking.order import compute_order, way_around
from designer.graph.document import EMPTY, Document, Link, Node
from designer.graph.formulas import (
    LARGEST,
    FormulaError,
    Number,
    evaluate,
    formulas_in,
    is_formula,
    names,
    parse,
    renamed,
    replaced,
    shown,
)
from designer.graph.names import free_id, legal
from designer.graph.variables import GROUP_SETTINGS, as_value, is_variable_name
from designer.problems import Fix, Problem

VARIABLE = "Variable "
"""How a problem of a variable begins, before its name."""

Values = Mapping[str, Number | None]
"""What each variable is worth; None for one that is wrong or depends on one that is."""


class NotKnownError(Exception):
    """A formula depends on a variable that is wrong, which is said there."""


def values_of(document: Document, given: Values = EMPTY) -> tuple[Values, tuple[Problem, ...]]:
    """What the variables of a design are worth, and what is wrong with them.

    `given` are those that the group around gives other values.
    """
    if not document.variables:
        return EMPTY, ()
    found: dict[str, Number | None] = {name: given.get(name) for name in document.variables}
    problems: dict[str, Problem] = {}
    for name in _in_order(document.variables, given, problems):
        if name in given:
            continue
        try:
            found[name] = _number(name, document.variables[name], found)
        except NotKnownError:
            continue
        except FormulaError as error:
            problems[name] = _variable_problem(document, name, error)
    problems |= {name: problem for name in document.variables if (problem := _misnamed(document, name)) is not None}
    return found, tuple(problems[name] for name in document.variables if name in problems)


def _in_order(variables: Mapping[str, Any], given: Values, problems: dict[str, Problem]) -> list[str]:
    """The variables outside of circles, each after those it is made of; a circle is a problem of its first one."""
    needs = {name: names(value) if name not in given else frozenset() for name, value in variables.items()}
    links = tuple(Link(other, name) for name, others in needs.items() for other in sorted(others & variables.keys()))
    network = Document({name: Node(name, "") for name in variables}, links)
    order, circles = compute_order(network)
    for caught in circles:
        first = next(name for name in variables if name in caught)
        back = next(link for link in links if link.target == first and link.source in caught)
        problems[first] = _circle(way_around(network, caught, back))
    return list(order)


def _circle(way: list[str]) -> Problem:
    text = " → ".join([*way[:6], *(["..."] if len(way) > 6 else []), way[0]])
    return Problem(
        "variable", f"{text} is a circle: each of these variables would be needed before it is there.",
        f"Give {way[0]} a number.", setting=way[0],
    )  # fmt: skip


def _number(name: str, value: object, known: Values) -> Number:
    """What a variable is worth; raises FormulaError or NotKnownError."""
    if is_formula(value):
        return reckon(str(value), known)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if abs(value) <= LARGEST if isinstance(value, int) else math.isfinite(value):
            return value
        raise FormulaError(f"{name} is too large a number.", "Take a smaller one.")
    what = f"the text {shown(value)}" if isinstance(value, str) else "no number"
    raise FormulaError(f"{name} is {what}, but must be a number or a formula.", f'Set {name} to "=2*8" or 16.')


def reckon(text: str, known: Values) -> Number:
    """The number that a formula gives; raises FormulaError, or NotKnownError."""
    formula = parse(text)
    for name in sorted(names(text)):
        if known.get(name, 0) is None:
            raise NotKnownError(name)
    return evaluate(formula, {name: value for name, value in known.items() if value is not None})


def resolved(node: Node, kinds: Mapping[str, Setting[Any]], known: Values) -> Mapping[str, Any]:
    """A node's settings with numbers in place of formulas; the same object where it has none.

    Raises SettingError where a formula is wrong, and NotKnownError.
    """
    changed: dict[str, Any] = {}
    for name, value in node.settings.items():
        if not isinstance(value, (str, tuple)) or not takes_formulas(kinds.get(name)):
            continue
        if any(True for _ in formulas_in(value)):
            try:
                changed[name] = replaced(value, lambda text: reckon(text, known))
            except FormulaError as error:
                raise SettingError(name, error) from error
    return {**node.settings, **changed} if changed else node.settings


def worth(value: Any, known: Values) -> Any:
    """What a setting with formulas is worth; None where it has none, or they are wrong or not known."""
    if not any(True for _ in formulas_in(value)):
        return None
    try:
        return replaced(value, lambda text: reckon(text, known))
    except (FormulaError, NotKnownError):
        return None


def takes_formulas(setting: Setting[Any] | None) -> bool:
    """Whether a setting is made of numbers, so that formulas may stand for them. A group's variable has no Setting."""
    return setting is None or setting.sizes is not None or setting.kind not in (str, bool)


class SettingError(Exception):
    """A formula in a setting is wrong."""

    def __init__(self, setting: str, error: FormulaError) -> None:
        super().__init__(setting, error.message)
        self.setting = setting
        self.error = error


def formula_problem(document: Document, node: Node, wrong: SettingError, *, in_group: bool = False) -> Problem:
    """The problem of a setting whose formula is wrong, with its mends; `document` may be that inside a group."""
    name, error = wrong.setting, wrong.error
    fixes = [
        Fix(f"Write {better}", "change_settings", {"node": node.id, "values": {name: value}})
        for value, better in _near(node.settings[name], error, document.variables)
    ]
    label = f"Put {name} back to its default"
    reset = Fix(label, "change_settings", {"node": node.id, "unset": (name,)})
    return Problem(
        "formula", error.message, _hint(document, error, in_group=in_group), node=node.id, setting=name,
        fixes=(*fixes, *_additions(error), reset),
    )  # fmt: skip


def given_to(settings: Mapping[str, Any], inside: Document) -> tuple[Values, Mapping[str, Any]]:
    """The values that a group gives the variables inside it, and its other settings. Raises SettingError."""
    mine = [name for name in settings if name in inside.variables and name not in GROUP_SETTINGS]
    if not mine:
        return EMPTY, settings
    for name in mine:
        try:
            _number(name, settings[name], {})
        except FormulaError as error:
            raise SettingError(name, error) from error
    return {name: settings[name] for name in mine}, {key: value for key, value in settings.items() if key not in mine}


def _variable_problem(document: Document, name: str, error: FormulaError) -> Problem:
    value = document.variables[name]
    fixes = [
        Fix(f"Write {better}", "set_variable", {"name": name, "value": new})
        for new, better in _near(value, error, document.variables)
    ]
    if isinstance(value, str) and not is_formula(value):
        fixes += _as_formula(name, value)
    message = f"{VARIABLE}{name}: {error.message}"
    return Problem("variable", message, _hint(document, error), setting=name, fixes=(*fixes, *_additions(error)))


def _as_formula(name: str, text: str) -> list[Fix]:
    """Take a text for a formula whose "=" was forgotten, if it is one."""
    value = as_value(text)
    try:
        parse(str(value))
    except FormulaError:
        return []
    return [Fix(f"Set {name} to {value}", "set_variable", {"name": name, "value": value})]


def _near(value: Any, error: FormulaError, variables: Collection[str]) -> list[tuple[Any, str]]:
    """The value with the variable that was meant, and how a button calls it."""
    close = get_close_matches(error.name, variables, 1) if error.name else []
    if not close:
        return []
    better = close[0]
    corrected = replaced(value, lambda text: renamed(text, error.name, better))
    return [(corrected, f"{better} instead of {error.name}")]


def _hint(document: Document, error: FormulaError, *, in_group: bool = False) -> str:
    if not error.name:
        return error.hint
    close = get_close_matches(error.name, document.variables, 1)
    if close:
        return f"Did you mean {close[0]}?"
    if in_group:
        return f"A group sees its own variables alone: add one called {error.name} here, or correct its spelling."
    return f"Add a variable called {error.name}, or correct its spelling."


def _additions(error: FormulaError) -> list[Fix]:
    if not is_variable_name(error.name):
        return []
    return [Fix(f"Add the variable {error.name} = 64", "set_variable", {"name": error.name, "value": 64})]


def _misnamed(document: Document, name: str) -> Problem | None:
    """A file may call variables as no edit would."""
    if is_variable_name(name):
        return None
    better = free_id(f"{name}_1" if name in GROUP_SETTINGS else legal(name), document.variables)
    why = "is a setting of every group" if name in GROUP_SETTINGS else "cannot be a name in Python code"
    return Problem(
        "variable", f'A variable is called "{name[:40]}", which {why}.', f"Call it {better}.", setting=name,
        fixes=(Fix(f"Rename it to {better}", "rename_variable", {"name": name, "new": better}),),
    )  # fmt: skip


def changed_names(before: Values, now: Values) -> frozenset[str]:
    """The variables that are not worth what they were: 1 is not 1.0."""
    if before is now:
        return frozenset()
    return frozenset(name for name in {*before, *now} if repr(before.get(name, "")) != repr(now.get(name, "")))
