"""How the learning rate goes over a run: torch's schedules, and the same as plain arithmetic to draw them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from designer.catalogue.entry import Entry, Setting
from designer.plan import Call, Ref, Value

WARM_UP_FROM = 0.01
"""The share of the learning rate with which a warm-up begins."""


@dataclass(frozen=True, slots=True)
class Course:
    """What a rate depends on beside its schedule: the optimizer's own rate, and how long the run is."""

    lr: float
    epochs: int
    updates_per_epoch: int
    warmup: int = 0

    @property
    def updates(self) -> int:
        """How often the weights are changed once the warm-up is over."""
        return max(1, self.epochs * self.updates_per_epoch - self.warmup)


class Schedule(Entry):
    """How the rate goes; it moves on after each `every`, by "update" only once the warm-up is over."""

    every: ClassVar[Literal["update", "epoch", "loss"]] = "epoch"

    def call(self) -> Call:
        """The scheduler of torch to construct; the engine adds the optimizer. See `protocol.Schedule`."""
        return Call(f"torch.optim.lr_scheduler.{type(self).__name__}", self.keywords())

    def keywords(self) -> dict[str, Value]:
        """Every argument; torch's own defaults are written too, so a run is explicit."""
        return dict(self.chosen())

    def chosen(self) -> list[tuple[str, Any]]:
        """Every setting with its value."""
        return [(name, getattr(self, name)) for name in self.settings]

    def rate(self, place: int, course: Course) -> float:
        """The rate at this update after the warm-up, or in this epoch, counted from 0."""
        raise NotImplementedError

    @property
    def lowest(self) -> float:
        """What the rate never goes below."""
        return float(getattr(self, "eta_min", 0.0))


GAMMA = "What the rate is multiplied by."


class StepLR(Schedule):
    """Keeps the rate for some epochs, then lets it drop, again and again."""

    title = "Steps"
    step_size = Setting(5, "How many epochs there are between two drops.", minimum=1)
    gamma = Setting(0.1, GAMMA, minimum=0.0)

    def rate(self, place: int, course: Course) -> float:
        return course.lr * float(self.gamma ** (place // self.step_size))


class MultiStepLR(Schedule):
    """Lets the rate drop after epochs of your own choice."""

    title = "Steps at chosen epochs"
    milestones = Setting((5, 8), "After which epochs the rate drops.", minimum=1, sizes=0)
    gamma = Setting(0.1, GAMMA, minimum=0.0)

    def rate(self, place: int, course: Course) -> float:
        return course.lr * float(self.gamma ** sum(place >= int(each) for each in self.milestones))


class ExponentialLR(Schedule):
    """Lets the rate sink by the same share after each epoch."""

    title = "Exponential"
    gamma = Setting(0.95, "What the rate is multiplied by after each epoch.", minimum=0.0)

    def rate(self, place: int, course: Course) -> float:
        return course.lr * float(self.gamma**place)


class PolynomialLR(Schedule):
    """Lets the rate sink to 0 at the end of the run: in a line, or bent by a power."""

    title, every = "Polynomial", "update"
    power = Setting(1.0, "1 is a straight line; more sinks faster at first.", minimum=0.0)

    def keywords(self) -> dict[str, Value]:
        return {"total_iters": Ref("updates"), "power": self.power}

    def rate(self, place: int, course: Course) -> float:
        return course.lr * float(max(0.0, 1.0 - place / course.updates) ** self.power)


class CosineAnnealingLR(Schedule):
    """Lets the rate sink along half a wave: slowly, fast, then slowly to its end; a good choice for most runs."""

    title, every = "Cosine", "update"
    eta_min = Setting(0.0, "The rate at the end.", minimum=0.0)

    def keywords(self) -> dict[str, Value]:
        return {"T_max": Ref("updates"), "eta_min": self.eta_min}

    def rate(self, place: int, course: Course) -> float:
        return self.eta_min + (course.lr - self.eta_min) * (1 + math.cos(math.pi * place / course.updates)) / 2


class CosineAnnealingWarmRestarts(Schedule):
    """Half a wave again and again, each beginning with the full rate, to get out of narrow valleys."""

    title, every = "Cosine with restarts", "update"
    T_0 = Setting(5, "How many epochs the first wave takes.", minimum=1)
    T_mult = Setting(1, "How many times longer each wave is than the one before.", minimum=1, maximum=100)
    eta_min = Setting(0.0, "The rate at the end of a wave.", minimum=0.0)

    def keywords(self) -> dict[str, Value]:
        first = Call("*", {}, (self.T_0, Ref("updates_per_epoch")))
        return {"T_0": first, "T_mult": self.T_mult, "eta_min": self.eta_min}

    def rate(self, place: int, course: Course) -> float:
        length = self.T_0 * course.updates_per_epoch
        while place >= length:
            place -= length
            length *= self.T_mult
            if self.T_mult == 1:
                place %= length
        return self.eta_min + (course.lr - self.eta_min) * (1 + math.cos(math.pi * place / length)) / 2


class OneCycleLR(Schedule):
    """Rises from a small rate to lr, then sinks to next to nothing at the end of the run; often learns fastest."""

    title, every = "One cycle", "update"
    pct_start = Setting(0.3, "The share of the run in which the rate rises.", minimum=0.001, maximum=0.999)
    anneal_strategy = Setting("cos", "Along half a wave or in a line.", choices=("cos", "linear"))
    div_factor = Setting(25.0, "How many times smaller than lr the first rate is.", minimum=1.0)
    final_div_factor = Setting(1e4, "How many times smaller than the first the last rate is.", minimum=1.0)

    def keywords(self) -> dict[str, Value]:
        total = Call("+", {}, (Ref("updates"), 1))
        return {"max_lr": Ref("rate"), "total_steps": total, **dict(self.chosen()), "cycle_momentum": False}

    def rate(self, place: int, course: Course) -> float:
        top = float(self.pct_start * (course.updates + 1)) - 1
        first = course.lr / self.div_factor
        if place <= top:
            return self._between(first, course.lr, place / top if top else 0.0)
        return self._between(course.lr, first / self.final_div_factor, (place - top) / (course.updates - top))

    def _between(self, start: float, end: float, share: float) -> float:
        if self.anneal_strategy == "linear":
            return start + (end - start) * share
        return end + (start - end) * (1 + math.cos(math.pi * share)) / 2


class ReduceLROnPlateau(Schedule):
    """Lets the rate drop when the validation loss has not become better for some epochs."""

    title, every = "When it gets no better", "loss"
    factor = Setting(0.1, GAMMA, minimum=0.0, maximum=0.999999)
    patience = Setting(3, "How many epochs without a better loss are waited.", minimum=0)
    threshold = Setting(0.0001, "The share by which a loss must be lower to count as better.", minimum=0.0)
    cooldown = Setting(0, "How many epochs after a drop do not count.", minimum=0)
    min_lr = Setting(0.0, "The rate never goes below it.", minimum=0.0)

    def rate(self, place: int, course: Course) -> float:
        return course.lr

    @property
    def lowest(self) -> float:
        """What the rate never goes below."""
        return self.min_lr


SCHEDULES: dict[str, type[Schedule]] = {
    kind.__name__: kind
    for kind in (
        StepLR, MultiStepLR, ExponentialLR, PolynomialLR, CosineAnnealingLR, CosineAnnealingWarmRestarts, OneCycleLR,
        ReduceLROnPlateau,
    )
}  # fmt: skip


def rate_at(schedule: Schedule | None, update: int, course: Course) -> float:
    """The rate of an update of a run, counted from 0, the warm-up included."""
    warm = 1.0
    if update < course.warmup:
        warm = WARM_UP_FROM + (1.0 - WARM_UP_FROM) * update / course.warmup
    if schedule is None:
        return course.lr * warm
    by_update = schedule.every == "update"
    place = max(0, update - course.warmup) if by_update else update // course.updates_per_epoch
    return warm * schedule.rate(place, course)


def curve(schedule: Schedule | None, course: Course, points: int = 400) -> list[tuple[float, float]]:
    """Rates over a run, to be drawn: how many epochs are done, and the rate; at most about so many points."""
    total = course.epochs * course.updates_per_epoch
    places = sorted({round(part * (total - 1) / max(1, points - 1)) for part in range(min(points, total))})
    return [(place / course.updates_per_epoch, rate_at(schedule, place, course)) for place in places]
