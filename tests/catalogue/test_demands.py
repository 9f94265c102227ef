"""The wording of what layers demand."""

from __future__ import annotations

import pytest

from designer.catalogue import LAYERS, demands
from designer.catalogue.tensor import Misfit, TensorSpec


@pytest.mark.parametrize(
    ("allowed", "words"),
    [
        (demands.FLOATS, "takes floating-point numbers, but"),
        (demands.WHOLE, "takes whole numbers, but"),
        (demands.NUMBERS, "takes floating-point or whole numbers, but"),
        (("float32", "float64"), "takes float32 or float64 numbers, but"),
        (("int64",), "takes int64 numbers, but"),
        (("bool",), "takes true or false (bool), but"),
        (("int64", "bool"), "takes int64 numbers, or true or false (bool), but"),
    ],
)
def test_a_type_that_does_not_suit_is_told_with_those_that_do(allowed: tuple[str, ...], words: str) -> None:
    with pytest.raises(Misfit) as refusal:
        demands.dtype(LAYERS["ReLU"](), TensorSpec((4,), "nonsense"), allowed)
    assert words in refusal.value.message


@pytest.mark.parametrize(
    ("allowed", "comes", "hint"),
    [
        (demands.FLOATS, "int64", "Set the Input's dtype to float32, or put an Embedding in front."),
        (demands.WHOLE, "float32", "Set the Input's dtype to int64."),
        (("bool",), "int64", "Set the Input's dtype to bool."),
        (("bool",), "float32", "Set the Input's dtype to bool."),
    ],
)
def test_the_hint_names_a_type_that_suits(allowed: tuple[str, ...], comes: str, hint: str) -> None:
    with pytest.raises(Misfit) as refusal:
        demands.dtype(LAYERS["ReLU"](), TensorSpec((4,), comes), allowed)
    assert refusal.value.hint == hint
