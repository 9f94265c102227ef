"""Every layer works with numbers that remember their formulas just as with plain ones, and hands them on."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from designer.catalogue import LAYERS
from designer.catalogue.layer import Layer, Sample, Site
from designer.catalogue.tensor import TensorSpec
from designer.compiler.lowering.spelling import without_formulas, written
from designer.compiler.lowering.traced import plain, traced
from designer.graph.formulas import Name
from designer.plan import Call, Ref

SAMPLES = [
    pytest.param(kind, each, id=f"{name}-{place}")
    for name, kind in LAYERS.items()
    for place, each in enumerate(kind.samples)
    if kind.role != "group"
]


def remembering(value: Any) -> Any:
    """The same with every number named by a variable."""
    if isinstance(value, TensorSpec):
        return value.with_shape(map(remembering, value.shape))
    if isinstance(value, (tuple, list)):
        return type(value)(map(remembering, value))
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return traced(value, Name("n")) if is_number else value


def arguments(sample: Sample, kind: type[Layer]) -> list[Any]:
    found: list[Any] = []
    for port in kind.inputs:
        given = sample.inputs.get(port.name)
        found += given if isinstance(given, list) else [given]
    while found and found[-1] is None:
        found.pop()
    return found


def said(layer: Layer, specs: list[Any]) -> tuple[Any, ...]:
    """All that a layer says of what reaches it, with plain numbers."""
    values = {port.name: (Ref(port.name),) for port, spec in zip(layer.inputs, specs, strict=False) if spec is not None}
    site = Site("node", values, {port.name: port.name for port in layer.outputs})
    given, call = layer.output(*specs), layer.call(*specs)
    steps = [(step.result, without_formulas(step.call)) for step in layer.forward(site, *specs)]
    return given, layer.weights(*specs), layer.macs(*specs), without_formulas(call) if call is not None else None, steps


@pytest.mark.parametrize(("kind", "sample"), SAMPLES)
def test_a_layer_says_the_same_with_numbers_that_remember(kind: type[Layer], sample: Sample) -> None:
    layer, specs = kind(**sample.settings), arguments(sample, kind)
    other = copy.copy(layer)
    other.values = {name: remembering(value) for name, value in layer.values.items()}
    assert said(other, remembering(specs)) == said(layer, specs)


@pytest.mark.parametrize(("kind", "sample"), SAMPLES)
def test_no_such_number_is_left_in_what_the_engine_is_given(kind: type[Layer], sample: Sample) -> None:
    layer, specs = copy.copy(kind(**sample.settings)), remembering(arguments(sample, kind))
    layer.values = {name: remembering(value) for name, value in layer.values.items()}
    call = layer.call(*specs)
    if call is not None:
        assert numbers(written(call)) <= {int, float, bool}


def numbers(value: Any) -> set[type]:
    """The types of all numbers in a call."""
    if isinstance(value, Call):
        return numbers((*value.keywords.values(), *value.positional))
    if isinstance(value, tuple):
        return set().union(*map(numbers, value))
    return {type(value)} if isinstance(value, (int, float)) else set()


def test_a_plain_number_stays_what_it_is() -> None:
    assert plain((1, 2.5, "x", traced(3, Name("n")))) == (1, 2.5, "x", 3)
    assert type(plain(traced(2.5, Name("n")))) is float
