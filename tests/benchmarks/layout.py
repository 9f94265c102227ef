"""How long auto-layout takes and how many links cross; run on demand: `python tests/benchmarks/layout.py`.

Networks of 200 to 10,000 nodes: residual blocks, Inception blocks, U-Nets of Inception blocks one behind the other, a
single U-Net with long links over everything, and a tangle. Beside each stand the two that could be used instead:
networkx's multipartite layout, which sorts nothing, and fast-sugiyama's own coordinates, which know no sizes. Crossings
are counted with every link on the straight lines that the layout leads it along. Wanted: 1,000 nodes within a second,
10,000 within ten.
"""

from __future__ import annotations

import sys
import time
from bisect import bisect_right, insort
from collections.abc import Callable, Mapping
from itertools import pairwise
from random import Random
from typing import TypeVar

import fast_sugiyama
import networkx as nx

from designer.graph.document import Document, Link, Node, Position
from designer.graph.layout import Layout, arranged, usual_boxes
from designer.graph.layout.acyclic import levels

T = TypeVar("T")
WANTED = {1_000: 1.0, 10_000: 10.0}
SIZES = (200, 1_000, 10_000)


class Net:
    """A network that grows by nodes and links."""

    def __init__(self) -> None:
        self.links: list[tuple[int, int]] = []
        self.count = 1

    def add(self, *sources: int) -> int:
        self.links.extend((source, self.count) for source in sources)
        self.count += 1
        return self.count - 1

    def chain(self, source: int, length: int) -> int:
        for _ in range(length):
            source = self.add(source)
        return source

    def inception(self, source: int) -> int:
        return self.add(*(self.chain(source, length) for length in (1, 2, 3, 2)))

    def document(self) -> Document:
        nodes = {f"n{number}": Node(f"n{number}", "Identity") for number in range(self.count)}
        return Document(nodes, tuple(Link(f"n{a}", f"n{b}") for a, b in dict.fromkeys(self.links)))


def resnet(count: int) -> Document:
    net, last = Net(), 0
    while net.count < count:
        last = net.chain(net.add(net.chain(last, 8), last), 1)
    return net.document()


def inception(count: int) -> Document:
    net, last = Net(), 0
    while net.count < count:
        last = net.inception(last)
    return net.document()


def unets(count: int, depth: int = 5) -> Document:
    """U-Nets one behind the other, the blocks on their way down linked to those on their way up."""
    net, last = Net(), 0
    while net.count < count:
        down = []
        for _ in range(depth):
            last = net.inception(last)
            down.append(last)
            last = net.add(last)
        for link in reversed(down):
            last = net.inception(net.add(net.add(last), link))
    return net.document()


def one_unet(count: int) -> Document:
    """A single U-Net as deep as it takes: half as many long links as there are blocks, over everything."""
    return unets(count, depth=count // 21 + 1)


def tangle(count: int) -> Document:
    """Links at random between nodes that are not far from each other, as no network has them."""
    net, chance = Net(), Random(0)
    while net.count < count:
        near = range(max(0, net.count - 15), net.count)
        net.add(*chance.sample(near, min(chance.choice((1, 1, 2)), len(near))))
    return net.document()


def tracks(document: Document, level: Mapping[str, int], layout: Mapping[str, Position]) -> int:
    """Crossings with every link on a straight line, counted between neighbouring layers."""
    gaps: dict[int, list[tuple[float, float]]] = {}
    for link in document.links:
        first, last = level[link.source], level[link.target]
        start, end = layout[link.source][1], layout[link.target][1]
        heights = [start + (end - start) * step / (last - first) for step in range(last - first + 1)]
        for step, pair in enumerate(pairwise(heights)):
            gaps.setdefault(first + step, []).append(pair)
    return sum(map(inversions, gaps.values()))


def inversions(pairs: list[tuple[float, float]]) -> int:
    found, ends = 0, []
    for _, end in sorted(pairs):
        found += len(ends) - bisect_right(ends, end + 1e-6)
        insort(ends, end)
    return found


def routed(document: Document, layout: Layout) -> int:
    """Crossings of our own layout, every link along its dots; counted where dots and nodes begin and end."""
    columns = sorted({x for x, _ in layout.positions.values()})
    gaps: dict[float, list[tuple[float, float]]] = {}
    for link in document.links:
        (x, y), (to_x, to_y) = layout.positions[link.source], layout.positions[link.target]
        if to_x <= x:
            continue  # to the next row of a long chain
        way = [(x, y + 30), *layout.routes.get(link, ()), (to_x, to_y + 30)]
        place = 0
        inside = [column for column in columns if x <= column <= to_x]
        heights = []
        for column in inside:
            while place < len(way) - 2 and way[place + 1][0] <= column:
                place += 1
            (from_x, from_y), (next_x, next_y) = way[place], way[place + 1]
            share = 0.0 if next_x == from_x else min(max((column - from_x) / (next_x - from_x), 0.0), 1.0)
            heights.append(from_y + (next_y - from_y) * share)
        heights[-1] = to_y + 30
        for column, pair in zip(inside, pairwise(heights), strict=False):
            gaps.setdefault(column, []).append(pair)
    return sum(map(inversions, gaps.values()))


def multipartite(document: Document, level: Mapping[str, int]) -> Mapping[str, Position]:
    graph = nx.DiGraph([(link.source, link.target) for link in document.links])
    nx.set_node_attributes(graph, level, "subset")
    return nx.multipartite_layout(graph)


def sugiyama(document: Document) -> Mapping[str, Position]:
    pairs = [(document.place[link.source], document.place[link.target]) for link in document.links]
    found = fast_sugiyama.from_edges(pairs, dummy_vertices=False).to_dict()
    return {document.ids[number]: (-y, x) for number, (x, y) in found.items()}


def timed(work: Callable[..., T], *given: object) -> tuple[float, T]:
    started = time.perf_counter()
    found = work(*given)
    return time.perf_counter() - started, found


def main() -> bool:
    good = True
    sys.stdout.write(f"{'':28}{'ours':>18}{'multipartite':>18}{'fast-sugiyama':>18}   (seconds, crossings)\n")
    for make in (resnet, inception, unets, one_unet, tangle):
        for count in SIZES:
            document = make(count)
            boxes = usual_boxes(document)
            pairs = [(document.place[link.source], document.place[link.target]) for link in document.links]
            level = dict(zip(document.ids, levels(len(document.nodes), pairs), strict=True))
            spent, layout = timed(arranged, document, boxes)
            line = f"{make.__name__:12}{len(document.nodes):7,} nodes   {spent:9.3f} {routed(document, layout):8,}"
            other, places = timed(multipartite, document, level)
            line += f"{other:9.3f} {tracks(document, level, places):8,}"
            if len(document.nodes) < 1_500 or make is not one_unet:
                other, places = timed(sugiyama, document)
                line += f"{other:9.3f} {tracks(document, level, places):8,}"
            sys.stdout.write(f"{line}\n")
            good = good and spent <= WANTED.get(count, 1.0)
    return good


if __name__ == "__main__":
    sys.exit(0 if main() else "Auto-layout takes longer than wanted.")
