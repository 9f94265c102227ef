"""What is counted over a split gives the figures that scikit-learn gives for all of its answers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn import metrics as reference
from torch.nn import functional as F  # noqa: N812

from designer.engine.training.metrics import Tally, is_due

CPU = torch.device("cpu")


def batches(tensor: torch.Tensor) -> list[torch.Tensor]:
    return list(tensor.split(17))


def test_classes_have_f1_and_the_right_one_among_five() -> None:
    torch.manual_seed(0)
    wanted = torch.randint(0, 12, (200,))
    output = F.one_hot(wanted, 12) * 2.0 + torch.randn(200, 12)
    tally = Tally("classes", 12, CPU)
    for some, answers in zip(batches(output), batches(wanted), strict=True):
        tally.add(some, answers, 1)
    found = tally.metrics()
    assert list(found) == ["top5_accuracy", "f1"]
    predicted = output.argmax(1)
    assert found["f1"] == pytest.approx(reference.f1_score(wanted, predicted, average="macro"))
    assert found["top5_accuracy"] == pytest.approx(reference.top_k_accuracy_score(wanted, output, k=5))
    assert tally.matrix is not None
    assert (tally.matrix == reference.confusion_matrix(wanted, predicted)).all()


def test_yes_and_no_have_the_area_under_their_curve() -> None:
    torch.manual_seed(0)
    wanted = torch.randint(0, 2, (150, 1)).float()
    output = wanted - 0.4 + torch.randn(150, 1)
    tally = Tally("binary", 2, CPU)
    for some, answers in zip(batches(output), batches(wanted), strict=True):
        tally.add(some, answers, 1)
    found = tally.metrics()
    assert found["f1"] == pytest.approx(reference.f1_score(wanted, output > 0))
    assert found["auc"] == pytest.approx(reference.roc_auc_score(wanted, output))


def test_the_pixels_of_an_image_have_the_share_of_what_is_common() -> None:
    torch.manual_seed(0)
    wanted = torch.randint(0, 3, (6, 8, 8))
    output = F.one_hot(wanted, 3).movedim(-1, 1) + torch.randn(6, 3, 8, 8)
    wanted[0, 0] = -100  # pixels that nobody has named
    tally = Tally("classes", 3, CPU)
    tally.add(output, wanted, 1)
    known = wanted >= 0
    predicted = output.argmax(1)[known]
    assert tally.metrics()["iou"] == pytest.approx(reference.jaccard_score(wanted[known], predicted, average="macro"))


def test_the_places_of_a_sequence_have_a_perplexity() -> None:
    wanted = torch.randint(0, 20, (30, 7))
    tally = Tally("classes", 20, CPU)
    tally.add(torch.zeros(30, 7, 20), wanted, -1)
    assert tally.metrics()["perplexity"] == pytest.approx(20)


def test_a_vocabulary_is_not_counted_class_by_class_and_one_class_alone_has_no_area() -> None:
    large = Tally("classes", 5000, CPU)
    large.add(torch.randn(4, 5000), torch.arange(4), 1)
    assert large.matrix is None
    assert list(large.metrics()) == ["top5_accuracy"]
    alone = Tally("binary", 2, CPU)
    alone.add(torch.ones(4, 1), torch.ones(4, 1), 1)
    assert alone.metrics() == {"f1": 1.0}


def test_short_epochs_are_not_all_measured_in_full() -> None:
    assert all(is_due(epoch, 500) for epoch in range(1, 100))
    due = [epoch for epoch in range(1, 121) if is_due(epoch, 10)]
    assert due == [*range(1, 21), 30, 60, 90, 120]
    assert np.diff(due).max() == 30
