"""Metrics beside loss and accuracy: counted on the device batch by batch, and worked out by scikit-learn.

What the classes were taken for is counted in a matrix; F1 and the like follow from its cells, each weighing as much as
was counted there, so that a million pixels cost no more than a hundred examples.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812  # as everybody calls it

MOST_COUNTED = 1000
"""More classes, as those of a vocabulary, are not counted against each other: the matrix would take their square."""
MOST_RANKED = 100_000
"""Answers up to which it is worked out after every epoch how well yes and no are told apart."""
TOP = 5

FIRST_EPOCHS = 20
STEPS_BETWEEN = 300
"""After the first epochs, short ones are measured in full only when so many steps have gone by: scikit-learn takes
some milliseconds, which is more than an epoch of a small table."""


def is_due(epoch: int, steps: int) -> bool:
    """Whether an epoch of so many steps is measured in full; epochs count from 1."""
    return epoch <= FIRST_EPOCHS or epoch % math.ceil(STEPS_BETWEEN / max(1, steps)) == 0


class Tally:
    """What an output answered over a split; `compares` is its target's, `classes` how many it tells apart."""

    def __init__(self, compares: str, classes: int, device: torch.device) -> None:
        self._compares, self.classes = compares, classes
        self._matrix = torch.zeros(classes * classes if 1 < classes <= MOST_COUNTED else 0, dtype=torch.long)
        self._matrix = self._matrix.to(device)
        self._sums = torch.zeros(3, device=device)
        """Answers, those with the right class among the first five, and the sum of their surprise."""
        self._ranked: list[tuple[Tensor, Tensor]] = []
        self._places = 0

    def add(self, output: Tensor, wanted: Tensor, axis: int) -> None:
        """Count a batch; the scores of classes stand on `axis`."""
        if self._compares == "binary":
            self._count(wanted > 0.5, output > 0)
            self._rank(output, wanted)
            return
        if self._compares == "labels":
            self._count(wanted, output)
            return
        self._count(wanted, output.argmax(axis))
        if self.classes == 2 and wanted.dim() == 1:
            self._rank(output[:, 1] - output[:, 0], wanted)
        scores = output.movedim(axis, -1)
        known = wanted >= 0
        self._places = wanted.dim() - 1
        if self.classes > 2 * TOP:
            found = (scores.topk(TOP, dim=-1).indices == wanted.unsqueeze(-1)).any(-1)
            self._sums[1] += (found & known).sum()
        if self._places == 1:
            surprise = F.cross_entropy(scores.flatten(0, -2), wanted.flatten(), reduction="sum", ignore_index=-100)
            self._sums[2] += surprise
        self._sums[0] += known.sum()

    def _count(self, wanted: Tensor, answered: Tensor) -> None:
        if len(self._matrix):
            wanted, answered = wanted.flatten().long(), answered.flatten().long()
            inside = (wanted >= 0) & (answered >= 0) & (wanted < self.classes) & (answered < self.classes)
            cells = torch.where(inside, wanted * self.classes + answered, 0)
            self._matrix.index_add_(0, cells, inside.long())

    def _rank(self, output: Tensor, wanted: Tensor) -> None:
        self._ranked.append((output.detach().flatten(), wanted.flatten()))

    @property
    def matrix(self) -> np.ndarray | None:
        """How often each class, a row, was taken for each, a column; None where there are too many."""
        return self._matrix.cpu().numpy().reshape(self.classes, self.classes) if len(self._matrix) else None

    def metrics(self) -> dict[str, float]:
        """F1 for classes, IoU for those of places in an image, and what else suits; in the order to be read."""
        found: dict[str, float] = {}
        answers, among, surprise = self._sums.cpu().double().tolist()
        if self.classes > 2 * TOP and answers:
            found["top5_accuracy"] = among / answers
        if (matrix := self.matrix) is not None and matrix.any():
            found["f1"] = f1(matrix, binary=self._compares == "binary")
            if self._places > 1:
                found["iou"] = iou(matrix)
        if (area := self._area()) is not None:
            found["auc"] = area
        if self._places == 1 and answers:
            found["perplexity"] = math.exp(min(surprise / answers, 700.0))
        return found

    def _area(self) -> float | None:
        if not self._ranked or sum(len(wanted) for _, wanted in self._ranked) > MOST_RANKED:
            return None
        scores, wanted = (torch.cat(parts).float().cpu().numpy() for parts in zip(*self._ranked, strict=True))
        return area(wanted > 0.5, scores)


def _cells(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    true, answered = np.nonzero(matrix)
    return true, answered, matrix[true, answered]


def f1(matrix: np.ndarray, *, binary: bool = False) -> float:
    """F1 of yes where the answers are yes or no, else its mean over the classes that occur."""
    from sklearn.metrics import f1_score  # scikit-learn takes a moment to import: when it is needed

    true, answered, counts = _cells(matrix)
    average = "binary" if binary else "macro"
    return float(f1_score(true, answered, sample_weight=counts, average=average, zero_division=0))


def iou(matrix: np.ndarray) -> float:
    """Intersection over union, its mean over the classes that occur."""
    from sklearn.metrics import jaccard_score

    true, answered, counts = _cells(matrix)
    return float(jaccard_score(true, answered, sample_weight=counts, average="macro", zero_division=0))


def area(wanted: np.ndarray, scores: np.ndarray) -> float | None:
    """The area under the ROC curve: how often a yes scores above a no; None where one of the two does not occur."""
    from sklearn.metrics import roc_auc_score

    if wanted.all() or not wanted.any() or not np.isfinite(scores).all():
        return None
    return float(roc_auc_score(wanted, scores))
