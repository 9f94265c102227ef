"""The order in which a design is computed, and the circles that have none."""

from __future__ import annotations

from collections.abc import Collection
from heapq import heappop, heappush

import networkx as nx

from designer.graph.document import Document, Link


def compute_order(document: Document) -> tuple[list[str], list[set[str]]]:
    """The order of computation, ties broken by the document's order, and the cycles that have none."""
    order = _ordered(document, frozenset())
    if len(order) == len(document.nodes):
        return order, []
    place = document.place
    cycles = sorted(_cycles(document, set(order)), key=lambda part: min(place[name] for name in part))
    return _ordered(document, frozenset().union(*cycles)), cycles


def _ordered(document: Document, left_out: Collection[str]) -> list[str]:
    """The nodes that wait for no circle, each after all it reads; what comes from `left_out` is not waited for."""
    place, names = document.place, document.ids
    waits_for = [0] * len(names)
    for link in document.links:
        if link.source not in left_out:
            waits_for[place[link.target]] += 1
    ready = [number for number, name in enumerate(names) if not waits_for[number] and name not in left_out]
    order: list[str] = []
    while ready:
        name = names[heappop(ready)]
        order.append(name)
        for link in document.outgoing.get(name, ()):
            number = place[link.target]
            waits_for[number] -= 1
            if not waits_for[number] and link.target not in left_out:
                heappush(ready, number)
    return order


def _cycles(document: Document, outside: Collection[str]) -> list[set[str]]:
    graph = nx.DiGraph()
    graph.add_edges_from(
        (link.source, link.target)
        for link in document.links
        if link.source not in outside and link.target not in outside
    )
    parts = nx.strongly_connected_components(graph)
    return [part for part in parts if len(part) > 1 or any(graph.has_edge(name, name) for name in part)]


def way_around(document: Document, caught: Collection[str], back: Link) -> list[str]:
    """The shortest way along links from where `back` ends to where it starts, both included."""
    came_from: dict[str, str] = {back.target: ""}
    reached = [back.target]
    for name in reached:
        ahead = {link.target for link in document.outgoing.get(name, ()) if link.target in caught}
        for target in sorted(ahead - came_from.keys(), key=document.place.__getitem__):
            came_from[target] = name
            reached.append(target)
    way = [back.source]
    while way[-1] != back.target:
        way.append(came_from[way[-1]])
    return way[::-1]
