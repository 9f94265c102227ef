"""The menu Select."""

from __future__ import annotations

from designer.gui.action_rows.reasons import filled, selected
from designer.gui.actions import Row

SELECT = (
    Row("select_all", "&Select", "&All", "Ctrl+A", "Select all layers.",
        lambda d: d.canvas.selecting.everything(), filled, "select_all", on_canvas=True),
    Row("select_inverse", "&Select", "&Invert", "Ctrl+I", "Select the layers that are not selected, and no others.",
        lambda d: d.canvas.selecting.invert(), filled, on_canvas=True),
    Row("select_upstream", "&Select", "&Upstream", "[", "Add all that the selected layers read, back to the Inputs.",
        lambda d: d.canvas.selecting.upstream(), selected, "upstream", True, True),
    Row("select_downstream", "&Select", "&Downstream", "]", "Add all that reads the selected layers, to the Outputs.",
        lambda d: d.canvas.selecting.downstream(), selected, "downstream", on_canvas=True),
    Row("select_linked", "&Select", "&Linked", "L", "Add all that hangs together with the selected layers by links.",
        lambda d: d.canvas.selecting.linked(), selected, on_canvas=True),
    Row("select_alike", "&Select", "&Same layer", "S", "Add all layers of the same kind as the selected ones.",
        lambda d: d.canvas.selecting.alike(), selected, on_canvas=True),
)  # fmt: skip
