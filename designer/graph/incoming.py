"""The links that lead into a copy from what was not copied: told on the clipboard, and drawn again where they can be.

They stand in a fragment's `extra`, so that every version can paste it: one that does not know them leaves them out.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec
from msgspec import Struct

from designer.graph.document import Document, Link
from designer.graph.names import split_end
from designer.problems import UserError

KEY = "incoming"


class _Incoming(Struct):
    place: list[str] = []
    links: list[tuple[str, str]] = []


def with_incoming(fragment: Document, network: Document, place: tuple[str, ...]) -> Document:
    """A fragment copied from `network`, inside the groups of `place`, that tells which links lead into it.

    Of a node that reads anything outside all links are told, since their order counts where a port takes many.
    """
    links = [link for link in network.links if link.target in fragment.nodes]
    outside = {link.target for link in links if link.source not in fragment.nodes}
    told = [link.ends for link in dict.fromkeys(links) if link.target in outside]
    return replace(fragment, extra={**fragment.extra, KEY: {"place": place, "links": told}}) if told else fragment


def led_into(fragment: Document, network: Document, place: tuple[str, ...]) -> Document:
    """A fragment with links from the nodes of `network` that its own nodes read where they were copied.

    They come from nodes of the same ids in the same place; raises UserError where what it tells is no list of links.
    """
    if KEY not in fragment.extra:
        return fragment
    try:
        told = msgspec.convert(fragment.extra[KEY], _Incoming)
    except msgspec.ValidationError as error:
        raise UserError('The links cannot be pasted: "incoming" is no list of links. Paste without them.') from error
    if tuple(told.place) != place:
        return fragment
    around = network.nodes.keys() - fragment.nodes.keys()
    found: dict[Link, None] = {}
    for source_end, target_end in told.links:
        target, target_port = split_end(target_end, fragment.nodes)
        inner = Link(*_ordered(split_end(source_end, fragment.nodes), (target, target_port)))
        outer = Link(*_ordered(split_end(source_end, network.nodes), (target, target_port)))
        if inner in fragment.links:
            found[inner] = None
        elif outer.source in around and target in fragment.nodes:
            found[outer] = None
    return replace(fragment, links=(*(link for link in fragment.links if link not in found), *found))


def _ordered(source: tuple[str, str], target: tuple[str, str]) -> tuple[str, str, str, str]:
    return source[0], target[0], source[1], target[1]
