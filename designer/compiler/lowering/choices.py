"""What a design says of its training, read and checked: the settings, the optimizer and the schedule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from designer.catalogue import OPTIMIZERS, SCHEDULES
from designer.catalogue.entry import Entry
from designer.catalogue.optimizers import Optimizer
from designer.catalogue.schedules import Schedule
from designer.catalogue.tensor import Misfit
from designer.catalogue.training import TrainingSettings
from designer.problems import Fix, Problem

DEFAULT_OPTIMIZER = "Adam"

E = TypeVar("E", bound=Entry)


def settings(training: Mapping[str, Any]) -> TrainingSettings:
    """The checked settings of a design's training; raises Misfit. Unknown keys are another version's."""
    return TrainingSettings(**{key: value for key, value in training.items() if key in TrainingSettings.settings})


def optimizer(training: Mapping[str, Any]) -> Optimizer:
    """The chosen optimizer with its settings; raises Misfit."""
    chosen = _part(training, "optimizer")
    return _entry(chosen, str(chosen.get("kind", DEFAULT_OPTIMIZER)), OPTIMIZERS, "optimizer")


def schedule(training: Mapping[str, Any]) -> Schedule | None:
    """The chosen schedule with its settings; None where the rate stays as it is. Raises Misfit."""
    chosen = _part(training, "schedule")
    kind = str(chosen.get("kind") or "")
    return _entry(chosen, kind, SCHEDULES, "schedule") if kind else None


def _part(training: Mapping[str, Any], part: str) -> Mapping[str, Any]:
    chosen = training.get(part, {})
    if not isinstance(chosen, Mapping):
        raise Misfit(f"{part} must be a kind and its settings.", "Choose one anew.", part, code="training")
    return chosen


def _entry(chosen: Mapping[str, Any], kind: str, known: Mapping[str, type[E]], part: str) -> E:
    if kind not in known:
        raise Misfit(
            f'There is no {part} called "{kind[:40]}".', f"Choose one of {', '.join(known)}.", part, code="training"
        )
    try:
        return known[kind](**{key: value for key, value in chosen.items() if key != "kind"})
    except Misfit as misfit:
        raise Misfit(misfit.message, misfit.hint, f"{part}.{misfit.setting}", code="training") from misfit


def clashes(training: Mapping[str, Any]) -> Iterator[Problem]:
    """Settings that are right by themselves, but do not go together; nothing where one of them is wrong."""
    try:
        chosen, rule, course = settings(training), optimizer(training), schedule(training)
    except Misfit:
        return
    name = type(rule).__name__
    if rule.asks_again and chosen.accumulate > 1:
        message = f"{name} looks at each batch several times, so it cannot add up the gradients of several."
        yield _clash(message, "accumulate", "Set accumulate to 1", None)
    if rule.asks_again and chosen.precision == "float16":
        yield _clash(f"{name} cannot be used with float16.", "precision", "Set precision to float32", None)
    elif chosen.precision == "float16" and chosen.device == "cpu":
        yield _clash("float16 needs a GPU, but device is cpu.", "precision", "Set precision to bfloat16", "bfloat16")
    lr = float(getattr(rule, "lr", 0.0))
    if course is not None and course.lowest > lr:
        message = f"The schedule goes down to {course.lowest:g}, but the optimizer's lr is {lr:g}, which is less."
        rest = {key: value for key, value in training["schedule"].items() if key not in ("eta_min", "min_lr")}
        yield _clash(message, "schedule", "Let the schedule go down to 0", rest)


def _clash(message: str, setting: str, label: str, value: object) -> Problem:
    fix = Fix(label, "change_training", {"values": {setting: value}})
    return Problem("training", message, f"{label}.", setting=setting, fixes=(fix,))
