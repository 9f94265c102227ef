from __future__ import annotations

import torch

from designer.engine.modules.drop_path import DropPath


def test_each_example_is_kept_whole_and_scaled_or_dropped_whole() -> None:
    torch.manual_seed(0)
    y = DropPath(0.25)(torch.ones(400, 2, 3))
    first = y[:, 0, 0]
    assert torch.equal(y, first[:, None, None].expand_as(y))
    torch.testing.assert_close(first.unique(), torch.tensor([0.0, 4 / 3]))
    assert 0.15 < (first == 0).float().mean() < 0.35


def test_in_use_nothing_is_dropped() -> None:
    x = torch.randn(4, 3)
    assert DropPath(0.9).eval()(x) is x


def test_a_share_of_one_drops_everything() -> None:
    assert torch.equal(DropPath(1.0)(torch.ones(2, 3)), torch.zeros(2, 3))
