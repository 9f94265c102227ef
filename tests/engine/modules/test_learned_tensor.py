from __future__ import annotations

import torch

from designer.engine.modules.learned_tensor import LearnedTensor


def test_alone_it_is_one_tensor_and_beside_a_batch_one_for_each_example() -> None:
    made = LearnedTensor((2, 3))
    assert made() is made.weight
    assert torch.equal(made(torch.zeros(4, 7)), made.weight.expand(4, 2, 3))


def test_it_learns_from_all_examples() -> None:
    made = LearnedTensor((2,))
    made(torch.zeros(4, 7)).sum().backward()
    assert made.weight.grad is not None
    assert made.weight.grad.tolist() == [4.0, 4.0]


def test_it_begins_with_the_given_spread() -> None:
    torch.manual_seed(0)
    assert 0.49 < LearnedTensor((10_000,), std=0.5).weight.std() < 0.51
