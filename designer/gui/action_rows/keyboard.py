"""What the keyboard does on the canvas, as actions, and the way from the canvas to the panels and back."""

from __future__ import annotations

from functools import partial

from designer.gui.action_rows.reasons import drawing, one_selected
from designer.gui.actions import Desk, Row
from designer.gui.canvas.keys import CANVAS_KEYS, CanvasKey


def _canvas_row(key: CanvasKey) -> Row:
    """The action of a key of the canvas."""

    def run(desk: Desk) -> None:
        key.run(desk.canvas)

    reason = one_selected if key.selected else drawing
    return Row(key.id, key.menu, key.title, key.keys, key.tip, run, reason, key.icon, key.separated, on_canvas=True)


def _go_round(desk: Desk, step: int) -> None:
    desk.go_round(step)


KEYBOARD = (
    *map(_canvas_row, CANVAS_KEYS),
    Row("next_panel", "&View/&Panels", "&Next panel", "F6",
        "Go from the canvas to the next panel, and back in the end.",
        partial(_go_round, step=1), drawing, separated=True),
    Row("previous_panel", "&View/&Panels", "Pre&vious panel", "Shift+F6", "Go to the panel before, or to the canvas.",
        partial(_go_round, step=-1), drawing),
)  # fmt: skip
