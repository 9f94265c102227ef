"""Taking all links of a port to another port."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from designer.graph.document import Document
from designer.gui.canvas.gestures.gesture import Modifiers
from designer.gui.canvas.gestures.loose_ends import LooseEnds
from designer.gui.canvas.look import PortEnd
from designer.gui.canvas.scene import DesignScene
from designer.gui.canvas.wiring import far_ends, links_at, moved_links
from designer.gui.workspace import Workspace


class MoveLinks(LooseEnds):
    """Take every link of a port to another port of the same side; dropped on nothing they stay."""

    def __init__(self, scene: DesignScene, workspace: Workspace, end: PortEnd, start: QPointF, magnet: float) -> None:
        self._links = links_at(scene.report, end)
        super().__init__(scene, far_ends(scene.report, self._links, end[1]), start, magnet, self._links, joined=True)
        self._workspace, self._from = workspace, end

    def outlook(self, target: PortEnd) -> str:
        if target == self._from:
            return ""
        count = len(self._links)
        return f"Move {'the link' if count == 1 else f'{count} links'} to {target[0]}.{target[2]}"

    def finish(self, at: QPointF, modifiers: Modifiers) -> None:
        self.move(at, modifiers)
        self.end_showing()
        target, links, report = self.target, self._links, self._scene.report
        if target is None:
            if self._message:
                self._workspace.refused.emit(self._message)
            return

        def edit(document: Document) -> Document:
            return moved_links(document, report, links, target)

        if target != self._from:
            self._workspace.commit(edit, f"Move links to {target[0]}")
