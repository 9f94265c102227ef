"""What the context menu has for frames and sticky notes, and the colours for them and for nodes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter
from PySide6.QtWidgets import QMenu

from designer.graph.looks import COLORS
from designer.gui.canvas.editing.marking import Marking
from designer.gui.canvas.editing.menu_keys import add_action
from designer.gui.canvas.items.marks import FRAME, Mark
from designer.gui.icons import painted

if TYPE_CHECKING:
    from designer.gui.canvas.view import Canvas

SIDE = 16


def fill_for_mark(menu: QMenu, canvas: Canvas, mark: Mark) -> None:
    """What can be done with a frame or a note."""
    (kind, key), marking, commands = mark, canvas.marks, canvas.commands
    add_action(menu, canvas, "rename", "Rename" if kind == FRAME else "Write", partial(marking.open, mark))
    if kind == FRAME:
        menu.addAction("Select its layers", partial(marking.select_members, key))
    fill_colours(menu, marking)
    menu.addSeparator()
    add_action(menu, canvas, "copy", "Copy", commands.copy)
    add_action(menu, canvas, "duplicate", "Duplicate", commands.duplicate)
    title = "Remove the frame" if kind == FRAME else "Delete"
    add_action(menu, canvas, "delete", title, commands.delete)


def fill_colours(menu: QMenu, marking: Marking) -> None:
    """A menu of colours for what is selected."""
    colours = menu.addMenu("Colour")
    colours.addAction("Usual", partial(marking.paint, ""))
    for name in COLORS:
        dot = _dot(marking.look.theme.named(name), menu.devicePixelRatioF())
        colours.addAction(dot, name.capitalize(), partial(marking.paint, name))


def _dot(colour: QColor, ratio: float) -> QIcon:
    def paint(painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(2, 2, SIDE - 4, SIDE - 4)

    return QIcon(painted(QSize(SIDE, SIDE), ratio, paint))
