"""Texts that name the keys of an action: every key can be changed, so that the window fills in the one it has now."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLabel, QWidget

ACTION, TIP, TEXT = "keys_of", "tip_without_keys", "text_with_keys"
"""The properties of a widget that names keys: the action's id, its tooltip, its text."""


def name_keys(widget: QWidget, action: str, tip: str) -> None:
    """Let a tooltip end with the keys of an action, by its id."""
    widget.setProperty(ACTION, action)
    widget.setProperty(TIP, tip)
    widget.setToolTip(tip)


def say_keys(label: QLabel, action: str, text: str, without: str) -> None:
    """Let a text name the keys of an action where it has "{keys}"; the other text is for when it has none."""
    label.setProperty(ACTION, action)
    label.setProperty(TEXT, [text, without])
    label.setText(without)


def write_keys(window: QWidget, keys: Callable[[str], str]) -> None:
    """Fill in the keys wherever they are named in a window; `keys` writes those of an action."""
    for widget in window.findChildren(QWidget):
        action = widget.property(ACTION)
        if not isinstance(action, str):
            continue
        written, tip, texts = keys(action), widget.property(TIP), widget.property(TEXT)
        if isinstance(tip, str):
            widget.setToolTip(f"{tip} ({written})" if written else tip)
        if isinstance(widget, QLabel) and isinstance(texts, list):
            widget.setText(texts[0].format(keys=written) if written else texts[1])
