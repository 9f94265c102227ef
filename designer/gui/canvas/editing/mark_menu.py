"""What the context menu has for frames and sticky notes, and the colours for them and for nodes."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QKeySequence, QPainter, QPixmap
from PySide6.QtWidgets import QMenu

from designer.graph.looks import COLORS
from designer.gui.canvas.editing.commands import Commands
from designer.gui.canvas.editing.marking import Marking
from designer.gui.canvas.items.marks import FRAME, Mark

FRAME_KEY, NOTE_KEY = "Ctrl+Alt+F", "Ctrl+Alt+N"
SIDE = 16


def fill_for_mark(menu: QMenu, marking: Marking, commands: Commands, mark: Mark) -> None:
    """What can be done with a frame or a note."""
    kind, key = mark
    menu.addAction("Rename" if kind == FRAME else "Write", partial(marking.open, mark)).setShortcut("F2")
    if kind == FRAME:
        menu.addAction("Select its layers", partial(marking.select_members, key))
    fill_colours(menu, marking)
    menu.addSeparator()
    menu.addAction("Copy", commands.copy).setShortcut(QKeySequence.StandardKey.Copy)
    menu.addAction("Duplicate", commands.duplicate).setShortcut("Ctrl+D")
    title = "Remove the frame" if kind == FRAME else "Delete"
    menu.addAction(title, commands.delete).setShortcut(QKeySequence.StandardKey.Delete)


def fill_colours(menu: QMenu, marking: Marking) -> None:
    """A menu of colours for what is selected."""
    colours = menu.addMenu("Colour")
    colours.addAction("Usual", partial(marking.paint, ""))
    for name in COLORS:
        dot = _dot(marking.look.theme.named(name), menu.devicePixelRatioF())
        colours.addAction(dot, name.capitalize(), partial(marking.paint, name))


def _dot(colour: QColor, ratio: float) -> QIcon:
    pixmap = QPixmap(round(SIDE * ratio), round(SIDE * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(2, 2, SIDE - 4, SIDE - 4)
    painter.end()
    return QIcon(pixmap)
