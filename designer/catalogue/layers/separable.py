"""Convolutions taken apart: each channel filtered by itself, then the channels mixed at each place."""

from __future__ import annotations

from typing import Any

from designer.catalogue import demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Saved, Weights, sample
from designer.catalogue.layers.convolution import DILATION, PADDING, STRIDE, Sliding, kernel
from designer.catalogue.tensor import TensorSpec, count
from designer.catalogue.windows import sides, slide


class Separable(Sliding):
    """What depthwise separable convolutions over one and two axes have in common; themselves no layer."""

    depth_multiplier = Setting(1, "How many filters each channel that comes in has of its own.", minimum=1)
    bias: Setting[bool] = Setting(True, "Whether a learned number is added to each channel that comes out.")

    def weights(self, x: TensorSpec) -> Weights:
        inner = self._channels(x) * self.depth_multiplier
        mixing = self._with_bias((self.out_channels, inner, *(1,) * self.axes))
        return {
            "depthwise.weight": (inner, 1, *self._spread(self.kernel_size)),
            **{f"pointwise.{name}": shape for name, shape in mixing.items()},
        }

    def macs(self, x: TensorSpec) -> int:
        weights = self.weights(x)
        places = slide(self, x.shape[-self.axes :], self._windows)
        each = count(*weights["depthwise.weight"]) + count(*weights["pointwise.weight"])
        return count(*x.shape[: -1 - self.axes], *places, each)

    def call(self, x: TensorSpec) -> Call:
        return Call(f"modules.{demands.name(self)}", super().call(x).keywords)

    def saved(self, x: TensorSpec) -> Saved:
        """With it what stands between the two steps."""
        inner = self._channels(x) * self.depth_multiplier
        places = slide(self, x.shape[-self.axes :], self._windows)
        return Saved(("x",), own=(x.with_shape((*x.shape[: -1 - self.axes], inner, *places)),))


class DepthwiseSeparableConv2d(Separable):
    """Filters each channel of an image by itself, then mixes the channels: far fewer weights than a convolution."""

    title = "Separable convolution 2D"
    aliases = ("SeparableConv2D", "depthwise", "pointwise", "MobileNet", "Xception", "conv", "CNN")
    samples = (
        sample((3, 8, 8)),
        sample((2, 7, 5), out_channels=6, kernel_size=(3, 2), stride=2, padding=1, depth_multiplier=2, bias=False),
        sample((2, 9, 9), out_channels=4, dilation=(2, 3), padding=(1, 0)),
        sample((3, "H", "W"), out_channels=2, padding="same"),
    )


class DepthwiseSeparableConv1d(Separable):
    """Filters each channel of a sequence by itself, then mixes the channels: far fewer weights than a convolution."""

    title, axes = "Separable convolution 1D", 1
    aliases = ("SeparableConv1D", "depthwise", "pointwise", "conv", "temporal", "sequence")
    samples = (
        sample((3, 8)),
        sample((2, 7), out_channels=6, kernel_size=2, stride=2, padding=1, depth_multiplier=3, bias=False),
        sample((3, "T"), out_channels=2, padding="same"),
        sample(TensorSpec((2, 9), batch=None), out_channels=2, dilation=2, padding=2),
    )

    kernel_size: Setting[Any] = kernel(1)
    stride: Setting[Any] = sides(1, 1, STRIDE, minimum=1)
    padding: Setting[Any] = sides(1, 0, PADDING, minimum=0, words=("same", "valid"))
    dilation: Setting[Any] = sides(1, 1, DILATION, minimum=1)
