"""What the outputs are compared with: the loss that is made small, and the metrics people read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from designer.engine.data.load import Scale
from designer.engine.failures import fail
from designer.engine.network import Network, StepError
from designer.engine.targets import construct
from designer.engine.training.examples import Examples
from designer.engine.training.metrics import Tally
from designer.engine.training.precision import Forward
from designer.protocol import Target

Metrics = dict[str, float]

NOT_NEGATIVE = (nn.PoissonNLLLoss, nn.KLDivLoss)
"""Losses whose targets are counts or probabilities."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One output and its target: where it stands among the outputs, its loss and the unit of its errors."""

    target: Target
    place: int
    loss: nn.Module
    unit: Tensor
    """How large 1 is in the data's own units: the standard deviation of a standardized field."""
    classes_last: bool = False
    """Whether the scores of the classes stand on the last axis, as in a sequence, where torch wants them on axis 1."""
    classes: int = 0
    """How many classes have a score."""
    labels: int = 0
    """How many labels there are, where they are compared with labels."""

    @property
    def trains(self) -> bool:
        """Whether weights can learn from it."""
        return self.target.compares != "labels"

    @property
    def only_loss(self) -> bool:
        """Whether nothing but the loss can be measured: there is no target, or its places are not the output's."""
        return self.target.compares == "nothing" or bool(getattr(self.loss, "only_loss", False))

    def value(self, output: Tensor, wanted: Tensor) -> Tensor:
        """The loss of a batch, before its weight."""
        found: Tensor = self.loss(output.movedim(-1, 1) if self.classes_last else output, wanted)
        return found

    def answer(self, output: Tensor) -> Tensor:
        """What the output says in the form of its target; some losses take more than that."""
        return answered(self.loss, output)

    def sums(self, output: Tensor, wanted: Tensor) -> Tensor:
        """Four sums over a batch: the loss, then right answers, or absolute, squared and standardized squares."""
        loss = self.value(output, wanted) * len(wanted)
        output = self.answer(output)
        if self.target.compares == "numbers":
            error = output - wanted
            own = error * self.unit
            return torch.stack((loss, own.abs().sum(), own.square().sum(), error.square().sum()))
        right = loss if self.only_loss else self._right(output, wanted).to(loss.dtype)
        return torch.stack((loss, right, loss, loss))

    def _right(self, output: Tensor, wanted: Tensor) -> Tensor:
        """How many answers are right."""
        if self.target.compares == "classes":
            return (output.argmax(self.axis) == wanted).sum()
        return (output == wanted if self.target.compares == "labels" else (output > 0) == (wanted > 0.5)).sum()

    def tally(self, output: Tensor) -> Tally | None:
        """Counts what is answered, beginning with a first output; None where it answers with numbers."""
        compares = self.target.compares
        if compares == "numbers" or self.only_loss:
            return None
        classes = self.labels or (2 if compares == "binary" else output.shape[self.axis])
        return Tally(compares, classes, output.device)

    @property
    def axis(self) -> int:
        """Where the scores of the classes stand."""
        return -1 if self.classes_last else 1

    def metrics(self, sums: list[float], wanted: Tensor) -> Metrics:
        """The metrics of a split from the sums over all its batches, the loss first."""
        found = {"loss": sums[0] / len(wanted)} if self.trains else {}
        if self.only_loss:
            return found
        if self.target.compares != "numbers":
            return {**found, "accuracy": sums[1] / wanted.numel()}
        found |= {"mae": sums[1] / wanted.numel(), "rmse": (sums[2] / wanted.numel()) ** 0.5}
        spread = float((wanted - wanted.mean(dim=0)).square().sum())
        return {**found, "r2": 1 - sums[3] / spread} if spread > 0 else found


def make_goal(target: Target, place: int, output: Tensor, field: Tensor, scale: Scale | None) -> tuple[Goal, Tensor]:
    """The goal, and the whole field in the form that its loss takes; a Failure where they do not fit.

    `output` is what the network gives for a few examples; all are on the same device. Where it is compared with
    nothing, the field has a row without numbers for each example.
    """
    if not isinstance(output, Tensor):
        raise fail("target-shape", f"{target.output} gives several tensors, but a loss takes one.", node=target.output)
    if output.is_floating_point() == (target.compares == "labels"):
        message = (
            f"{target.output} gives {str(output.dtype).removeprefix('torch.')} numbers, which its loss cannot take."
        )
        raise fail("loss-dtype", message, "Choose another loss.", target.output)
    loss = construct(target.loss).to(output.device)
    if target.compares == "nothing":
        return Goal(target, place, loss, torch.ones(())), field
    if target.compares == "labels":
        labels = _labels(target, output, field)
        return Goal(target, place, loss, torch.ones(()), labels=int(labels.max()) + 1), labels
    if target.compares == "classes":
        last = _classes_last(output, field)
        classes = output.shape[-1 if last else 1] if output.dim() > 1 else 0
        wanted = _classes(target, output, field, last)
        return Goal(target, place, loss, torch.ones(()), last, classes), wanted
    try:
        output = answered(loss, output)
    except (RuntimeError, ValueError, IndexError) as error:
        raise StepError(target.output, error) from error
    wanted = _numbers(target, output, field)
    if isinstance(loss, NOT_NEGATIVE) and bool((wanted < 0).any()):
        message = f"{type(loss).__name__} takes no number below 0, but {target.field} has, as all standardized fields."
        raise fail("label-range", message, "Take another loss, such as MSELoss.", target.output)
    unit = scale.deviation.to(output.device) if scale is not None else torch.ones((), device=output.device)
    if scale is not None and unit.shape != output.shape[1:]:
        wide = unit.numel() == output[0].numel()
        unit = unit.reshape(output.shape[1:]) if wide else unit.expand(field.shape[1:]).reshape(output.shape[1:])
    return Goal(target, place, loss, unit), wanted


def answered(loss: nn.Module, output: Tensor) -> Tensor:
    """What an output says in the form of its target."""
    answer = getattr(loss, "answer", None)
    if answer is None:
        return output
    said: Tensor = answer(output)
    return said


def balance(goal: Goal, wanted: Tensor) -> None:
    """Lets rare classes weigh more in a loss, by how rare they are among the training examples `wanted`."""
    if goal.target.compares == "binary":
        yes = wanted.sum().clamp(min=1)
        goal.loss.pos_weight = ((wanted.numel() - yes) / yes).reshape(1).clamp(min=1e-6)
    else:
        known = wanted[wanted >= 0].flatten()
        counts = torch.bincount(known, minlength=goal.classes)
        goal.loss.weight = len(known) / (counts.clamp(min=1) * max(1, int((counts > 0).sum())))


def _classes_last(output: Tensor, field: Tensor) -> bool:
    """Whether scores stand behind the places they are for, as in a sequence, not before them, as in an image.

    Where both may be, a sequence has them last and an image first.
    """
    places = field.shape[1:]
    if not places or output.shape[1:-1] != places:
        return False
    return len(places) == 1 or output.shape[2:] != places


def _labels(target: Target, output: Tensor, field: Tensor) -> Tensor:
    if output.shape[1:] != field.shape[1:]:
        message = f"{target.output} gives {_shape(output)}, but {target.field} is {_shape(field)}."
        raise fail("target-shape", message, "Let it give one label for each of the target's.", target.output)
    return field


def _classes(target: Target, output: Tensor, field: Tensor, last: bool) -> Tensor:
    if field.is_floating_point():
        hint = "Take a loss for numbers, such as MSELoss."
        message = f"{target.output} is compared with classes, but {target.field} holds numbers."
        raise fail("target-type", message, hint, target.output)
    if output.dim() < 2 or not (last or output.shape[2:] == field.shape[1:]):
        message = f"{target.output} is {_shape(output)} but must have a score for each class of {target.field}."
        raise fail("target-shape", message, "Let it give one number a class.", target.output)
    largest, classes = int(field.max()), output.shape[-1 if last else 1]
    if int(field.min()) < 0 or largest >= classes:
        message = f"{target.field} has classes up to {largest}, but {target.output} has scores for {classes} only."
        raise fail("label-range", message, f"Let it give {largest + 1} numbers.", target.output)
    return field.long()


def _numbers(target: Target, output: Tensor, field: Tensor) -> Tensor:
    if output[0].numel() != field[0].numel():
        message = f"{target.output} gives {_shape(output)}, but {target.field} is {_shape(field)}."
        raise fail("target-shape", message, "Give the last layer as many outputs as there are targets.", target.output)
    wanted = field.reshape(len(field), *output.shape[1:]).to(output.dtype)
    if target.compares == "binary" and not bool(((wanted == 0) | (wanted == 1)).all()):
        message = f"{target.output} answers yes or no, but {target.field} holds other values than 0 and 1."
        raise fail("label-range", message, "Take a loss for classes, such as CrossEntropyLoss.", target.output)
    return wanted


def _shape(tensor: Tensor) -> str:
    return " x ".join(map(str, tensor.shape[1:])) or "a single number"


class Goals:
    """All that a run is measured by, in the order of the recipe's targets."""

    def __init__(self, goals: list[Goal]) -> None:
        self._goals = goals
        self._trained = tuple((number, goal) for number, goal in enumerate(goals) if goal.trains)

    @property
    def each(self) -> tuple[Goal, ...]:
        """All of them."""
        return tuple(self._goals)

    def loss(self, outputs: tuple[Tensor, ...], wanted: tuple[Tensor, ...]) -> Tensor:
        """The sum of the losses of all targets over a batch, each by its weight."""
        total: Tensor | None = None
        for number, goal in self._trained:
            loss = goal.value(outputs[goal.place], wanted[number])
            weighted = loss if goal.target.weight == 1 else loss * goal.target.weight
            total = weighted if total is None else total + weighted
        assert total is not None, "prepare has looked for one"
        return total

    def measure(
        self,
        network: Network,
        examples: Examples,
        size: int,
        given_up: Callable[[], bool] = lambda: False,
        *,
        whole: bool = True,
        forward: Forward | None = None,
    ) -> Metrics:
        """The metrics over all `examples` in evaluation mode; none of them where it is given up between batches.

        Only `whole`, they hold more than what a training step tells too: loss and accuracy, or the errors of numbers.

        "loss" is the sum over all targets, each by its weight. Where there are several, each one's own metrics,
        before its weight, stand behind the output's id: "digit.loss", "digit.accuracy". `forward` runs the network
        where that takes more than calling it.
        """
        forward = forward or network
        network.eval()
        rows = []
        tallies: list[Tally | None] = []
        with torch.inference_mode():
            for inputs, wanted in examples.batches(size):
                if given_up():
                    return {}
                outputs = forward(*inputs)
                sums = [goal.sums(outputs[goal.place], each) for goal, each in zip(self._goals, wanted, strict=True)]
                rows.append(torch.stack(sums))
                if whole:
                    tallies = tallies or [goal.tally(goal.answer(outputs[goal.place])) for goal in self._goals]
                    self._count(tallies, outputs, wanted)
        if not rows:
            return {}
        totals = torch.stack(rows).cpu().double().sum(0).tolist()
        each = {
            goal.target.output: goal.metrics(sums, wanted)
            for goal, sums, wanted in zip(self._goals, totals, examples.targets, strict=True)
        }
        for goal, tally in zip(self._goals, tallies, strict=False):
            each[goal.target.output] |= tally.metrics() if tally is not None else {}
        loss = sum(each[goal.target.output]["loss"] * goal.target.weight for _, goal in self._trained)
        if len(self._goals) == 1:
            return {**each[self._goals[0].target.output], "loss": loss}
        return {
            "loss": loss,
            **{f"{output}.{name}": value for output, own in each.items() for name, value in own.items()},
        }

    def _count(self, tallies: list[Tally | None], outputs: tuple[Tensor, ...], wanted: tuple[Tensor, ...]) -> None:
        for goal, tally, each in zip(self._goals, tallies, wanted, strict=True):
            if tally is not None:
                tally.add(goal.answer(outputs[goal.place]), each, goal.axis)
