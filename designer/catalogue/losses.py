"""The losses an Output can be trained with, and which data and widths each of them suits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from designer.catalogue.entry import Entry, Setting
from designer.catalogue.tensor import Length, Misfit
from designer.plan import Call, Value
from designer.protocol import Comparison

SETTINGS = "loss_settings"
"""The Output's setting that holds those of its loss."""

BALANCED = "balanced"
"""The setting by which rare classes weigh more; the engine counts them."""

LOG_PROBABILITIES = "log-probabilities of classes"


class Loss(Entry):
    """What training makes small.

    `compares` says what the target is: "classes" (one of several), "binary" (yes or no), "numbers", "labels" (classes
    that are compared with classes) or "nothing" (there is no target).
    `raw_scores` names what the loss applies itself ("the softmax"), where it takes raw scores; what a layer `gives` and
    that then changes nothing is `unharmed`. `needs` is what a layer must give before it. `axes` are the least and the
    most axes that a target may have for each example, those of an image's pixels being 2.
    """

    compares: ClassVar[Comparison] = "numbers"
    raw_scores: ClassVar[str] = ""
    unharmed: ClassVar[str] = ""
    needs: ClassVar[str] = ""
    axes: ClassVar[tuple[int, int]] = (0, 16)
    trains: ClassVar[bool] = True
    """Off for what is only measured, since no weight can learn from it."""
    vectors: ClassVar[int] = 0
    """How many vectors an example must have, stacked, where the loss compares them with each other."""
    own: ClassVar[bool] = False
    """Whether torch lacks it in the form an Output needs, so that it is a module of the engine's."""

    def call(self) -> Call:
        """The module that measures it; only what differs from torch's own defaults is written."""
        return Call(f"{'modules' if self.own else 'nn'}.{type(self).__name__}", self.keywords())

    def keywords(self) -> dict[str, Value]:
        """The arguments that are not at their default."""
        return {
            name: getattr(self, name)
            for name, setting in self.settings.items()
            if name != BALANCED and getattr(self, name) != setting.default
        }

    @classmethod
    def wanted(cls, places: tuple[Length, ...], classes: int) -> tuple[Length, ...]:
        """The shape per example that an Output must have for a target of such a shape; scores come last."""
        if cls.vectors:
            return (cls.vectors, "width")
        if cls.compares == "classes":
            return (*places, classes)
        return (*places, 1) if cls.compares == "binary" else places


RARE = "Rare classes weigh more, each by how rare it is among the training examples."
GAMMA = "How much less those examples count that are answered right already; 0 counts all alike."
SMOOTH = "Keeps the share defined where neither has anything."
REDUCED = "Below it an error counts by its square, above it by its size."


class CrossEntropyLoss(Loss):
    """How surprised the network is by the right class; takes raw scores (logits), one for each class."""

    title, compares, raw_scores = "Cross-entropy", "classes", "the softmax"
    unharmed = LOG_PROBABILITIES
    label_smoothing = Setting(
        0.0, "The share of certainty that is spread over all classes; 0.1 is usual.", minimum=0.0, maximum=1.0
    )
    balanced = Setting(False, RARE)


class NLLLoss(Loss):
    """How surprised the network is by the right class; takes log-probabilities, as LogSoftmax gives them."""

    title, compares, needs = "Negative log-likelihood", "classes", LOG_PROBABILITIES
    balanced = Setting(False, RARE)


class FocalLoss(Loss):
    """Cross-entropy that counts hard examples most, for classes that are far from equally frequent."""

    title, compares, raw_scores, own = "Focal", "classes", "the softmax", True
    unharmed = LOG_PROBABILITIES
    gamma = Setting(2.0, GAMMA, minimum=0.0)
    balanced = Setting(False, RARE)


class DiceLoss(Loss):
    """How little the areas of each class overlap with the right ones; for masks with small objects."""

    title, compares, raw_scores, own, axes = "Dice", "classes", "the softmax", True, (1, 16)
    smooth = Setting(1.0, SMOOTH, minimum=0.0)


class MultiMarginLoss(Loss):
    """Hinge: the right class must lead the others by a margin; takes raw scores."""

    title, compares, axes = "Hinge (multi-class margin)", "classes", (0, 0)
    p = Setting(1, "Counts what is missing by its size (1) or its square (2).", choices=(1, 2))
    margin = Setting(1.0, "By how much the right class must lead.", minimum=0.0)


class CTCLoss(Loss):
    """Finds by itself where in a long sequence each label of a shorter one stands; class 0 means nothing is there.

    The target is filled up with 0 to the length of the sequence.
    """

    title, compares, raw_scores, own, axes = "CTC", "classes", "the softmax", True, (1, 1)
    unharmed = LOG_PROBABILITIES
    zero_infinity = Setting(True, "Leaves out examples whose labels do not fit into their sequence.")


class BCEWithLogitsLoss(Loss):
    """Cross-entropy for yes or no; takes one raw score (logit) for each answer."""

    title, compares, raw_scores = "Binary cross-entropy (with logits)", "binary", "the sigmoid"
    balanced = Setting(False, "Yes weighs more where it is rarer than no among the training examples.")


class BinaryFocalLoss(Loss):
    """Cross-entropy for yes or no that counts hard examples most, for a rare yes."""

    title, compares, raw_scores, own = "Focal (yes or no)", "binary", "the sigmoid", True
    gamma = Setting(2.0, GAMMA, minimum=0.0)
    alpha = Setting(0.25, "How much yes counts, and no the rest of 1.", minimum=0.0, maximum=1.0)


class BinaryDiceLoss(Loss):
    """How little the area of yes overlaps with the right one; for a mask of one object."""

    title, compares, raw_scores, own, axes = "Dice (yes or no)", "binary", "the sigmoid", True, (1, 16)
    smooth = Setting(1.0, SMOOTH, minimum=0.0)


class SoftMarginLoss(Loss):
    """Hinge with a soft corner, for yes or no; takes one raw score for each answer."""

    title, compares, own = "Hinge (soft margin)", "binary", True


class MultiLabelSoftMarginLoss(Loss):
    """Yes or no for each of several labels, the mean over the labels; takes raw scores."""

    title, compares, raw_scores = "Hinge (multi-label soft margin)", "binary", "the sigmoid"


class CosineEmbeddingLoss(Loss):
    """Turns two vectors of each example the same way where the target says yes, and apart where it says no."""

    title, compares, own, vectors, axes = "Cosine embedding (pairs)", "binary", True, 2, (0, 0)
    margin = Setting(0.0, "How alike two vectors may be that are to differ.", minimum=-1.0, maximum=1.0)


class MSELoss(Loss):
    """The mean of the squared differences: large errors weigh most."""

    title = "Mean squared error"


class L1Loss(Loss):
    """The mean of the absolute differences: a few outliers weigh little."""

    title = "Mean absolute error"


class SmoothL1Loss(Loss):
    """Squares of small differences and the size of large ones, divided by beta: usual for boxes around objects."""

    title = "Smooth L1"
    beta = Setting(1.0, REDUCED, minimum=0.0)


class HuberLoss(Loss):
    """Squares of small differences and the size of large ones: outliers weigh little."""

    title = "Huber"
    delta = Setting(1.0, REDUCED, minimum=1e-9)


class CosineSimilarityLoss(Loss):
    """1 minus the cosine between the output and the target: only the direction counts, not the length."""

    title, own, axes = "Cosine similarity", True, (1, 16)


class PoissonNLLLoss(Loss):
    """For counts, such as visitors an hour; takes the logarithm of the count that is expected."""

    title = "Poisson (counts)"
    log_input = Setting(True, "The output is the logarithm of the count, not the count.")
    full = Setting(False, "Adds what does not depend on the output (Stirling's formula).")


class GaussianNLLLoss(Loss):
    """Learns a number and how sure it is of it: the first half of the outputs are means, the others log-variances."""

    title, own = "Gaussian likelihood (mean and variance)", True
    eps = Setting(1e-6, "The least variance.", minimum=1e-12)

    @classmethod
    def wanted(cls, places: tuple[Length, ...], classes: int) -> tuple[Length, ...]:  # noqa: ARG003
        """Twice as wide as the target."""
        *others, last = places or (1,)
        return (*others, 2 * last if isinstance(last, int) else last)


class KLDivLoss(Loss):
    """How far a distribution is from the target's, which are probabilities; takes log-probabilities."""

    title, needs, axes = "Kullback-Leibler divergence", LOG_PROBABILITIES, (1, 16)

    def keywords(self) -> dict[str, Value]:
        """The mean over the examples, which is the mathematical one."""
        return {"reduction": "batchmean"}


class ValueLoss(Loss):
    """The mean of the very numbers that reach the Output, compared with nothing: for layers that give a loss term."""

    title, compares, own = "The value itself", "nothing", True


class TripletMarginLoss(Loss):
    """Brings the first of three vectors of each example nearer to the second than to the third."""

    title, compares, own, vectors = "Triplet margin", "nothing", True, 3
    margin = Setting(1.0, "By how much nearer it must be.", minimum=0.0)
    p = Setting(2.0, "The power of the distance: 2 is the usual one.", minimum=1.0)
    swap = Setting(False, "Counts the distance between the second and the third where that is less.")


class ZeroOneLoss(Loss):
    """The share of wrong labels among whole numbers; it is measured, but no weight can learn from it."""

    title, compares, trains, own = "Wrong labels (only measured)", "labels", False, True


LOSSES: dict[str, type[Loss]] = {
    loss.__name__: loss
    for loss in (
        CrossEntropyLoss, BCEWithLogitsLoss, MSELoss, L1Loss, ValueLoss, ZeroOneLoss, NLLLoss, FocalLoss, DiceLoss,
        MultiMarginLoss, CTCLoss, BinaryFocalLoss, BinaryDiceLoss, SoftMarginLoss, MultiLabelSoftMarginLoss,
        CosineEmbeddingLoss, SmoothL1Loss, HuberLoss, CosineSimilarityLoss, PoissonNLLLoss, GaussianNLLLoss, KLDivLoss,
        TripletMarginLoss,
    )
}  # fmt: skip
"""The usual ones first."""


def loss_of(name: str, values: Mapping[str, object]) -> Loss | None:
    """The loss of an Output with its settings; raises Misfit. Those of another loss or version are left out."""
    kind = LOSSES.get(name)
    if kind is None:
        return None
    try:
        return kind(**{key: value for key, value in values.items() if key in kind.settings})
    except Misfit as misfit:
        raise Misfit(misfit.message, misfit.hint, f"{SETTINGS}.{misfit.setting}", code="setting") from misfit
