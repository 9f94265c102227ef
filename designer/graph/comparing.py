"""What differs between two designs that need not share a history: two files, or a design and the one a run trained.

A node is the same in both where it has the same id. One whose id is gone counts as renamed where a new node of the
same layer reads from, or is read by, one of the same neighbours; or where it alone, on either side, has the very same
settings. Everything else was added or removed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from itertools import islice
from typing import Any

from designer.graph.document import Document, Link, Node, nothing

NEAR = 0.5
"""Nodes that stand no farther apart than this, in pixels, did not move: files round."""
MOST_RIVALS = 50
"""As many new neighbours of a node are looked at for a renamed one; a hub may have thousands."""


class Absent(Enum):
    """Stands where one of the two designs says nothing: a setting there has its default."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs. `part` is where it stands: "settings", "learning", "data", or a part of its own."""

    part: str
    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class NodeChange:
    """A node that is in both designs, and what of it differs: its id, its values, the network inside."""

    old: str
    new: str
    differences: tuple[Difference, ...] = ()
    inside: Comparison | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a design has that another had not, and the other way round. Ids are the new design's where there are two."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[NodeChange, ...] = ()
    moved: tuple[str, ...] = ()
    linked: tuple[Link, ...] = ()
    unlinked: tuple[Link, ...] = ()
    """In the old design's ids."""
    rest: tuple[Difference, ...] = ()
    """What differs beside the network: name, notes, data, training, variables, frames, ..."""
    renamed: Mapping[str, str] = field(default_factory=nothing)
    """Old ids to new ones, of those that differ."""

    @property
    def same(self) -> bool:
        """Whether there is no difference at all."""
        return self == Comparison()

    def at(self, place: tuple[str, ...]) -> Comparison:
        """What differs inside the groups of a path of the new design; nothing where there is no such group."""
        found: Comparison | None = self
        for group in place:
            changes = {change.new: change.inside for change in found.changed} if found is not None else {}
            found = changes.get(group)
        return found or Comparison()


def compare(old: Document, new: Document) -> Comparison:
    """What was added, removed and changed on the way from one design to another."""
    if old is new:
        return Comparison()
    matched = _match(old, new)
    back = {after: before for before, after in matched.items()}
    before, after = {_moved_link(link, matched) for link in old.links}, set(new.links)
    return Comparison(
        added=tuple(name for name in new.nodes if name not in back),
        removed=tuple(name for name in old.nodes if name not in matched),
        changed=tuple(_changes(old, new, back)),
        moved=tuple(name for name in new.nodes if name in back and _apart(old, back[name], new, name)),
        linked=tuple(link for link in new.links if link not in before),
        unlinked=tuple(link for link in old.links if _moved_link(link, matched) not in after),
        rest=tuple(_rest(old, new)),
        renamed={before: after for before, after in matched.items() if before != after},
    )


def _moved_link(link: Link, matched: Mapping[str, str]) -> Link | None:
    """An old link in the new ids; None where an end of it is gone."""
    source, target = matched.get(link.source), matched.get(link.target)
    if source is None or target is None:
        return None
    return link if (source, target) == (link.source, link.target) else Link(
        source, target, link.source_port, link.target_port)  # fmt: skip


def _apart(old: Document, before: str, new: Document, after: str) -> bool:
    one, other = old.positions.get(before), new.positions.get(after)
    if one is None or other is None:
        return False
    return abs(one[0] - other[0]) > NEAR or abs(one[1] - other[1]) > NEAR


def _changes(old: Document, new: Document, back: Mapping[str, str]) -> Iterator[NodeChange]:
    for name, node in new.nodes.items():
        before = old.nodes.get(back.get(name, ""))
        if before is None or before is node:
            continue
        differences = tuple(_node_differences(before, node))
        inside = _compare_inside(old, before, new, node)
        if differences or inside is not None or before.id != name:
            yield NodeChange(before.id, name, differences, inside)


def _compare_inside(old: Document, before: Node, new: Document, after: Node) -> Comparison | None:
    """What differs in a group's network; None where nothing does, or one of them is no group."""
    try:
        one, other = old.inside_of(before), new.inside_of(after)
    except KeyError:
        return None
    found = compare(one, other)
    return None if found.same else found


OWN = ("id", "inside", "settings", "learning", "extra")
"""Fields of a node that are compared in their own way."""


def _node_differences(before: Node, after: Node) -> Iterator[Difference]:
    for each in fields(Node):
        if each.name not in OWN:
            one, other = getattr(before, each.name), getattr(after, each.name)
            if one != other:
                yield Difference("node", each.name, one, other)
    for part in ("settings", "learning", "extra"):
        yield from _values(part, getattr(before, part), getattr(after, part))


def _values(part: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for name in {**before, **after}:
        one, other = before.get(name, ABSENT), after.get(name, ABSENT)
        if one != other:
            yield Difference(part, name, one, other)


NETWORK = ("nodes", "links", "positions", "renamed", "link_extra", "routes")
"""Fields of a design that are no matter of their own: the network, and how its links are drawn."""


def _rest(old: Document, new: Document) -> Iterator[Difference]:
    for each in fields(Document):
        if each.name in NETWORK:
            continue
        one, other = getattr(old, each.name), getattr(new, each.name)
        if each.name in ("data", "training", "variables"):
            yield from _values(each.name, one, other)
        elif one != other:
            yield Difference("design", each.name, one, other)


def _match(old: Document, new: Document) -> dict[str, str]:
    """Old ids to new ids of the nodes that are the same."""
    matched = {name: name for name in old.nodes if name in new.nodes}
    gone = {name: old.nodes[name] for name in old.nodes if name not in new.nodes}
    come = {name: new.nodes[name] for name in new.nodes if name not in old.nodes}
    near = set(gone)
    while gone and come:
        here = {name: gone[name] for name in sorted(near, key=old.place.__getitem__)}
        found = _by_neighbours(old, new, matched, here, come) or _by_settings(gone, come)
        if not found:
            break
        for before, after in found.items():
            matched[before] = after
            del gone[before], come[after]
        # Only next to what was just found is there something new to go by: a long row of renamed nodes stays cheap.
        links = (link for name in found for link in old.links_of(name))
        near = {end for link in links for end in (link.source, link.target)} & gone.keys()
    return matched


def _by_neighbours(
    old: Document, new: Document, matched: Mapping[str, str], gone: Mapping[str, Node], come: Mapping[str, Node]
) -> dict[str, str]:
    """Nodes of one layer between the same neighbours: those with most in common first."""
    scores: list[tuple[float, str, str]] = []
    for before, node in gone.items():
        common: dict[str, float] = defaultdict(float)
        for link in old.incoming.get(before, ()):
            rivals = new.outgoing.get(matched.get(link.source, ""), ())
            for rival in islice(rivals, MOST_RIVALS):
                common[rival.target] += 1 + (rival.target_port == link.target_port)
        for link in old.outgoing.get(before, ()):
            rivals = new.incoming.get(matched.get(link.target, ""), ())
            for rival in islice(rivals, MOST_RIVALS):
                common[rival.source] += 1 + (rival.source_port == link.source_port)
        for after, score in common.items():
            other = come.get(after)
            if other is not None and other.layer == node.layer:
                scores.append((score + _alike(node, other), before, after))
    return _best(scores)


def _best(scores: list[tuple[float, str, str]]) -> dict[str, str]:
    """Pairs, the best first, each node once; ties in the order of the designs."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for _, before, after in sorted(scores, key=lambda each: -each[0]):
        if before not in found and after not in taken:
            found[before] = after
            taken.add(after)
    return found


def _alike(one: Node, other: Node) -> float:
    """How much of two nodes of one layer is the same, from 0 to 1."""
    names = {**one.settings, **other.settings}
    same = sum(one.settings.get(name, ABSENT) == other.settings.get(name, ABSENT) for name in names)
    return (same + (one.inside == other.inside)) / (len(names) + 1)


def _by_settings(gone: Mapping[str, Node], come: Mapping[str, Node]) -> dict[str, str]:
    """Nodes that alone, on either side, have their layer and settings, and have any."""
    before, after = _by_signature(gone), _by_signature(come)
    return {
        names[0]: after[signature][0]
        for signature, names in before.items()
        if len(names) == 1 and len(after.get(signature, ())) == 1
    }


def _by_signature(nodes: Mapping[str, Node]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, node in nodes.items():
        if node.settings or node.inside is not None:
            settings = sorted((key, repr(value)) for key, value in node.settings.items())
            inside = tuple(node.inside.nodes.values()) if node.inside is not None else ()
            found[repr((node.layer, settings, inside))].append(name)
    return found
