"""The arithmetic that layers share gives what torch gives."""

from __future__ import annotations

from itertools import product

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from torch.nn import functional

from designer.catalogue import LAYERS
from designer.catalogue.broadcast import promote
from designer.catalogue.layers.ends import DTYPES
from designer.catalogue.tensor import Misfit, TensorSpec, count, size, total
from designer.catalogue.windows import Window

LENGTHS = st.integers(1, 6)


@pytest.mark.parametrize(("one", "other"), list(product([(), (3,)], repeat=2)))
def test_types_are_promoted_as_by_torch(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    for first, second in product(DTYPES, repeat=2):
        left, right = (
            torch.zeros(shape, dtype=getattr(torch, dtype)) for shape, dtype in ((one, first), (other, second))
        )
        promoted = promote((TensorSpec(one, first, None), TensorSpec(other, second, None)))
        assert getattr(torch, promoted) == torch.result_type(left, right), (first, second)


@given(st.lists(LENGTHS, max_size=3), st.lists(st.sampled_from([-1, 0, 1, 2, 3, 4, 6, 12]), max_size=3))
def test_a_shape_is_refused_exactly_where_torch_cannot_lay_it_out(shape: list[int], wanted: list[int]) -> None:
    examples = torch.zeros(2, *shape)
    expected: tuple[int, ...] | None
    try:
        expected = tuple(examples.reshape(2, *wanted).shape)[1:]
    except RuntimeError:
        expected = None
    found: tuple[int | str, ...] | None
    try:
        found = LAYERS["Reshape"](shape=wanted).output(TensorSpec(tuple(shape))).shape  # type: ignore[union-attr]
    except Misfit:
        found = None
    assert found == expected


@given(length=LENGTHS, kernel=LENGTHS, stride=LENGTHS, padding=st.integers(0, 3), dilation=LENGTHS, ceil=st.booleans())
def test_a_window_has_as_many_places_as_in_torch(
    length: int, kernel: int, stride: int, padding: int, dilation: int, ceil: bool
) -> None:
    window = Window(kernel, stride, 2 * min(padding, kernel // 2), dilation, ceil)
    try:
        pooled = functional.max_pool1d(
            torch.zeros(1, length), kernel, stride, min(padding, kernel // 2), dilation, ceil_mode=ceil
        )
        places = pooled.shape[-1]
    except RuntimeError:
        places = 0
    assert max(window.places(length), 0) == places


@given(kernel=LENGTHS, dilation=LENGTHS, length=LENGTHS)
def test_a_window_that_keeps_the_length_keeps_every_length(kernel: int, dilation: int, length: int) -> None:
    window = Window(kernel, padding=dilation * (kernel - 1), dilation=dilation)
    assert window.keeps_length
    assert window.places(length) == length


@given(length=LENGTHS, kernel=LENGTHS, stride=LENGTHS, padding=st.integers(0, 3), extra=st.integers(0, 3))
def test_a_window_run_backwards_spreads_as_in_torch(
    length: int, kernel: int, stride: int, padding: int, extra: int
) -> None:
    assume(extra < stride)
    image, filters = torch.zeros(1, 1, length), torch.zeros(1, 1, kernel)
    try:
        expected = functional.conv_transpose1d(image, filters, None, stride, padding, extra).shape[-1]
    except RuntimeError:
        expected = 0
    spread = Window(kernel, stride, 2 * padding).spread_out(length, extra)
    assert isinstance(spread, int)
    assert max(spread, 0) == expected


def test_free_lengths_are_multiplied_and_added_as_text() -> None:
    assert size(("T", 4, 2)) == "T*8"
    assert size(("T", "S")) == "T*S"
    assert size((3, 4)) == 12
    assert size(()) == 1
    assert total(("T", 1, 2)) == "(T+3)"
    assert total(("T",)) == "T"
    assert total((3, 4)) == 7
    assert size((total(("T", 1)), 8)) == "(T+1)*8"


def test_a_cost_that_hangs_on_a_free_length_is_not_known() -> None:
    assert count("T", 8) == 0
    assert count(3, 8) == 24
