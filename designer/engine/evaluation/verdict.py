"""Turns what came of each example into what is told: figures, the confusion matrix, each class, the worst cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from designer.engine.evaluation.outcomes import Outcome
from designer.engine.evaluation.showing import is_picture
from designer.engine.training.figures import finite
from designer.protocol import Case, ClassFigures, Number, Verdict

MOST_CLASSES = 200
"""More classes have no matrix and no table: nobody could read them."""
MOST_CASES = 1000
MOST_PAIRS = 2000
MOST_AREAS = 2_000_000
"""Scores up to which the area under the ROC curve is worked out for several classes."""
MOST_NAMED = 8
"""Places of a sequence, or numbers, of which a case tells all."""
YES_AND_NO = ("no", "yes")
BLANKS = {" ": "\u2423", "\n": "\u23ce", "\t": "\u21e5", "": "(empty)"}


def verdict(outcome: Outcome, names: Sequence[str]) -> Verdict:
    """What is told of an output; `names` are those of its classes, as far as they are known."""
    target = outcome.goal.target
    classes = class_names(outcome, names)
    matrix = outcome.tally.matrix if outcome.tally is not None else None
    by_class: tuple[ClassFigures, ...] = ()
    extra: dict[str, float] = {}
    if matrix is not None and matrix.any() and len(classes) == len(matrix):
        by_class = figures_by_class(matrix, tuple(map(visible, classes))) if len(matrix) <= MOST_CLASSES else ()
        extra = mean_figures(matrix, binary=target.compares == "binary")
    if "auc" not in outcome.metrics and (area := area_of_classes(outcome)) is not None:
        extra["auc"] = area
    seen = tuple(map(visible, classes))
    shown = () if matrix is None or not by_class else tuple(map(tuple, matrix.tolist()))
    return Verdict(
        target.output,
        target.compares,
        {name: finite(value) for name, value in {**outcome.metrics, **extra}.items()},
        seen if len(seen) <= MOST_CLASSES else (),
        shown,
        by_class,
        pairs(outcome) if target.compares == "numbers" else (),
        tuple(case(outcome, int(place), classes) for place in outcome.order[:MOST_CASES]),
    )


def class_names(outcome: Outcome, names: Sequence[str]) -> tuple[str, ...]:
    """The names of the classes; their numbers where nobody has named them; empty where there are none."""
    if outcome.tally is None:
        return ()
    count = outcome.tally.classes
    if outcome.goal.target.compares == "binary":
        return tuple(names) if len(names) == count else YES_AND_NO
    return (*names[:count], *(str(number) for number in range(len(names), count)))


def _cells(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    true, answered = np.nonzero(matrix)
    return true, answered, matrix[true, answered]


def figures_by_class(matrix: np.ndarray, classes: Sequence[str]) -> tuple[ClassFigures, ...]:
    """Precision, recall, F1 and IoU of each class; None where nothing is or was taken for it."""
    from sklearn.metrics import jaccard_score, precision_recall_fscore_support

    true, answered, counts = _cells(matrix)
    keywords = {"labels": range(len(classes)), "sample_weight": counts, "average": None}
    found = precision_recall_fscore_support(true, answered, zero_division=np.nan, **keywords)
    common = jaccard_score(true, answered, zero_division=0, **keywords)
    rows = zip(classes, matrix.sum(1).tolist(), *(part.tolist() for part in (*found[:3], common)), strict=True)
    return tuple(
        ClassFigures(name, examples, *(finite(value) for value in figures)) for name, examples, *figures in rows
    )


def mean_figures(matrix: np.ndarray, *, binary: bool) -> dict[str, float]:
    """Precision and recall of yes where the answers are yes or no, else their means over the classes that occur."""
    from sklearn.metrics import precision_recall_fscore_support

    true, answered, counts = _cells(matrix)
    average = "binary" if binary else "macro"
    precision, recall, _, _ = precision_recall_fscore_support(
        true, answered, sample_weight=counts, average=average, zero_division=0
    )
    return {"precision": float(precision), "recall": float(recall)}


def area_of_classes(outcome: Outcome) -> float | None:
    """The mean area under the ROC curves of each class against the rest; None where not every class occurs."""
    scores = outcome.scores
    if scores is None or scores.dim() != 2 or scores.shape[1] < 2 or scores.numel() > MOST_AREAS:
        return None
    wanted = outcome.wanted
    if outcome.goal.target.compares != "classes" or len(wanted.unique()) != scores.shape[1]:
        return None
    if not bool(scores.isfinite().all()):
        return None
    from sklearn.metrics import roc_auc_score

    if scores.shape[1] == 2:
        return float(roc_auc_score(wanted.numpy(), scores[:, 1].numpy()))
    exact = scores.double() / scores.double().sum(1, keepdim=True)  # scikit-learn asks that they add up to one
    return float(roc_auc_score(wanted.numpy(), exact.numpy(), multi_class="ovr"))


def pairs(outcome: Outcome) -> tuple[tuple[Number, Number], ...]:
    """What should be and what was predicted, of examples spread evenly over all there are."""
    wanted, answers = outcome.wanted.flatten().tolist(), outcome.answers.flatten().tolist()
    step = max(1, -(-len(wanted) // MOST_PAIRS))
    found = zip(wanted[::step], answers[::step], strict=True)
    return tuple((finite(one), finite(other)) for one, other in found)


def case(outcome: Outcome, place: int, classes: Sequence[str]) -> Case:
    """What came of one example, by its place in the split."""
    wanted, answer = outcome.wanted[place], outcome.answers[place]
    row, loss = int(outcome.rows[place]), finite(float(outcome.losses[place]))
    image = outcome.goal.target.compares == "numbers" and is_picture(answer.shape)
    if outcome.goal.target.compares == "nothing" or image:
        return Case(row, loss, "", "")
    if outcome.goal.target.compares == "numbers":
        return Case(row, loss, numbers_text(wanted), numbers_text(answer))
    if not outcome.places:
        sure = float(outcome.sure[place]) if outcome.sure is not None else None
        return Case(row, loss, _name(int(wanted), classes), _name(int(answer), classes), sure)
    known = wanted >= 0
    sure = float((wanted == answer)[known].float().mean()) if bool(known.any()) else None
    if outcome.places > 1:
        return Case(row, loss, "", f"{sure:.0%} right" if sure is not None else "")
    return Case(row, loss, _names(wanted, classes), _names(answer, classes))


def numbers_text(values: Tensor) -> str:
    """Numbers as they are read, only the first of many."""
    found = values.flatten()[:MOST_NAMED].tolist()
    return ", ".join(f"{value:.4g}" for value in found) + (", …" if values.numel() > MOST_NAMED else "")


def _name(number: int, classes: Sequence[str]) -> str:
    return classes[number] if 0 <= number < len(classes) else "" if number < 0 else str(number)


def _names(numbers: Tensor, classes: Sequence[str]) -> str:
    texts = [_name(number, classes) for number in numbers[: 4 * MOST_NAMED].tolist()]
    return joined(texts, classes) + (" …" if len(numbers) > 4 * MOST_NAMED else "")


def joined(texts: Sequence[str], classes: Sequence[str]) -> str:
    """The names of a sequence in a row: without blanks where they are letters, or stand for something else."""
    letters = len(classes) > 1 and all(len(name) == 1 or name.startswith("<") for name in classes)
    return ("" if letters else " ").join(texts)


def visible(name: str) -> str:
    """A class by its name, where the name alone would not be seen: a blank, the end of a line."""
    return BLANKS.get(name, name)


def places_of_cell(outcome: Outcome, true: int, predicted: int) -> Tensor:
    """The places in the split of examples that are one class and were taken for another, the worst first."""
    hits = (outcome.wanted == true) & (outcome.answers == predicted)
    hits = hits.flatten(1).any(1) if hits.dim() > 1 else hits
    order: Tensor = outcome.order
    return order[hits[order]]


def by_output(outcomes: Sequence[Outcome]) -> Mapping[str, Outcome]:
    """Outcomes by the id of their output."""
    return {outcome.goal.target.output: outcome for outcome in outcomes}


def rows_of(outcome: Outcome, places: Tensor) -> Tensor:
    """The rows in the data of places in the split."""
    return torch.as_tensor(outcome.rows)[places]
