"""What a layout must know of a node: how large it is, and at what height its ports stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from designer.graph.document import Document

WIDTH, PLAIN, TITLE, ROW = 168.0, 60.0, 40.0, 15.0
"""The usual width of a node, its height with one port a side, the height above rows of ports, and of a row."""


@dataclass(frozen=True, slots=True)
class Box:
    """A node's size, and how far below its top each port stands; a port that is not named stands at `middle`."""

    width: float = WIDTH
    height: float = PLAIN
    inputs: Mapping[str, float] = field(default_factory=dict)
    outputs: Mapping[str, float] = field(default_factory=dict)

    @property
    def middle(self) -> float:
        """Where the only port of a side stands."""
        return min(self.height, PLAIN) / 2

    def entry(self, port: str) -> float:
        """How far below the top links arrive at an input port."""
        return self.inputs.get(port, self.middle)

    def exit(self, port: str) -> float:
        """How far below the top links leave from an output port."""
        return self.outputs.get(port, self.middle)


def usual_boxes(document: Document) -> dict[str, Box]:
    """A guess of the size of every node where no window shows them: a row for each port that has a link."""
    return {name: _usual_box(document, name) for name in document.nodes}


def _usual_box(document: Document, name: str) -> Box:
    entries = list(dict.fromkeys(link.target_port for link in document.incoming.get(name, ())))
    exits = list(dict.fromkeys(link.source_port for link in document.outgoing.get(name, ())))
    rows = max(len(entries), len(exits))
    if rows <= 1:
        return Box()
    heights = [TITLE + (place + 0.5) * ROW - 1 for place in range(rows)]
    return Box(WIDTH, PLAIN + rows * ROW, dict(zip(entries, heights, strict=False)),
               dict(zip(exits, heights, strict=False)))  # fmt: skip
