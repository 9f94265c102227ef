"""What can be reached from nodes along the links."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from designer.graph.document import Document, Link


def nodes_before(
    document: Document, names: Collection[str], without: Collection[Link] = (), short_of: Collection[str] = ()
) -> set[str]:
    """The nodes that any of these reads, directly or by way of others, and these themselves.

    It is as if the links `without` and the nodes `short_of` were not there.
    """

    def read(name: str) -> Iterable[str]:
        links = document.incoming.get(name, ())
        return (link.source for link in links if link not in without and link.source not in short_of)

    return _reached(names, read)


def nodes_after(document: Document, names: Collection[str], without: Collection[Link] = ()) -> set[str]:
    """The nodes that read any of these, directly or by way of others, and these themselves.

    It is as if the links `without` were not there.
    """

    def reading(name: str) -> Iterable[str]:
        return (link.target for link in document.outgoing.get(name, ()) if link not in without)

    return _reached(names, reading)


def nodes_linked(document: Document, names: Collection[str]) -> set[str]:
    """The nodes that hang together with any of these by links in whatever direction, and these themselves."""
    return _reached(names, lambda name: (end for link in document.links_of(name) for end in (link.source, link.target)))


def nodes_alike(document: Document, names: Collection[str]) -> set[str]:
    """The nodes of the same kinds of layer as any of these, and these themselves."""
    kinds = {document.nodes[name].layer for name in names if name in document.nodes}
    return {name for name, node in document.nodes.items() if node.layer in kinds}


def _reached(names: Collection[str], neighbours: Callable[[str], Iterable[str]]) -> set[str]:
    found, waiting = set(names), list(names)
    while waiting:
        for name in neighbours(waiting.pop()):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found
