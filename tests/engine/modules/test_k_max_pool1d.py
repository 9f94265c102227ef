from __future__ import annotations

import torch

from designer.engine.modules.k_max_pool1d import KMaxPool1d


def test_the_largest_values_stay_in_the_order_in_which_they_came() -> None:
    x = torch.tensor([[[4.0, 1, 5, 2, 6, 3], [9, 8, 7, 1, 2, 3]]])
    assert KMaxPool1d(3)(x).tolist() == [[[4, 5, 6], [9, 8, 7]]]


def test_the_gradient_reaches_what_was_kept_alone() -> None:
    x = torch.tensor([[[4.0, 1, 5, 2, 6, 3]]], requires_grad=True)
    KMaxPool1d(2)(x).sum().backward()
    assert x.grad is not None
    assert x.grad.tolist() == [[[0, 0, 1, 0, 1, 0]]]


def test_keeping_one_is_the_maximum_and_keeping_all_changes_nothing() -> None:
    x = torch.randn(2, 3, 7)
    assert torch.equal(KMaxPool1d(1)(x), x.amax(dim=-1, keepdim=True))
    assert torch.equal(KMaxPool1d(7)(x), x)
