"""What a group shows of the network inside it: its ports, and how large it becomes once repeated."""

from __future__ import annotations

from collections.abc import Mapping

from designer.catalogue import with_role
from designer.catalogue.layer import Port
from designer.graph.document import Document, Node

MOST_NODES = 100_000
"""A design with more nodes, every round of every group counted, is not unrolled."""


def group_ports(inside: Document) -> tuple[tuple[Port, ...], tuple[Port, ...]]:
    """A group's ports: its Inputs and Outputs, by id, in the document's order."""

    def ends(role: str) -> tuple[Port, ...]:
        wanted = with_role(role)
        return tuple(Port(name) for name, node in inside.nodes.items() if node.layer == wanted)

    return ends("input"), ends("output")


def block_of(node: Node) -> str:
    """The block of the file that a group shows; empty for one with a network of its own."""
    return str(node.settings.get("block", "")) if node.inside is None else ""


def unrolled(node: Node, blocks: Mapping[str, Document], sizes: dict[str, int]) -> int:
    """How many nodes a group stands for, all rounds counted. `sizes` remembers the blocks that were counted."""
    repeat = node.settings.get("repeat", 1)
    rounds = repeat if isinstance(repeat, int) and repeat > 0 else 1
    name = block_of(node)
    if node.inside is not None:
        return rounds * _size(node.inside, blocks, sizes)
    if name not in sizes:
        sizes[name] = 0  # a block inside itself is another problem, found by the walk
        sizes[name] = _size(blocks[name], blocks, sizes) if name in blocks else 0
    return rounds * sizes[name]


def _size(network: Document, blocks: Mapping[str, Document], sizes: dict[str, int]) -> int:
    group = with_role("group")
    return len(network.nodes) + sum(
        unrolled(node, blocks, sizes) for node in network.nodes.values() if node.layer == group
    )
