"""How well something that can be placed answers what somebody types into a search field."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from designer.gui.offers import Offer

FEWEST = 4
"""Letters from which on the texts of the cards are searched too: shorter words stand in nearly all of them."""


def matches(offers: Iterable[Offer], query: str) -> list[Offer]:
    """What answers a query, best first; equal ones in the order of the catalogue."""
    ranked = [(rank(offer, query), offer) for offer in offers]
    found = [(place, offer) for place, offer in ranked if place is not None]
    return [offer for _, offer in sorted(found, key=lambda pair: pair[0])]


def rank(offer: Offer, query: str) -> int | None:
    """0 for its own name, 1 for another; then what begins so: a name, a word, another name; what holds it; the card."""
    wanted = _plain(query)
    names = [_plain(offer.title), _plain(offer.name)]
    aliases = [_plain(alias) for alias in offer.aliases]
    everything = " ".join([*names, *aliases, _plain(offer.category)])
    ways = (
        wanted in names,
        wanted in aliases,
        any(name.startswith(wanted) for name in names),
        any(word.startswith(wanted) for word in _words(offer.title)),
        any(name.startswith(wanted) for name in (*aliases, *_words(*offer.aliases))),
        any(wanted in name for name in names),
        all(_plain(word) in everything for word in query.split()),
    )
    if any(ways):
        return ways.index(True)
    return len(ways) if len(wanted) >= FEWEST and _in_card(offer, query) else None


def _words(*texts: str) -> list[str]:
    return [_plain(word) for text in texts for word in text.replace("-", " ").split()]


def _in_card(offer: Offer, query: str) -> bool:
    """Whether the card has every word of the query."""
    text = _card_text(offer)
    return all(word in text for word in query.casefold().split())


@cache
def _card_text(offer: Offer) -> str:
    """The text of a card, read at the first search that comes to it."""
    return offer.card().casefold()


def _plain(text: str) -> str:
    """Letters and digits alone, so that "conv 2d", "Conv2d" and "conv-2D" are the same."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())
