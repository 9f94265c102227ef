"""A setting's value as the text in its field, and back: what people type becomes a value, or a sentence why not."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from designer.catalogue.entry import Setting
from designer.catalogue.tensor import Misfit

NONE = "none"
"""How "no value" is written in a field."""


def write(value: object) -> str:
    """The text that stands for a value, also for one that does not suit the setting."""
    if value is None:
        return NONE
    if isinstance(value, (tuple, list)):
        return ", ".join(str(part) for part in value)
    if isinstance(value, bool):
        return "on" if value else "off"
    return repr(value) if isinstance(value, float) else str(value)


def read(setting: Setting[Any], text: str) -> Any:
    """The value that a text means; raises Misfit with the sentence why it means none."""
    text = text.strip()
    if setting.optional and text.casefold() in ("", NONE, "empty"):
        return None
    if text in setting.words:
        return text
    if not text and not (setting.sizes == 0 or setting.kind is str):
        raise Misfit(f"{setting.name} is empty, but it needs a value.", setting=setting.name)
    return setting.accept(_value(setting, text))


def _value(setting: Setting[Any], text: str) -> object:
    """The text as a number, numbers or itself; whether it suits is not asked here."""
    if setting.sizes is not None:
        parts = _parts(text)
        return parts[0] if setting.sizes and len(parts) == 1 else tuple(parts)
    if setting.kind is int:
        return _whole(text)
    if setting.kind is float:
        with suppress(ValueError):
            return float(text.replace(",", "."))
    return text


def _parts(text: str) -> list[object]:
    """The lengths in "3, 5", "(3, 5)", "3x5" or "3 5"."""
    inside = text.strip("()[] ")
    if "," not in inside:
        inside = re.sub(r"(?<=\d)\s*[x×]\s*(?=\d)|\s+[x×]\s+", ",", inside)
    return [_whole(part) for part in re.split(r"[,;\s]+", inside) if part]


def _whole(text: str) -> object:
    # An integer of thousands of digits is refused by int() itself.
    with suppress(ValueError):
        return int(text)
    return text


def stepped(setting: Setting[Any], value: object, steps: int) -> Any:
    """The value so many steps up or down, each length of several by itself; the same where it cannot go."""
    if isinstance(value, tuple):
        new: object = tuple(part + steps if isinstance(part, int) else part for part in value)
    elif isinstance(value, int) and not isinstance(value, bool):
        new = _kept_within(setting, value + steps)
    else:
        new = _kept_within(setting, 0)
    try:
        return setting.accept(new)
    except Misfit:
        return value


def _kept_within(setting: Setting[Any], value: float) -> int:
    """The nearest number that the setting allows."""
    if setting.minimum is not None:
        value = max(value, setting.minimum)
    if setting.maximum is not None:
        value = min(value, setting.maximum)
    return int(value)


def accepted(setting: Setting[Any], value: object) -> Any:
    """The value in its canonical form; as it is where the setting does not take it."""
    try:
        return setting.accept(value)
    except Misfit:
        return value
