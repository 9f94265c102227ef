"""How well something that can be placed answers what somebody types into a search field."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache

from designer.gui.offers import Offer

FEWEST = 4
"""Letters from which on the texts of the cards are searched too: shorter words stand in nearly all of them."""


def matches(offers: Collection[Offer], query: str) -> Iterator[Offer]:
    """What answers a query, best first; equal ones in the order of the catalogue.

    First all that answers by a name, then, from a few letters on, what says it on its card; where nothing does,
    what has the letters of the query in their order.
    """
    ranked = {offer: place for offer in offers if (place := rank(offer, query)) is not None}
    yield from sorted(ranked, key=ranked.__getitem__)
    nothing = not ranked
    if len(plain(query)) >= FEWEST:
        for offer in offers:
            if offer not in ranked and _in_card(offer, query):
                nothing = False
                yield offer
    if nothing:
        yield from (offer for offer in offers if _spelt_so(offer, query))


def rank(offer: Offer, query: str) -> int | None:
    """0 for its own name, 1 for another; then what begins so: a name, a word, another name; then what holds it."""
    wanted = plain(query)
    names = [plain(offer.title), plain(offer.name)]
    aliases = [plain(alias) for alias in offer.aliases]
    everything = " ".join([*names, *aliases, plain(offer.category)])
    ways = (
        wanted in names,
        wanted in aliases,
        any(name.startswith(wanted) for name in names),
        any(word.startswith(wanted) for word in words(offer.title)),
        any(name.startswith(wanted) for name in (*aliases, *words(*offer.aliases))),
        any(wanted in name for name in names),
        all(plain(word) in everything for word in query.split()),
    )
    return ways.index(True) if any(ways) else None


def _spelt_so(offer: Offer, query: str) -> bool:
    """Whether a name has the letters of the query in their order, from its first on: "cnv2d", "mxpool"."""
    wanted = plain(query)
    names = (plain(offer.title), plain(offer.name))
    return len(wanted) >= FEWEST - 1 and any(name[:1] == wanted[:1] and in_order(wanted, name) for name in names)


def in_order(letters: str, text: str) -> bool:
    """Whether a text has these letters in their order, with others between them."""
    rest = iter(text)
    return all(letter in rest for letter in letters)


def words(*texts: str) -> list[str]:
    return [plain(word) for text in texts for word in text.replace("-", " ").split()]


def _in_card(offer: Offer, query: str) -> bool:
    """Whether the card has every word of the query."""
    text = _card_text(offer)
    return all(word in text for word in query.casefold().split())


@cache
def _card_text(offer: Offer) -> str:
    """The text of a card, read at the first search that comes to it."""
    return offer.card().casefold()


def plain(text: str) -> str:
    """Letters and digits alone, so that "conv 2d", "Conv2d" and "conv-2D" are the same."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())
