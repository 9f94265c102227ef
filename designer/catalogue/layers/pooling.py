"""Layers that sum up the neighbourhood of each place, to make a sequence, an image or a volume smaller."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from designer.catalogue import demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Port, Saved, Site, Step, sample
from designer.catalogue.tensor import Length, Misfit, Specs, TensorSpec, dims
from designer.catalogue.windows import Window, measures, sides, slide, spread
from designer.plan import UNUSED

STRIDE = "How many places the window moves at a time, as a rule its own size"
PADDING = "Places added on each side, at most half the window"
DILATION = "How far apart the window's places are; 1 is a full window"


def window(axes: int) -> Setting[Any]:
    """The size of the window."""
    return sides(axes, 2, "Length of the window" if axes == 1 else "Side of the window", minimum=1)


def stride(axes: int) -> Setting[Any]:
    """How far the window moves; None for as far as it is long."""
    return sides(axes, None, STRIDE, minimum=1, optional=True, kind=int)


def hanging() -> Setting[bool]:
    """Torch's ceil_mode."""
    return Setting(False, "Whether a last window may hang over the edge.")


class Pool(Layer):
    """What pooling by a sliding window has in common; itself no layer."""

    category = "Pooling"
    axes: ClassVar[int] = 2
    allowed: ClassVar[Collection[str]] = demands.FLOATS
    """The types of numbers that torch has it for."""
    fits_bare: ClassVar[bool] = False
    """Whether the window must fit without padding too, as torch wants it of means through a volume."""

    kernel_size: Setting[Any] = window(2)
    stride: Setting[Any] = stride(2)

    ceil_mode: Setting[bool]

    def output(self, x: Specs) -> Specs | dict[str, Specs]:
        return self._pooled(x)

    def _pooled(self, x: Specs) -> TensorSpec:
        x, lengths = demands.grid(self, x, self.axes)
        demands.dtype(self, x, self.allowed)
        kernels, paddings = spread(self.kernel_size, self.axes), self._paddings()
        for side, added in zip(kernels, paddings, strict=True):
            if added > side // 2:
                raise Misfit(
                    f"A padding of {added} is more than half of the window's side, {side}.",
                    f"Take a padding of at most {side // 2}.",
                    "padding",
                    suggest=min(kernels) // 2,
                )
        if self.fits_bare:
            self._check_bare(kernels, lengths)
        return x.with_shape((*x.shape[: -self.axes], *slide(self, lengths, self._windows())))

    def call(self, x: TensorSpec) -> Call:
        rest = [name for name in self.settings if name != "kernel_size"]
        return Call(f"nn.{demands.name(self)}", {"kernel_size": self.kernel_size, **self.changed(*rest)})

    def badge(self) -> str:
        return measures(self.kernel_size, self.axes)

    def _windows(self) -> list[Window]:
        parts = (spread(part, self.axes) for part in (self.kernel_size, self.stride or self.kernel_size))
        return [
            Window(kernel, stride, 2 * padding, dilation, self.ceil_mode)
            for kernel, stride, padding, dilation in zip(*parts, self._paddings(), self._dilations(), strict=True)
        ]

    def _check_bare(self, kernels: Sequence[int], lengths: Sequence[Length]) -> None:
        if all(isinstance(length, str) or side <= length for side, length in zip(kernels, lengths, strict=True)):
            return
        known = [length for length in lengths if isinstance(length, int)]
        raise Misfit(
            f"{demands.name(self)} takes no window larger than its volume, padded or not, "
            f"but {measures(tuple(kernels), self.axes)} is larger than {dims(lengths)}.",
            "Take a smaller kernel_size.",
            "kernel_size",
            code="window",
            suggest=min([*known, *kernels]),
        )

    def _paddings(self) -> tuple[int, ...]:
        return (0,) * self.axes

    def _dilations(self) -> tuple[int, ...]:
        return (1,) * self.axes

    def looks(self, x: TensorSpec) -> Sequence[Window]:
        return self._windows()


class MaxPool(Pool):
    """What max pooling over one, two and three axes has in common; itself no layer."""

    outputs: ClassVar[tuple[Port, ...]] = (
        Port("output", "The largest value of each window."),
        Port("indices", "Where it stood, counted through the whole plane: for an unpooling."),
    )

    padding: Setting[Any] = sides(2, 0, PADDING, minimum=0)
    dilation: Setting[Any] = sides(2, 1, DILATION, minimum=1)
    return_indices = Setting(False, "Whether it tells where each value stood, by a port for an unpooling.")
    ceil_mode = hanging()

    def __init__(self, /, **values: object) -> None:
        super().__init__(**values)
        if not self.return_indices:
            self.outputs = type(self).outputs[:1]  # type: ignore[misc]  # a port that nobody asked for is in the way

    def output(self, x: Specs) -> dict[str, Specs]:
        pooled = self._pooled(x)
        every = {"output": pooled, "indices": replace(pooled, dtype="int64")}
        return {port.name: every[port.name] for port in self.outputs}

    def call(self, x: TensorSpec) -> Call:
        plain = super().call(x)
        return Call(plain.target, {**plain.keywords, **self.changed("return_indices")})

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        both = tuple(site.outputs.get(port.name, UNUSED) for port in self.outputs)
        return (Step(both if self.return_indices else site.first, site.module(), site.name),)

    def _paddings(self) -> tuple[int, ...]:
        return spread(self.padding, self.axes)

    def _dilations(self) -> tuple[int, ...]:
        return spread(self.dilation, self.axes)

    def saved(self, x: TensorSpec) -> Saved:
        """With it where the largest stood, asked for or not."""
        if self.return_indices:
            return Saved(("x",), ("indices",))
        return Saved(("x",), own=(replace(self._pooled(x), dtype="int64"),))


class AvgPool(Pool):
    """What average pooling over one, two and three axes has in common; itself no layer."""

    padding: Setting[Any] = sides(2, 0, PADDING, minimum=0)
    ceil_mode = hanging()
    count_include_pad = Setting(True, "Whether the padding's zeros count in the mean.")

    def _paddings(self) -> tuple[int, ...]:
        return spread(self.padding, self.axes)


class LPPool(Pool):
    """What pooling by a norm over one, two and three axes has in common; itself no layer."""

    allowed: ClassVar[Collection[str]] = demands.ANY

    norm_type = Setting(
        2.0, "The power: 1 adds up, 2 is the length of a vector, large ones near the largest.", minimum=0.1
    )
    ceil_mode = hanging()

    def output(self, x: Specs) -> TensorSpec:
        return demands.as_float(self._pooled(x))

    def call(self, x: TensorSpec) -> Call:
        settings = {"norm_type": self.norm_type, "kernel_size": self.kernel_size}
        return Call(f"nn.{demands.name(self)}", {**settings, **self.changed("stride", "ceil_mode")})

    def badge(self) -> str:
        return f"{super().badge()}, p {self.norm_type:.3g}"

    def saved(self, x: TensorSpec) -> Saved:
        """With it the powers, and four steps on the way from their means to the root of their sums."""
        return Saved(("x",), own=(x, *(self._pooled(x),) * 4))


class MaxPool2d(MaxPool):
    """Keeps the largest value of each window: whether a pattern was found nearby, not just where."""

    title = "Max pooling 2D"
    usual = True
    aliases = ("largest", "downsample", "subsample", "MaxPooling2D", "maxPooling2dLayer")
    samples = (
        sample((3, 8, 8)),
        sample((2, 7, 6), kernel_size=(3, 2), stride=2, padding=1, ceil_mode=True),
        sample((1, 9, 9), dilation=2, stride=(1, 3)),
        sample((2, "H", "W"), kernel_size=3, stride=1, padding=1),
    )


class AvgPool2d(AvgPool):
    """Takes the mean of each window: a smaller, smoother image."""

    title = "Average pooling 2D"
    aliases = ("averaging", "downsample", "subsample", "AveragePooling2D", "averagePooling2dLayer")
    samples = (
        sample((3, 8, 8)),
        sample((2, 7, 6), kernel_size=(3, 2), stride=2, padding=1, ceil_mode=True, count_include_pad=False),
    )


class MaxPool1d(MaxPool):
    """Keeps the largest value of each window along a sequence, and makes it shorter."""

    title, axes = "Max pooling 1D", 1
    aliases = ("largest", "downsample", "MaxPooling1D", "maxPooling1dLayer")
    samples = (
        sample((3, 8)),
        sample((2, 7), kernel_size=3, stride=2, padding=1, dilation=2, ceil_mode=True),
        sample((2, "T"), kernel_size=3, stride=1, padding=1),
    )

    kernel_size: Setting[Any] = window(1)
    stride: Setting[Any] = stride(1)
    padding: Setting[Any] = sides(1, 0, PADDING, minimum=0)
    dilation: Setting[Any] = sides(1, 1, DILATION, minimum=1)


class AvgPool1d(AvgPool):
    """Takes the mean of each window along a sequence: shorter and smoother."""

    title, axes = "Average pooling 1D", 1
    aliases = ("averaging", "moving average", "downsample", "AveragePooling1D", "averagePooling1dLayer")
    samples = (sample((3, 8)), sample((2, 7), kernel_size=3, stride=2, padding=1, ceil_mode=True))

    kernel_size: Setting[Any] = window(1)
    stride: Setting[Any] = stride(1)
    padding: Setting[Any] = sides(1, 0, PADDING, minimum=0)


class MaxPool3d(MaxPool):
    """Keeps the largest value of each window through a volume, and makes it smaller."""

    title, axes = "Max pooling 3D", 3
    aliases = ("largest", "downsample", "volume", "MaxPooling3D", "maxPooling3dLayer")
    samples = (
        sample((2, 4, 5, 4)),
        sample((2, 4, 3, 5), kernel_size=(3, 2, 2), stride=(2, 1, 2), padding=1, ceil_mode=True),
    )

    kernel_size: Setting[Any] = window(3)
    stride: Setting[Any] = stride(3)
    padding: Setting[Any] = sides(3, 0, PADDING, minimum=0)
    dilation: Setting[Any] = sides(3, 1, DILATION, minimum=1)


class AvgPool3d(AvgPool):
    """Takes the mean of each window through a volume: smaller and smoother."""

    title, axes, fits_bare, allowed = "Average pooling 3D", 3, True, ("float32", "float64")
    aliases = ("averaging", "downsample", "volume", "AveragePooling3D", "averagePooling3dLayer")
    samples = (
        sample((2, 4, 5, 4)),
        sample((2, 4, 3, 5), kernel_size=(3, 2, 2), stride=(2, 1, 2), padding=1, ceil_mode=True),
    )

    kernel_size: Setting[Any] = window(3)
    stride: Setting[Any] = stride(3)
    padding: Setting[Any] = sides(3, 0, PADDING, minimum=0)


class LPPool2d(LPPool):
    """Takes a norm of each window: with a power of 2 its length as a vector, between a sum and a maximum."""

    title = "Power pooling 2D"
    aliases = ("Lp pooling", "norm pooling", "L2 pooling", "power average")
    samples = (
        sample((3, 8, 8)),
        sample((2, 7, 6), kernel_size=(3, 2), stride=2, norm_type=1.0, ceil_mode=True),
    )


class LPPool1d(LPPool):
    """Takes a norm of each window along a sequence: between a sum and a maximum."""

    title, axes = "Power pooling 1D", 1
    aliases = ("Lp pooling", "norm pooling", "L2 pooling", "power average")
    samples = (sample((3, 8)), sample((2, 7), kernel_size=3, stride=2, norm_type=3.0, ceil_mode=True))

    kernel_size: Setting[Any] = window(1)
    stride: Setting[Any] = stride(1)


class LPPool3d(LPPool):
    """Takes a norm of each window through a volume: between a sum and a maximum."""

    title, axes, fits_bare, allowed = "Power pooling 3D", 3, True, ("float32", "float64", *demands.WHOLE, "bool")
    aliases = ("Lp pooling", "norm pooling", "L2 pooling", "power average")
    samples = (sample((2, 4, 5, 4)), sample((2, 4, 3, 5), kernel_size=(3, 2, 2), stride=(2, 1, 2), ceil_mode=True))

    kernel_size: Setting[Any] = window(3)
    stride: Setting[Any] = stride(3)
