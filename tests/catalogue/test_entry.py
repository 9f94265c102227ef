"""Settings check themselves: what is no value of theirs is refused in a sentence that names the setting."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.catalogue import DATASETS, LAYERS, LOSSES, OPTIMIZERS
from designer.catalogue.entry import LARGEST, MOST_AXES, Entry, Setting
from designer.catalogue.tensor import Misfit

ENTRIES: list[type[Entry]] = [*LAYERS.values(), *LOSSES.values(), *OPTIMIZERS.values(), *DATASETS.values()]
SETTINGS = [(entry, name) for entry in ENTRIES for name in entry.settings]
DEEP: list[Any] = []
for _ in range(100_000):
    DEEP = [DEEP]
HOSTILE: dict[str, object] = {
    "huge": 10**30,
    "too long to print": 10**5000,
    "minus huge": -(10**5000),
    "just too large": LARGEST + 1,
    "not a number": math.nan,
    "infinite": math.inf,
    "true": True,
    "a fraction": 0.3,
    "nothing": None,
    "empty text": "",
    "text": "surely no choice",
    "long text": "x" * 100_000,
    "empty list": [],
    "nested list": [[1, 2], [3]],
    "deep list": DEEP,
    "list of texts": ["T", "same", ""],
    "list of huge": [10**5000, 1],
    "long list": [1] * 100_000,
    "list of true": [True, True],
    "table": {"a": [1]},
    "bytes": b"3",
    "complex": 1j,
    "object": object(),
}


class Everything(Entry):
    """Has one setting of each kind."""

    whole = Setting(1, "A whole number.", minimum=1, maximum=9)
    real = Setting(0.5, "A number.", minimum=0.0, maximum=1.0)
    yes = Setting(True, "Yes or no.")
    text = Setting("", "Any text.")
    choice = Setting("a", "One of two.", choices=("a", "b"))
    pair: Setting[int | tuple[int, int]] = Setting(1, "One or two numbers.", minimum=1, sizes=2)
    worded: Setting[int | str] = Setting(1, "A number or a word.", words=("same",), sizes=2)
    shape: Setting[tuple[int | str, ...]] = Setting((1,), "A shape.", minimum=1, sizes=0, free=True)
    maybe: Setting[int | None] = Setting(None, "A number or none.", optional=True, kind=int)


def refusal(entry: type[Entry], **values: object) -> Misfit | None:
    try:
        entry(**values)
    except Misfit as misfit:
        return misfit
    return None


@pytest.mark.parametrize(("entry", "name"), SETTINGS, ids=lambda part: getattr(part, "__name__", part))
def test_every_setting_takes_or_refuses_a_hostile_value_in_a_sentence(entry: type[Entry], name: str) -> None:
    for kind, value in HOSTILE.items():
        misfit = refusal(entry, **{name: value})
        # A text of the user's own that is no Python is refused in words of its own.
        if misfit is not None and misfit.code != "custom-code":
            assert (misfit.setting, misfit.code) == (name, "setting"), kind
            assert misfit.message.startswith(f"{name} is "), kind
            assert misfit.message.endswith("."), kind
            assert len(misfit.message) < 250, kind
            assert name in misfit.hint, kind


@pytest.mark.parametrize(
    ("name", "value", "held"),
    [
        ("whole", 9, 9),
        ("real", 1, 1.0),
        ("yes", False, False),
        ("text", "any", "any"),
        ("choice", "b", "b"),
        ("pair", [2, 3], (2, 3)),
        ("pair", 4, 4),
        ("worded", "same", "same"),
        ("shape", ["T", 8], ("T", 8)),
        ("shape", [], ()),
        ("maybe", None, None),
        ("maybe", -3, -3),
    ],
)
def test_a_good_value_is_held_in_its_canonical_form(name: str, value: object, held: object) -> None:
    found = getattr(Everything(**{name: value}), name)
    assert found == held
    assert type(found) is type(held)


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("whole", True, "a whole number"),
        ("whole", 2.0, "a whole number"),
        ("whole", 0, "at least 1"),
        ("whole", 10, "at most 9"),
        ("whole", None, "a whole number"),
        ("whole", 10**20, "a whole number of at most 2,147,483,647"),
        ("real", "1", "a number"),
        ("real", math.nan, "a number"),
        ("real", 1.5, "at most 1"),
        ("yes", 1, "true or false"),
        ("text", 1, "a text"),
        ("choice", "c", "one of a, b"),
        ("pair", [1, 2, 3], "one whole number or 2 of them"),
        ("pair", [], "one whole number or 2 of them"),
        ("pair", [1, 0], "at least 1"),
        ("worded", "valid", "a whole number"),
        ("shape", 4, "a list of whole numbers"),
        ("shape", "T", "a list of whole numbers"),
        ("shape", ["N", 4], "a whole number, or a name other than N"),
        ("shape", [1] * (MOST_AXES + 1), f"at most {MOST_AXES} whole numbers"),
        ("shape", [[1]], "a whole number, or a name other than N"),
        ("maybe", "none", "a whole number"),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_wanted(name: str, value: object, wanted: str) -> None:
    with pytest.raises(Misfit) as refusal:
        Everything(**{name: value})
    assert refusal.value.message.endswith(f"but it must be {wanted}.")
    assert refusal.value.setting == name


def test_an_unknown_setting_is_refused_by_its_name() -> None:
    with pytest.raises(Misfit, match="Everything has no setting called wholes") as refusal:
        Everything(wholes=1)
    assert refusal.value.code == "unknown-setting"


def test_a_value_beyond_a_bound_comes_with_the_bound_as_suggestion() -> None:
    with pytest.raises(Misfit) as refusal:
        Everything(whole=12)
    assert refusal.value.suggest == 9


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists))
def test_no_value_does_worse_than_a_refusal(value: object) -> None:
    for name in Everything.settings:
        misfit = refusal(Everything, **{name: value})
        if misfit is not None:
            assert misfit.setting == name
        else:
            held = Everything(**{name: value})
            assert Everything(**{name: getattr(held, name)}).values == held.values


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.__name__)
def test_every_default_is_a_value_that_its_setting_takes(entry: type[Entry]) -> None:
    for name, setting in entry.settings.items():
        assert getattr(entry(**{name: setting.default}), name) == setting.default
