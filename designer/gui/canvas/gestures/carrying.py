"""Many nodes on their way: until the hand lets go, only those in view are really moved."""

from __future__ import annotations

from collections.abc import Mapping

from designer.graph.document import Position
from designer.gui.canvas.look import OVERVIEW_BELOW
from designer.gui.canvas.scene import DesignScene

MANY = 150
"""From so many nodes on, moving all of them at every step would be felt."""


class Carrying:
    """Nodes that a drag takes along, all by the same way. From afar all of them are painted shifted."""

    def __init__(self, scene: DesignScene, start: Mapping[str, Position]) -> None:
        self._scene, self._start = scene, start
        self._placed: set[str] = set()
        items = [scene.nodes[name] for name in start]
        # An expanded group is larger than other nodes.
        self._width = max((item.width for item in items), default=0.0)
        self._height = max((item.height for item in items), default=0.0)

    def by(self, dx: float, dy: float) -> None:
        """Show the nodes so far from where they started."""
        self._scene.overview.carry(self._start, dx, dy)
        seen = self._seen(dx, dy)
        # Those that left the view go on once more, or they would stay where they were last seen.
        self._place(seen | self._placed, dx, dy)
        self._placed = seen

    def end(self) -> None:
        """Forget that they were carried; whoever moved them places them now."""
        self._scene.overview.carry((), 0.0, 0.0)

    def cancel(self) -> None:
        """Put everything back."""
        self.end()
        self._place(set(self._start), 0.0, 0.0)

    def _place(self, names: set[str], dx: float, dy: float) -> None:
        start = self._start
        self._scene.place({name: (start[name][0] + dx, start[name][1] + dy) for name in names})

    def _seen(self, dx: float, dy: float) -> set[str]:
        """The carried nodes that stand in view of whoever looks from near."""
        seen: set[str] = set()
        for view in self._scene.views():
            if view.transform().m11() < OVERVIEW_BELOW:
                continue
            area = view.mapToScene(view.viewport().rect()).boundingRect()
            area.adjust(-self._width - dx, -self._height - dy, -dx, -dy)
            seen |= {name for name, place in self._start.items() if area.contains(*place)}
        return seen
