"""What is done with groups, in the menu Network."""

from __future__ import annotations

from designer.gui.action_rows.reasons import drawing, selected
from designer.gui.actions import Desk, Row


def group_selected(desk: Desk) -> str:
    """A group must be selected."""
    return drawing(desk) or ("" if desk.canvas.groups.chosen else "Select a group first.")


def one_group_selected(desk: Desk) -> str:
    """Exactly one group must be selected."""
    return drawing(desk) or ("" if len(desk.canvas.groups.chosen) == 1 else "Select one group first.")


def inside_group(desk: Desk) -> str:
    """The canvas must show the inside of a group."""
    return drawing(desk) or ("" if desk.workspace.place else "The whole design is shown already.")


GROUPS = (
    Row("group", "&Network", "&Group", "Ctrl+G", "Put the selected layers into a group.",
        lambda d: d.canvas.groups.group(), selected, "group", True),
    Row("ungroup", "&Network", "&Ungroup", "Ctrl+Shift+G", "Take the selected groups apart.",
        lambda d: d.canvas.groups.ungroup(), group_selected, "ungroup"),
    Row("enter_group", "&Network", "&Enter the group", "Ctrl+PgDown", "Show what is inside the selected group.",
        lambda d: d.canvas.enter_group(d.canvas.groups.chosen[0]), one_group_selected, "enter_group"),
    Row("leave_group", "&Network", "&Leave the group", "Ctrl+PgUp", "Show what is around the group.",
        lambda d: d.canvas.leave_group(), inside_group, "leave_group"),
)  # fmt: skip
