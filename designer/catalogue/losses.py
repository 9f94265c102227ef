"""The losses an Output can be trained with, and which data and widths each of them suits."""

from __future__ import annotations

from typing import ClassVar, Literal

from designer.catalogue.entry import Entry
from designer.plan import Call


class Loss(Entry):
    """What training makes small.

    `compares` says what the target is: "classes" (one of several), "binary" (yes or no) or "numbers".
    `raw_scores` names what the loss applies itself ("a softmax"), where it takes raw scores.
    """

    compares: ClassVar[Literal["classes", "binary", "numbers"]] = "numbers"
    raw_scores: ClassVar[str] = ""

    def call(self) -> Call:
        """The torch module that measures it."""
        return Call(f"nn.{type(self).__name__}")


class CrossEntropyLoss(Loss):
    """How surprised the network is by the right class; takes raw scores (logits), one for each class."""

    title, compares, raw_scores = "Cross-entropy", "classes", "the softmax"


class BCEWithLogitsLoss(Loss):
    """Cross-entropy for yes or no; takes one raw score (logit) for each answer."""

    title, compares, raw_scores = "Binary cross-entropy (with logits)", "binary", "the sigmoid"


class MSELoss(Loss):
    """The mean of the squared differences: large errors weigh most."""

    title = "Mean squared error"


class L1Loss(Loss):
    """The mean of the absolute differences: a few outliers weigh little."""

    title = "Mean absolute error"


LOSSES: dict[str, type[Loss]] = {loss.__name__: loss for loss in (CrossEntropyLoss, BCEWithLogitsLoss, MSELoss, L1Loss)}
