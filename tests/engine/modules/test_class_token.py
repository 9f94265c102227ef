from __future__ import annotations

import torch

from designer.engine.modules.class_token import ClassToken


def test_the_token_stands_before_every_sequence() -> None:
    made, x = ClassToken(3), torch.randn(4, 5, 3)
    y = made(x)
    assert torch.equal(y[:, 1:], x)
    assert torch.equal(y[:, 0], made.token.expand(4, 3))


def test_the_token_learns_from_all_examples() -> None:
    made = ClassToken(3)
    made(torch.zeros(4, 5, 3)).sum().backward()
    assert made.token.grad is not None
    assert made.token.grad.tolist() == [4.0, 4.0, 4.0]


def test_the_token_begins_small() -> None:
    torch.manual_seed(0)
    token = ClassToken(10_000).token
    assert 0.019 < token.std() < 0.021
