"""Taking the ends of links elsewhere: a link that goes to another port keeps its place and its dots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from designer.graph.document import EMPTY, Document, Link
from designer.graph.routes import followed


def rewire(document: Document, new: Mapping[Link, Link]) -> Document:
    """Make links others, each in its place; one that becomes a link that is there already is joined with it."""
    changed = {old: link for old, link in new.items() if old != link}
    if not any(old in changed for old in document.links):
        return document
    links = tuple(dict.fromkeys(changed.get(link, link) for link in document.links))
    beside = {changed.get(link, link): extra for link, extra in document.link_extra.items()}
    routes = followed(document.routes, lambda link: changed.get(link, link))
    return replace(document, links=links, link_extra=beside or EMPTY, routes=routes)
