"""The arithmetic by which schedules are drawn is that of torch, and the engine goes by torch."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from small_plans import digits_run

from designer.catalogue.optimizers import OPTIMIZERS
from designer.catalogue.schedules import SCHEDULES, Course, Schedule, rate_at
from designer.engine.control import Control
from designer.engine.training.loop import train
from designer.engine.training.optimizers import Optimizers
from designer.engine.training.rates import Rates
from designer.protocol import Epoch, Finished
from designer.protocol import Schedule as Asked

CHOICES: list[Schedule] = [kind() for kind in SCHEDULES.values()] + [
    SCHEDULES["StepLR"](step_size=2, gamma=0.5),
    SCHEDULES["MultiStepLR"](milestones=(1, 1, 3)),
    SCHEDULES["PolynomialLR"](power=2.5),
    SCHEDULES["CosineAnnealingLR"](eta_min=0.01),
    SCHEDULES["CosineAnnealingWarmRestarts"](T_0=1, T_mult=2, eta_min=0.001),
    SCHEDULES["CosineAnnealingWarmRestarts"](T_0=2),
    SCHEDULES["OneCycleLR"](anneal_strategy="linear", pct_start=0.1, div_factor=3.0),
]


@pytest.mark.parametrize("warmup", [0, 7])
@pytest.mark.parametrize("schedule", CHOICES, ids=repr)
def test_the_curve_is_drawn_as_torch_goes(schedule: Schedule, warmup: int) -> None:
    course = Course(0.1, epochs=8, updates_per_epoch=5, warmup=warmup)
    optimizers = Optimizers([torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)])
    rates = Rates(optimizers, Asked(schedule.call(), schedule.every), warmup, 8, 5)
    told = []
    for _ in range(8):
        for _ in range(5):
            told.append(rates.rate)
            rates.after_update()
        rates.after_epoch(None)
    assert told == pytest.approx([rate_at(schedule, place, course) for place in range(40)], rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("schedule", CHOICES, ids=repr)
def test_every_schedule_trains(schedule: Schedule, tmp_path: Path) -> None:
    asked = Asked(schedule.call(), schedule.every)
    call = OPTIMIZERS["SGD"](lr=0.1, momentum=0.9).call()
    events = list(
        train(digits_run(tmp_path, epochs=2, batch_size=256, optimizer=call, schedule=asked, warmup=2), Control())
    )
    assert isinstance(events[-1], Finished), events[-1]
    assert all(event.learning_rate is not None for event in events if isinstance(event, Epoch))
