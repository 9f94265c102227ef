"""The initializers are those of torch, with torch's names for their settings and torch's defaults."""

from __future__ import annotations

import inspect
import warnings

import pytest
import torch

from designer.catalogue.learning import INITIALIZERS, Initializer, Learning, chosen_initializer, initializer
from designer.catalogue.tensor import Misfit

every_kind = pytest.mark.parametrize("kind", INITIALIZERS.values(), ids=INITIALIZERS.keys())


@every_kind
def test_settings_and_defaults_are_those_of_torch(kind: type[Initializer]) -> None:
    parameters = inspect.signature(getattr(torch.nn.init, kind.function)).parameters
    ours = {name: setting.default for name, setting in kind.settings.items() if name not in kind.always}
    theirs = {name: each.default for name, each in parameters.items() if name not in ("tensor", "generator")}
    assert ours == {name: default for name, default in theirs.items() if default is not inspect.Parameter.empty}
    assert {name for name, default in theirs.items() if default is inspect.Parameter.empty} == set(kind.always)


@every_kind
def test_an_initializer_takes_just_the_weights_that_torch_takes(kind: type[Initializer]) -> None:
    function = getattr(torch.nn.init, kind.function)
    for axes in (0, 1, 2, 3, 4):
        weight = torch.full((4,) * axes, 7.0)
        values = dict(kind().call().keywords)
        if axes >= kind.least_axes:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                function(weight, **values)
            assert not bool((weight == 7.0).all())
        else:
            with pytest.raises(ValueError, match="2"):
                function(weight, **values)


@every_kind
def test_an_initializer_and_its_settings_have_a_lesson(kind: type[Initializer]) -> None:
    assert kind.title
    assert kind.lesson()
    assert all(setting.doc for setting in kind.settings.values())


def test_what_is_chosen_is_written_as_short_as_can_be_and_read_again() -> None:
    assert chosen_initializer("normal_", {"mean": 0.0, "std": 1.0}) == "normal_"
    short = chosen_initializer("normal_", {"mean": 0.0, "std": 0.02})
    assert short == {"kind": "normal_", "std": 0.02}
    assert initializer(short).values == {"std": 0.02}
    with pytest.raises(Misfit, match="no initializer called"):
        initializer({"std": 0.02})


def test_every_way_to_learn_has_a_lesson() -> None:
    assert all(setting.doc for setting in Learning.settings.values())
