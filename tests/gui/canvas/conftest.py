"""What the canvas's tests share: a small network on a canvas of known size, and a hand that uses it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from designer.graph.document import Document, Link, Node
from designer.gui.canvas.view import Canvas
from designer.gui.theme import LIGHT, Appearance
from designer.gui.workspace import LAYER_MIME, Workspace

Buttons, NONE = Qt.MouseButton, Qt.KeyboardModifier.NoModifier


class Hand:
    """Does with the canvas what a person does: presses, drags, turns the wheel, types."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas

    def _send(self, kind: QEvent.Type, at: QPointF, button: Buttons, held: Buttons, keys: Qt.KeyboardModifier) -> None:
        viewport = self.canvas.viewport()
        everywhere = QPointF(viewport.mapToGlobal(at.toPoint()))
        QApplication.sendEvent(viewport, QMouseEvent(kind, at, everywhere, button, held, keys))

    def press(self, at: QPointF, button: Buttons = Buttons.LeftButton, keys: Qt.KeyboardModifier = NONE) -> None:
        self._send(QEvent.Type.MouseButtonPress, at, button, button, keys)

    def go(self, at: QPointF, held: Buttons = Buttons.LeftButton, keys: Qt.KeyboardModifier = NONE) -> None:
        self._send(QEvent.Type.MouseMove, at, Buttons.NoButton, held, keys)

    def release(self, at: QPointF, button: Buttons = Buttons.LeftButton, keys: Qt.KeyboardModifier = NONE) -> None:
        self._send(QEvent.Type.MouseButtonRelease, at, button, Buttons.NoButton, keys)

    def hover(self, at: QPointF) -> None:
        self.go(at, Buttons.NoButton)

    def click(self, at: QPointF, keys: Qt.KeyboardModifier = NONE) -> None:
        self.press(at, keys=keys)
        self.release(at, keys=keys)

    def double_click(self, at: QPointF) -> None:
        self.click(at)
        self._send(QEvent.Type.MouseButtonDblClick, at, Buttons.LeftButton, Buttons.LeftButton, NONE)
        self.release(at)

    def pull(
        self, start: QPointF, end: QPointF, button: Buttons = Buttons.LeftButton, keys: Qt.KeyboardModifier = NONE
    ) -> None:
        """Press at `start` and go to `end`, without letting go."""
        self.press(start, button, keys)
        for step in (0.3, 0.7, 1.0):
            self.go(start + (end - start) * step, button, keys)

    def drag(
        self, start: QPointF, end: QPointF, button: Buttons = Buttons.LeftButton, keys: Qt.KeyboardModifier = NONE
    ) -> None:
        self.pull(start, end, button, keys)
        self.release(end, button, keys)

    def wheel(self, at: QPointF, notches: float, keys: Qt.KeyboardModifier = NONE) -> None:
        self._wheel(at, QPoint(), QPoint(0, round(120 * notches)), keys, Qt.ScrollPhase.NoScrollPhase)

    def swipe(self, at: QPointF, dx: int, dy: int) -> None:
        """Two fingers on a touchpad."""
        self._wheel(at, QPoint(dx, dy), QPoint(8 * dx, 8 * dy), NONE, Qt.ScrollPhase.ScrollUpdate)

    def _wheel(self, at: QPointF, pixels: QPoint, angle: QPoint, keys: Qt.KeyboardModifier, phase: object) -> None:
        viewport = self.canvas.viewport()
        everywhere = QPointF(viewport.mapToGlobal(at.toPoint()))
        event = QWheelEvent(at, everywhere, pixels, angle, Buttons.NoButton, keys, phase, False)
        QApplication.sendEvent(viewport, event)

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.canvas, key, keys)

    def drop(self, text: bytes, at: QPointF, mime: str = LAYER_MIME) -> bool:
        """Drag something in and let it fall; returns whether it was welcome."""
        data = QMimeData()
        data.setData(mime, text)
        copy, left = Qt.DropAction.CopyAction, Buttons.LeftButton
        enter = QDragEnterEvent(at.toPoint(), copy, data, left, NONE)
        QApplication.sendEvent(self.canvas.viewport(), enter)
        if not enter.isAccepted():
            return False
        fall = QDropEvent(at, copy, data, left, NONE)
        QApplication.sendEvent(self.canvas.viewport(), fall)
        return fall.isAccepted()

    def node(self, name: str) -> QPointF:
        """A place on a node's title, in the viewport."""
        return self._there(self.canvas.design.nodes[name].pos() + QPointF(84, 12))

    def port(self, name: str, side: str, index: int = 0) -> QPointF:
        """The middle of a port."""
        item = self.canvas.design.nodes[name]
        return self._there(item.pos() + item.port_point(side, index))

    def middle_of(self, link: Link) -> QPointF:
        """A place on a link."""
        return self._there(self.canvas.design.links[link].path.pointAtPercent(0.5))

    def at(self, x: float, y: float) -> QPointF:
        """A place of the scene, in the viewport."""
        return self._there(QPointF(x, y))

    def _there(self, point: QPointF) -> QPointF:
        return QPointF(self.canvas.mapFromScene(point))


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    qapp.setStyle("Fusion")
    appearance = Appearance(qapp, LIGHT)
    yield appearance
    appearance.deleteLater()


@pytest.fixture
def design() -> Document:
    """image -> conv1 -> relu1 -> sum <- conv1; an LSTM, a group and a linear layer stand alone below."""
    inside = Document(
        {"input": Node("input", "Input"), "fc": Node("fc", "Linear"), "output": Node("output", "Output")},
        (Link("input", "fc"), Link("fc", "output")),
        {"input": (0.0, 0.0), "fc": (220.0, 0.0), "output": (440.0, 0.0)},
    )
    nodes = [
        Node("image", "Input", {"shape": (1, 8, 8)}),
        Node("conv1", "Conv2d", {"padding": 1}),
        Node("relu1", "ReLU"),
        Node("sum", "Add"),
        Node("lstm1", "LSTM"),
        Node("block1", "Group", {"repeat": 2}, inside),
        Node("fc1", "Linear"),
    ]
    links = (Link("image", "conv1"), Link("conv1", "relu1"), Link("relu1", "sum"), Link("conv1", "sum"))
    places = {"image": (0, 0), "conv1": (220, 0), "relu1": (440, 0), "sum": (660, 0),
              "lstm1": (0, 200), "block1": (220, 200), "fc1": (440, 200)}  # fmt: skip
    return Document({node.id: node for node in nodes}, links, {k: (float(x), float(y)) for k, (x, y) in places.items()})


@pytest.fixture
def workspace(design: Document) -> Workspace:
    workspace = Workspace()
    workspace.commit_whole(lambda _: design, "Open the design")
    return workspace


@pytest.fixture
def canvas(workspace: Workspace, appearance: Appearance) -> Iterator[Canvas]:
    canvas = Canvas(workspace, appearance)
    canvas.resize(1100, 600)
    canvas.show()
    canvas.setFocus()
    QApplication.processEvents()
    yield canvas
    canvas.close()
    canvas.deleteLater()


@pytest.fixture
def hand(canvas: Canvas) -> Hand:
    return Hand(canvas)
