"""Groups of one name that differ in a few numbers alone share a class, which is given these numbers.

So a person would write it: the rounds of a DenseNet, each wider than the one before, are one class with the
argument `in_channels`, not one class a round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from msgspec.structs import replace

from designer.graph.names import free_id
from designer.plan import Call, Plan

Place = tuple[str, str]
"""A module and a keyword of the call that makes it."""
Series = tuple[int, ...]
"""The number that stands in one place, for each group of a family."""
Body = Callable[[Plan], tuple[str, ...]]

MOST = 3
"""A class is not given more numbers than that; groups that differ in more have little in common."""
PREFERRED = ("in_channels", "in_features", "num_features")
"""Where one number stands in several places, it is called like the first of these that it is there."""


def with_widths_given(plan: Plan, body: Body) -> Plan:
    """The plan with the numbers in which groups of one name differ as arguments of a class they share.

    `body` prints what stands below a class's name; groups with groups inside stay as they are.
    """
    families: dict[object, list[Plan]] = {}
    for group in _innermost(plan):
        families.setdefault((group.title, group.parameters, body(_blank(group))), []).append(group)
    changed: dict[int, Plan] = {}
    for family in families.values():
        changed |= _given(family)
    return _replaced(plan, changed) if changed else plan


def _groups(plan: Plan) -> Iterator[Plan]:
    for made_by in plan.modules.values():
        if not isinstance(made_by, Call):
            yield from (made_by,) if isinstance(made_by, Plan) else made_by


def _innermost(plan: Plan) -> Iterator[Plan]:
    for group in _groups(plan):
        if any(True for _ in _groups(group)):
            yield from _innermost(group)
        else:
            yield group


def _numbers(group: Plan) -> dict[Place, int]:
    """The whole numbers that are written as such in the calls that make a group's modules."""
    return {
        (module, keyword): value
        for module, call in group.modules.items()
        if isinstance(call, Call)
        for keyword, value in call.keywords.items()
        if type(value) is int and keyword not in call.written
    }


def _written(group: Plan, texts: Mapping[Place, str]) -> Plan:
    """The group with other texts in place of numbers."""
    modules = {}
    for module, call in group.modules.items():
        mine = {keyword: text for (name, keyword), text in texts.items() if name == module}
        modules[module] = replace(call, written={**call.written, **mine}) if mine and isinstance(call, Call) else call
    return replace(group, modules=modules)


def _blank(group: Plan) -> Plan:
    return _written(group, dict.fromkeys(_numbers(group), "?"))


def _given(family: list[Plan]) -> dict[int, Plan]:
    """Each group of a family as it is once its class takes the numbers, by the identity of what it was."""
    numbers = [_numbers(group) for group in family]
    places: dict[Series, list[Place]] = {}
    for place in numbers[0]:
        series = tuple(each[place] for each in numbers)
        if len(set(series)) > 1:
            places.setdefault(series, []).append(place)
    if not 0 < len(places) <= MOST:
        return {}
    names = _names(family[0], places)
    texts = {place: names[series] for series, found in places.items() for place in found}
    parameters = (*family[0].parameters, *((name, series[0]) for series, name in names.items()))
    return {
        id(group): replace(
            _written(group, texts),
            parameters=parameters,
            arguments={**group.arguments, **{name: str(series[which]) for series, name in names.items()}},
        )
        for which, group in enumerate(family)
    }


def _names(group: Plan, places: Mapping[Series, list[Place]]) -> dict[Series, str]:
    taken = {"self", *(name for name, _ in (*group.parameters, *group.constants))}
    found: dict[Series, str] = {}
    for series, where in places.items():
        keywords = [keyword for _, keyword in where]
        wanted = next((name for name in PREFERRED if name in keywords), keywords[0])
        found[series] = free_id(wanted, taken)
        taken.add(found[series])
    return found


def _replaced(plan: Plan, changed: Mapping[int, Plan]) -> Plan:
    def new(group: Plan) -> Plan:
        return changed.get(id(group)) or _replaced(group, changed)

    modules: dict[str, Call | Plan | tuple[Plan, ...]] = {}
    for name, made_by in plan.modules.items():
        if isinstance(made_by, Call):
            modules[name] = made_by
        else:
            modules[name] = new(made_by) if isinstance(made_by, Plan) else tuple(map(new, made_by))
    return replace(plan, modules=modules)
