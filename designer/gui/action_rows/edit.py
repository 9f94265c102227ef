"""The menu Edit."""

from __future__ import annotations

from designer.gui.action_rows.reasons import (
    any_selected,
    drawing,
    filled,
    one_named,
    redoable,
    searched,
    selected,
    undoable,
)
from designer.gui.actions import Row
from designer.gui.panels.replacing import open_replacing

EDIT = (
    Row("undo", "&Edit", "&Undo", "Ctrl+Z", "Take the last edit back.", lambda d: d.workspace.undo(), undoable, "undo"),
    Row("redo", "&Edit", "&Redo", "Ctrl+Shift+Z", "Make the edit again that was taken back.",
        lambda d: d.workspace.redo(), redoable, "redo"),
    Row("cut", "&Edit", "Cu&t", "Ctrl+X", "Put the selected layers on the clipboard and take them away.",
        lambda d: d.canvas.cut_selection(), any_selected, "cut", True, True),
    Row("copy", "&Edit", "&Copy", "Ctrl+C", "Put the selected layers on the clipboard.",
        lambda d: d.canvas.copy_selection(), any_selected, "copy", on_canvas=True),
    Row("paste", "&Edit", "&Paste", "Ctrl+V", "Add the layers that are on the clipboard.",
        lambda d: d.canvas.paste(), drawing, "paste", on_canvas=True),
    Row("duplicate", "&Edit", "&Duplicate", "Ctrl+D", "Put a copy of the selected layers beside them.",
        lambda d: d.canvas.commands.duplicate(), any_selected, "duplicate", on_canvas=True),
    Row("paste_linked", "&Edit", "Paste &with links", "Ctrl+Shift+V",
        "Add the layers that are on the clipboard, reading what they read where they were copied.",
        lambda d: d.canvas.paste(linked=True), drawing, "paste", on_canvas=True),
    Row("duplicate_linked", "&Edit", "Duplicate wit&h links", "Ctrl+Shift+D",
        "Put a copy of the selected layers beside them that reads what they read.",
        lambda d: d.canvas.commands.duplicate(linked=True), any_selected, "duplicate", on_canvas=True),
    Row("delete", "&Edit", "De&lete", "Del", "Take the selected layers and links away.",
        lambda d: d.canvas.delete_selection(), drawing, "delete", on_canvas=True),
    Row("dissolve", "&Edit", "Dissol&ve", "Ctrl+Del",
        "Take the selected layers away, and connect what reaches them to what reads them.",
        lambda d: d.canvas.flow.dissolve(), selected, "dissolve", on_canvas=True),
    Row("rename", "&Edit", "Rena&me", "F2", "Give the selected layer or frame another name, or write on the note.",
        lambda d: d.canvas.rename_selected(), one_named, "rename", True, True),
    Row("find", "&Edit", "&Find…", "Ctrl+F",
        "Find layers by name, kind, shape, note or problem, and frames and notes, inside groups too.",
        lambda d: d.finding.open(), filled, "search", True),
    Row("find_next", "&Edit", "Find &next", "F3", "Go to the next layer that answers the last search.",
        lambda d: d.finding.step(1), searched),
    Row("find_previous", "&Edit", "F&ind previous", "Shift+F3", "Go to the layer before that answers the last search.",
        lambda d: d.finding.step(-1), searched),
    Row("replace", "&Edit", "Replace la&yers…", "Ctrl+H",
        "Put another layer in the place of all layers of a kind.",
        lambda d: open_replacing(d.workspace, d.appearance, d.canvas.window()), filled, "replace"),
)  # fmt: skip
