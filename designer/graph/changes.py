"""What differs between two designs, found by identity, so that whoever shows a design touches only that."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, fields

from designer.graph.document import Document, Link, Node


@dataclass(frozen=True, slots=True)
class Changes:
    """The nodes and links that came, went or changed, and which other parts of the design did."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    linked: tuple[Link, ...] = ()
    unlinked: tuple[Link, ...] = ()
    rerouted: tuple[Link, ...] = ()
    """Links that run through other dots than before, among those that stayed."""
    dressed: tuple[str, ...] = ()
    """Nodes that look otherwise and are the same in the network: their colour, their note, the places inside them."""
    frames: bool = False
    stickies: bool = False
    data: bool = False
    training: bool = False
    text: bool = False
    """Whether the name or the notes changed."""
    rest: bool = False
    """Whether anything else changed that the check reads: blocks, variables, ids that stood twice, the order."""

    @property
    def structure(self) -> bool:
        """Whether the network itself changed, so that shapes or problems may have."""
        return bool(self.added or self.removed or self.changed or self.linked or self.unlinked or self.rest)


def difference(old: Document, new: Document) -> Changes:
    """What an edit from `old` to `new` did. Costs next to nothing for parts that are the same object."""
    added, removed, differing = _nodes(old, new)
    dressed = tuple(name for name in differing if _looks_alone(old.nodes[name], new.nodes[name]))
    changed = tuple(name for name in differing if name not in dressed) if dressed else differing
    linked: tuple[Link, ...] = ()
    unlinked: tuple[Link, ...] = ()
    if old.links is not new.links:
        before, after = set(old.links), set(new.links)
        linked = tuple(link for link in new.links if link not in before)
        unlinked = tuple(link for link in old.links if link not in after)
    return Changes(
        added, removed, changed, _moved(old, new), linked, unlinked,
        data=old.data != new.data,
        training=old.training != new.training,
        rerouted=_rerouted(old, new),
        dressed=dressed,
        frames=old.frames != new.frames,
        stickies=old.stickies != new.stickies,
        text=(old.name, old.notes) != (new.name, new.notes),
        rest=_rest_differs(old, new),
    )  # fmt: skip


def _rerouted(old: Document, new: Document) -> tuple[Link, ...]:
    if old.routes is new.routes:
        return ()
    there = set(old.links) & set(new.links)
    every = dict.fromkeys((*old.routes, *new.routes))
    return tuple(link for link in every if link in there and old.routes.get(link) != new.routes.get(link))


def _rest_differs(old: Document, new: Document) -> bool:
    """Whether blocks, variables or remembered ids differ, or the same nodes or links stand in another order."""
    if (old.blocks, old.variables, old.renamed) != (new.blocks, new.variables, new.renamed):
        return True
    links = old.links is not new.links and _reordered(old.links, new.links)
    return links or (old.nodes is not new.nodes and _reordered(tuple(old.nodes), tuple(new.nodes)))


def _reordered(old: tuple[Hashable, ...], new: tuple[Hashable, ...]) -> bool:
    """Whether what is in both stands in another order."""
    if old == new:
        return False
    before, after = set(old), set(new)
    return [part for part in old if part in after] != [part for part in new if part in before]


def _nodes(old: Document, new: Document) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    if old.nodes is new.nodes:
        return (), (), ()
    added = tuple(name for name in new.nodes if name not in old.nodes)
    removed = tuple(name for name in old.nodes if name not in new.nodes)
    changed = tuple(name for name, node in new.nodes.items() if name in old.nodes and old.nodes[name] is not node)
    return added, removed, changed


PARTS = tuple(part.name for part in fields(Node) if part.name not in ("inside", "color", "note"))
"""What the network knows of a node, but for what is inside."""


def _looks_alone(old: Node, new: Node) -> bool:
    """Whether two nodes stand for the same part of the network; equality will not do, as 1 is True to Python."""
    same = all(getattr(old, part) is getattr(new, part) for part in PARTS)
    if not same or old.inside is new.inside:
        return same
    if old.inside is None or new.inside is None:
        return False
    return not difference(old.inside, new.inside).structure and old.inside.extra == new.inside.extra


def _moved(old: Document, new: Document) -> tuple[str, ...]:
    if old.positions is new.positions:
        return ()
    return tuple(
        name for name, place in new.positions.items() if name in old.nodes and old.positions.get(name) != place
    )
