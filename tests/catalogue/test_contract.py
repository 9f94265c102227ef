"""Every layer is held to torch: declared samples, a sweep over settings and inputs, and a search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product
from typing import Any

import pytest
from contract import by_port, hold
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from truth import ROUNDS, Case, Given, ask, flat, run, values

from designer.catalogue import LAYERS
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Layer, Sample
from designer.catalogue.layers.ends import DTYPES
from designer.catalogue.tensor import Misfit, Specs, TensorSpec

HELD = {name: layer for name, layer in LAYERS.items() if layer.role not in ("input", "output", "group", "custom")}
QUICK = 2
"""So many samples of each layer are swept at once; the others are left to the long sweeps."""
SMALL = 4
"""No length and no setting is larger in the sweep and the search, so that thousands of cases are quick."""


@pytest.fixture(params=HELD, name="layer")
def each_layer(request: pytest.FixtureRequest) -> type[Layer]:
    return HELD[request.param]


def tried(setting: Setting[Any]) -> list[object]:
    """Values of a setting worth trying, from its declaration alone."""
    if setting.choices:
        return list(setting.choices)
    extra: list[object] = [*setting.words, *([None] if setting.optional else [])]
    if setting.kind is bool:
        return [False, True]
    if setting.kind is float:
        below = (-1.5, 0.0) if setting.minimum is None else (setting.minimum,)
        above = 2.0 if setting.maximum is None else min(setting.maximum, 2.0)
        return [*map(float, (*below, 0.25, above)), *extra]
    if setting.kind is str:
        return [setting.default, *extra]
    low = int(setting.minimum) if setting.minimum is not None else -SMALL - 1
    high = int(setting.maximum) if setting.maximum is not None and setting.maximum < SMALL else SMALL
    numbers = list(range(low, high + 1))
    if setting.sizes == 0:
        few = [n for n in numbers if n in (-1, 0, 1, 2, 3)]
        return [(), *product(few), *product(few, few), *((0, *order) for order in ((1, 2), (2, 1, 3), (-1, 2, 1, 3)))]
    if setting.sizes:
        turned = (numbers, numbers[::-1], [*numbers[1:], *numbers[:1]])
        return [*numbers, *zip(*turned[: setting.sizes], strict=True), *extra]
    return [*numbers, *extra]


def made(layer: type[Layer], chosen: dict[str, object], inputs: Given) -> Case | None:
    """The case, or None where a setting refuses its value by itself."""
    try:
        return Case(layer(**chosen), inputs)
    except Misfit:
        return None


def hold_all(cases: Iterator[Case | None], tally: Counter[str]) -> None:
    for case in cases:
        tally["refused by a setting alone" if case is None else hold(case)] += 1


def with_small_settings(layer: type[Layer], sample: dict[str, object]) -> dict[str, object]:
    """Sizes that are 64 by default would make a sweep slow and show nothing more."""
    small = {
        name: 3
        for name, setting in layer.settings.items()
        if type(setting.default) is int and setting.default > SMALL and setting.minimum == 1
    }
    return {**small, **sample}


def test_a_declared_sample_is_what_torch_gives(layer: type[Layer], tally: Counter[str]) -> None:
    assert layer.samples
    for sample in layer.samples:
        ending = hold(Case(layer(**sample.settings), sample.inputs))
        assert ending == "accepted", sample
        tally[ending] += 1


def with_each_value(layer: type[Layer], samples: tuple[Sample, ...]) -> Iterator[Case | None]:
    for sample in samples:
        plain = with_small_settings(layer, dict(sample.settings))
        for name, setting in layer.settings.items():
            for value in tried(setting):
                yield made(layer, {**plain, name: value}, sample.inputs)


def test_each_value_of_each_setting_agrees_with_torch(layer: type[Layer], tally: Counter[str]) -> None:
    hold_all(with_each_value(layer, layer.samples[:QUICK]), tally)


@pytest.mark.slow
def test_each_value_agrees_with_torch_at_the_other_samples_too(layer: type[Layer], tally: Counter[str]) -> None:
    hold_all(with_each_value(layer, layer.samples[QUICK:]), tally)


@pytest.mark.slow
def test_each_pair_of_settings_agrees_with_torch(layer: type[Layer], tally: Counter[str]) -> None:
    def cases() -> Iterator[Case | None]:
        for sample in layer.samples[:2]:
            plain = with_small_settings(layer, dict(sample.settings))
            for (one, first), (two, second) in combinations(layer.settings.items(), 2):
                for left, right in product(tried(first), tried(second)):
                    yield made(layer, {**plain, one: left, two: right}, sample.inputs)

    hold_all(cases(), tally)


def other_inputs(spec: TensorSpec) -> Iterator[TensorSpec]:
    """The same tensor with another type, another place of the batch, more axes or fewer, and a free length."""
    yield from (replace(spec, dtype=dtype) for dtype in DTYPES)
    yield from (replace(spec, batch=batch) for batch in (0, 1, None) if batch != 1 or spec.shape)
    for shape in ((), (4,), (2, 4), (3, 2, 4), (2, 3, 2, 4), (1, 2, 1, 3, 4)):
        yield spec.with_shape(shape if spec.batch != 1 else shape or (1,))
        yield TensorSpec(shape, spec.dtype, None)
    for place in range(spec.rank):
        yield spec.with_shape((*spec.shape[:place], "S", *spec.shape[place + 1 :]))
        yield spec.with_shape((*spec.shape[:place], 1, *spec.shape[place + 1 :]))


def with_each_input(layer: type[Layer], samples: tuple[Sample, ...]) -> Iterator[Case | None]:
    for sample in samples:
        chosen = layer(**sample.settings)
        for port, like in sample.inputs.items():
            if isinstance(like, list):
                for place, spec in enumerate(like):
                    for other in other_inputs(spec):
                        yield Case(chosen, {**sample.inputs, port: [*like[:place], other, *like[place + 1 :]]})
            elif isinstance(like, TensorSpec):
                for other in other_inputs(like):
                    yield Case(chosen, {**sample.inputs, port: other})


def test_each_kind_of_input_agrees_with_torch(layer: type[Layer], tally: Counter[str]) -> None:
    hold_all(with_each_input(layer, layer.samples[:QUICK]), tally)


@pytest.mark.slow
def test_each_kind_of_input_agrees_at_the_other_samples_too(layer: type[Layer], tally: Counter[str]) -> None:
    hold_all(with_each_input(layer, layer.samples[QUICK:]), tally)


def lengths() -> st.SearchStrategy[int | str]:
    return st.one_of(st.integers(1, SMALL), st.integers(1, SMALL), st.sampled_from(["T", "S"]))


def dtypes() -> st.SearchStrategy[str]:
    return st.one_of(st.just("float32"), st.sampled_from(["float32", "int64"]), st.sampled_from(DTYPES))


@st.composite
def specs(draw: st.DrawFn, near: TensorSpec | None) -> TensorSpec:
    """A tensor of any kind, or one that differs little from `near`."""
    if near is not None and draw(st.booleans()):
        shape = tuple(draw(lengths()) if draw(st.integers(0, 3)) == 0 else length for length in near.shape)
        return near.with_shape(shape)
    shape = tuple(draw(st.lists(lengths(), max_size=5)))
    batch = draw(st.sampled_from([0, 0, 0, 0, 1, None]))
    return TensorSpec(shape, draw(dtypes()), 0 if batch == 1 and not shape else batch)


@st.composite
def inputs(draw: st.DrawFn, layer: Layer, near: Given) -> Given:
    """Something for each port; a port that bears the name of an output takes what such a layer gives, or else."""
    found: dict[str, Any] = {}
    for port in layer.inputs:
        like = near.get(port.name)
        if port.optional and like is None and draw(st.integers(0, 2)):
            continue
        if port.many:
            few = like if isinstance(like, list) else [like]
            some = draw(st.lists(st.sampled_from(few), min_size=1, max_size=3))
            found[port.name] = [draw(specs(each)) for each in some]
        else:
            found[port.name] = _own_output(layer, found, port.name) if draw(st.booleans()) else None
            if found[port.name] is None:
                found[port.name] = draw(specs(like if isinstance(like, TensorSpec) else None))
    return found


def _own_output(layer: Layer, found: Given, port: str) -> Specs | None:
    if port not in [each.name for each in layer.outputs]:
        return None
    try:
        return by_port(Case(layer, found), layer.output(*Case(layer, found).arguments()))[port]
    except Misfit:
        return None


@st.composite
def cases(draw: st.DrawFn, layer: type[Layer]) -> Case | None:
    """Settings and inputs together, near a declared sample or far from it."""
    sample = draw(st.sampled_from(layer.samples))
    chosen = with_small_settings(layer, dict(sample.settings) if draw(st.booleans()) else {})
    for name, setting in layer.settings.items():
        if draw(st.integers(0, 2)) == 0:
            chosen[name] = draw(st.sampled_from(tried(setting)))
    try:
        made_layer = layer(**chosen)
    except Misfit:
        return None
    return Case(made_layer, draw(inputs(made_layer, sample.inputs)))


def search(layer: type[Layer], tally: Counter[str], examples: int) -> None:
    """Looks at so many cases, the same ones each time: a change fails for what it breaks, not by chance."""

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases(layer))
    def agrees(case: Case | None) -> None:
        tally["refused by a setting alone" if case is None else hold(case)] += 1

    agrees()


def test_a_search_over_settings_and_inputs_finds_no_disagreement(layer: type[Layer], tally: Counter[str]) -> None:
    search(layer, tally, 30)


@pytest.mark.slow
def test_a_long_search_over_settings_and_inputs_finds_no_disagreement(layer: type[Layer], tally: Counter[str]) -> None:
    search(layer, tally, 500)


def test_whatever_outputs_are_read_each_is_the_same(layer: type[Layer], tally: Counter[str]) -> None:
    """Lines for what nobody reads are left out; what is left gives the same values."""
    for sample in layer.samples:
        case = Case(layer(**sample.settings), sample.inputs)
        names = case.outputs()
        every = ask(case)
        assert every.network is not None
        given = values(case, *ROUNDS[0])
        whole = dict(zip(names, run(every.network.eval(), given), strict=True))
        for count in range(1, len(names)):
            for read in combinations(names, count):
                part = ask(case, read)
                assert part.network is not None
                part.network.load_state_dict(every.network.state_dict())
                for name, value in zip(read, run(part.network.eval(), given), strict=True):
                    for one, other in zip(flat(value), flat(whole[name]), strict=True):
                        assert one.equal(other), (case, read, name)
                tally["accepted"] += 1


@pytest.mark.parametrize("name", ["LSTM", "GRU", "RNN"])
def test_the_last_state_ends_both_readings_of_the_sequence(name: str) -> None:
    case = Case(HELD[name](hidden_size=3, num_layers=2, bidirectional=True), {"x": TensorSpec((4, 5))})
    network = ask(case).network
    assert network is not None
    sequence, last, _ = run(network, values(case, *ROUNDS[0]))
    assert last[:, :3].equal(sequence[:, -1, :3])
    assert last[:, 3:].equal(sequence[:, 0, 3:])
