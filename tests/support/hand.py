"""A hand that uses the canvas as a person does, for every test that has one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from designer.graph.document import Link
from designer.gui.canvas.view import Canvas
from designer.gui.workspace import LAYER_MIME

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
        return self.drop_data(data, at)

    def drop_data(self, data: QMimeData, at: QPointF) -> bool:
        """Drag in what another widget gives and let it fall; returns whether it was welcome."""
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
