"""From where each network around a group was looked at, so that leaving the group shows it as it was."""

from __future__ import annotations

from designer.gui.canvas.surface import Viewpoint

Place = tuple[str, ...]


class Viewpoints:
    """The viewpoints of the networks that were left for one inside them."""

    def __init__(self) -> None:
        self._left: dict[Place, Viewpoint] = {}

    def leave(self, place: Place, viewpoint: Viewpoint) -> None:
        """A network is not shown any more."""
        self._left[place] = viewpoint

    def come_to(self, place: Place) -> Viewpoint | None:
        """A network is shown: from where, if it was left for one inside it; what is inside is forgotten."""
        view = self._left.pop(place, None)
        inner = [each for each in self._left if each[: len(place)] == place]
        for each in inner:
            del self._left[each]
        return view if inner else None
