"""What people type into a setting's field, and what it means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.catalogue import LAYERS
from designer.catalogue.entry import Setting
from designer.catalogue.tensor import Misfit
from designer.gui.panels.setting_texts import read, stepped, write

EVERY = [(name, setting) for name, layer in LAYERS.items() for setting in layer.settings.values()]


def text_settings() -> list[tuple[str, Setting]]:  # type: ignore[type-arg]  # settings of every kind
    return [(name, setting) for name, setting in EVERY if not setting.choices and setting.kind not in (bool, dict)]


def test_the_text_of_a_default_means_the_default() -> None:
    for layer, setting in text_settings():
        assert read(setting, write(setting.default)) == setting.default, layer


@given(st.text(max_size=12), st.sampled_from(text_settings()))
def test_any_text_is_a_value_or_a_sentence(text: str, case: tuple[str, Setting]) -> None:  # type: ignore[type-arg]
    _, setting = case
    sentence, value = "", None
    try:
        value = read(setting, text)
    except Misfit as misfit:
        sentence = misfit.message
    assert sentence.endswith(".") if sentence else setting.accept(value) == value


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=5))
def test_a_shape_is_read_back_as_it_was_written(lengths: list[int]) -> None:
    shape = LAYERS["Input"].settings["shape"]
    assert read(shape, write(tuple(lengths))) == tuple(lengths)
    assert read(shape, " x ".join(map(str, lengths))) == tuple(lengths)


@given(st.floats(0, 1))
def test_a_real_number_is_read_back_as_it_was_written(value: float) -> None:
    assert read(LAYERS["Dropout"].settings["p"], write(value)) == value


def test_a_number_with_a_comma_is_understood() -> None:
    assert read(LAYERS["Dropout"].settings["p"], "0,25") == 0.25


@pytest.mark.parametrize("text", ["", "x", "3, 4, 5", "-1", "9" * 5000, "3.5"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(Misfit):
        read(LAYERS["Conv2d"].settings["kernel_size"], text)


def test_steps_stay_within_the_limits() -> None:
    kernel, padding = LAYERS["Conv2d"].settings["kernel_size"], LAYERS["Conv2d"].settings["padding"]
    assert stepped(kernel, 3, 1) == 4
    assert stepped(kernel, 1, -1) == 1
    assert stepped(kernel, (3, 5), 2) == (5, 7)
    assert stepped(kernel, (1, 5), -1) == (1, 5)
    assert stepped(padding, "same", 1) == 0
    assert stepped(LAYERS["Embedding"].settings["padding_idx"], None, 1) == 0
