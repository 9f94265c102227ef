"""The menu Groups."""

from __future__ import annotations

from designer.gui.action_rows.reasons import drawing, selected
from designer.gui.actions import Desk, Row


def group_selected(desk: Desk) -> str:
    """A group must be selected."""
    return drawing(desk) or ("" if desk.canvas.groups.chosen else "Select a group first.")


def one_group_selected(desk: Desk) -> str:
    """Exactly one group must be selected."""
    return drawing(desk) or ("" if len(desk.canvas.groups.chosen) == 1 else "Select one group first.")


def block_selected(desk: Desk) -> str:
    """A group that shows a block must be selected."""
    return group_selected(desk) or ("" if desk.canvas.groups.blocks else "The group has a network of its own already.")


def no_block_selected(desk: Desk) -> str:
    """One group with a network of its own must be selected."""
    return one_group_selected(desk) or ("The group shows a block already." if desk.canvas.groups.blocks else "")


def one_block_selected(desk: Desk) -> str:
    """One group, or several that show the same block, must be selected."""
    return block_selected(desk) or ("" if len(desk.canvas.groups.blocks) == 1 else "Select one block first.")


def inside_group(desk: Desk) -> str:
    """The canvas must show the inside of a group."""
    return drawing(desk) or ("" if desk.workspace.place else "The whole design is shown already.")


GROUPS = (
    Row("group", "&Groups", "&Group", "Ctrl+G", "Put the selected layers into a group.",
        lambda d: d.canvas.groups.group(), selected, "group", True),
    Row("ungroup", "&Groups", "&Ungroup", "Ctrl+Shift+G", "Take the selected groups apart.",
        lambda d: d.canvas.groups.ungroup(), group_selected, "ungroup"),
    Row("enter_group", "&Groups", "&Enter the group", "Ctrl+PgDown", "Show what is inside the selected group.",
        lambda d: d.canvas.enter_group(d.canvas.groups.chosen[0]), one_group_selected, "enter_group"),
    Row("leave_group", "&Groups", "&Leave the group", "Ctrl+PgUp", "Show what is around the group.",
        lambda d: d.canvas.leave_group(), inside_group, "leave_group"),
    Row("expand_group", "&Groups", "E&xpand or collapse", "Ctrl+Alt+X", "Show what is inside the selected groups in "
        "their place, or put it away.", lambda d: d.canvas.groups.toggle_expanded(), group_selected, "expand"),
    Row("repeat_group", "&Groups", "&Repeat the group…", "Ctrl+R", "Let the selected group run several times in "
        "a row.", lambda d: d.canvas.groups.ask_rounds(), one_group_selected, "repeat"),
    Row("make_block", "&Groups", "Make a &block", "Ctrl+Alt+B", "Let copies of the selected group share its network.",
        lambda d: d.canvas.groups.make_block(), no_block_selected, "block"),
    Row("make_unique", "&Groups", "Make uni&que", "Ctrl+Alt+Shift+B", "Give the selected groups networks of their own.",
        lambda d: d.canvas.groups.make_unique(), block_selected, "unique"),
    Row("rename_block", "&Groups", "Re&name the block…", "Ctrl+Alt+R", "Give the block that the selected group shows "
        "another name; all groups that show it follow.", lambda d: d.canvas.groups.ask_block_name(),
        one_block_selected, "rename"),
    Row("store_group", "&Groups", "&Save to my groups", "Ctrl+Alt+G", "Keep the selected group in the palette, for "
        "all designs.", lambda d: d.canvas.groups.store(), one_group_selected, "own"),
)  # fmt: skip
