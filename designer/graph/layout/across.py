"""Where vertices stand along their layer: chains as near to their neighbours as the room allows."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from designer.graph.layout.chains import Chains, nested_threads
from designer.graph.layout.layered import Layered

ROUNDS = 16
"""How often chains are drawn to their neighbours at most."""
HOURGLASS = 3.0
"""So much more room is between the long links of an hourglass and what they span: it is long and flat without."""
STILL = 0.5
"""A round in which no chain goes further than this is the last."""
GRID = 10.0


@dataclass(frozen=True, slots=True)
class Gaps:
    """The free room between two nodes of a layer, between a node and a link, and between two links."""

    nodes: float
    node_link: float
    links: float


def place_across(net: Layered, chains: Chains, gaps: Gaps) -> list[float]:
    """Where each vertex begins along its layer. No two come nearer to each other than the gaps say, less the grid."""
    below, above = _limits(net, chains, gaps)
    order = _sorted(chains.count, below, above)
    at = [0.0] * chains.count
    for chain in order:
        at[chain] = max((at[other] + room for other, room in above[chain].items()), default=0.0)
    pulls = _pulls(net, chains)
    for turn in range(ROUNDS):
        moved = 0.0
        for chain in reversed(order) if turn % 2 == 0 else order:
            if not pulls[chain]:
                continue
            wanted = _median([at[other] + shift for other, shift in pulls[chain]])
            low = max((at[other] + room for other, room in above[chain].items()), default=wanted)
            high = min((at[other] - room for other, room in below[chain].items()), default=wanted)
            new = max(low, min(wanted, high))
            moved = max(moved, abs(new - at[chain]))
            at[chain] = new
        if moved < STILL and turn:
            break
    _snap(net, chains, at)
    return [at[chains.chain[vertex]] + chains.offset[vertex] for vertex in range(len(net.level))]


def _limits(net: Layered, chains: Chains, gaps: Gaps) -> tuple[list[dict[int, float]], list[dict[int, float]]]:
    """How far at least each chain stands from those next below and next above it."""
    below: list[dict[int, float]] = [{} for _ in range(chains.count)]
    above: list[dict[int, float]] = [{} for _ in range(chains.count)]
    wide = {bend for number in nested_threads(net) for bend in net.bends[number]}
    for layer in net.layers:
        for one, other in itertools.pairwise(layer):
            first, second = chains.chain[one], chains.chain[other]
            gap = (gaps.nodes, gaps.node_link, gaps.links)[net.is_bend(one) + net.is_bend(other)]
            if one in wide or other in wide:
                gap *= HOURGLASS
            room = chains.offset[one] + net.breadth[one] + gap - chains.offset[other]
            room = max(room, below[first].get(second, room))
            below[first][second] = above[second][first] = room
    return below, above


def _sorted(count: int, below: list[dict[int, float]], above: list[dict[int, float]]) -> list[int]:
    """All chains, each after those above it."""
    missing = [len(each) for each in above]
    order = [chain for chain in range(count) if not missing[chain]]
    for chain in order:
        for other in below[chain]:
            missing[other] -= 1
            if not missing[other]:
                order.append(other)
    return order


def _pulls(net: Layered, chains: Chains) -> list[list[tuple[int, float]]]:
    """For each chain the others that it has links with, and how far from their places its own would be straight."""
    pulls: list[list[tuple[int, float]]] = [[] for _ in range(chains.count)]
    for vertex, joints in enumerate(net.after):
        for other, leaves, enters in joints:
            one, two = chains.chain[vertex], chains.chain[other]
            if one != two:
                shift = chains.offset[vertex] + leaves - chains.offset[other] - enters
                pulls[two].append((one, shift))
                pulls[one].append((two, -shift))
    return pulls


def _median(values: list[float]) -> float:
    values.sort()
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


def _snap(net: Layered, chains: Chains, at: list[float]) -> None:
    """Put the chains with nodes on the grid; rounding keeps their order, and costs at most one step of room."""
    for chain in {chains.chain[node] for node in range(net.nodes)}:
        at[chain] = round(at[chain] / GRID) * GRID
