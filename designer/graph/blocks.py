"""The blocks of a design: networks that several groups show, so that whoever edits one edits all.

A block is held once, by name, in the whole design. What is copied to another design takes its blocks along.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from designer.graph.document import EMPTY, Document, Node, Position
from designer.graph.edits import paste
from designer.graph.names import free_id, is_legal
from designer.graph.nesting import within
from designer.problems import UserError

Blocks = Mapping[str, Document]
BLOCK = "block"
"""The setting of a group that names its block."""


def block_named(node: Node) -> str:
    """The block that a node shows; empty for all that hold their own network, or none."""
    name = node.settings.get(BLOCK, "")
    return name if node.inside is None and isinstance(name, str) else ""


def make_block(whole: Document, path: tuple[str, ...], node: str) -> Document:
    """Let a group's network be a block of the design, called after the group."""
    group = _group(whole.at(path), node)
    if group.inside is None:
        raise UserError(f"{node} shows the block {block_named(group)} already.")
    name = free_id(node, whole.blocks)
    shared = replace(whole, blocks={**whole.blocks, name: group.inside})
    return _changed(shared, path, (replace(group, inside=None, settings={**group.settings, BLOCK: name}),))


def make_unique(whole: Document, path: tuple[str, ...], nodes: Collection[str]) -> Document:
    """Give groups that show a block a network of their own; a block that no group shows any more goes."""
    shown = whole.at(path)
    chosen = [_group(shown, name) for name in nodes]
    names = {block_named(group) for group in chosen} - {""}
    missing = next((name for name in names if name not in whole.blocks), "")
    if missing or not names:
        raise UserError(f"There is no block called {missing}." if missing else "These groups show no block.")
    own = [
        replace(
            group,
            inside=whole.blocks[block_named(group)],
            settings={key: value for key, value in group.settings.items() if key != BLOCK} or EMPTY,
        )
        for group in chosen
        if block_named(group)
    ]
    return without_unused(_changed(whole, path, own), names)


def rename_block(whole: Document, block: str, new: str) -> Document:
    """Give a block another name; all groups that show it, in groups and in other blocks too, follow."""
    if block not in whole.blocks:
        raise UserError(f"There is no block called {block} any more.")
    if new == block:
        return whole
    if not is_legal(new):
        raise UserError(f'"{new}" cannot be a name in Python code. Use letters, digits and _, a letter first.')
    if new in whole.blocks:
        raise UserError(f"There is a block called {new} already. Take another name.")
    names = {block: new}
    blocks = {names.get(name, name): _renamed(network, names) for name, network in whole.blocks.items()}
    return replace(_renamed(whole, names), blocks=blocks)


def _group(shown: Document, name: str) -> Node:
    node = shown.nodes.get(name)
    if node is None:
        raise UserError(f"There is no node called {name} any more.")
    return node


def _changed(whole: Document, path: tuple[str, ...], nodes: Iterable[Node]) -> Document:
    new = {node.id: node for node in nodes}
    return within(whole, path, lambda shown: replace(shown, nodes={**shown.nodes, **new}))


def _groups(network: Document) -> Iterator[Node]:
    """The groups in a network that show blocks, also in groups inside."""
    for node in network.nodes.values():
        if node.inside is not None:
            yield from _groups(node.inside)
        elif block_named(node):
            yield node


def uses(whole: Document) -> Mapping[str, int]:
    """How many groups show each block: in the design, in groups and in other blocks."""
    found = dict.fromkeys(whole.blocks, 0)
    if not found:
        return EMPTY
    for network in (whole, *whole.blocks.values()):
        for node in _groups(network):
            name = block_named(node)
            found[name] = found.get(name, 0) + 1
    return found


def without_unused(whole: Document, names: Collection[str]) -> Document:
    """The design without those of these blocks that no group shows."""
    used = uses(whole)
    kept = {name: block for name, block in whole.blocks.items() if used[name] or name not in names}
    return whole if len(kept) == len(whole.blocks) else replace(whole, blocks=kept or EMPTY)


def needed(network: Document, blocks: Blocks) -> Blocks:
    """The blocks that the groups of a network show, and those that these show, in the order of `blocks`."""
    found: set[str] = set()
    waiting = [network]
    while waiting:
        for node in _groups(waiting.pop()):
            name = block_named(node)
            if name in blocks and name not in found:
                found.add(name)
                waiting.append(blocks[name])
    return {name: block for name, block in blocks.items() if name in found} or EMPTY


@dataclass(frozen=True, slots=True)
class Adopted:
    """What blocks of another design are called in this one, and those that it lacks."""

    names: Mapping[str, str]
    new: Blocks

    def node(self, node: Node) -> Node:
        """A node of the other design as it shows blocks here."""
        return _renamed_at(node, self.names)


def adopted(blocks: Blocks, others: Blocks) -> Adopted:
    """How the blocks of another design come to stand among these: the same network is the same block."""
    names: dict[str, str] = {}
    new: dict[str, Document] = {}
    for name in _inner_first(others):
        block = _renamed(others[name], names)
        there = {**blocks, **new}
        content = _content(block)
        same = (other for other in (name, *there) if other in there and _content(there[other]) == content)
        names[name] = next(same, "") or free_id(name, there)
        if names[name] not in there:
            new[names[name]] = block
    return Adopted({old: name for old, name in names.items() if old != name} or EMPTY, new or EMPTY)


def paste_within(whole: Document, path: tuple[str, ...], fragment: Document, offset: Position = (0.0, 0.0)) -> Document:
    """Paste a fragment inside the groups of `path`, with the blocks that it brings."""
    taken = adopted(whole.blocks, needed(fragment, fragment.blocks))
    nodes = {name: taken.node(node) for name, node in fragment.nodes.items()}
    return within(
        with_blocks(whole, taken.new), path, lambda shown: paste(shown, replace(fragment, nodes=nodes), offset)[0]
    )


def with_blocks(whole: Document, new: Blocks) -> Document:
    """The design with more blocks."""
    return replace(whole, blocks={**whole.blocks, **new}) if new else whole


def standalone(node: Node, blocks: Blocks) -> Node:
    """A group that holds all of its network itself; blocks that are not there, or inside themselves, stay named."""
    done: dict[str, Document] = {}
    for name in _inner_first(needed(Document({node.id: node}), blocks)):
        done[name] = _with_insides(blocks[name], done)
    return _inlined(node, done)


def _with_insides(network: Document, blocks: Blocks) -> Document:
    return replace(network, nodes={name: _inlined(node, blocks) for name, node in network.nodes.items()})


def _inlined(node: Node, blocks: Blocks) -> Node:
    name = block_named(node)
    if node.inside is not None:
        return replace(node, inside=_with_insides(node.inside, blocks))
    if name not in blocks:
        return node
    settings = {key: value for key, value in node.settings.items() if key != BLOCK}
    return replace(node, inside=blocks[name], settings=settings or EMPTY)


def _inner_first(blocks: Blocks) -> Iterator[str]:
    """Each block after those that it shows; where they show each other, in some order."""
    begun: set[str] = set()
    waiting = [(name, False) for name in reversed(list(blocks))]
    while waiting:
        name, ready = waiting.pop()
        if ready:
            yield name
        elif name in blocks and name not in begun:
            begun.add(name)
            waiting.append((name, True))
            waiting += [(block_named(node), False) for node in _groups(blocks[name])]


def _renamed(network: Document, names: Mapping[str, str]) -> Document:
    nodes = {name: _renamed_at(node, names) for name, node in network.nodes.items()}
    changed = any(node is not network.nodes[name] for name, node in nodes.items())
    return replace(network, nodes=nodes) if changed else network


def _renamed_at(node: Node, names: Mapping[str, str]) -> Node:
    if node.inside is not None:
        inside = _renamed(node.inside, names)
        return node if inside is node.inside else replace(node, inside=inside)
    new = names.get(block_named(node))
    return replace(node, settings={**node.settings, BLOCK: new}) if new else node


def _content(network: Document) -> object:
    """All that makes a network what it computes: where its nodes stand, and how they look, is no part of it."""
    nodes = [
        (name, node.layer, _sorted(node.settings), _sorted(node.learning),
         node.bypassed, _content(node.inside) if node.inside is not None else None)
        for name, node in network.nodes.items()
    ]  # fmt: skip
    return repr((nodes, network.links, list(network.variables.items())))


def _sorted(settings: Mapping[str, object]) -> list[tuple[str, object]]:
    return sorted(settings.items(), key=lambda item: item[0])
