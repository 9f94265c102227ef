"""Finds the lines of the printed source that stand for a node, wherever it is in the groups."""

from __future__ import annotations

import re
from collections.abc import Iterable

CLASS = re.compile(r"class (\w+)\(")


def lines_of(source: str, place: tuple[str, ...], nodes: Iterable[str]) -> list[int]:
    """The line numbers, from 0, in which nodes of the design at `place` are made or used."""
    lines = source.split("\n")
    where = _class_at(lines, place)
    if where is None:
        return []
    found: set[int] = set()
    for node in nodes:
        mine = _matching(lines, where, rf"\bself\.{re.escape(node)}\b")
        # A layer that is a function in `forward` has no module: its value may be called after it.
        found.update(mine or _matching(lines, where, rf"\b{re.escape(node)}\b"))
    return sorted(found)


def _class_at(lines: list[str], place: tuple[str, ...]) -> range | None:
    """The lines of the class that stands for a place: the last class, or the one its groups lead to."""
    starts = {match[1]: number for number, line in enumerate(lines) if (match := CLASS.match(line))}
    if not starts:
        return None
    order = sorted(starts.values())

    def body(name: str) -> range:
        later = [start for start in order if start > starts[name]]
        return range(starts[name], later[0] if later else len(lines))

    where = body(max(starts, key=lambda name: starts[name]))
    for group in place:
        made = next((lines[at] for at in _matching(lines, where, rf"\bself\.{re.escape(group)} = ")), "")
        name = next((word for word in re.findall(r"(\w+)\(\)", made) if word in starts), None)
        if name is None:
            return None
        where = body(name)
    return where


def _matching(lines: list[str], where: range, pattern: str) -> list[int]:
    """The lines that hold the pattern, each with those that its brackets go on over."""
    found: list[int] = []
    search = re.compile(pattern).search
    for number in where:
        if search(lines[number]):
            found.extend(range(number, _end(lines, number, where.stop)))
    return found


def _end(lines: list[str], number: int, stop: int) -> int:
    """The line after the one in which all brackets opened on `number` are closed."""
    depth = 0
    for place in range(number, stop):
        depth += sum(lines[place].count(mark) for mark in "([") - sum(lines[place].count(mark) for mark in ")]")
        if depth <= 0:
            return place + 1
    return number + 1
