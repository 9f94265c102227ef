"""The menu Training."""

from __future__ import annotations

from designer.gui.action_rows.reasons import can_go_on, not_training, under_way
from designer.gui.actions import Row

TRAINING = (
    Row("train", "&Training", "&Train", "F5", "Train the network from fresh weights.",
        lambda d: d.runs.train(), not_training, "train"),
    Row("pause", "&Training", "&Pause or resume", "Ctrl+F6", "Hold the training, or go on with it.",
        lambda d: d.runs.pause_or_resume(), under_way, "pause"),
    Row("stop", "&Training", "&Stop", "Shift+F5", "End the training; the weights so far are kept.",
        lambda d: d.runs.stop(), under_way, "stop"),
    Row("more", "&Training", "&One epoch more", "Ctrl+F5", "Go on with the last training for one epoch.",
        lambda d: d.runs.more(), can_go_on, "more"),
)  # fmt: skip
