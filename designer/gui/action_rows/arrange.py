"""The menu Arrange."""

from __future__ import annotations

from designer.graph.layout import Direction
from designer.gui.action_rows.reasons import filled, several
from designer.gui.actions import Row
from designer.gui.canvas.editing.lining_up import CHOICES, Choice


def line_up_row(choice: Choice, separated: bool) -> Row:
    """The action that puts what is selected in line."""
    return Row(choice.id, "&Arrange", choice.title, choice.keys, choice.tip, lambda d: choice.run(d.canvas.lining_up),
               several, choice.icon, separated, on_canvas=True)  # fmt: skip


ARRANGE = (
    Row("layout", "&Arrange", "&Lay out", "Ctrl+Shift+L",
        "Put the layers in order from left to right: all of them, or the selected ones.",
        lambda d: d.canvas.arranging.arrange(Direction.RIGHT), filled, "layout"),
    Row("layout_down", "&Arrange", "Lay out from &top to bottom", "Ctrl+Alt+Shift+L",
        "Put the layers in order from top to bottom: all of them, or the selected ones.",
        lambda d: d.canvas.arranging.arrange(Direction.DOWN), filled, "layout_down"),
    Row("straighten", "&Arrange", "&Straighten links", "Ctrl+Shift+K",
        "Take the dots off the selected links, or those of the selected layers; off all without a selection.",
        lambda d: d.canvas.commands.straighten(), filled),
    *(line_up_row(choice, separated=choice.first) for choice in CHOICES),
)  # fmt: skip
