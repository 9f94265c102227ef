"""What can be wrong with how nodes are set to learn. The setting of such a problem begins with "learning."."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from designer.catalogue.learning import INIT, Initializer, Learning, initializer
from designer.catalogue.tensor import Misfit, dims
from designer.compiler.checking.report import NodeReport, Report
from designer.compiler.checking.sharing import share
from designer.problems import Fix, Problem, Severity

CODE = "learning"
PENALTIES = ("l1", "l2")


def learning_problems(report: Report) -> Iterator[Problem]:
    """The findings about how each node learns."""
    for node in report.document.nodes.values():
        if node.learning and not node.bypassed:
            yield from _of_node(report, report.nodes[node.id])


def _of_node(report: Report, node: NodeReport) -> Iterator[Problem]:
    learning = node.node.learning
    yield from _unknown(node)
    wrong: set[str] = set()
    for name in (name for name in Learning.settings if name in learning):
        try:
            Learning.settings[name].accept(learning[name])
        except Misfit as misfit:
            wrong.add(name)
            yield _problem(node, name, misfit.message, misfit.hint, _reset(node, name))
    if learning.get("shared_with") and "shared_with" not in wrong:
        problem = share(report.nodes, node.node.id)
        if isinstance(problem, Problem):
            yield problem
    if node.layer is not None:
        yield from _without_effect(report, node, wrong)
        yield from _initializers(report, node)


def _unknown(node: NodeReport) -> Iterator[Problem]:
    for name in node.node.learning:
        if name not in Learning.settings and name != INIT:
            message = f"{name} says nothing about how {node.node.id} learns."
            fix = Fix(f"Remove {name}", "change_learning", {"node": node.node.id, "unset": (name,)})
            yield _problem(node, name, message, "Remove it, or correct its spelling.", fix, Severity.WARNING)


def _problem(
    node: NodeReport, name: str, message: str, hint: str, fix: Fix, severity: Severity = Severity.ERROR
) -> Problem:
    return Problem(CODE, message, hint, severity, node.node.id, None, f"learning.{name}", (fix,))


def _reset(node: NodeReport, name: str) -> Fix:
    return Fix(f"Put {name} back to its default", "change_learning", {"node": node.node.id, "unset": (name,)})


def _without_effect(report: Report, node: NodeReport, wrong: set[str]) -> Iterator[Problem]:
    """Penalties and files where there is no weight that is the node's own."""
    name, shared = node.node.id, report.sharing.get(node.node.id)
    if not node.measured or (node.parameters and (shared is None or not shared.whole)):
        return
    if shared is not None:
        why, hint = f"the weights are those of {shared.owner}", f"Set it at {shared.owner}."
    else:
        why, hint = f"{name} has no weights", "Remove it."
    for setting in (*PENALTIES, "load"):
        if setting in wrong or not node.node.learning.get(setting):
            continue
        severity = Severity.WARNING if setting in PENALTIES else Severity.ERROR
        yield _problem(node, setting, f"{setting} does nothing here: {why}.", hint, _reset(node, setting), severity)


def _initializers(report: Report, node: NodeReport) -> Iterator[Problem]:
    """What is wrong with the table of initializers."""
    chosen = node.node.learning.get(INIT, {})
    if not isinstance(chosen, Mapping):
        hint = 'Write it as {"weight": "zeros_"}.'
        yield _problem(node, INIT, "init must be a table from weights to initializers.", hint, _reset(node, INIT))
        return
    if chosen and node.rounds:
        message = f"{node.node.id} is a group and has no weights of its own to begin in another way."
        yield _problem(node, INIT, message, "Set init at the layers inside.", _reset(node, INIT))
        return
    for weight, how in chosen.items():
        try:
            begins = initializer(how)
        except Misfit as misfit:
            place = f"{INIT}.{weight}"
            yield _problem(node, place, misfit.message, misfit.hint, without_init(node, weight))
        else:
            if node.measured:
                yield from _at_weight(report, node, weight, begins)


def _at_weight(report: Report, node: NodeReport, weight: str, begins: Initializer) -> Iterator[Problem]:
    """An initializer must suit a weight of the node's own."""
    name, shared, shape = node.node.id, report.sharing.get(node.node.id), node.weights.get(weight)
    if shape is None:
        has = f"only {', '.join(node.weights)}" if node.weights else "no weights at all"
        message, hint = f"{name} has no {weight} to initialize; it has {has}.", "Name one of its weights."
        if not node.weights:
            hint = "Remove it."
    elif shared is not None and shared.takes(weight):
        message = f"The {weight} of {name} is that of {shared.owner}, so it cannot begin in a way of its own."
        hint = f"Set init at {shared.owner}."
    elif len(shape) < begins.least_axes:
        message = f"{begins.function} needs at least {begins.least_axes} axes, but the {weight} of {name} has "
        message += f"{'none' if not shape else 'one'}: {dims(shape)}."
        hint = "Choose normal_, uniform_, zeros_, ones_ or constant_."
    else:
        return
    yield _problem(node, f"{INIT}.{weight}", message, hint, without_init(node, weight))


def without_init(node: NodeReport, weight: str) -> Fix:
    """Let a weight begin as torch has it."""
    chosen: Mapping[str, Any] = node.node.learning[INIT]
    rest = {name: how for name, how in chosen.items() if name != weight}
    place: Mapping[str, Any] = {"values": {INIT: rest}} if rest else {"unset": (INIT,)}
    return Fix(f"Take the initializer of {weight} away", "change_learning", {"node": node.node.id, **place})
