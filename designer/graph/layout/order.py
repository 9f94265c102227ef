"""The order within each layer: few crossings, and links at a first port above those at a second."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Sequence

from designer.graph.layout.chains import nested_threads
from designer.graph.layout.layered import Joint, Layered

ROUNDS = 12
"""How often the layers are gone through at most."""
PATIENCE = 2
"""After so many rounds without gain no more are made."""
Layers = list[list[int]]
Beginning = Callable[[Layered], Layers | None]
"""Gives a first order, or none."""


def improve(net: Layered, beginnings: Sequence[Beginning]) -> None:
    """Give the network the order with the fewest crossings; a further beginning is tried only while links cross."""
    best: tuple[int, Layers] | None = None
    for begin in beginnings:
        first = begin(net)
        if first is None:
            continue
        found = _improved(net, first)
        if best is None or found[0] < best[0]:
            best = found
        if best[0] == 0:
            break
    if best is not None:
        net.layers = best[1]


def reading_order(net: Layered) -> Layers:
    """An order to begin with: back from the ends of the network, along the links in the order of the ports.

    An hourglass opens upwards.
    """
    layers: Layers = [[] for _ in net.layers]
    above = {bend for number in nested_threads(net) for bend in net.bends[number]}
    seen = [False] * len(net.level)
    ends = [vertex for vertex in range(net.nodes) if not net.after[vertex]]
    for root in (*ends, *range(len(net.level))):
        stack = [root]
        while stack:
            vertex = stack.pop()
            if seen[vertex]:
                continue
            seen[vertex] = True
            layers[net.level[vertex]].append(vertex)
            into = sorted(net.before[vertex], key=lambda joint: (joint[1], joint[0] not in above))
            stack.extend(source for source, _, _ in reversed(into))
    return layers


def crossings(net: Layered, layers: Layers) -> int:
    """How many pairs of links cross between the layers."""
    at = _places(net, layers)
    return sum(_between(net, layer, at) for layer in layers)


def _places(net: Layered, layers: Layers) -> list[int]:
    at = [0] * len(net.level)
    for layer in layers:
        for place, vertex in enumerate(layer):
            at[vertex] = place
    return at


def _between(net: Layered, layer: list[int], at: list[int]) -> int:
    """The crossings of the links that leave one layer."""
    ends: list[tuple[int, float]] = []
    total = 0
    for vertex in layer:
        joints = net.after[vertex]
        if len(joints) > 1:
            joints = sorted(joints, key=lambda joint: (joint[1], at[joint[0]], joint[2]))
        for other, _, into in joints:
            end = (at[other], into)
            total += len(ends) - bisect_right(ends, end)
            insort(ends, end)
    return total


def _improved(net: Layered, first: Layers) -> tuple[int, Layers]:
    """The best order found by going through the layers there and back."""
    layers = [list(layer) for layer in first]
    best, kept = crossings(net, layers), [list(layer) for layer in layers]
    idle = 0
    for turn in range(ROUNDS):
        if best == 0 or idle >= PATIENCE:
            break
        at = _places(net, layers)
        _sweep(net, layers, at, forwards=turn % 2 == 0)
        _swap(net, layers, at)
        found = crossings(net, layers)
        idle += 1
        if found < best:
            best, kept, idle = found, [list(layer) for layer in layers], 0
    return best, kept


def _sweep(net: Layered, layers: Layers, at: list[int], *, forwards: bool) -> None:
    """Sort each layer by where its vertices' links come from, or go to."""
    for layer in layers if forwards else reversed(layers):
        if len(layer) < 2:
            continue
        wanted: dict[int, float] = {}
        for vertex in layer:
            joints = net.before[vertex] if forwards else net.after[vertex]
            wanted[vertex] = _middle(net, joints, at) if joints else float(at[vertex])
        layer.sort(key=wanted.__getitem__)
        for place, vertex in enumerate(layer):
            at[vertex] = place


def _middle(net: Layered, joints: list[Joint], at: list[int]) -> float:
    """The mean place of neighbours, their ports counted as parts of a place."""
    total = 0.0
    for other, _, into in joints:
        breadth = net.breadth[other]
        total += at[other] + (into / breadth - 0.5 if breadth else 0.0)
    return total / len(joints)


def _swap(net: Layered, layers: Layers, at: list[int]) -> None:
    """Exchange neighbours in a layer wherever that saves crossings."""
    for layer in layers:
        for place in range(len(layer) - 1):
            one, other = layer[place], layer[place + 1]
            saved = 0
            for joints in (net.before, net.after):
                if joints[one] and joints[other]:
                    saved += _crossed(joints[one], joints[other], at) - _crossed(joints[other], joints[one], at)
            if saved > 0:
                layer[place], layer[place + 1] = other, one
                at[one], at[other] = place + 1, place


def _crossed(above: list[Joint], below: list[Joint], at: list[int]) -> int:
    """The crossings between the links of two vertices, one above the other."""
    return sum(
        (at[one], into) > (at[other], into_other)
        for one, _, into in above
        for other, _, into_other in below
    )  # fmt: skip
