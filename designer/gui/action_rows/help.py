"""The menu Help."""

from __future__ import annotations

from designer.gui.action_rows.reasons import drawing
from designer.gui.actions import Row

HELP = (
    Row("read_lesson", "&Help", "&Lesson of the layer", "F1", "Read what the selected layer does, and when to use it.",
        lambda d: d.show_panel("lesson"), drawing, "lesson"),
    Row("shortcuts", "&Help", "&Shortcuts", "Ctrl+F1", "List all shortcuts.", lambda d: d.show_shortcuts(),
        icon="keyboard"),
    Row("about", "&Help", "&About Netwright", "Shift+F1", "Say what this program is.",
        lambda d: d.show_about(), icon="info"),
)  # fmt: skip
