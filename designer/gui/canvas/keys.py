"""What the keyboard does on the canvas.

`CANVAS_KEYS` are the keys that belong to the canvas alone. In a window they are actions like all others, listed in the
menus and free to be changed; a canvas without a window around it takes them, and the usual keys of editing, by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from designer.gui.canvas.look import GRID

if TYPE_CHECKING:
    from designer.gui.canvas.view import Canvas

Key = Qt.Key

ARROWS = {"Left": (-1, 0), "Right": (1, 0), "Up": (0, -1), "Down": (0, 1)}
OTHERS = {"Left": "the layer it reads", "Right": "the layer that reads it",
          "Up": "the layer above", "Down": "the layer below"}  # fmt: skip
FAR = 5
"""How many steps of the grid an arrow key goes with Shift."""
STRIDE = 4
"""How many times as far the view goes as a node would."""


@dataclass(frozen=True, slots=True)
class CanvasKey:
    """One thing that a key does on the canvas: an action's id, its menu, title, key and sentence."""

    id: str
    menu: str
    title: str
    keys: str
    tip: str
    run: Callable[[Canvas], object]
    selected: bool = False
    """Whether it is about the one selected node."""
    separated: bool = False
    """Whether a line stands above it in the menu."""
    icon: str = ""


def _arrow_keys() -> Iterator[CanvasKey]:
    walks, moves = "&Select/Along the lin&ks", "&Edit/Mov&e"
    for arrow, way in ARROWS.items():
        yield CanvasKey(f"walk_{arrow.lower()}", walks, f"Go to {OTHERS[arrow]}", arrow,
                        f"Select {OTHERS[arrow]}, along the links.", partial(walk, way=way))  # fmt: skip
    for arrow, way in ARROWS.items():
        yield CanvasKey(f"extend_{arrow.lower()}", walks, f"Add {OTHERS[arrow]}", f"Shift+{arrow}",
                        f"Add {OTHERS[arrow]} to the selection.", partial(walk, way=way, extend=True))  # fmt: skip
    for far, modifiers, size in ((1, "Ctrl", "one step"), (FAR, "Ctrl+Shift", "far")):
        for arrow, way in ARROWS.items():
            yield CanvasKey(f"nudge_{'far_' if far > 1 else ''}{arrow.lower()}", moves,
                            f"{arrow}, {size}", f"{modifiers}+{arrow}",
                            f"Move the selected layers {size} {arrow.lower()}; without any, the view.",
                            partial(nudge, way=way, steps=far))  # fmt: skip


def walk(canvas: Canvas, way: tuple[int, int], *, extend: bool = False) -> None:
    """Go to the next node that way."""
    node = canvas.walker.go(way, extend=extend)
    if node is not None:
        canvas.show_nodes((node,))


def nudge(canvas: Canvas, way: tuple[int, int], steps: int) -> None:
    """Move the selected nodes by the grid; the view where none is selected."""
    dx, dy = way[0] * GRID * steps, way[1] * GRID * steps
    if canvas.workspace.selection or canvas.design.marks.chosen or canvas.design.chosen_dots:
        canvas.commands.nudge(dx, dy)
        canvas.show_selection()
    else:
        canvas.pan(STRIDE * dx, STRIDE * dy)


def connect(canvas: Canvas, side: str) -> None:
    """Choose the other end of a link from the selected node's outputs or inputs."""
    canvas.picker.begin(side)


def enter(canvas: Canvas) -> None:
    """Into a group; of any other node, to the settings."""
    canvas.open()


def settings(canvas: Canvas) -> None:
    """To the settings, of a group too."""
    canvas.settings_wanted.emit()


def show_all(canvas: Canvas) -> None:
    """The whole design."""
    canvas.fit_all()


def show_selected(canvas: Canvas) -> None:
    """What is selected; without a selection, the whole design."""
    canvas.fit_selection()


def menu(canvas: Canvas) -> None:
    """What the right button opens."""
    canvas.menu_at_selection()


CANVAS_KEYS: tuple[CanvasKey, ...] = (
    CanvasKey("connect", "&Network", "&Connect…", "C", "Choose a port elsewhere to which the selected layer gives.",
              partial(connect, side="outputs"), True, True, "connect"),
    CanvasKey("connect_from", "&Network", "C&onnect from…", "Shift+C", "Choose a port elsewhere that the layer reads.",
              partial(connect, side="inputs"), True, icon="connect_from"),
    CanvasKey("show_all", "&View/&Go to", "The &whole design", "Home", "Show the whole design.", show_all),
    CanvasKey("show_selected", "&View/&Go to", "What is &selected", "F", "Show what is selected as large as it fits.",
              show_selected),
    CanvasKey("enter", "&View/&Go to", "The se&ttings, or inside", "Return",
              "Go to the settings of the selected layer, or into the selected group.", enter, True, True),
    CanvasKey("settings", "&View/&Go to", "S&ettings", "Ctrl+Return", "Go to the settings of what is selected.",
              settings, icon="inspector"),
    CanvasKey("context_menu", "&View/&Go to", "Context &menu", "Shift+F10",
              "Open the menu of what is selected; so does the Menu key.", menu),
    *_arrow_keys(),
)  # fmt: skip


@cache
def _alone() -> dict[str, Callable[[Canvas], object]]:
    """What a canvas without a window takes by itself: every key as it is written, and what it does."""
    found: dict[str, Callable[[Canvas], object]] = {key.keys: key.run for key in CANVAS_KEYS}
    found |= {
        "Ctrl+A": lambda canvas: canvas.selecting.everything(),
        "Ctrl+C": lambda canvas: canvas.copy_selection(),
        "Ctrl+X": lambda canvas: canvas.cut_selection(),
        "Ctrl+V": lambda canvas: canvas.paste(),
        "Ctrl+D": lambda canvas: canvas.commands.duplicate(),
        "Ctrl+B": lambda canvas: canvas.flow.toggle_bypass(),
        "Ctrl+Del": lambda canvas: canvas.flow.dissolve(),
        "Del": lambda canvas: canvas.delete_selection(),
        "F2": lambda canvas: canvas.rename_selected(),
    }
    return found


def press(canvas: Canvas, event: QKeyEvent) -> bool:
    """Do what a key stands for; False for a key that means nothing here."""
    if not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier and _fixed(canvas, event):
        return True
    # In a window actions bring the keys, which the user may have changed.
    run = None if canvas.actions() else _alone().get(_written(event))
    if run is not None:
        run(canvas)
    return run is not None


def _written(event: QKeyEvent) -> str:
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return QKeySequence(modifiers.value | event.key()).toString(QKeySequence.SequenceFormat.PortableText)


def _fixed(canvas: Canvas, event: QKeyEvent) -> bool:
    """The keys that mean the same always."""
    if event.key() == Key.Key_Space:
        canvas.space_held = True
        canvas.mouse.show_cursor()
    elif event.key() == Key.Key_Escape:
        _escape(canvas)
    elif event.key() == Key.Key_Backspace:
        _backspace(canvas)
    elif event.key() == Key.Key_Enter:
        canvas.open()
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
    """One thing at a time: end the gesture, else the layout, a comparison, the selection, else leave the group."""
    if canvas.cancel_gesture() or canvas.arranging.cancel() or canvas.lift_veil():
        return
    if canvas.has_selection:
        canvas.workspace.select(())
        canvas.design.choose_links(())
        canvas.design.choose_dots(())
        canvas.design.marks.choose(())
    elif canvas.workspace.place:
        canvas.leave_group()


def release(canvas: Canvas, event: QKeyEvent) -> bool:
    """End what a held key did; False for a key that did nothing while held."""
    if event.isAutoRepeat():
        return True
    if event.key() == Key.Key_Space:
        canvas.space_held = False
        canvas.mouse.show_cursor()
        return True
    # Whichever key nudges: what it did while it was held is one step.
    canvas.workspace.settle()
    return False
