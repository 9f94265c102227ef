"""Dragging the whole canvas."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF

from designer.gui.canvas.gestures.gesture import Gesture, Modifiers


class Pan(Gesture):
    """Drag the whole canvas: `shift` moves the view by scene pixels, so what was grabbed stays at the pointer."""

    def __init__(self, shift: Callable[[float, float], None], start: QPointF) -> None:
        self._shift, self._start = shift, start

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        self._shift(self._start.x() - at.x(), self._start.y() - at.y())
