"""Reroute dots: the places that a link runs through, and how they follow what happens to links and nodes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from math import dist

from designer.graph.document import EMPTY, Document, Link, Position

Route = tuple[Position, ...]
"""The dots of one link, from its start to its end."""
Routes = Mapping[Link, Route]
Dot = tuple[Link, int]
"""One dot: its link, and its place among the link's dots."""

NEGLIGIBLE = 1e-6
"""Two nodes go the same way if their steps differ by less, in scene pixels: adding floats is not exact."""


def reroute(document: Document, new: Mapping[Link, Iterable[Position]]) -> Document:
    """Lead links through other dots; none for a link takes its dots away. Links that are not there are left out."""
    there = set(document.links)
    wanted = {link: tuple(dots) for link, dots in new.items() if link in there}
    if all(document.routes.get(link, ()) == dots for link, dots in wanted.items()):
        return document
    routes = {**document.routes, **wanted}
    return replace(document, routes={link: dots for link, dots in routes.items() if dots} or EMPTY)


def add_dot(document: Document, link: Link, index: int, at: Position) -> Document:
    """Put a dot on a link, before the dot that has that place now."""
    dots = document.routes.get(link, ())
    return reroute(document, {link: (*dots[:index], at, *dots[index:])})


def move_dots(document: Document, places: Mapping[Dot, Position]) -> Document:
    """Put dots elsewhere; dots that are not there are left out."""
    return reroute(document, with_dots_at(document.routes, places))


def with_dots_at(routes: Routes, places: Mapping[Dot, Position]) -> Routes:
    """The routes that have dots among `places`, with these dots there."""
    return {
        link: tuple(places.get((link, index), dot) for index, dot in enumerate(routes[link]))
        for link in {link for link, _ in places}
        if link in routes
    }


def remove_dots(document: Document, dots: Collection[Dot]) -> Document:
    """Take dots away; their links run on without them."""
    gone = frozenset(dots)
    left = {
        link: tuple(dot for index, dot in enumerate(document.routes[link]) if (link, index) not in gone)
        for link in {link for link, _ in gone}
        if link in document.routes
    }
    return reroute(document, left)


def kept(routes: Routes, links: Collection[Link]) -> Routes:
    """The routes of links that are still there; the same object where all are."""
    there = frozenset(links) if routes else frozenset()
    left = {link: dots for link, dots in routes.items() if link in there}
    return routes if len(left) == len(routes) else left or EMPTY


def followed(routes: Routes, follow: Callable[[Link], Link]) -> Routes:
    """The routes after links became others; the same object where there are none."""
    return {follow(link): dots for link, dots in routes.items()} if routes else routes


def shifted(route: Route, dx: float, dy: float) -> Route:
    """The same dots, all of them further right and down."""
    return tuple((x + dx, y + dy) for x, y in route)


def carried_along(document: Document, places: Mapping[str, Position], links: Iterable[Link] | None = None) -> Routes:
    """The routes that change when nodes are put at `places`: dots go along where both ends go the same way.

    `links` are those to look at, where it is known that no others can change.
    """
    found: dict[Link, Route] = {}
    for link in document.routes if links is None else links:
        dots = document.routes.get(link, ())
        if dots and link.source in places and link.target in places:
            dx, dy = _step(document, places, link.source)
            other = _step(document, places, link.target)
            if (dx or dy) and dist((dx, dy), other) < NEGLIGIBLE:
                found[link] = shifted(dots, dx, dy)
    return found


def _step(document: Document, places: Mapping[str, Position], node: str) -> Position:
    old, new = document.positions.get(node, (0.0, 0.0)), places[node]
    return new[0] - old[0], new[1] - old[1]


def split(route: Route, start: Position, at: Position, end: Position) -> tuple[Route, Route]:
    """The dots before and after a node that is put at `at` on the way from `start` to `end`.

    It stands between those two places of the way where it makes the way least longer.
    """
    way = (start, *route, end)

    def longer(index: int) -> float:
        return dist(way[index], at) + dist(at, way[index + 1]) - dist(way[index], way[index + 1])

    index = min(range(len(way) - 1), key=longer)
    return route[:index], route[index:]
