"""Drawing links, and taking their ends elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF

from designer.graph import edits
from designer.graph.document import Document, Link
from designer.gui.canvas.gestures.gesture import Modifiers
from designer.gui.canvas.gestures.loose_ends import LooseEnds
from designer.gui.canvas.look import PortEnd
from designer.gui.canvas.scene import DesignScene
from designer.gui.canvas.wiring import connected, link_between, misfit, outlook
from designer.gui.workspace import Workspace


class Connect(LooseEnds):
    """Draw a link from a port, of either side, to another.

    With `old` its other end is taken off its port: dropped on another port it moves there, dropped on nothing
    it is gone. A new link dropped on nothing is handed to `on_nothing`. `magnet` is in scene pixels.
    """

    def __init__(
        self, scene: DesignScene, workspace: Workspace, end: PortEnd, start: QPointF, magnet: float,
        old: Link | None = None, on_nothing: OnNothing | None = None,
    ) -> None:  # fmt: skip
        self._workspace, self.end, self._old, self._on_nothing = workspace, end, old, on_nothing
        super().__init__(scene, (end,), start, magnet, () if old is None else (old,))

    def fits(self, target: PortEnd) -> bool:
        report = self._scene.report
        return not misfit(report, link_between(report, self.end, target), self._old)

    def outlook(self, target: PortEnd) -> str:
        report = self._scene.report
        return outlook(report, link_between(report, self.end, target), self._old)

    def finish(self, at: QPointF, modifiers: Modifiers) -> None:
        self.move(at, modifiers)
        self.end_showing()
        old, report = self._old, self._scene.report
        if self.target is not None:
            link = link_between(report, self.end, self.target)
            port = report.nodes[link.target].port(link.target_port, "inputs")

            def edit(document: Document) -> Document:
                return connected(document, report, link, port, old)

            self._workspace.commit(edit, f"Connect {link.source} to {link.target}")
        elif self._message:
            self._workspace.refused.emit(self._message)
        elif old is not None:
            label = f"Disconnect {old.source} from {old.target}"
            self._workspace.commit(lambda document: edits.remove(document, links=(old,)), label)
        elif self._on_nothing is not None:
            self._on_nothing(self, at)


OnNothing = Callable[[Connect, QPointF], None]
"""Told of a new link that was dropped on nothing, and where."""
