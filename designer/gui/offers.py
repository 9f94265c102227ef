"""All that can be placed in a design: the layers of the catalogue, and the groups that stand ready."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from designer.catalogue import CATEGORIES, LAYERS, with_role
from designer.catalogue.layer import Layer
from designer.graph.document import Node
from designer.graph.ready_groups import READY, ReadyGroup, ready_groups
from designer.resources import resource

OWN = "Own"
"""The category of the user's own groups."""


@dataclass(frozen=True, eq=False, slots=True)
class Offer:
    """One thing to place. `name` is what a drag carries; `ready` is None for a plain layer."""

    name: str
    layer: type[Layer]
    title: str
    lesson: str
    aliases: tuple[str, ...] = ()
    ready: ReadyGroup | None = None
    apart: str = ""
    """A category that stands before all others."""

    @property
    def category(self) -> str:
        """Where it stands in the palette."""
        return self.apart or self.layer.category

    @property
    def usual(self) -> bool:
        """Whether most networks have it, so that it is offered before anything is typed."""
        return self.ready is None and self.layer.usual

    @property
    def takes_links(self) -> bool:
        """Whether a link can end at it."""
        return self.ready is not None or bool(self.layer.inputs)

    @property
    def links_both_ways(self) -> bool:
        """Whether it can stand in the middle of a link."""
        return self.ready is not None or (self.takes_links and bool(self.layer.outputs))

    def card(self) -> str:
        """The Markdown of its teaching card."""
        if self.apart:
            return f"# {self.title}\n\n{self.lesson}\n"
        folder = "groups" if self.ready is not None else "notes"
        path = resource(folder, f"{self.name}.md")
        return path.read_text(encoding="utf-8") if path.is_file() else f"# {self.title}\n\n{self.lesson}\n"


@cache
def offers() -> Mapping[str, Offer]:
    """Every offer by name, category by category; filled once, never changed."""
    layers = [Offer(name, layer, layer.title, layer.lesson(), layer.aliases) for name, layer in LAYERS.items()]
    every = [*layers, *map(_of_group, ready_groups().values())]
    return {offer.name: offer for offer in sorted(every, key=lambda offer: CATEGORIES.index(offer.category))}


def offer_of(node: Node) -> Offer | None:
    """What a node was placed as; None for a layer that this version does not know."""
    return offers().get(str(node.extra.get(READY, ""))) or offers().get(node.layer)


def _of_group(ready: ReadyGroup) -> Offer:
    layer = LAYERS[with_role("group")]
    return Offer(ready.name, layer, ready.title, ready.lesson, ready.aliases, ready)
