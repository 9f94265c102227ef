"""A design: nodes, links and where they stand. Nothing here is ever changed in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

Position = tuple[float, float]
EMPTY: Mapping[Any, Any] = MappingProxyType({})


def nothing() -> Mapping[Any, Any]:
    """The one empty mapping, so that two designs without a part share it."""
    return EMPTY


@dataclass(frozen=True, slots=True)
class Node:
    """A placed layer. `id` is its name in the exported code; `settings` holds what differs from the default.

    `inside` is the network of a group. A `bypassed` node hands on what reaches it as it is. `extra` keeps what a
    file says that this version does not know. `color` (a name of `designer.graph.looks.COLORS`, or empty), `note` and
    `expanded` (a group shows its network in place) are for people: the network is the same whatever they are.
    """

    id: str
    layer: str
    settings: Mapping[str, Any] = field(default_factory=nothing)
    inside: Document | None = None
    learning: Mapping[str, Any] = field(default_factory=nothing)
    extra: Mapping[str, Any] = field(default_factory=nothing)
    color: str = ""
    note: str = ""
    bypassed: bool = False
    expanded: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """A titled rectangle around nodes, which it holds by their ids: it is as large as they need it to be."""

    title: str = ""
    color: str = ""
    members: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class Sticky:
    """A note on the canvas, in Markdown; `position` is its upper left corner."""

    text: str = ""
    position: Position = (0.0, 0.0)
    size: Position = (200.0, 120.0)
    color: str = ""
    extra: Mapping[str, Any] = field(default_factory=nothing)


class Link(NamedTuple):
    """From an output port to an input port; an empty port name means the node's first.

    A tuple, since links are keys nearly everywhere: it is hashed and compared without a call of Python.
    """

    source: str
    target: str
    source_port: str = ""
    target_port: str = ""

    @property
    def ends(self) -> tuple[str, str]:
        """Both ends as a file writes them: "lstm1.state", or the bare id for the first port."""
        return (_end(self.source, self.source_port), _end(self.target, self.target_port))


def _end(node: str, port: str) -> str:
    return f"{node}.{port}" if port else node


class Links(tuple[Link, ...]):
    """Links in their order, which remember who reads whom: what most edits leave as it is is found out once."""

    @cached_property
    def incoming(self) -> Mapping[str, tuple[Link, ...]]:
        """The links that end at each node."""
        return _by_end(self, "target")

    @cached_property
    def outgoing(self) -> Mapping[str, tuple[Link, ...]]:
        """The links that start at each node."""
        return _by_end(self, "source")


def _by_end(links: tuple[Link, ...], end: str) -> Mapping[str, tuple[Link, ...]]:
    found: dict[str, list[Link]] = {}
    for link in links:
        found.setdefault(getattr(link, end), []).append(link)
    return {node: tuple(links) for node, links in found.items()}


@dataclass(frozen=True)
class Document:
    """A whole design, or the network inside a group (which uses no data, training and blocks of its own).

    `links` are in the order in which ports with many links read them. `routes` are the dots that links run
    through, from start to end; a link without any is not in it. `data` and `training` are kept as
    the file has them; `designer.compiler.lowering.recipe` reads them. `renamed` remembers nodes whose id stood
    twice in a file: the new id, and the one it had.
    """

    nodes: Mapping[str, Node] = field(default_factory=nothing)
    links: tuple[Link, ...] = ()
    positions: Mapping[str, Position] = field(default_factory=nothing)
    name: str = ""
    notes: str = ""
    data: Mapping[str, Any] = field(default_factory=nothing)
    training: Mapping[str, Any] = field(default_factory=nothing)
    variables: Mapping[str, Any] = field(default_factory=nothing)
    blocks: Mapping[str, Document] = field(default_factory=nothing)
    renamed: Mapping[str, str] = field(default_factory=nothing)
    link_extra: Mapping[Link, Mapping[str, Any]] = field(default_factory=nothing)
    extra: Mapping[str, Any] = field(default_factory=nothing)
    routes: Mapping[Link, tuple[Position, ...]] = field(default_factory=nothing)
    frames: Mapping[str, Frame] = field(default_factory=nothing)
    stickies: Mapping[str, Sticky] = field(default_factory=nothing)

    def __post_init__(self) -> None:
        if not isinstance(self.links, Links):
            object.__setattr__(self, "links", Links(self.links))

    @property
    def incoming(self) -> Mapping[str, tuple[Link, ...]]:
        """The links that end at each node, in the document's order."""
        return self._links.incoming

    @property
    def outgoing(self) -> Mapping[str, tuple[Link, ...]]:
        """The links that start at each node, in the document's order."""
        return self._links.outgoing

    @property
    def _links(self) -> Links:
        assert isinstance(self.links, Links)
        return self.links

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Each node's place in the document: the order that breaks all ties."""
        return {node: place for place, node in enumerate(self.nodes)}

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Every node's id, in the document's order."""
        return tuple(self.nodes)

    def links_of(self, node: str) -> tuple[Link, ...]:
        """All links that touch a node."""
        return self.incoming.get(node, ()) + self.outgoing.get(node, ())

    def at(self, path: tuple[str, ...]) -> Document:
        """The design inside the groups of `path`, outermost first; raises KeyError where there is none."""
        document = self
        for group in path:
            document = self.inside_of(document.nodes[group])  # blocks stand in the whole design alone
        return document

    def inside_of(self, node: Node) -> Document:
        """The network of a group, its own or the block it names; raises KeyError where there is none."""
        if node.inside is not None:
            return node.inside
        block = node.settings.get("block")
        if not block:
            raise KeyError(node.id)
        return self.blocks[str(block)]
