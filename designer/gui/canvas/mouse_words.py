"""What the mouse and the few keys that cannot be changed do on the canvas, in words, for the list of shortcuts."""

from __future__ import annotations

GESTURES: tuple[tuple[str, str], ...] = (
    ("wheel", "Zoom at the pointer; with two fingers on a touchpad, scroll."),
    ("middle button, or Space and drag", "Move the view."),
    ("click", "Select; Shift adds, Ctrl toggles."),
    ("drag on empty canvas", "Select what the rectangle touches; Shift adds, Ctrl toggles."),
    ("drag a node", "Move it and all that is selected, in line with its neighbours or on the grid; with Alt freely."),
    ("drag from a port", "Connect. From a connected input, take the link off; Shift draws a new one there."),
    ("Ctrl and drag from a port", "Take all its links to another port."),
    ("drop a link on empty canvas", "Search among the layers that take its shape, or give it."),
    ("drag a link", "Bend it, with a dot to run through."),
    ("Alt and click on a link", "Cut it."),
    (
        "Ctrl and drag with the right button",
        "Cut all links that the stroke crosses; so does Alt and drag on empty canvas.",
    ),
    ("drop a layer on a link", "Insert it there."),
    ("double-click on empty canvas", "Search for a layer to add there."),
    ("double-click on a group", "Enter it."),
    ("right button", "What can be done here."),
)

FIXED_KEYS: tuple[tuple[str, str], ...] = (
    ("Space, held", "Dragging moves the view."),
    ("Esc", "End what is being done, else the selection, else leave the group. From a panel, to the canvas."),
    ("Backspace", "Delete what is selected, else leave the group."),
)

RESERVED: dict[str, str] = {
    "Space": "moves the view while it is held",
    "Esc": "ends what is being done",
    "Backspace": "deletes, or leaves the group",
}
"""Keys that no action can have, with the reason."""
