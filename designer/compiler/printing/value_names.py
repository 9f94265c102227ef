"""How values are called in printed source: one name goes from line to line where nothing else needs the value."""

from __future__ import annotations

from collections.abc import Mapping

from designer.plan import Plan, names, refs

THREADS = ("x", "y", "z", "value", "values")
"""Names for the value that only the next line reads; the first that no node has."""


def display_names(plan: Plan) -> Mapping[str, str]:
    """The name to print for each value that is not printed under its own.

    A value that only the line below it reads, or that is returned right after the last line, is called
    `x`, as people write it; one that is read later keeps its node's name.
    """
    own = {given.name for given in plan.inputs} | set(plan.modules)
    own |= {name for step in plan.steps for name in names(step.result)}
    thread = next((name for name in THREADS if name not in own), None)
    if thread is None:
        return {}
    readers = _readers(plan)
    return {
        step.result: thread
        for place, step in enumerate(plan.steps)
        if isinstance(step.result, str) and readers.get(step.result) == {place + 1}
    }


def _readers(plan: Plan) -> Mapping[str, set[int]]:
    """The places of the steps that read each value; returning counts as the place after the last step."""
    found: dict[str, set[int]] = {}
    for place, step in enumerate(plan.steps):
        for name in refs(step.call):
            found.setdefault(name, set()).add(place)
    for _, value in plan.outputs:
        for name in refs(value):
            found.setdefault(name, set()).add(len(plan.steps))
    return found
