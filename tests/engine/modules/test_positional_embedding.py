from __future__ import annotations

import pytest
import torch

from designer.engine.modules.positional_embedding import PositionalEmbedding


def test_each_position_gets_its_own_vector() -> None:
    made, x = PositionalEmbedding(6, 3), torch.randn(2, 4, 3)
    torch.testing.assert_close(made(x), x + made.weight[:4])


@pytest.mark.parametrize("most", [1, 3])
def test_a_sequence_that_is_too_long_is_refused(most: int) -> None:
    with pytest.raises(RuntimeError, match="exceeds dimension size"):
        PositionalEmbedding(most, 3)(torch.zeros(2, 4, 3))


def test_positions_that_did_not_occur_learn_nothing() -> None:
    made = PositionalEmbedding(4, 1)
    made(torch.zeros(3, 2, 1)).sum().backward()
    assert made.weight.grad is not None
    assert made.weight.grad.flatten().tolist() == [3.0, 3.0, 0.0, 0.0]
