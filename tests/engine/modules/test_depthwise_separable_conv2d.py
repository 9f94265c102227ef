from __future__ import annotations

import torch
from torch import nn

from designer.engine.modules.depthwise_separable_conv2d import DepthwiseSeparableConv2d


def test_it_computes_a_plain_convolution_whose_filters_are_products() -> None:
    torch.manual_seed(0)
    layer = DepthwiseSeparableConv2d(3, 4, kernel_size=(3, 5), stride=2, padding=1, depth_multiplier=2)
    each = layer.depthwise.weight.unflatten(0, (3, 2)).squeeze(2)
    mixing = layer.pointwise.weight.flatten(1).unflatten(1, (3, 2))
    whole = torch.einsum("ocm,cm...->oc...", mixing, each)
    x = torch.randn(2, 3, 11, 9)
    expected = nn.functional.conv2d(x, whole, layer.pointwise.bias, stride=2, padding=1)
    torch.testing.assert_close(layer(x), expected, rtol=1e-4, atol=1e-5)


def test_there_is_one_bias_at_the_end_or_none() -> None:
    names = [name for name, _ in DepthwiseSeparableConv2d(3, 4, 3).named_parameters()]
    assert names == ["depthwise.weight", "pointwise.weight", "pointwise.bias"]
    assert DepthwiseSeparableConv2d(3, 4, 3, bias=False).pointwise.bias is None
