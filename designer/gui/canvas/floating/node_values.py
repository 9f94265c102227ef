"""Shows what comes out of every node for one example, on the canvas, while that is wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QTimer

from designer.gui.canvas.items.value_item import ValueItem
from designer.gui.canvas.surface import Surface
from designer.gui.example_values import ExampleValues
from designer.gui.levels import Place
from designer.gui.theme import Appearance
from designer.gui.workspace import Workspace

MOST = 1500
"""More nodes than this on one canvas get no pictures."""


class NodeValues(QObject):
    """Keeps a picture at each node whose value is known; costs nothing while it is switched off."""

    def __init__(
        self, canvas: Surface, workspace: Workspace, appearance: Appearance, place: Callable[[], Place]
    ) -> None:
        super().__init__(canvas)
        self._design, self._place = canvas.design, place
        self.values: ExampleValues | None = None
        self.shown = False
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._refresh)
        workspace.changed.connect(self._later)
        appearance.changed.connect(self._later)

    @property
    def items(self) -> Mapping[str, ValueItem]:
        """The pictures by node."""
        return self._design.values.by_node

    def follow(self, values: ExampleValues) -> None:
        """Know where values come from."""
        self.values = values
        values.changed.connect(self._refresh)

    def show_values(self, shown: bool) -> None:
        """Show values, or put them away."""
        self.shown = shown
        if self.values is not None:
            self.values.want(self, shown)
        self._refresh()

    def _later(self) -> None:
        if self.shown:
            self._timer.start()

    def _refresh(self) -> None:
        nodes, values = self._design.nodes, self.values
        prefix = "".join(f"{group}." for group in self._place())
        known = self.shown and values is not None and values.answer is not None and len(nodes) <= MOST
        found = {} if values is None or not known else {name: values.of(prefix + name) for name in nodes}
        for name in [name for name in self.items if found.get(name) is None]:
            self._design.values.drop(name)
        for name, value in found.items():
            if value is not None and values is not None:
                self._design.values.show(nodes[name], value, () if prefix else values.class_names(name))
