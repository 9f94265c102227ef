"""The keys that context menus show: those of the window's actions, as the user has them now."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget


def keys_of(canvas: QWidget, action: str) -> QKeySequence:
    """The keys that an action has, by its id; none where it has none, or where no window is around the canvas."""
    there = (*canvas.actions(), *canvas.window().actions())
    return next((each.shortcut() for each in there if each.objectName() == action), QKeySequence())
