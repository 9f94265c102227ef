"""The menu Edit, frames and notes: what is put beside the network for people to read."""

from __future__ import annotations

from collections.abc import Callable

from designer.graph.looks import COLORS
from designer.gui.action_rows.reasons import any_selected, drawing, framed, selected
from designer.gui.actions import Desk, Row

MENU = "&Edit/Frames and note&s"

TITLES = ("&Red", "&Orange", "&Yellow", "&Green", "&Teal", "&Blue", "&Purple", "Gr&ay")


def _paint(color: str) -> Callable[[Desk], object]:
    return lambda desk: desk.canvas.marks.paint(color)


MARKS = (
    Row("frame", MENU, "&Frame", "Ctrl+Alt+F", "Put a frame with a title around the selected layers.",
        lambda d: d.canvas.marks.frame_selection(), selected, "frame"),
    Row("rename_frame", MENU, "&Rename the frame", "Shift+F2", "Give the frame of the selected layers another title.",
        lambda d: d.canvas.marks.rename_frame_at_hand(), framed, "rename", on_canvas=True),
    Row("leave_frame", MENU, "&Take out of the frame", "Ctrl+Alt+Shift+F",
        "Take the selected layers out of their frame.", lambda d: d.canvas.marks.leave_frame(), selected,
        "leave_group"),
    Row("remove_frame", MENU, "Re&move the frame", "Ctrl+Alt+U", "Take the frame away and keep its layers.",
        lambda d: d.canvas.marks.remove_frame(), framed, "ungroup"),
    Row("sticky", MENU, "Add a &note", "Ctrl+Alt+N", "Put a note on the canvas, at the pointer, and write on it.",
        lambda d: d.canvas.marks.add_sticky_at_pointer(), drawing, "sticky", True),
    Row("color_usual", "&Edit/C&olour", "&Usual", "Ctrl+Alt+0", "Give what is selected its usual colour.",
        _paint(""), any_selected, "dot"),
    *(
        Row(f"color_{name}", "&Edit/C&olour", title, f"Ctrl+Alt+{key}",
            f"Give the selected layers, frames and notes the colour {name}.", _paint(name), any_selected, "dot",
            colour=name)
        for key, (name, title) in enumerate(zip(COLORS, TITLES, strict=True), 1)
    ),
)  # fmt: skip
