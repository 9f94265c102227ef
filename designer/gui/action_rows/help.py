"""The menu Help."""

from __future__ import annotations

from designer.gui.action_rows.reasons import drawing
from designer.gui.actions import Row
from designer.gui.command_palette import open_palette

HELP = (
    Row("commands", "&Help", "&Find a command…", "Ctrl+Shift+P", "Search all that can be done, and do it.",
        open_palette, icon="search"),
    Row("read_lesson", "&Help", "&Lesson of the layer", "F1", "Read what the selected layer does, and when to use it.",
        lambda d: d.show_panel("lesson"), drawing, "lesson"),
    Row("shortcuts", "&Help", "&Shortcuts", "Ctrl+F1", "List all shortcuts.", lambda d: d.show_shortcuts(),
        icon="keyboard"),
    Row("about", "&Help", "&About Netwright", "Shift+F1", "Say what this program is.",
        lambda d: d.show_about(), icon="info"),
)  # fmt: skip
