"""What all gestures are: one press, some moves, and a release."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from designer.gui.canvas.look import Look

Modifiers = Qt.KeyboardModifier
SHIFT, CONTROL, ALT = Modifiers.ShiftModifier, Modifiers.ControlModifier, Modifiers.AltModifier


Line = tuple[float, float, float, float]
"""From one point to another, in scene coordinates: x, y, x, y."""


class Gesture:
    """One press, some moves, and a release; all points are in scene coordinates."""

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        """The pointer is elsewhere."""

    def finish(self, at: QPointF, modifiers: Modifiers) -> None:
        """The button was released: make the edit."""

    def cancel(self) -> None:
        """Put everything back as it was."""

    def message(self) -> str:
        """What to say at the pointer; empty for nothing."""
        return ""

    def area(self) -> QRectF:
        """What `draw` paints on, so that no more is painted afresh."""
        return QRectF()

    def lines(self) -> frozenset[Line]:
        """Thin lines that `draw` paints besides; what they cross is painted afresh only where they change."""
        return frozenset()

    def draw(self, painter: QPainter, look: Look) -> None:
        """Paint what only the gesture shows, over the items."""
