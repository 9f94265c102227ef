"""From where each network around a group, and each open design, was looked at, so that it is shown again as it was."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from designer.gui.canvas.surface import Viewpoint
from designer.gui.levels import Place
from designer.gui.sheet import Sheet


class Viewpoints:
    """The viewpoints of the networks that were left for one inside them, and of the designs that were put aside."""

    def __init__(self) -> None:
        self._left: dict[Place, Viewpoint] = {}
        self._parked: WeakKeyDictionary[Sheet, tuple[dict[Place, Viewpoint], Place, Viewpoint]] = WeakKeyDictionary()

    def park(self, sheet: Sheet, place: Place, viewpoint: Viewpoint) -> None:
        """Another design is shown in place of this one."""
        self._parked[sheet] = (self._left, place, viewpoint)
        self._left = {}

    def take_back(self, sheet: Sheet) -> tuple[Place, Viewpoint] | None:
        """A design is shown: at which place and from where, if it was put aside before."""
        found = self._parked.pop(sheet, None)
        self._left = found[0] if found is not None else {}
        return found[1:] if found is not None else None

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
