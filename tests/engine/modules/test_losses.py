from __future__ import annotations

import torch

from designer.engine.modules.value_loss import ValueLoss
from designer.engine.modules.zero_one_loss import ZeroOneLoss


def test_a_value_is_its_own_loss() -> None:
    assert float(ValueLoss()(torch.tensor([1.0, 2.0, 6.0]))) == 3.0


def test_wrong_labels_are_counted_as_a_share() -> None:
    assert float(ZeroOneLoss()(torch.tensor([[1, 2], [3, 4]]), torch.tensor([[1, 2], [3, 0]]))) == 0.25
