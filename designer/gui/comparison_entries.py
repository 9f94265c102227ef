"""A comparison as lines to read one after the other, each with its sign and the place it speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from designer.catalogue import LAYERS, title_of
from designer.graph.comparing import ABSENT, Comparison, Difference, NodeChange
from designer.graph.document import Document, Link
from designer.gui.canvas.differences import Mark
from designer.gui.panels.setting_texts import write
from designer.gui.panels.texts import plural

LONGEST = 40
"""Letters of a value in a line."""
MOST_MOVED = 20
"""More nodes that only moved are one line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One difference. `node` is an id of the shown design, or of the other one where `mark` is REMOVED."""

    mark: Mark
    text: str
    detail: str = ""
    place: tuple[str, ...] = ()
    node: str = ""
    link: Link | None = None

    @property
    def title(self) -> str:
        """The text, with the groups around it."""
        return ".".join((*self.place, self.text))


def entries(found: Comparison, old: Document, new: Document, place: tuple[str, ...] = ()) -> list[Entry]:
    """All lines of a comparison: the network in its order, groups with what is inside them, then the rest."""
    nodes = [*_of_network(found, old, new, place)]
    if place:
        return nodes
    return nodes + [Entry(Mark.CHANGED, _titled(each), _step(each)) for each in found.rest]


def _of_network(found: Comparison, old: Document, new: Document, place: tuple[str, ...]) -> Iterator[Entry]:
    added, changes = set(found.added), {change.new: change for change in found.changed}
    for name, node in new.nodes.items():
        if name in added:
            yield Entry(Mark.ADDED, name, title_of(node.layer), place, name)
        elif (change := changes.get(name)) is not None:
            yield Entry(Mark.CHANGED, name, _said(change, node.layer), place, name)
            if change.inside is not None:
                inner = old.inside_of(old.nodes[change.old]), new.inside_of(node)
                yield from _of_network(change.inside, *inner, (*place, name))
    for name in found.removed:
        yield Entry(Mark.REMOVED, name, title_of(old.nodes[name].layer), place, name)
    yield from _of_links(found, place)
    if len(found.moved) > MOST_MOVED:
        yield Entry(Mark.MOVED, f"{plural(len(found.moved), 'layer')} stand elsewhere", place=place)
    else:
        only = (name for name in found.moved if name not in changes)
        yield from (Entry(Mark.MOVED, name, "stands elsewhere", place, name) for name in only)


def _of_links(found: Comparison, place: tuple[str, ...]) -> Iterator[Entry]:
    """Links between nodes that are in both designs; those of a node that came or went say nothing more."""
    fresh, gone = set(found.added), set(found.removed)
    for link in found.linked:
        if link.source not in fresh and link.target not in fresh:
            yield Entry(Mark.ADDED, " → ".join(link.ends), "link", place, link.target, link)
    for link in found.unlinked:
        if link.source not in gone and link.target not in gone:
            target = found.renamed.get(link.target, link.target)
            yield Entry(Mark.REMOVED, " → ".join(link.ends), "link", place, target, link)


def _said(change: NodeChange, layer: str) -> str:
    """All that differs of a node, in a line."""
    parts = [f"was called {change.old}"] if change.old != change.new else []
    parts += [f"{_titled(each)} {_step(each, layer)}" for each in change.differences]
    if change.inside is not None:
        parts.append("inside")
    return "; ".join(parts)


def _titled(each: Difference) -> str:
    return f"{each.part}: {each.name}" if each.part in ("data", "training", "variables") else each.name


def _step(each: Difference, layer: str = "") -> str:
    """From what to what; of long texts and of tables only that they differ."""
    if each.part == "design" or each.name == "note":
        return "differs"
    return f"{_value(each, each.before, layer)} → {_value(each, each.after, layer)}"


def _value(each: Difference, value: object, layer: str) -> str:
    if value is ABSENT:
        kind = LAYERS.get(layer)
        if each.part != "settings" or kind is None or each.name not in kind.settings:
            return "nothing"
        value = kind.settings[each.name].default
    text = write(value) or "empty"
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
