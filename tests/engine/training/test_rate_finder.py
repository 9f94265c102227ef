"""The search for a learning rate, over small networks that are really trained."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from msgspec import structs
from small_plans import ADAM, digits_mlp, digits_recipe, digits_run

from designer.engine.control import Control
from designer.engine.training.loop import Trainer
from designer.engine.training.rate_finder import find_rate, suggested
from designer.plan import Call
from designer.protocol import FindRate, Stop

RECIPE = digits_recipe(optimizer=Call("torch.optim.SGD", {"lr": 0.0}))


def test_rates_rise_until_the_loss_explodes_and_a_good_one_is_suggested() -> None:
    found = find_rate(FindRate(digits_mlp(), RECIPE), Control())
    assert found.problem is None
    assert 40 < len(found.rates) <= 100
    assert found.rates[0] == 1e-7
    ratios = [after / before for before, after in zip(found.rates, found.rates[1:], strict=False)]
    assert ratios == pytest.approx([ratios[0]] * len(ratios))
    assert found.suggestion is not None
    assert 0.01 < found.suggestion < 5


def test_the_suggestion_is_where_the_loss_falls_most_steeply() -> None:
    rates = [10 ** (-5 + place / 10) for place in range(50)]
    losses = [2 - 1 / (1 + math.exp(-(place - 30) / 2)) for place in range(50)]
    assert suggested(rates, losses) == pytest.approx(rates[30], rel=0.02)
    assert suggested(rates, [1.0 + place for place in range(50)]) is None
    assert suggested(rates[:4], losses[:4]) is None


def test_every_way_of_making_a_step_can_be_tried() -> None:
    recipe = structs.replace(RECIPE, accumulate=3, precision="bfloat16", clip_norm=1.0, ema=0.9, warmup=5)
    found = find_rate(FindRate(digits_mlp(), recipe, steps=20), Control())
    assert found.problem is None
    assert len(found.rates) == 20


def test_a_stop_ends_the_search_early() -> None:
    control = Control()
    control.put(Stop())
    found = find_rate(FindRate(digits_mlp(), RECIPE), control)
    assert len(found.rates) == 1
    assert found.suggestion is None


def test_what_cannot_be_trained_is_told_in_a_sentence() -> None:
    found = find_rate(FindRate(digits_mlp(), digits_recipe(device="abacus")), Control())
    assert found.problem is not None
    assert found.problem.code == "device"
    nothing = find_rate(FindRate(digits_mlp(), RECIPE, lowest=1.0, highest=0.1), Control())
    assert nothing.problem is not None
    assert "no learning rates to try" in nothing.problem.message


def test_a_search_changes_nothing_for_the_run_that_goes_on(tmp_path: Path) -> None:
    def curve(folder: Path, search: bool) -> list[torch.Tensor]:
        trainer = Trainer(digits_run(folder, digits_mlp(dropout=0.2), epochs=1, optimizer=ADAM))
        list(trainer.run(1, Control()))
        if search:
            find_rate(FindRate(digits_mlp(), RECIPE, steps=10), Control())
        list(trainer.run(1, Control()))
        return [weight.detach() for weight in trainer.bench.weights]

    for one, other in zip(curve(tmp_path / "a", False), curve(tmp_path / "b", True), strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=0)
