"""Links as pairs of numbers: without circles, in connected parts, and the layer of each node."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Pair = tuple[int, int]
Neighbours = list[list[int]]


def neighbours(count: int, pairs: Iterable[Pair]) -> tuple[Neighbours, Neighbours]:
    """The targets and the sources of each of `count` nodes, in the order of the pairs."""
    targets: Neighbours = [[] for _ in range(count)]
    sources: Neighbours = [[] for _ in range(count)]
    for source, target in pairs:
        targets[source].append(target)
        sources[target].append(source)
    return targets, sources


def forward(count: int, pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs without those that close a circle (a link to oneself among them), found in the given order."""
    targets, _ = neighbours(count, pairs)
    unseen, open_, done = 0, 1, 2
    state = [unseen] * count
    back: set[Pair] = set()
    for root in _roots_first(count, pairs):
        if state[root] != unseen:
            continue
        state[root] = open_
        stack = [(root, iter(targets[root]))]
        while stack:
            node, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                state[node] = done
                stack.pop()
            elif state[following] == open_:
                back.add((node, following))
            elif state[following] == unseen:
                state[following] = open_
                stack.append((following, iter(targets[following])))
    return [pair for pair in pairs if pair not in back]


def _roots_first(count: int, pairs: Iterable[Pair]) -> list[int]:
    """All nodes, those that read nothing first: a circle is cut where it leads back to what came before."""
    reading = {target for source, target in pairs if source != target}
    return sorted(range(count), key=lambda node: (node in reading, node))


def parts(count: int, pairs: Iterable[Pair]) -> list[list[int]]:
    """The connected parts, each with its nodes in order, in the order of their first nodes."""
    targets, sources = neighbours(count, pairs)
    found: list[list[int]] = []
    seen = [False] * count
    for root in range(count):
        if seen[root]:
            continue
        seen[root] = True
        part = [root]
        for node in part:
            for other in (*targets[node], *sources[node]):
                if not seen[other]:
                    seen[other] = True
                    part.append(other)
        found.append(sorted(part))
    return found


def sorted_forward(count: int, pairs: Sequence[Pair]) -> list[int]:
    """All nodes, each after what it reads; pairs must be without circles."""
    targets, sources = neighbours(count, pairs)
    missing = [len(each) for each in sources]
    order = [node for node in range(count) if not missing[node]]
    for node in order:
        for target in targets[node]:
            missing[target] -= 1
            if not missing[target]:
                order.append(target)
    return order


def levels(count: int, pairs: Sequence[Pair]) -> list[int]:
    """The layer of each node, from 0: right behind what it reads, and what little reads, right before its reader.

    Pairs must be without circles. The sum of all links' lengths is small, though not always the smallest.
    """
    targets, sources = neighbours(count, pairs)
    order = sorted_forward(count, pairs)
    level = [0] * count
    for node in order:
        level[node] = max((level[source] + 1 for source in sources[node]), default=0)
    for node in reversed(order):
        if targets[node] and len(sources[node]) < len(targets[node]):
            level[node] = min(level[target] for target in targets[node]) - 1
    for node in order:
        # What was drawn along towards its reader leaves room for what follows it on another way.
        if sources[node] and len(sources[node]) >= len(targets[node]):
            level[node] = max(level[source] for source in sources[node]) + 1
    first = min(level, default=0)
    return [each - first for each in level]
