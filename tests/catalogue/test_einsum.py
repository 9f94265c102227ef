"""An Einstein sum gives what torch gives, for equations of every kind."""

from __future__ import annotations

from collections import Counter

import pytest
from contract import hold
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from truth import Case

from designer.catalogue import LAYERS
from designer.catalogue.tensor import Misfit, TensorSpec

EINSUM = LAYERS["Einsum"]
LENGTHS = {"b": "N", "i": 2, "j": 3, "k": 4, "l": 1}
TYPES = ("float32", "float32", "float32", "int32", "bool")


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """An equation, and tensors that mostly suit it."""
    letters = st.lists(st.sampled_from("bijkl"), max_size=4)
    terms = [draw(letters) for _ in range(draw(st.integers(1, 2)))]
    result = draw(letters)
    inputs = {}
    texts = []
    for port, term in zip("xy", terms, strict=False):
        batch = term.index("b") if "b" in term[:2] and draw(st.integers(0, 5)) else None
        full = [LENGTHS[each] if draw(st.integers(0, 7)) else 1 for each in term]
        shape = [2 if each == "N" else each for place, each in enumerate(full) if place != batch]
        more = draw(st.lists(st.sampled_from([1, 2, 3]), max_size=2)) if draw(st.booleans()) else []
        inputs[port] = TensorSpec((*shape, *more), draw(st.sampled_from(TYPES)), batch)
        texts.append("".join(term) + ("..." if more or not draw(st.integers(0, 5)) else ""))
    arrow = "->" + "".join(result) if draw(st.integers(0, 3)) else ""
    dots = "..." if arrow and draw(st.booleans()) else ""
    return Case(EINSUM(equation=f"{','.join(texts)}{arrow}{dots}"), inputs)


def test_an_equation_of_any_kind_agrees_with_torch(tally: Counter[str]) -> None:
    @settings(
        max_examples=400,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases())
    def agrees(case: Case) -> None:
        tally[hold(case)] += 1

    agrees()
    assert tally["accepted"] > 50


@pytest.mark.parametrize(
    ("equation", "message"),
    [
        ("b1,bj->b", "The equation b1,bj->b is not made of letters, commas, dots and one arrow."),
        ("bi->b", "The equation bi->b names 1 tensor, but x and y are linked."),
        ("bij,bi->b", "The equation bij,bi->b names the axes bij, but N x 4 has 2."),
        ("bi,bi->bz", "The equation bi,bi->bz gives an axis z that no tensor has."),
        ("bi,bi->bb", "The equation bi,bi->bb gives the axis b twice."),
        ("bi,bi->i", "The equation bi,bi->i adds up all examples."),
        ("bi,ci->bc", "The equation bi,ci->bc gives the batch two letters, so it would pair examples."),
        ("bi,bj->ijb", "The equation bi,bj->ijb moves the batch."),
    ],
)
def test_a_wrong_equation_is_refused_in_a_sentence(equation: str, message: str) -> None:
    with pytest.raises(Misfit) as refused:
        EINSUM(equation=equation).output(TensorSpec((4,)), TensorSpec((4,)))
    assert refused.value.message == message
    assert refused.value.setting == "equation"
