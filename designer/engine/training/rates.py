"""The learning rate over a run: the warm-up, the schedule, and what the user makes of it on the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau

from designer.engine.failures import fail
from designer.engine.targets import PlanError, construct, resolve
from designer.engine.training.optimizers import Optimizers
from designer.plan import Call, substitute
from designer.protocol import Schedule

WARM_UP_FROM = 0.01
"""The share of the learning rate with which a warm-up begins."""


class Rates:
    """Sets the learning rate of every group of weights: its own, times the warm-up, times the schedule.

    The schedule is torch's, kept on an optimizer that has nothing to do: only its course is read. So it holds for
    several optimizers with rates of their own, and a rate that the user changes shifts all that follows in proportion.
    """

    def __init__(
        self, optimizers: Optimizers, schedule: Schedule | None, warmup: int, epochs: int, updates_per_epoch: int
    ) -> None:
        self._optimizers = optimizers
        self._own: list[float] = [float(group["lr"]) for group in optimizers.groups]
        self._warmup = warmup
        self._length = max(1, epochs * updates_per_epoch - warmup)
        self._every = schedule.every if schedule is not None else ""
        self._idle = torch.optim.SGD([torch.zeros(())], lr=self._own[0])
        self._schedule = None if schedule is None else self._make(schedule.call, updates_per_epoch)
        self.updates = 0
        self._scale = 1.0
        self.moves = warmup > 0 or self._every == "update"
        """Whether updates change the rate."""
        self._set()

    @property
    def rate(self) -> float:
        """The learning rate of the step that comes next, of the first group."""
        return float(self._optimizers.groups[0]["lr"])

    def after_update(self) -> None:
        """The weights were changed."""
        self.updates += 1
        if self._every == "update" and self._warmup < self.updates <= self._warmup + self._length:
            self._advance()
        self._set()

    def after_epoch(self, loss: float | None) -> None:
        """An epoch ended with this validation loss."""
        if self._every == "epoch":
            self._advance()
        elif self._every == "loss" and loss is not None and isinstance(self._schedule, ReduceLROnPlateau):
            self._schedule.step(loss)
        self._set()

    def change(self, rate: float) -> None:
        """Lets the rate be this one now; where the schedule has come down to 0, it ends."""
        course = self._course()
        if self._own[0] * course > 0:
            self._scale = rate / (self._own[0] * course)
        else:
            self._schedule, self._every, self._warmup, self._scale = None, "", 0, 1.0
            self._own = [rate] * len(self._own)
        self._set()

    def state_dict(self) -> dict[str, Any]:
        """All that the rates to come depend on."""
        schedule = self._schedule.state_dict() if self._schedule is not None else None
        own = {"updates": self.updates, "scale": self._scale, "own": list(self._own), "warmup": self._warmup}
        return {**own, "length": self._length, "schedule": schedule, "idle": float(self._idle.param_groups[0]["lr"])}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Takes back what `state_dict` gave."""
        self.updates, self._scale, self._own = int(state["updates"]), float(state["scale"]), list(state["own"])
        self._warmup, self._length = int(state["warmup"]), int(state["length"])
        if state["schedule"] is None:
            self._schedule, self._every = None, ""
        elif self._schedule is not None:
            self._schedule.load_state_dict(dict(state["schedule"]))
        self._idle.param_groups[0]["lr"] = float(state["idle"])
        self._set()

    def _make(self, call: Call, updates_per_epoch: int) -> LRScheduler | ReduceLROnPlateau:
        name = call.target.rpartition(".")[2]
        if not call.target.startswith("torch.optim.lr_scheduler."):
            raise fail("schedule", f"{call.target} is no schedule of torch.", "Choose another one.")
        known = {"updates": self._length, "updates_per_epoch": updates_per_epoch, "rate": self._own[0]}
        if self._own[0] <= 0:
            raise fail("schedule", f"{name} has nothing to change: the learning rate is 0.", "Take a larger lr.")
        try:
            filled = substitute(call, known.__getitem__)
            keywords = {
                key: construct(value) if isinstance(value, Call) else value for key, value in filled.keywords.items()
            }
            made: LRScheduler | ReduceLROnPlateau = resolve(call.target)(self._idle, **keywords)
        except (TypeError, ValueError, KeyError, PlanError) as error:
            raise fail("schedule", f"{name} cannot be used with these settings: {error}.", "Change them.") from error
        self._idle.step()  # torch warns where a schedule moves on before its optimizer does
        return made

    def _advance(self) -> None:
        if isinstance(self._schedule, LRScheduler):
            self._schedule.step()

    def _course(self) -> float:
        """The share of its own rate that a group has now, before any change by the user."""
        warm = 1.0
        if self.updates < self._warmup:
            warm = WARM_UP_FROM + (1.0 - WARM_UP_FROM) * self.updates / self._warmup
        if self._schedule is None:
            return warm
        return warm * float(self._idle.param_groups[0]["lr"]) / float(self._idle.defaults["lr"])

    def _set(self) -> None:
        factor = self._course() * self._scale
        for group, own in zip(self._optimizers.groups, self._own, strict=True):
            group["lr"] = own * factor
