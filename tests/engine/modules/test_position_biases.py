from __future__ import annotations

import pytest
import torch

from designer.engine.modules.relative_position_bias import RelativePositionBias
from designer.engine.modules.window_position_bias import WindowPositionBias


def test_pairs_of_a_window_that_lie_alike_have_one_number() -> None:
    bias = WindowPositionBias((2, 3), num_heads=2)()
    assert bias.shape == (2, 6, 6)
    assert torch.equal(bias[:, 0, 1], bias[:, 1, 2])  # one to the right, in the first row
    assert torch.equal(bias[:, 0, 1], bias[:, 3, 4])  # and in the second
    assert not torch.equal(bias[:, 0, 1], bias[:, 1, 0])
    assert len(bias[0].unique()) == 3 * 5


def test_near_distances_have_numbers_of_their_own_and_far_ones_share() -> None:
    made = RelativePositionBias(1, num_buckets=8, max_distance=16)
    ahead = torch.tensor([0, 1, 2, 3, 5, 6, 15, 16, 99])
    assert made.bucket(ahead).tolist() == [0, 5, 6, 6, 6, 7, 7, 7, 7]
    assert made.bucket(-ahead).tolist() == [0, 1, 2, 2, 2, 3, 3, 3, 3]


def test_read_forwards_all_later_positions_share_one_number() -> None:
    made = RelativePositionBias(2, num_buckets=4, max_distance=8, bidirectional=False)
    assert made.bucket(torch.tensor([3, 1, 0, -1, -2, -3, -4, -40])).tolist() == [0, 0, 0, 1, 2, 2, 3, 3]
    assert made(torch.zeros(5, 7, 3)).shape == (2, 7, 7)


def test_a_distance_that_is_too_near_is_refused() -> None:
    with pytest.raises(ValueError, match="above 8"):
        RelativePositionBias(1, max_distance=8)
