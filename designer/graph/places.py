"""Where nodes are put that nobody placed by hand."""

from __future__ import annotations

from collections.abc import Mapping

from designer.graph.document import Document, Link, Position

STEP = 220.0
"""How far to the right of its neighbour a node is put that nobody placed."""

ROW = 110.0
"""How far below another node a node stands that nobody placed."""


def make_room(document: Document, node: str, link: Link) -> Mapping[str, Position]:
    """The places that nodes must move to so that `node` fits between the ends of `link`; nothing where it does.

    All that stands to the right of it is shifted. A link that runs backwards has no room to make.
    """
    left = document.positions.get(link.source, (0.0, 0.0))
    right = document.positions.get(link.target, (0.0, 0.0))
    missing = 2 * STEP - (right[0] - left[0])
    if missing <= 0 or right[0] <= left[0]:
        return {}
    shifted = {name: (x + missing, y) for name, (x, y) in document.positions.items() if x >= right[0] and name != node}
    return {**shifted, node: (left[0] + STEP, (left[1] + right[1]) / 2)}
