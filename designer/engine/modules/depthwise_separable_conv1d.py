"""A convolution in two steps, over a sequence."""

from __future__ import annotations

from torch import Tensor, nn


class DepthwiseSeparableConv1d(nn.Module):
    """Filters each channel by itself (`depthwise`), then mixes the channels at each place (`pointwise`).

    Each channel has `depth_multiplier` filters of its own. There is one bias, behind the mixing, since one before
    it would only be added to that (Chollet, 2017, "Xception").
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        stride: int = 1,
        padding: int | str = 0,
        dilation: int = 1,
        depth_multiplier: int = 1,
        bias: bool = True,
    ) -> None:
        super().__init__()
        inner = in_channels * depth_multiplier
        self.depthwise = nn.Conv1d(
            in_channels, inner, kernel_size, stride, padding, dilation, groups=in_channels, bias=False
        )
        self.pointwise = nn.Conv1d(inner, out_channels, 1, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        return self.pointwise(self.depthwise(x))
