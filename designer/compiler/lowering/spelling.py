"""How variables stand in the exported source: a design's as constants at its top, a group's as arguments of its class.

The engine is given numbers alone; what is written in their place stands beside them (`Call.written`). Inside a group's
class its arguments are known only where its layers are made; `forward` has the numbers.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from designer.catalogue.layer import Layer
from designer.catalogue.tensor import Specs
from designer.compiler.checking.report import NodeReport, Report
from designer.compiler.checking.scope import values_of
from designer.compiler.lowering.traced import (
    Traced,
    TracedReal,
    carries,
    moved,
    plain,
    traced,
)
from designer.compiler.printing.expression import value_text
from designer.graph.document import Document
from designer.graph.formulas import (
    LONGEST,
    NAME,
    Formula,
    Name,
    as_literal,
    is_formula,
    names,
    parse,
    substituted,
    text_of,
)
from designer.graph.names import free_id
from designer.plan import OPERATORS, Call, Plan, Ref, Step

MODULES = frozenset({"F", "gnn", "math", "nn", "torch"})
"""What the exported source imports."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """The variables of one network: what each is called in the code, and how what depends on it is written."""

    document: Document
    called: Mapping[str, str]
    formulas: Mapping[str, Formula]

    def formula(self, text: str) -> Formula:
        """A formula in the names of the code."""
        return substituted(parse(text), self.formulas)

    def value(self, raw: Any) -> Formula:
        """A number or a formula of this design."""
        return self.formula(raw) if is_formula(raw) else as_literal(raw)


def of_design(report: Report) -> Spelling:
    """Constants in capitals, which no node is called."""
    taken = set(report.nodes) | MODULES
    called = _free(report.document, taken, str.upper)
    return Spelling(report.document, called, {name: Name(new) for name, new in called.items()})


def _free(document: Document, taken: set[str], shape: Any) -> Mapping[str, str]:
    called = {}
    for name in document.variables:
        called[name] = free_id(shape(name), taken)
        taken.add(called[name])
    return called


def of_group(node: NodeReport) -> Spelling:
    """Arguments under the variables' own names; what the group does not set and follows from others is written out."""
    inside = node.rounds[0].document
    called = _free(inside, set(MODULES), str)
    formulas: dict[str, Formula] = {}

    def formula(name: str) -> Formula:
        if name not in formulas:
            value = inside.variables[name]
            follows = is_formula(value) and name not in node.node.settings
            needs = {other: formula(other) for other in names(value)} if follows else {}
            found = substituted(parse(str(value)), needs) if follows else Name(called[name])
            # Formulas of formulas double with every step; a long one is the number it has in this group.
            short = len(text_of(found)) <= LONGEST
            formulas[name] = found if short else as_literal(node.rounds[0].variables[name] or 0)
        return formulas[name]

    return Spelling(inside, called, {name: formula(name) for name in inside.variables})


def has_variables(report: Report) -> bool:
    """Whether a design, or a group in it, has any."""
    return bool(report.variables) or any(map(has_variables, (done for n in report.nodes.values() for done in n.rounds)))


# The report, with numbers that remember their formulas.


def with_formulas(report: Report, spelling: Spelling, *, inside: bool = False) -> Report:
    """The same report, its layers and shapes made of numbers that know how they are written.

    What reaches the network inside a group is plain numbers there: its class must not depend on where it stands.
    """
    found: dict[str, NodeReport] = {}
    for name in report.order:
        node = report.nodes[name]
        if not (inside and node.layer is not None and node.layer.role == "input"):
            node = _with_formulas(report, node, found, spelling)
        if node is not report.nodes[name]:
            found[name] = node
    return replace(report, nodes={**report.nodes, **found}) if found else report


def _with_formulas(report: Report, node: NodeReport, found: Mapping[str, NodeReport], spelling: Spelling) -> NodeReport:
    if node.layer is not None and node.layer.role == "custom":
        return node  # what leaves it is known from running it, in numbers alone
    incoming = _incoming(report, node, found)
    if incoming is not None:
        node = replace(node, incoming=incoming)
    if node.rounds:
        return _group_with_formulas(node, spelling)
    if node.layer is None:
        return node
    layer = _layer(node, node.layer, spelling)
    if layer is node.layer and not carries(tuple(node.incoming.values())):
        return node
    node = replace(node, layer=layer)
    if not node.outgoing:
        return node
    given = layer.output(*node.arguments())
    return replace(node, outgoing=given if isinstance(given, dict) else {node.outputs[0].name: given})


def _incoming(report: Report, node: NodeReport, found: Mapping[str, NodeReport]) -> Mapping[str, Any] | None:
    """What reaches a node with formulas; None where nothing has any."""
    links = report.document.incoming.get(node.node.id, ())
    if not any(link.source in found for link in links):
        return None
    reached: dict[str, list[Specs | None]] = {}
    for link in links:
        source = found.get(link.source, report.nodes[link.source])
        start, end = source.port(link.source_port, "outputs"), node.port(link.target_port, "inputs")
        if start is not None and end is not None:
            reached.setdefault(end.name, []).append(source.outgoing.get(start.name))
    return {port.name: tuple(reached[port.name]) for port in node.inputs if port.name in reached}


def _layer(node: NodeReport, layer: Layer, spelling: Spelling) -> Layer:
    """The layer with settings that remember their formulas; the same where it has none."""
    remembered = {
        name: _remembering(raw, layer.values[name], spelling)
        for name, raw in node.node.settings.items()
        if name in layer.values and names(raw)
    }
    remembered = {name: value for name, value in remembered.items() if carries(value)}
    if not remembered:
        return layer
    other = copy.copy(layer)
    other.values = {**layer.values, **remembered}
    other.by_formula = frozenset(remembered)
    return other


def _remembering(raw: Any, value: Any, spelling: Spelling) -> Any:
    if isinstance(raw, tuple) and isinstance(value, tuple) and len(raw) == len(value):
        return tuple(_remembering(one, other, spelling) for one, other in zip(raw, value, strict=True))
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return traced(value, spelling.formula(raw)) if is_formula(raw) and is_number else value


def _group_with_formulas(node: NodeReport, spelling: Spelling) -> NodeReport:
    inner = of_group(node)
    done = {id(each): with_formulas(each, inner, inside=True) for each in node.rounds}
    rounds = tuple(done[id(each)] for each in node.rounds)
    outside = {inner.called[name]: formula for name, formula in _given(node, inner, spelling).items()}
    outgoing = {
        port.name: moved(shape, outside)
        for port in node.outputs
        if (shape := rounds[-1].nodes[port.name].shape) is not None
    }
    return replace(node, rounds=rounds, outgoing=outgoing)


def _given(node: NodeReport, inner: Spelling, outer: Spelling) -> Mapping[str, Formula]:
    """What each variable inside a group is, in the words of the design around it."""
    worth, settings = node.rounds[0].variables, node.node.settings
    return {
        name: outer.value(settings[name]) if name in settings else as_literal(worth[name] or 0)
        for name in inner.document.variables
    }


# The plan, with plain numbers and what is written in their place.


def spelt(plan: Plan, report: Report, spelling: Spelling, *, whole: bool = True) -> Plan:
    """The plan with plain numbers, the texts beside them, and the constants or arguments that the texts name."""
    modules = {name: _spelt_module(made_by, report.nodes[name], spelling) for name, made_by in plan.modules.items()}
    steps = tuple(
        Step(step.result, written(step.call) if whole else without_formulas(step.call), step.node)
        for step in plan.steps
    )
    inputs = tuple(msgspec.structs.replace(given, shape=plain(given.shape)) for given in plan.inputs)
    used = set(_used([*modules.values(), *(step.call for step in steps)]))
    new = msgspec.structs.replace(plan, modules=modules, steps=steps, inputs=inputs)
    if whole:
        return msgspec.structs.replace(new, constants=tuple(_constants(spelling, used)))
    own, _ = values_of(spelling.document)
    parameters = tuple(
        (called, own[name] if own[name] is not None else report.variables[name] or 0)
        for name, called in spelling.called.items()
        if called in used
    )
    return msgspec.structs.replace(new, parameters=parameters)


def _spelt_module(
    made_by: Call | Plan | tuple[Plan, ...], node: NodeReport, spelling: Spelling
) -> Call | Plan | tuple[Plan, ...]:
    if isinstance(made_by, Call):
        return written(made_by)
    if isinstance(made_by, tuple):
        return tuple(_spelt_group(plan, node, done, spelling) for plan, done in zip(made_by, node.rounds, strict=True))
    return _spelt_group(made_by, node, node.rounds[0], spelling)


def _spelt_group(plan: Plan, node: NodeReport, done: Report, spelling: Spelling) -> Plan:
    inner = of_group(node)
    plan = spelt(plan, done, inner, whole=False)
    given = _given(node, inner, spelling)
    arguments = {
        inner.called[name]: text_of(given[name]) for name in inner.document.variables if name in node.node.settings
    }
    parameters = [name for name, _ in plan.parameters]
    return msgspec.structs.replace(plan, arguments={name: arguments[name] for name in parameters if name in arguments})


def written(call: Call) -> Call:
    """A call with plain numbers, and the text of each argument that has a formula."""
    if call.target in OPERATORS:
        return without_formulas(call)
    texts = {name: _text(value) for name, value in call.keywords.items() if _is_written(value)}
    texts |= {str(place): _text(value) for place, value in enumerate(call.positional) if _is_written(value)}
    keywords = {name: _inner(value) for name, value in call.keywords.items()}
    positional = tuple(map(_inner, call.positional))
    return msgspec.structs.replace(call, keywords=keywords, positional=positional, written=texts)


def _inner(value: Any) -> Any:
    return written(value) if isinstance(value, Call) else without_formulas(value)


def without_formulas(value: Any) -> Any:
    """The value, or the call, with plain numbers and no texts."""
    if isinstance(value, Call):
        keywords = {name: without_formulas(part) for name, part in value.keywords.items()}
        positional = tuple(map(without_formulas, value.positional))
        return msgspec.structs.replace(value, keywords=keywords, positional=positional)
    return tuple(map(without_formulas, value)) if isinstance(value, tuple) else plain(value)


def _is_written(value: Any) -> bool:
    """Whether an argument is a number or a list of numbers, some with formulas."""
    return carries(value) and not any(isinstance(part, (Ref, Call)) for part in _parts(value))


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple):
        for part in value:
            yield from _parts(part)
    else:
        yield value


def _text(value: Any) -> str:
    if isinstance(value, (Traced, TracedReal)):
        return text_of(value.formula)
    if isinstance(value, tuple):
        return f"({', '.join(map(_text, value))}{',' if len(value) == 1 else ''})"
    return value_text(value, {})


def _used(values: list[Any]) -> Iterator[str]:
    """Every name in the texts of calls and groups."""
    for value in values:
        if isinstance(value, Call):
            for text in value.written.values():
                yield from NAME.findall(text)
            yield from _used([*value.keywords.values(), *value.positional])
        elif isinstance(value, Plan):
            for text in value.arguments.values():
                yield from NAME.findall(text)
        elif isinstance(value, tuple):
            yield from _used(list(value))


def _constants(spelling: Spelling, used: set[str]) -> Iterator[tuple[str, str]]:
    """The constants that the texts name, each below those it is made of."""
    variables = spelling.document.variables
    done: set[str] = set()

    def needed(name: str) -> Iterator[tuple[str, str]]:
        if name in done:
            return
        done.add(name)
        for other in variables:
            if other in names(variables[name]):
                yield from needed(other)
        yield spelling.called[name], text_of(spelling.value(variables[name]))

    for name in variables:
        if spelling.called[name] in used:
            yield from needed(name)
