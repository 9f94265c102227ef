"""What an entry of a context menu has from the window's action of the same meaning: its keys and its icon."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget


def add_action(menu: QMenu, canvas: QWidget, like: str, title: str, run: Callable[[], object]) -> QAction:
    """Add an entry with the keys and the icon of an action, by its id; with none where no window is around."""
    entry = menu.addAction(title, run)
    there = (*canvas.actions(), *canvas.window().actions())
    if (found := next((each for each in there if each.objectName() == like), None)) is not None:
        entry.setShortcut(found.shortcut())
        entry.setIcon(found.icon())
    return entry
