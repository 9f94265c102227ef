"""How fast the canvas is; run on demand, with the extra `benchmark`: `python tests/benchmarks/canvas.py`.

A design of N layers in rows, every fourth an Add that also reads what came four layers before (1.25 N links), on a
canvas of 1600x1000 without a screen. A frame is a change and all that happens until the viewport has painted it. Beside
it, in turn, on the same machine: a bare widget that paints the same boxes and lines in one paintEvent, and the node
editor NodeGraphQt with the same graph. Medians are told in milliseconds.
"""

from __future__ import annotations

import gc
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from hand import Hand
from PySide6.QtCore import QEvent, QLineF, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget

from designer.graph import edits, files
from designer.graph.document import Document, Link, Node
from designer.gui.application import make_application
from designer.gui.canvas.items.overview import BLOCKS_BELOW
from designer.gui.canvas.look import WIDTH
from designer.gui.canvas.view import Canvas
from designer.gui.theme import LIGHT, Appearance
from designer.gui.workspace import Workspace

SIZE = (1600, 1000)
COLUMNS = 50
ROUNDS = 15
KINDS = ("Conv2d", "BatchNorm2d", "ReLU", "Add")


def network(length: int) -> Document:
    """An Input, then so many layers that keep the image's size, laid out in rows."""
    nodes = [Node("image", "Input", {"shape": (8, 32, 32)})]
    links: list[Link] = []
    for number in range(1, length):
        kind = KINDS[(number - 1) % 4]
        settings = {"out_channels": 8, "padding": 1} if kind == "Conv2d" else {}
        nodes.append(Node(f"{kind.lower()}_{number}", kind, settings))
        if kind == "Add" and number >= 4:
            links.append(Link(nodes[number - 4].id, nodes[number].id))
    links += [Link(one.id, other.id) for one, other in pairwise(nodes)]
    places = {node.id: (220.0 * (place % COLUMNS), 130.0 * (place // COLUMNS)) for place, node in enumerate(nodes)}
    return Document({node.id: node for node in nodes}, tuple(links), places)


class Paintings(QObject):
    """Counts how often a widget was painted."""

    def __init__(self, widget: QWidget) -> None:
        self.count = 0
        super().__init__(widget)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False

    def frame(self, change: Callable[[], object]) -> float:
        """Milliseconds from a change until it is painted."""
        before, started = self.count, time.perf_counter()
        change()
        while self.count == before:
            QApplication.processEvents()
        return (time.perf_counter() - started) * 1000


class Bare(QWidget):
    """The same boxes and lines as the canvas from afar, painted by one loop-free paintEvent."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()
        self.resize(*SIZE)
        self.transform = canvas.viewportTransform()
        items, self.look = canvas.design.nodes.values(), canvas.design.look
        self.tiny = canvas.zoom < BLOCKS_BELOW
        self.bodies = [QRectF(item.pos().x(), item.pos().y(), WIDTH, item.height) for item in items]
        self.heads: dict[str, list[QRectF]] = {}
        for item, body in zip(items, self.bodies, strict=True):
            head = body if self.tiny else QRectF(body.x(), body.y(), WIDTH, 22.0)
            self.heads.setdefault(item.hue, []).append(head)
        self.lines = [QLineF(item.start(), item.end()) for item in canvas.design.links.values()]

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self.look.theme
        painter.fillRect(self.rect(), theme.canvas)
        painter.setTransform(self.transform)
        painter.setPen(QPen(theme.link, 0))
        painter.drawLines(self.lines)
        if not self.tiny:
            painter.setPen(QPen(theme.border, 0))
            painter.setBrush(self.look.body)
            painter.drawRects(self.bodies)
        painter.setPen(Qt.PenStyle.NoPen)
        for hue, heads in self.heads.items():
            painter.setBrush(self.look.hue(hue))
            painter.drawRects(heads)
        painter.end()


class Ours:
    """A canvas with a design on it, as the window holds it."""

    def __init__(self, document: Document, appearance: Appearance) -> None:
        self.workspace = Workspace()
        self.canvas = Canvas(self.workspace, appearance)
        self.canvas.resize(*SIZE)
        self.canvas.show()
        self.hand = Hand(self.canvas)
        self.paintings = Paintings(self.canvas.viewport())
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "large.netwright"
            files.write(document, path)
            self.opening = self.paintings.frame(lambda: self.workspace.open(path))
        self.canvas.fit_all()
        QApplication.processEvents()

    def repaint(self) -> float:
        """As on being uncovered: what has been painted before may be shown again, as NodeGraphQt does too."""
        return self.paintings.frame(self.canvas.viewport().update)

    def paint_anew(self) -> float:
        self.canvas.design.overview.version += 1
        return self.repaint()

    def pan(self) -> float:
        steps = iter((40, -40))
        there = self.paintings.frame(lambda: self.canvas.pan(0, next(steps) / self.canvas.zoom))
        return (there + self.paintings.frame(lambda: self.canvas.pan(0, next(steps) / self.canvas.zoom))) / 2

    def zoom(self) -> float:
        middle = QPointF(self.canvas.viewport().rect().center())
        nearer = self.paintings.frame(lambda: self.hand.wheel(middle, 0.5))
        return (nearer + self.paintings.frame(lambda: self.hand.wheel(middle, -0.5))) / 2

    def at_natural_size(self) -> None:
        self.canvas.zoom_reset()
        QApplication.processEvents()

    def drag(self, name: str) -> float:
        """One step of a drag of a node, or of all that are selected with it."""
        start = self.hand.node(name)
        self.hand.pull(start, start + QPointF(30, 30))
        steps = [self.paintings.frame(lambda x=x: self.hand.go(start + QPointF(30 + x, 30))) for x in (20, 40, 60, 80)]
        self.canvas.cancel_gesture()
        QApplication.processEvents()
        return statistics.median(steps)

    def edit(self, heights: Iterable[int]) -> float:
        """Another height at the Input: every shape below changes."""
        values = iter(heights)

        def change() -> None:
            shape = (8, next(values), 32)
            self.workspace.commit(lambda d: edits.change_settings(d, "image", {"shape": shape}), "Set", "typing")

        return statistics.median(self.paintings.frame(change) for _ in range(5))

    def undo_of_deletion(self) -> float:
        self.workspace.select(self.workspace.shown.nodes)
        self.canvas.delete_selection()
        QApplication.processEvents()
        return self.paintings.frame(self.workspace.undo)


class Theirs:
    """The same graph in NodeGraphQt."""

    def __init__(self, document: Document) -> None:
        from NodeGraphQt import BaseNode, NodeGraph

        class Layer(BaseNode):
            __identifier__ = "layers"
            NODE_NAME = "Layer"

            def __init__(self) -> None:
                super().__init__()
                self.add_input("x", multi_input=True)
                self.add_output("output")

        self.graph = NodeGraph()
        self.graph.register_node(Layer)
        started = time.perf_counter()
        made = {}
        for name in document.nodes:
            made[name] = self.graph.create_node("layers.Layer", name=name, pos=[*document.positions[name]],
                                                selected=False, push_undo=False)  # fmt: skip
        for link in document.links:
            made[link.source].output(0).connect_to(made[link.target].input(0), push_undo=False)
        self.view = self.graph.viewer()
        self.view.resize(*SIZE)
        self.view.show()
        self.paintings = Paintings(self.view.viewport())
        self.graph.fit_to_selection()  # with nothing selected, all
        QApplication.processEvents()
        self.opening = (time.perf_counter() - started) * 1000

    def repaint(self) -> float:
        return self.paintings.frame(self.view.viewport().update)


def memory() -> float:
    """KB of memory that the process holds."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024


def median(measure: Callable[[], float], rounds: int = ROUNDS) -> float:
    return statistics.median(measure() for _ in range(rounds))


def tell(what: str, value: float, wanted: float | None = None, unit: str = "ms") -> None:
    goal = "" if wanted is None else f"   wanted: at most {wanted:g} {unit}{'' if value <= wanted else '   MISSED'}"
    sys.stdout.write(f"  {what:<52}{value:>9.1f} {unit}{goal}\n")


def largest(appearance: Appearance) -> None:
    """10,000 nodes and 12,500 links."""
    document = network(10_000)
    gc.collect()
    before = memory()
    ours = Ours(document, appearance)
    sys.stdout.write(f"{len(document.nodes):,} nodes, {len(document.links):,} links:\n")
    tell("opening the file until the first full picture", ours.opening, 1500)
    tell("memory for each node", (memory() - before) / len(document.nodes), 20, "KB")
    tell("fit-all, everything painted anew", median(ours.paint_anew), 16)
    tell("fit-all, repainted as it was", median(ours.repaint), 16)
    tell("fit-all, one step of panning", median(ours.pan), 16)
    tell("one step of zooming", median(ours.zoom), 16)
    tell("an edit at the first node, all shapes changed", ours.edit(range(20, 40)), 100)
    ours.at_natural_size()
    ours.canvas.centerOn(ours.canvas.design.nodes["conv2d_1"])
    tell("drag of one node at 1:1", median(lambda: ours.drag("conv2d_1"), 5), 5)


def middling(appearance: Appearance) -> None:
    """1,000 nodes: what concerns all of them at once."""
    ours = Ours(network(1000), appearance)
    sys.stdout.write("1,000 nodes, 1,249 links:\n")
    tell("typing in a setting, all shapes changed", ours.edit(range(20, 40)), 16)
    ours.workspace.select(ours.workspace.shown.nodes)
    tell("drag of all nodes, one step", median(lambda: ours.drag("conv2d_1"), 5), 16)
    tell("undo of a deletion of all nodes", median(ours.undo_of_deletion, 5), 100)


def side_by_side(length: int, appearance: Appearance) -> None:
    """Ours, a bare widget and NodeGraphQt in turn, everything shown at once."""
    document = network(length)
    ours, theirs = Ours(document, appearance), Theirs(document)
    bare = Bare(ours.canvas)
    bare.show()
    paintings = Paintings(bare)
    QApplication.processEvents()
    rounds = []
    for _ in range(ROUNDS):
        anew, widget = ours.paint_anew(), paintings.frame(bare.update)
        ours.repaint()  # the first of several makes the picture that the others show
        rounds.append((anew, widget, ours.repaint(), theirs.repaint()))
    anew, widget, canvas, rival = (statistics.median(each) for each in zip(*rounds, strict=True))
    sys.stdout.write(f"{length:,} nodes, all in view:\n")
    tell("canvas, painted anew", anew)
    tell("canvas, repainted as it was", canvas)
    tell("bare widget", widget)
    tell("NodeGraphQt", rival)
    against = statistics.median(each[0] / each[1] for each in rounds)
    tell("canvas, painted anew, against the bare widget", against, 1.5, "times")
    quicker = statistics.median(each[3] / each[2] for each in rounds)
    sys.stdout.write(
        f"  {'NodeGraphQt against the canvas, repainted':<52}{quicker:>9.1f} times   wanted: at least 50\n"
    )
    quicker = statistics.median(each[3] / each[0] for each in rounds)
    tell("NodeGraphQt against the canvas, painted anew", quicker, unit="times")
    tell("opening: canvas", ours.opening)
    tell("opening: NodeGraphQt", theirs.opening)


def main() -> None:
    """Measure and tell."""
    appearance = Appearance(make_application(), LIGHT)
    largest(appearance)
    middling(appearance)
    for length in (1000, 5000):
        side_by_side(length, appearance)


if __name__ == "__main__":
    main()
