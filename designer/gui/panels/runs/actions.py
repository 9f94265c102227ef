"""What can be done with runs that are selected: id, icon, title, what it does, and its key in the table."""

from __future__ import annotations

ROWS = (
    ("resume", "train", "Go on", "Go on where the run was cut short, or for as many epochs more as chosen", ""),
    ("use", "export", "Use its weights", "Take its weights and curves for the open design, to export with", ""),
    ("begin", "next", "Begin with its weights", "Let the layers of the open design begin with its weights, "
     "where names and shapes are the same", ""),
    ("open", "open", "Open its design", "Open the design that it trained, in a tab of its own", ""),
    ("compare", "compare", "Compare designs", "Mark on the canvas what differs: of two runs that are selected, "
     "or of one and the open design", ""),
    ("rename", "rename", "Rename", "Give the run another name", "F2"),
    ("delete", "delete", "Delete", "Put the run into the trash", "Del"),
)  # fmt: skip
