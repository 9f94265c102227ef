"""Finding nodes wherever they stand in a design, and putting others in their place, all in one step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from designer.graph.document import EMPTY, Document, Link, Node
from designer.graph.rewiring import rewire


@dataclass(frozen=True, slots=True)
class Address:
    """Where a node stands: the block of the file, if it is in one, and the groups around it, itself last."""

    path: tuple[str, ...]
    block: str = ""

    @property
    def text(self) -> str:
        """The full id; that of a node in a block begins with the block's name."""
        return ".".join((self.block, *self.path) if self.block else self.path)


Found = tuple[Address, Node]


@dataclass(frozen=True, slots=True)
class Substitute:
    """What takes the place of a node, and the names by which links know its ports where they are others now."""

    node: Node
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]


def everywhere(document: Document) -> Iterator[Found]:
    """Every node of a design, in groups and blocks too."""
    yield from _within(document, ())
    for name, block in document.blocks.items():
        yield from _within(block, (), name)


def at_place(document: Document, place: tuple[str, ...], names: Iterable[str] | None = None) -> Iterator[Found]:
    """The nodes of the network inside the groups of `place`, or some of them with all that is inside those."""
    start = address_of(document, place)
    network = document.at(place)
    if names is None:
        yield from ((_below(start, name), node) for name, node in network.nodes.items())
        return
    for name in sorted(names, key=network.place.__getitem__):
        node = network.nodes[name]
        yield _below(start, name), node
        if node.inside is not None:
            yield from _within(node.inside, (*start.path, name), start.block)


def _within(network: Document, path: tuple[str, ...], block: str = "") -> Iterator[Found]:
    for name, node in network.nodes.items():
        yield Address((*path, name), block), node
        if node.inside is not None:
            yield from _within(node.inside, (*path, name), block)


def _below(start: Address, name: str) -> Address:
    return Address((*start.path, name), start.block)


def address_of(document: Document, place: tuple[str, ...]) -> Address:
    """Where the network inside the groups of `place` is kept: in these groups, or in the last block on the way."""
    found, network = Address(()), document
    for name in place:
        node = network.nodes[name]
        own = node.inside is not None
        found = Address((*found.path, name), found.block) if own else Address((), str(node.settings["block"]))
        network = document.inside_of(node)
    return found


def substituted(document: Document, new: Mapping[Address, Substitute]) -> Document:
    """The design with other nodes in the place of some; addresses where no node stands are left out."""
    main = _put(document, {address.path: each for address, each in new.items() if not address.block})
    blocks = {}
    for name, block in document.blocks.items():
        inside = {address.path: each for address, each in new.items() if address.block == name}
        blocks[name] = _put(block, inside)
    changed = any(block is not document.blocks[name] for name, block in blocks.items())
    return replace(main, blocks=blocks) if changed else main


def _put(network: Document, new: Mapping[tuple[str, ...], Substitute]) -> Document:
    here = {path[0]: each for path, each in new.items() if len(path) == 1 and path[0] in network.nodes}
    changed = {name: each.node for name, each in here.items()}
    deeper: dict[str, dict[tuple[str, ...], Substitute]] = {}
    for path, each in new.items():
        if len(path) > 1 and path[0] in network.nodes:
            deeper.setdefault(path[0], {})[path[1:]] = each
    for name, inner in deeper.items():
        group = network.nodes[name]
        inside = _put(group.inside, inner) if group.inside is not None else None
        if inside is not group.inside:
            changed[name] = replace(group, inside=inside)
    if not changed:
        return network
    return rewire(replace(network, nodes={**network.nodes, **changed}), _renamed_ends(network, here))


def _renamed_ends(network: Document, here: Mapping[str, Substitute]) -> Mapping[Link, Link]:
    """The links whose ends are called otherwise now."""
    renamed = {name for name, each in here.items() if each.inputs or each.outputs}
    return {
        link: link._replace(
            source_port=_port(here, link.source, link.source_port, "outputs"),
            target_port=_port(here, link.target, link.target_port, "inputs"),
        )
        for name in renamed
        for link in network.links_of(name)
    }


def _port(here: Mapping[str, Substitute], name: str, port: str, side: str) -> str:
    names: Mapping[str, str] = getattr(here[name], side) if name in here else EMPTY
    return names.get(port, port)
