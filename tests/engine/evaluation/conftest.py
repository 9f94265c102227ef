"""Runs that were trained for a moment, to be asked about."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from small_plans import ADAM, CLASSES, dense, digits_mlp

from designer.engine.control import Control
from designer.engine.training.loop import train
from designer.plan import Call, Plan
from designer.protocol import Finished, Meaning, Recipe, Source, Target, Train

KINDS = ("setosa", "versicolor", "virginica")


def trained(plan: Plan, recipe: Recipe, folder: Path) -> Finished:
    """The end of a run that went well."""
    *_, last = train(Train(plan, recipe, str(folder)), Control())
    assert isinstance(last, Finished), last
    return last


@pytest.fixture(scope="session")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run on the digits."""
    folder = tmp_path_factory.mktemp("runs") / "digits"
    target = Target("digit", "digit", CLASSES, "classes")
    fields = {"digit": Meaning(tuple("0123456789"))}
    recipe = Recipe(Source("digits"), ("image",), (target,), ADAM, epochs=4, device="cpu", fields=fields)
    trained(digits_mlp(), recipe, folder)
    return folder


@pytest.fixture(scope="session")
def iris(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run on the iris flowers."""
    folder = tmp_path_factory.mktemp("runs") / "iris"
    target = Target("answer", "species", CLASSES, "classes")
    fields = {"species": Meaning(KINDS)}
    recipe = Recipe(Source("iris"), ("measures",), (target,), ADAM, epochs=30, device="cpu", fields=fields)
    trained(dense(4, 3), recipe, folder)
    return folder


@pytest.fixture(scope="session")
def diabetes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that predicts a number."""
    folder = tmp_path_factory.mktemp("runs") / "diabetes"
    target = Target("answer", "progression", Call("nn.MSELoss"), "numbers")
    recipe = Recipe(Source("diabetes"), ("measures",), (target,), ADAM, epochs=20, device="cpu")
    trained(dense(10, 1), recipe, folder)
    return folder
