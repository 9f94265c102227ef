"""How well a layer answers what somebody types into the palette's search field."""

from __future__ import annotations

from collections.abc import Iterable

from designer.catalogue.layer import Layer


def matches(layers: Iterable[type[Layer]], query: str) -> list[type[Layer]]:
    """The layers that answer a query, best first; equal ones in the order of the catalogue."""
    ranked = [(rank(layer, query), layer) for layer in layers]
    found = [(place, layer) for place, layer in ranked if place is not None]
    return [layer for _, layer in sorted(found, key=lambda pair: pair[0])]


def rank(layer: type[Layer], query: str) -> int | None:
    """0 for the layer's own name, then names that begin so, other names that do, and names that hold it."""
    wanted = _plain(query)
    names = [_plain(layer.title), _plain(layer.__name__)]
    aliases = [_plain(alias) for alias in layer.aliases]
    words = [_plain(word) for text in (layer.title, *layer.aliases) for word in text.replace("-", " ").split()]
    if wanted in names:
        return 0
    if any(name.startswith(wanted) for name in names):
        return 1
    if any(name.startswith(wanted) for name in (*aliases, *words)):
        return 2
    if any(wanted in name for name in names):
        return 3
    everything = " ".join([*names, *aliases, _plain(layer.category)])
    if all(_plain(word) in everything for word in query.split()):
        return 4
    return None


def _plain(text: str) -> str:
    """Letters and digits alone, so that "conv 2d", "Conv2d" and "conv-2D" are the same."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())
