"""What can be done about a finding by one click, as edits of the design that the run trains."""

from __future__ import annotations

from collections.abc import Iterable

from designer.catalogue import LAYERS, OPTIMIZERS
from designer.diagnosis.course import Course
from designer.graph.names import plain_id
from designer.problems import Fix

FACTOR = 10.0


def class_of(course: Course, node: str) -> str:
    """The kind of layer that a module of the plan is; "" where it is none."""
    call = dict(course.modules()).get(node)
    return call.target.rpartition(".")[2] if call is not None else ""


def chosen_rate(course: Course) -> float | None:
    """The learning rate that was asked for, or else the one that was told."""
    rate = course.recipe.optimizer.keywords.get("lr")
    return float(rate) if isinstance(rate, int | float) else course.learning_rate


def smaller_rate(course: Course) -> tuple[Fix, ...]:
    """The rule's usual learning rate, where the chosen one is larger; else a tenth of it."""
    rate = chosen_rate(course)
    if rate is None:
        return ()
    usual = usual_rate(course)
    return _with_rate(course, usual if usual is not None and rate > usual else rate / FACTOR)


def larger_rate(course: Course) -> tuple[Fix, ...]:
    """The rule's usual learning rate, where the chosen one is smaller; else ten times it."""
    rate = chosen_rate(course)
    if rate is None:
        return ()
    usual = usual_rate(course)
    return _with_rate(course, usual if usual is not None and rate < usual else rate * FACTOR)


def usual_rate(course: Course) -> float | None:
    """What the optimizer's learning rate is by default."""
    rule = OPTIMIZERS.get(course.recipe.optimizer.target.rpartition(".")[2])
    return float(rule.settings["lr"].default) if rule is not None and "lr" in rule.settings else None


def _with_rate(course: Course, rate: float) -> tuple[Fix, ...]:
    call = course.recipe.optimizer
    kind = call.target.rpartition(".")[2]
    rule = OPTIMIZERS.get(kind)
    if rule is None:
        return ()
    kept = {
        name: value for name, value in call.keywords.items()
        if name in rule.settings and value != rule.settings[name].default
    }  # fmt: skip
    chosen = {"kind": kind, **kept, "lr": rate}
    return (Fix(f"Set the learning rate to {rate:g}", "change_training", {"values": {"optimizer": chosen}}),)


def clipped(course: Course) -> tuple[Fix, ...]:
    """Gradients that are no longer than 1, where they are not clipped."""
    if course.recipe.clip_norm:
        return ()
    return (Fix("Clip the gradient norm at 1", "change_training", {"values": {"clip_norm": 1.0}}),)


def instead(course: Course, nodes: Iterable[str]) -> tuple[Fix, ...]:
    """Another layer in place of all these, as their own class has it; only where all stand in the same group."""
    places: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for node in nodes:
        kind = LAYERS.get(class_of(course, node))
        if kind is not None and kind.instead:
            *groups, name = plain_id(node).split(".")
            found = places.setdefault((tuple(groups), kind.instead), [])
            if name not in found:
                found.append(name)
    fixes = []
    for (place, layer), names in places.items():
        title = LAYERS[layer].title
        label = f"Turn {names[0] if len(names) == 1 else f'{len(names)} layers'} into {title}"
        fixes.append(Fix(label, "change_each_layer", {"nodes": tuple(names), "layer": layer}, place))
    return tuple(fixes[:3])


def begun_as_usual(nodes: Iterable[str]) -> tuple[Fix, ...]:
    """The first weights that torch draws, in place of those that were chosen."""
    by_place: dict[tuple[str, ...], list[str]] = {}
    for path in dict.fromkeys(plain_id(node) for node in nodes):
        *groups, name = path.split(".")
        by_place.setdefault(tuple(groups), []).append(name)
    return tuple(
        Fix(f"Begin {found[0] if len(found) == 1 else f'{len(found)} layers'} with random weights", "begin_as_usual",
            {"nodes": tuple(found)}, place)
        for place, found in list(by_place.items())[:3]
    )  # fmt: skip
