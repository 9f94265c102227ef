"""Layers that sum up the neighbourhood of each pixel, to make an image smaller."""

from __future__ import annotations

from designer.catalogue import demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, sample
from designer.catalogue.tensor import Misfit, Specs, TensorSpec
from designer.catalogue.windows import Pair, Window, pair, slide, square


class Pool2d(Layer):
    """What pooling by a sliding window has in common; itself no layer."""

    category = "Pooling"

    kernel_size: Setting[Pair] = Setting(
        2, "Side of the window, in pixels; one number or (height, width).", minimum=1, sizes=2
    )
    stride: Setting[Pair | None] = Setting(
        None,
        "How many pixels the window moves at a time; as a rule its own size.",
        minimum=1,
        sizes=2,
        optional=True,
        kind=int,
    )
    padding: Setting[Pair] = Setting(
        0, "Rows and columns added on each side, at most half the window.", minimum=0, sizes=2
    )

    def output(self, x: Specs) -> TensorSpec:
        x, size = demands.image(self, x)
        demands.dtype(self, x, demands.FLOATS)
        for side, added in zip(pair(self.kernel_size), pair(self.padding), strict=True):
            if added > side // 2:
                raise Misfit(
                    f"A padding of {added} is more than half of the window's side, {side}.",
                    f"Take a padding of at most {side // 2}.",
                    "padding",
                    suggest=min(pair(self.kernel_size)) // 2,
                )
        return x.with_shape((*x.shape[:-2], *slide(self, size, self._windows())))

    def badge(self) -> str:
        return square(self.kernel_size)

    def _windows(self) -> list[Window]:
        kernels, strides = pair(self.kernel_size), pair(self.stride or self.kernel_size)
        paddings, dilations = pair(self.padding), self._dilations()
        return [
            Window(kernel, stride, 2 * padding, dilation, self._ceil())
            for kernel, stride, padding, dilation in zip(kernels, strides, paddings, dilations, strict=True)
        ]

    def _dilations(self) -> tuple[int, int]:
        return 1, 1

    def _ceil(self) -> bool:
        raise NotImplementedError


class MaxPool2d(Pool2d):
    """Keeps the largest value of each window: whether a pattern was found nearby, not just where."""

    title = "Max pooling 2D"
    aliases = ("maximum", "downsample", "subsample", "MaxPooling2D")
    samples = (
        sample((3, 8, 8)),
        sample((2, 7, 6), kernel_size=(3, 2), stride=2, padding=1, ceil_mode=True),
        sample((1, 9, 9), dilation=2, stride=(1, 3)),
        sample((2, "H", "W"), kernel_size=3, stride=1, padding=1),
    )

    dilation: Setting[Pair] = Setting(
        1, "How far apart the window's pixels are; 1 is a full window.", minimum=1, sizes=2
    )
    ceil_mode = Setting(False, "Whether a last window may hang over the edge.")

    def call(self, x: TensorSpec) -> Call:
        settings = {"kernel_size": self.kernel_size}
        return Call("nn.MaxPool2d", {**settings, **self.changed("stride", "padding", "dilation", "ceil_mode")})

    def _dilations(self) -> tuple[int, int]:
        return pair(self.dilation)

    def _ceil(self) -> bool:
        return self.ceil_mode


class AvgPool2d(Pool2d):
    """Takes the mean of each window: a smaller, smoother image."""

    title = "Average pooling 2D"
    aliases = ("mean", "downsample", "subsample", "AveragePooling2D")
    samples = (
        sample((3, 8, 8)),
        sample((2, 7, 6), kernel_size=(3, 2), stride=2, padding=1, ceil_mode=True, count_include_pad=False),
    )

    ceil_mode = Setting(False, "Whether a last window may hang over the edge.")
    count_include_pad = Setting(True, "Whether the padding's zeros count in the mean.")

    def call(self, x: TensorSpec) -> Call:
        settings = {"kernel_size": self.kernel_size}
        return Call("nn.AvgPool2d", {**settings, **self.changed("stride", "padding", "ceil_mode", "count_include_pad")})

    def _ceil(self) -> bool:
        return self.ceil_mode


class AdaptiveAvgPool2d(Layer):
    """Takes means over a grid of the size you name, whatever the size of the image."""

    title, category = "Adaptive average pooling 2D", "Pooling"
    aliases = ("global average pooling", "GAP", "mean", "GlobalAveragePooling2D")
    samples = (sample((3, 8, 8)), sample((2, 3, 7), output_size=(5, 2)), sample((2, "H", "W"), output_size=2))

    output_size: Setting[Pair] = Setting(
        1, "Side of the image that comes out; one number or (height, width).", minimum=1, sizes=2
    )

    def output(self, x: Specs) -> TensorSpec:
        x, _ = demands.image(self, x)
        demands.dtype(self, x, demands.FLOATS)
        result = x.with_shape((*x.shape[:-2], *pair(self.output_size)))
        return demands.within_reach(self, result, {}, "output_size")

    def call(self, x: TensorSpec) -> Call:
        return Call("nn.AdaptiveAvgPool2d", {"output_size": self.output_size})

    def badge(self) -> str:
        return square(self.output_size)
