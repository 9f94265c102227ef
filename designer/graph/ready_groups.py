"""Well-known building blocks that stand ready as groups: placed, they belong to the design and open like any other.

Each is a design in `resources/groups/` with one node, the group; its name is the title, its notes are the lesson
in one sentence, and the file of the same name that ends in `.md` is its teaching card.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from designer.graph import files
from designer.graph.document import Document, Node, nothing
from designer.resources import resources

READY = "ready"
"""The key under which a placed node remembers which group it was, so that its card is found."""


@dataclass(frozen=True, slots=True)
class ReadyGroup:
    """One building block; `node` is the group to place, under an id still to be chosen."""

    name: str
    title: str
    lesson: str
    aliases: tuple[str, ...]
    node: Node
    follows: Mapping[str, int]
    """Variables of the group that are best as long as an axis of what reaches it, counted per example."""
    blocks: Mapping[str, Document] = field(default_factory=nothing)
    """The blocks that the group shows, and those that these show."""

    def settings_behind(self, shape: Sequence[int | str]) -> dict[str, int]:
        """The settings that follow from the shape, per example, of what reaches the group."""
        lengths = {name: shape[axis] for name, axis in self.follows.items() if -len(shape) <= axis < len(shape)}
        inside = self.node.inside
        known = {name: length for name, length in lengths.items() if isinstance(length, int)}
        return {name: each for name, each in known.items() if inside is None or inside.variables.get(name) != each}


@cache
def ready_groups() -> Mapping[str, ReadyGroup]:
    """All of them by name; the files are part of the program, so they are read once."""
    found = {}
    for path in resources("groups", "*.netwright"):
        design = files.read(path)
        (node,) = design.nodes.values()
        node = replace(node, extra={**node.extra, READY: path.stem})
        aliases, follows = tuple(design.extra["aliases"]), design.extra.get("follows", {})
        found[path.stem] = ReadyGroup(path.stem, design.name, design.notes, aliases, node, follows)
    return found
