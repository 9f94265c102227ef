"""A setting's value as the text in its field, and back: what people type becomes a value, or a sentence why not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from designer.catalogue.entry import Setting
from designer.catalogue.tensor import Misfit
from designer.compiler.checking.scope import Values, takes_formulas, worth
from designer.graph.formulas import SIGN, FormulaError, formulas_in, is_formula, parse, replaced
from designer.graph.variables import as_value

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


def read(setting: Setting[Any], text: str, *, formulas: bool = False) -> Any:
    """The value that a text means; raises Misfit with the sentence why it means none.

    With `formulas`, a number may be one: "=2*width".
    """
    text = text.strip()
    if formulas and SIGN in text and takes_formulas(setting):
        return _with_formulas(setting, text)
    if setting.optional and text.casefold() in ("", NONE, "empty"):
        return None
    if text in setting.words:
        return text
    if not text and not (setting.sizes == 0 or setting.kind is str):
        raise Misfit(f"{setting.name} is empty, but it needs a value.", setting=setting.name)
    return setting.accept(_value(setting, text))


def _with_formulas(setting: Setting[Any], text: str) -> Any:
    """A formula, or a list with some: the rest of it must suit the setting as ever."""
    parts = [part.strip() for part in re.split("[,;]", text.strip("[] ")) if part.strip()]
    single = setting.sizes is None or (setting.sizes > 0 and len(parts) == 1)
    value: Any = text if single else tuple(part if is_formula(part) else _whole(part) for part in parts)
    for formula in formulas_in(value):
        try:
            parse(formula)
        except FormulaError as error:
            raise Misfit(error.message, error.hint, setting.name) from error
    likely = int(max(1, setting.minimum or 1))
    setting.accept(replaced(value, lambda _formula: likely))
    return value


def _value(setting: Setting[Any], text: str) -> object:
    """The text as a number, numbers or itself; whether it suits is not asked here."""
    if setting.kind is object:
        return as_value(text)
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


def results(values: Mapping[str, object], variables: Values) -> Mapping[str, str]:
    """What the formulas among some settings are worth, as their fields show it."""
    found = {name: worth(value, variables) for name, value in values.items()}
    return {name: f"= {write(value)}" for name, value in found.items() if value is not None}


def stepped(setting: Setting[Any], value: object, steps: int) -> Any:
    """The value so many steps up or down, each length of several by itself; the same where it cannot go.

    A formula stays as it is.
    """
    if is_formula(value):
        return value
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
