"""The losses an Output can be trained with, and which data and widths each of them suits."""

from __future__ import annotations

from typing import ClassVar

from designer.catalogue.entry import Entry
from designer.plan import Call
from designer.protocol import Comparison


class Loss(Entry):
    """What training makes small.

    `compares` says what the target is: "classes" (one of several), "binary" (yes or no), "numbers", "labels" (classes
    that are compared with classes) or "nothing" (there is no target).
    `raw_scores` names what the loss applies itself ("the softmax"), where it takes raw scores; what a layer `gives` and
    that then changes nothing is `unharmed`.
    """

    compares: ClassVar[Comparison] = "numbers"
    raw_scores: ClassVar[str] = ""
    unharmed: ClassVar[str] = ""
    trains: ClassVar[bool] = True
    """Off for what is only measured, since no weight can learn from it."""

    def call(self) -> Call:
        """The torch module that measures it."""
        return Call(f"nn.{type(self).__name__}")


class CrossEntropyLoss(Loss):
    """How surprised the network is by the right class; takes raw scores (logits), one for each class."""

    title, compares, raw_scores = "Cross-entropy", "classes", "the softmax"
    unharmed = "log-probabilities of classes"


class BCEWithLogitsLoss(Loss):
    """Cross-entropy for yes or no; takes one raw score (logit) for each answer."""

    title, compares, raw_scores = "Binary cross-entropy (with logits)", "binary", "the sigmoid"


class MSELoss(Loss):
    """The mean of the squared differences: large errors weigh most."""

    title = "Mean squared error"


class L1Loss(Loss):
    """The mean of the absolute differences: a few outliers weigh little."""

    title = "Mean absolute error"


class ValueLoss(Loss):
    """The mean of the very numbers that reach the Output, compared with nothing: for layers that give a loss term."""

    title, compares = "The value itself", "nothing"

    def call(self) -> Call:
        return Call("modules.ValueLoss")


class ZeroOneLoss(Loss):
    """The share of wrong labels among whole numbers; it is measured, but no weight can learn from it."""

    title, compares, trains = "Wrong labels (only measured)", "labels", False

    def call(self) -> Call:
        return Call("modules.ZeroOneLoss")


LOSSES: dict[str, type[Loss]] = {
    loss.__name__: loss for loss in (CrossEntropyLoss, BCEWithLogitsLoss, MSELoss, L1Loss, ValueLoss, ZeroOneLoss)
}
