from __future__ import annotations

import pytest
import torch

from designer.engine.modules.layer_scale import LayerScale


@pytest.mark.parametrize("dim", [1, -3])
def test_each_channel_has_a_factor_of_its_own(dim: int) -> None:
    made = LayerScale(2, dim=dim)
    with torch.no_grad():
        made.gamma.copy_(torch.tensor([2.0, -1.0]))
    y = made(torch.ones(1, 2, 2, 2))
    assert y[0, 0].eq(2).all()
    assert y[0, 1].eq(-1).all()


def test_it_begins_with_nearly_nothing() -> None:
    assert LayerScale(3)(torch.ones(2, 3)).unique().item() == pytest.approx(1e-5)
