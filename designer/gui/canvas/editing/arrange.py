"""Auto-layout: lays the shown design out, or what of it is selected, and lets the nodes glide to their new places."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from PySide6.QtCore import QEasingCurve, QObject, QProcess, QTimer, QVariantAnimation, Signal
from PySide6.QtWidgets import QApplication, QStyle

from designer.graph.document import Document, Position
from designer.graph.layout import Box, Direction, Layout, apply, arranged, part_of, put_back, remote
from designer.gui.canvas.items.node_item import NodeItem
from designer.gui.canvas.scene import DesignScene
from designer.gui.engine_process import engine_process, start
from designer.gui.workspace import Workspace

AT_ONCE = 250
"""So many nodes are laid out within the time that one picture takes; more of them in a process of their own."""
GLIDING = 500
"""More nodes than this do not glide: each picture would take too long."""
GLIDE = 180
"""Milliseconds that nodes take to their new places, at most; none where the desktop wants no motion."""
MODULE = "designer.graph.layout"


class Arrange(QObject):
    """One layout at a time. The edit comes first, so that only items are on the way; any other edit ends both."""

    told = Signal(str)
    """A sentence on how it is going; empty when there is nothing more to say."""
    done = Signal(bool)
    """A layout that was begun is over: whether the design is laid out now."""
    placed = Signal(bool)
    """The design is laid out: whether that is all of it. Nodes set out for their places after this."""
    settled = Signal()
    """All nodes stand at their new places."""

    def __init__(self, workspace: Workspace, scene: DesignScene, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace, self._scene = workspace, scene
        self._process: QProcess | None = None
        self._asked: tuple[Document, Direction] | None = None
        self._alone = False
        self._glide = QVariantAnimation(self, startValue=0.0, endValue=1.0)
        self._glide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._glide.valueChanged.connect(self._show)
        self._glide.finished.connect(self.settled)
        self._way: Mapping[str, tuple[Position, Position]] = {}
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self._tell)
        self._seconds = 0
        workspace.changed.connect(self.cancel)
        workspace.place_changed.connect(self.cancel)

    @property
    def busy(self) -> bool:
        """Whether a layout is being worked out."""
        return self._process is not None

    def arrange(self, direction: Direction) -> None:
        """Lay out the shown design, or the selected nodes where there are several."""
        self.cancel()
        self.settle()
        shown, chosen = self._workspace.shown, self._workspace.selection
        part = part_of(shown, chosen if len(chosen) > 1 else ())
        self._asked = (part, direction)
        if len(part.nodes) <= AT_ONCE:
            self._take(arranged(part, self._boxes(), direction))
        else:
            self._begin(alone=False)

    def cancel(self) -> bool:
        """Give up a layout that is being worked out; False where there is none."""
        if self._process is None:
            return False
        self._drop()
        self.told.emit("")
        self.done.emit(False)
        return True

    def settle(self) -> None:
        """Put the nodes that are on their way where they belong."""
        if self._glide.state() == QVariantAnimation.State.Running:
            self._glide.stop()
            self._show(1.0)
            self.settled.emit()

    def _boxes(self) -> dict[str, Box]:
        return {name: box_of(item) for name, item in self._scene.nodes.items()}

    def _begin(self, *, alone: bool) -> None:
        """Have it worked out elsewhere: it may take seconds."""
        assert self._asked is not None
        self._alone = alone
        part, direction = self._asked
        question = remote.ask(part, self._boxes(), direction, alone=alone)
        process = self._process = engine_process(self)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._failed)
        start(process, MODULE)
        process.write(question)
        process.closeWriteChannel()
        self._seconds = 0
        self._clock.start()
        self._tell()

    def _tell(self) -> None:
        assert self._asked is not None
        after = f", {self._seconds} s" if self._seconds else ""
        self.told.emit(f"Laying out {len(self._asked[0].nodes):,} layers{after}. Esc cancels.")
        self._seconds += 1

    def _finished(self) -> None:
        if self._process is None or self._asked is None:
            return
        answered = bytes(self._process.readAllStandardOutput().data())
        self._drop()
        try:
            layout = remote.read(self._asked[0], answered)
        except msgspec.DecodeError:
            if self._alone:
                self._fail()
            else:
                self._begin(alone=True)  # it was foreign code that ended the process, if any
            return
        self.told.emit("")
        self._take(layout)

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and self._process is not None:
            self._drop()
            self._fail()

    def _fail(self) -> None:
        self.told.emit("The layout could not be worked out; nothing was moved.")
        self.done.emit(False)

    def _drop(self) -> None:
        self._clock.stop()
        process, self._process = self._process, None
        if process is not None:
            process.blockSignals(True)
            process.kill()
            process.waitForFinished(2000)
            process.deleteLater()

    def _take(self, layout: Layout) -> None:
        """Make the edit, then lead the items there from where they stood."""
        assert self._asked is not None
        part, direction = self._asked
        placed = put_back(self._workspace.shown, self._boxes(), layout)
        before = {name: (item.pos().x(), item.pos().y()) for name, item in self._scene.nodes.items()}
        whole = len(part.nodes) == len(self._workspace.shown.nodes)
        what = "everything" if whole else f"{len(part.nodes)} nodes"
        how = " from top to bottom" if direction is Direction.DOWN else ""
        made = self._workspace.commit(lambda document: apply(document, placed), f"Lay out {what}{how}")
        if made:
            self.placed.emit(whole)
            self._begin_glide(before, placed.positions)
        self.done.emit(made)
        if self._glide.state() != QVariantAnimation.State.Running:
            self.settled.emit()

    def _begin_glide(self, before: Mapping[str, Position], after: Mapping[str, Position]) -> None:
        self._way = {name: (before[name], place) for name, place in after.items() if before[name] != place}
        time = min(GLIDE, QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration))
        if 0 < len(self._way) <= GLIDING and time > 0:
            self._glide.setDuration(time)
            self._glide.start()

    def _show(self, share: float) -> None:
        """Put the items that far on their way."""
        self._scene.place(
            {
                name: (x + (to_x - x) * share, y + (to_y - y) * share)
                for name, ((x, y), (to_x, to_y)) in self._way.items()
                if name in self._scene.nodes
            }
        )


def box_of(item: NodeItem) -> Box:
    """What a layout must know of a node that is shown."""
    sides = []
    for side, ports in (("inputs", item.report.inputs), ("outputs", item.report.outputs)):
        heights = {port.name: item.port_point(side, index).y() for index, port in enumerate(ports)}
        sides.append({**heights, "": next(iter(heights.values()))} if heights else {})
    return Box(item.body.width(), item.height, *sides)
