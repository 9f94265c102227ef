"""What is left of the links when nodes are left out, and what each read is handed on past it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from designer.graph.document import Link

Ways = Mapping[str, Link | None]
"""The nodes that are left out, each with the link whose value it hands on; None where it hands on nothing."""


def bridged(links: tuple[Link, ...], ways: Ways) -> Iterator[tuple[Link, tuple[Link, ...]]]:
    """The links without those nodes, in their order, each with the links that it is made of, from its start on.

    A link from a node that is left out begins where the node's way begins; one that would lead a node to itself is
    left out. Two that become the same are both there.
    """
    for link in links:
        if link.target in ways:
            continue
        parts = _parts(link, ways)
        if len(parts) == 1:
            yield link, parts
        elif parts and parts[0].source != link.target:
            yield link._replace(source=parts[0].source, source_port=parts[0].source_port), parts


def _parts(link: Link, ways: Ways) -> tuple[Link, ...]:
    """The links along which what `link` is to carry arrives, from a node that stays; none where nothing arrives."""
    parts = [link]
    while parts[-1].source in ways:
        before = ways[parts[-1].source]
        if before is None or before in parts:
            return ()
        parts.append(before)
    return tuple(reversed(parts))
