"""What a group shows of the network inside it: its ports, and how large it becomes once repeated."""

from __future__ import annotations

from collections.abc import Mapping

from designer.catalogue import LAYERS, with_role
from designer.catalogue.layer import Port
from designer.compiler.checking.scope import NotKnownError, SettingError, Values, resolved, values_of
from designer.graph.document import Document, Node

MOST_NODES = 100_000
"""A design with more nodes, every round of every group counted, is not unrolled."""


def group_ports(inside: Document) -> tuple[tuple[Port, ...], tuple[Port, ...]]:
    """A group's ports: its Inputs and Outputs, by id, in the document's order."""

    def ends(role: str) -> tuple[Port, ...]:
        wanted = with_role(role)
        return tuple(Port(name) for name, node in inside.nodes.items() if node.layer == wanted)

    return ends("input"), ends("output")


def ports_in_use(document: Document, node: Node) -> tuple[tuple[Port, ...], tuple[Port, ...]]:
    """Ports for a node whose own are not known, so that its links have somewhere to end."""
    ends = {link.target_port for link in document.incoming.get(node.id, ())}
    starts = {link.source_port for link in document.outgoing.get(node.id, ())}
    return (
        tuple(Port(name or "x", optional=True, many=True) for name in sorted(ends)),
        tuple(Port(name or "output") for name in sorted(starts)),
    )


def block_of(node: Node) -> str:
    """The block of the file that a group shows; empty for one with a network of its own."""
    return str(node.settings.get("block", "")) if node.inside is None else ""


def unrolled(node: Node, blocks: Mapping[str, Document], variables: Values, sizes: dict[str, int]) -> int:
    """How many nodes a group stands for, all rounds counted. `sizes` remembers the blocks that were counted.

    `variables` are those of the network that the group stands in. One that is bypassed stands for none.
    """
    if node.bypassed:
        return 0
    try:
        settings = resolved(node, LAYERS[node.layer].settings, variables)
    except (SettingError, NotKnownError):
        settings = {}  # it is not unrolled as long as that is so
    repeat = settings.get("repeat", 1)
    rounds = repeat if isinstance(repeat, int) and repeat > 0 else 1
    name = block_of(node)
    if node.inside is None and name not in blocks:
        return 0
    inside = node.inside if node.inside is not None else blocks[name]
    given = {key: value for key, value in settings.items() if key in inside.variables}
    key = f"{name} {given}"
    if node.inside is not None:
        return rounds * _size(inside, blocks, given, sizes)
    if key not in sizes:
        sizes[key] = 0  # a block inside itself is another problem, found by the walk
        sizes[key] = _size(inside, blocks, given, sizes)
    return rounds * sizes[key]


def _size(network: Document, blocks: Mapping[str, Document], given: Values, sizes: dict[str, int]) -> int:
    variables, _ = values_of(network, given)
    group = with_role("group")
    return len(network.nodes) + sum(
        unrolled(node, blocks, variables, sizes) for node in network.nodes.values() if node.layer == group
    )
