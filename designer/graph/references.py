"""Every place where a design names a node beside its links, so that all of them follow when it gets another id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from designer.graph.document import EMPTY, Document, Link, Node
from designer.graph.routes import followed

Ids = Mapping[str, str]
"""The new id for each old one."""


def follow_nodes(node: Node, ids: Ids) -> Node:
    """A node after others, or itself, got new ids; the same object where it names none of them."""
    changes: dict[str, Any] = {}
    if node.id in ids:
        changes["id"] = ids[node.id]
    target, shared = node.settings.get("target"), node.learning.get("shared_with")
    if isinstance(target, str) and target in ids:
        changes["settings"] = {**node.settings, "target": ids[target]}
    if isinstance(shared, str) and shared in ids:
        changes["learning"] = {**node.learning, "shared_with": ids[shared]}
    return replace(node, **changes) if changes else node


def follow_wiring(data: Mapping[str, Any], ids: Ids) -> Mapping[str, Any]:
    """The data settings after nodes got new ids; the same object where they name none of them."""
    changed = dict(data)
    for part in ("inputs", "targets"):
        if isinstance(data.get(part), Mapping):
            changed[part] = {ids.get(name, name): column for name, column in data[part].items()}
    return data if changed == data else changed


def follow_port(
    document: Document, shows: Callable[[Node], bool], port: tuple[str, str] | None, *, deep: bool = True
) -> Document:
    """The design after a port of the groups that `shows` picks got another name (`port`: old, new).

    With `deep`, groups inside groups and blocks too.
    """
    if port is None:
        return document
    groups = {name for name, node in document.nodes.items() if shows(node)}
    if groups:
        document = _follow_links(document, groups, *port)
    if not deep:
        return document
    inner = {name: node.inside for name, node in document.nodes.items() if node.inside is not None}
    followed = {name: follow_port(inside, shows, port) for name, inside in inner.items()}
    changed = {
        name: replace(document.nodes[name], inside=new) for name, new in followed.items() if new is not inner[name]
    }
    blocks = {name: follow_port(block, shows, port) for name, block in document.blocks.items()}
    if changed:
        document = replace(document, nodes={**document.nodes, **changed})
    if any(block is not document.blocks[name] for name, block in blocks.items()):
        document = replace(document, blocks=blocks)
    return document


def _follow_links(document: Document, groups: set[str], old: str, new: str) -> Document:
    def follow(link: Link) -> Link:
        if link.source in groups and link.source_port == old:
            link = link._replace(source_port=new)
        if link.target in groups and link.target_port == old:
            link = link._replace(target_port=new)
        return link

    links = tuple(map(follow, document.links))
    if links == document.links:
        return document
    extra = {follow(link): kept for link, kept in document.link_extra.items()} or EMPTY
    return replace(document, links=links, link_extra=extra, routes=followed(document.routes, follow))
