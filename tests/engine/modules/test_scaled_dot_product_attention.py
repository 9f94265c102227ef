from __future__ import annotations

import torch
from torch.nn import functional as F  # noqa: N812 (its usual name)

from designer.engine.modules.scaled_dot_product_attention import ScaledDotProductAttention


def test_dropout_acts_while_training_alone() -> None:
    q, k, v = torch.randn(3, 2, 4, 6)
    layer = ScaledDotProductAttention(1.0, is_causal=True, scale=0.5)
    assert not layer(q, k, v).any()
    plain = F.scaled_dot_product_attention(q, k, v, is_causal=True, scale=0.5)
    assert torch.equal(layer.eval()(q, k, v), plain)
