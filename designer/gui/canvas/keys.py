"""What the keyboard does on the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from designer.gui.canvas.look import GRID

if TYPE_CHECKING:
    from designer.gui.canvas.view import Canvas

Key = Qt.Key
Keys = QKeySequence.StandardKey
Modifiers = Qt.KeyboardModifier

ARROWS = {Key.Key_Left: (-1, 0), Key.Key_Right: (1, 0), Key.Key_Up: (0, -1), Key.Key_Down: (0, 1)}
FAR = 5
"""How many steps of the grid an arrow key goes with Shift."""


def press(canvas: Canvas, event: QKeyEvent) -> bool:
    """Do what a key stands for; False for a key that means nothing here."""
    if event.key() in ARROWS:
        _arrow(canvas, Key(event.key()), event.modifiers())
        return True
    for sequence, command in (
        (Keys.SelectAll, canvas.select_all),
        (Keys.Copy, canvas.copy_selection),
        (Keys.Cut, canvas.cut_selection),
        (Keys.Paste, canvas.paste),
    ):
        if event.matches(sequence):
            command()
            return True
    if event.modifiers() == Modifiers.ControlModifier and event.key() == Key.Key_D:
        canvas.duplicate_selection()
        return True
    if event.modifiers() & ~Modifiers.KeypadModifier:
        return False
    return _plain_key(canvas, event)


def _plain_key(canvas: Canvas, event: QKeyEvent) -> bool:
    """The keys that mean something without Ctrl or Alt."""
    selected = len(canvas.workspace.selection)
    if event.key() == Key.Key_Space:
        canvas.space_held = True
        canvas.mouse.show_cursor()
    elif event.key() == Key.Key_Escape:
        _escape(canvas)
    elif event.key() == Key.Key_Delete:
        canvas.delete_selection()
    elif event.key() == Key.Key_Backspace:
        _backspace(canvas)
    elif event.key() == Key.Key_F2:
        canvas.rename_selected()
    elif event.key() in (Key.Key_Return, Key.Key_Enter) and selected == 1:
        canvas.enter_group(next(iter(canvas.workspace.selection)))
    else:
        return False
    return True


def _backspace(canvas: Canvas) -> None:
    """Delete what is selected, else leave the group."""
    if canvas.has_selection:
        canvas.delete_selection()
    elif canvas.workspace.place:
        canvas.leave_group()


def _escape(canvas: Canvas) -> None:
    """One thing at a time: end the gesture, else the selection, else leave the group."""
    if canvas.cancel_gesture():
        return
    if canvas.has_selection:
        canvas.workspace.select(())
        canvas.design.choose_links(())
        canvas.design.choose_dots(())
    elif canvas.workspace.place:
        canvas.leave_group()


def _arrow(canvas: Canvas, key: Key, modifiers: Modifiers) -> None:
    """Move the selected nodes; the view where none is selected."""
    steps = GRID * (FAR if modifiers & Modifiers.ShiftModifier else 1)
    dx, dy = ARROWS[key][0] * steps, ARROWS[key][1] * steps
    if canvas.workspace.selection:
        canvas.commands.nudge(dx, dy)
        canvas.show_selection()
    else:
        canvas.pan(4 * dx, 4 * dy)


def release(canvas: Canvas, event: QKeyEvent) -> bool:
    """End what a held key did; False for a key that does nothing while held."""
    if event.isAutoRepeat():
        return event.key() in ARROWS or event.key() == Key.Key_Space
    if event.key() == Key.Key_Space:
        canvas.space_held = False
        canvas.mouse.show_cursor()
        return True
    if event.key() in ARROWS:
        canvas.workspace.settle()
        return True
    return False
