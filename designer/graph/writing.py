"""The text of a `*.netwright` file: the same for the same design, with one node and one link a line."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import msgspec

from designer.graph.document import Document, Link, Node, Position
from designer.graph.names import split_end

FORMAT = "netwright/1"


@dataclass
class Known:
    """The lines of the design written last, for whoever writes it again after every edit: most are the same still."""

    nodes: dict[str, tuple[Node, Position | None, str]] = field(default_factory=dict)
    links: dict[Link, str] = field(default_factory=dict)


def dumps(document: Document, known: Known | None = None) -> str:
    """The text of a file: one node and one link a line, the same for the same design, with or without `known`."""
    known = known if known is not None else Known()
    parts = [f'  "format": {_json(FORMAT)}']
    if document.name:
        parts.append(f'  "name": {_json(document.name)}')
    if document.notes:
        parts.append(f'  "notes": {_json(document.notes)}')
    parts.append(f'  "nodes": {_lines(_node_lines(document, known))}')
    parts.append(f'  "links": {_lines(_link_lines(document, known))}')
    parts.extend(f'  "{key}": {_json(value)}' for key, value in _marks_out(document).items())
    if document.blocks:
        parts.append(f'  "blocks": {_json({name: _network_out(block) for name, block in document.blocks.items()})}')
    for key in ("data", "training", "variables"):
        if getattr(document, key):
            parts.append(f'  "{key}": {_json(getattr(document, key))}')
    parts.extend(f"  {_json(key)}: {_json(value)}" for key, value in document.extra.items())
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _json(value: Any) -> str:
    text: bytes = msgspec.json.format(msgspec.json.encode(value), indent=0)
    return text.decode()


def _lines(lines: list[str]) -> str:
    return "[\n    " + ",\n    ".join(lines) + "\n  ]" if lines else "[]"


def _node_lines(document: Document, known: Known) -> list[str]:
    before, known.nodes = known.nodes, {}
    for name, node in document.nodes.items():
        place, line = document.positions.get(name), before.get(name)
        if line is None or line[0] is not node or line[1] != place:
            line = (node, place, _json(_node_out(document, node)))
        known.nodes[name] = line
    return [line for _, _, line in known.nodes.values()]


def _link_lines(document: Document, known: Known) -> list[str]:
    before, known.links = known.links, {}
    for link in document.links:
        line = before.get(link) if _is_plain(link, document) else None
        known.links[link] = line or _json(_link_out(document, link))
    return list(known.links.values())


def _is_plain(link: Link, document: Document) -> bool:
    """Whether a link's line depends on the link alone: not on other ids, which dots could make it mean."""
    dotted = link.source_port or link.target_port or "." in link.source or "." in link.target
    return not dotted and link not in document.routes and link not in document.link_extra


def _network_out(document: Document) -> dict[str, Any]:
    nodes = [_node_out(document, node) for node in document.nodes.values()]
    variables = {"variables": document.variables} if document.variables else {}
    return {"nodes": nodes, "links": _links_out(document), **_marks_out(document), **variables, **document.extra}


def _marks_out(document: Document) -> dict[str, Any]:
    """What stands on the canvas beside the network: frames and sticky notes, as far as there are any."""
    frames = {
        key: {"title": frame.title, "color": frame.color, "members": frame.members, **frame.extra}
        for key, frame in document.frames.items()
    }
    stickies = {
        key: {
            "text": sticky.text,
            "position": [_short(axis) for axis in sticky.position],
            "size": [_short(axis) for axis in sticky.size],
            "color": sticky.color,
            **sticky.extra,
        }
        for key, sticky in document.stickies.items()
    }
    return {key: value for key, value in (("frames", frames), ("stickies", stickies)) if value}


def _node_out(document: Document, node: Node) -> dict[str, Any]:
    out: dict[str, Any] = {"id": node.id, "layer": node.layer}
    if node.settings:
        out["settings"] = node.settings
    if node.id in document.positions:
        out["position"] = [_short(axis) for axis in document.positions[node.id]]
    if node.inside is not None:
        out["inside"] = _network_out(node.inside)
    if node.learning:
        out["learning"] = node.learning
    out |= {key: value for key, value in (("color", node.color), ("note", node.note)) if value}
    if node.bypassed:
        out["bypassed"] = True
    if node.expanded:
        out["expanded"] = True
    return {**out, **node.extra}


def _links_out(document: Document) -> list[list[Any]]:
    return [_link_out(document, link) for link in document.links]


def _link_out(document: Document, link: Link) -> list[Any]:
    extra = document.link_extra.get(link, {})
    ends: list[Any] = [
        text if split_end(text, document.nodes) == (node, port) else [node, port]
        for text, node, port in zip(
            link.ends, (link.source, link.target), (link.source_port, link.target_port), strict=True
        )
    ]
    dots = document.routes.get(link)
    route = {"route": [[_short(axis) for axis in dot] for dot in dots]} if dots else {}
    return [*ends, {**route, **extra}] if route or extra else ends


def _short(number: float) -> float | int:
    """A coordinate to a hundredth of a pixel; a whole one without a point."""
    rounded = round(number, 2)
    return int(rounded) if math.isfinite(rounded) and rounded == int(rounded) else rounded
