"""Layers that slide small filters over their input and share each filter's weights everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from designer.catalogue import demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Saved, Weights, sample
from designer.catalogue.tensor import Length, Misfit, Specs, TensorSpec, count, total
from designer.catalogue.windows import Sides, Window, grow, measures, sides, slide, spread

PADDING_MODES = ("zeros", "reflect", "replicate", "circular")
STRIDE = "How many places the window moves at a time"
DILATION = "How far apart the window's places are; 1 is a full window"
PADDING = 'Places added on each side; "same" keeps the size, "valid" adds none'


def kernel(axes: int) -> Setting[Any]:
    """The size of the filters."""
    return sides(axes, 3, "Length of the window" if axes == 1 else "Side of the window", minimum=1)


def equal_groups(channels: int, out_channels: int, groups: int) -> None:
    """Refuses channels that cannot be split into the groups."""
    for count_of, what in ((channels, "channels that come in"), (out_channels, "out_channels")):
        if count_of % groups:
            raise Misfit(
                f"The {count_of} {what} cannot be split into {groups} equal groups.",
                f"Take a number of groups that divides both {channels} and {out_channels}.",
                "groups",
                suggest=1,
            )


class Filters(Layer):
    """What convolutions have in common, forwards and backwards; itself no layer."""

    category, width = "Convolution", "out_channels"
    axes: ClassVar[int] = 2

    out_channels = Setting(16, "How many filters, hence how many channels come out.", minimum=1)
    kernel_size: Setting[Any] = kernel(2)
    stride: Setting[Any] = sides(2, 1, STRIDE, minimum=1)

    padding: Setting[Any]
    dilation: Setting[Any]
    bias: Setting[bool]

    def _spread(self, value: Sides) -> tuple[int, ...]:
        return spread(value, self.axes)

    def _channels(self, x: TensorSpec) -> int:
        return demands.known(self, x.shape[-1 - self.axes], "how many channels come in")

    def _known_channels(self, x: TensorSpec) -> int:
        """How many channels come in; refuses what is not of the weights' type."""
        channels = self._channels(x)
        demands.dtype(self, x, demands.WEIGHT)
        return channels

    def _result(self, x: TensorSpec, lengths: Sequence[Length]) -> TensorSpec:
        shape = (*x.shape[: -1 - self.axes], self.out_channels, *lengths)
        return demands.within_reach(self, x.with_shape(shape), self.weights(x), self.width)

    def _with_bias(self, weight: tuple[int, ...]) -> Weights:
        return {"weight": weight, "bias": (self.out_channels,)} if self.bias else {"weight": weight}

    def call(self, x: TensorSpec) -> Call:
        settings = {
            "in_channels": self._channels(x),
            "out_channels": self.out_channels,
            "kernel_size": self.kernel_size,
        }
        rest = [name for name in self.settings if name not in settings]
        return Call(f"nn.{demands.name(self)}", {**settings, **self.changed(*rest)})

    def badge(self) -> str:
        return f"{self.out_channels}, {measures(self.kernel_size, self.axes)}"


class Sliding(Filters):
    """What filters that slide over one, two and three axes have in common; itself no layer."""

    padding: Setting[Any] = sides(2, 0, PADDING, minimum=0, words=("same", "valid"))
    dilation: Setting[Any] = sides(2, 1, DILATION, minimum=1)

    def output(self, x: Specs) -> TensorSpec:
        x, lengths = demands.grid(self, x, self.axes)
        self._known_channels(x)
        self._check(x, lengths)
        if self.padding == "same" and max(self._spread(self.stride)) > 1:
            raise Misfit(
                f'padding = "same" works with a stride of 1 only, but the stride is {self.stride}.',
                "Set stride to 1, or give padding as a number.",
                "stride",
                suggest=1,
            )
        return self._result(x, slide(self, lengths, self._windows))

    @cached_property
    def _windows(self) -> list[Window]:
        parts = (self._spread(part) for part in (self.kernel_size, self.stride, self.dilation))
        return [
            Window(kernel, stride, sum(self._sides(axis, dilation * (kernel - 1))), dilation)
            for axis, (kernel, stride, dilation) in enumerate(zip(*parts, strict=True))
        ]

    def _sides(self, axis: int, whole: int) -> tuple[int, int]:
        """What is added before and after an axis, `whole` being what keeps its length.

        Of an odd "same" padding, the larger part comes after.
        """
        if isinstance(self.padding, str):
            added = whole if self.padding == "same" else 0
            return added // 2, added - added // 2
        return self._spread(self.padding)[axis], self._spread(self.padding)[axis]

    def _check(self, x: TensorSpec, lengths: Sequence[Length]) -> None:
        """Refuses what a kind of its own cannot take."""

    def looks(self, x: TensorSpec) -> Sequence[Window]:
        return self._windows


class Convolution(Sliding):
    """What convolutions over one, two and three axes have in common; itself no layer."""

    groups: Setting[int] = Setting(
        1, "Into how many parts the channels are split, each with filters of its own.", minimum=1
    )
    bias: Setting[bool] = Setting(True, "Whether a learned number is added to each channel.")
    padding_mode = Setting("zeros", "What the padding is filled with.", choices=PADDING_MODES)

    def _check(self, x: TensorSpec, lengths: Sequence[Length]) -> None:
        equal_groups(self._channels(x), self.out_channels, self.groups)
        self._check_padding(lengths)

    def weights(self, x: TensorSpec) -> Weights:
        return self._with_bias((self.out_channels, self._channels(x) // self.groups, *self._spread(self.kernel_size)))

    def macs(self, x: TensorSpec) -> int:
        examples = x.shape[: -1 - self.axes]
        places = slide(self, x.shape[-self.axes :], self._windows)
        return count(*examples, *places, *self.weights(x)["weight"])

    def _check_padding(self, lengths: Sequence[Length]) -> None:
        """Reflecting needs more places than it adds, wrapping around at least as many."""
        if self.padding_mode not in ("reflect", "circular"):
            return
        spare = 1 if self.padding_mode == "reflect" else 0
        for axis, (length, window) in enumerate(zip(lengths, self._windows, strict=True)):
            added = max(self._sides(axis, window.span - 1))
            if added and isinstance(length, int) and added > length - spare:
                raise Misfit(
                    f"A {self.padding_mode} padding of {added} needs a side of at least {added + spare}, "
                    f"but one that comes in is {length}.",
                    "Take less padding, or another padding_mode.",
                    "padding",
                )
            if added and isinstance(length, str):
                raise Misfit(
                    f"A {self.padding_mode} padding must know the size of what comes in, but {length} is free.",
                    "Set padding_mode to zeros, or give the Input a number.",
                    "padding_mode",
                    code="free",
                    suggest="zeros",
                )

    def saved(self, x: TensorSpec) -> Saved:
        """The padded copy where torch makes one; filling it with mirrored numbers needs what came in besides."""
        sides = [self._sides(axis, window.span - 1) for axis, window in enumerate(self._windows)]
        uneven = self.padding_mode == "zeros" and any(before != after for before, after in sides)
        if not uneven and (self.padding_mode == "zeros" or not any(map(any, sides))):
            return Saved(("x",))
        lengths = [total((length, sum(added))) for length, added in zip(x.shape[-self.axes :], sides, strict=True)]
        padded = x.with_shape((*x.shape[: -self.axes], *lengths))
        return Saved(() if self.padding_mode in ("zeros", "circular") else ("x",), own=(padded,))


class Conv2d(Convolution):
    """Slides small filters over an image; each filter learns to find one pattern."""

    title, role = "Convolution 2D", "convolution2"
    usual = True
    aliases = ("conv", "CNN", "filter", "kernel", "depthwise", "pointwise", "Convolution2D", "convolution2dLayer")
    samples = (
        sample((3, 8, 8)),
        sample((4, 7, 5), out_channels=6, kernel_size=(3, 2), stride=2, padding=1, groups=2, bias=False),
        sample((2, 6, 6), out_channels=4, kernel_size=4, padding="same", padding_mode="circular"),
        sample((1, 9, 9), out_channels=2, dilation=(2, 3), padding=(1, 0), padding_mode="reflect"),
        sample((2, 3, 3), out_channels=2, kernel_size=2, padding=2, padding_mode="reflect"),
        sample((2, 3, 3), out_channels=2, kernel_size=2, padding=3, padding_mode="circular"),
        sample((3, "H", "W"), out_channels=2, padding="same"),
    )


class Conv1d(Convolution):
    """Slides small filters along a sequence, such as sound or text; each learns to find one pattern."""

    title, role, axes = "Convolution 1D", "convolution1", 1
    aliases = ("conv", "temporal", "TCN", "sequence", "Convolution1D", "convolution1dLayer", "kernel")
    samples = (
        sample((3, 8)),
        sample((4, 7), out_channels=6, kernel_size=2, stride=2, padding=1, groups=2, bias=False),
        sample((2, 6), out_channels=4, kernel_size=4, padding="same", padding_mode="circular"),
        sample((3, "T"), out_channels=2, padding=1),
        sample(TensorSpec((2, 9), batch=None), out_channels=2, dilation=2, padding=2, padding_mode="reflect"),
    )

    kernel_size: Setting[Any] = kernel(1)
    stride: Setting[Any] = sides(1, 1, STRIDE, minimum=1)
    padding: Setting[Any] = sides(1, 0, PADDING, minimum=0, words=("same", "valid"))
    dilation: Setting[Any] = sides(1, 1, DILATION, minimum=1)


class Conv3d(Convolution):
    """Slides small filters through a volume, such as a scan or a film."""

    title, role, axes = "Convolution 3D", "convolution3", 3
    aliases = ("conv", "volume", "video", "voxel", "Convolution3D", "convolution3dLayer", "kernel")
    samples = (
        sample((3, 4, 5, 4)),
        sample((2, 4, 3, 5), out_channels=4, kernel_size=(3, 2, 1), stride=(1, 2, 1), padding=1, groups=2, bias=False),
        sample((2, 4, "H", "W"), out_channels=2, padding="same"),
    )

    kernel_size: Setting[Any] = kernel(3)
    stride: Setting[Any] = sides(3, 1, STRIDE, minimum=1)
    padding: Setting[Any] = sides(3, 0, PADDING, minimum=0, words=("same", "valid"))
    dilation: Setting[Any] = sides(3, 1, DILATION, minimum=1)


LESS = "Places taken away on each side of what comes out"
MORE = "Places added at one end of what comes out; less than stride or dilation"


class TransposedConvolution(Filters):
    """What transposed convolutions over one, two and three axes have in common; itself no layer."""

    padding: Setting[Any] = sides(2, 0, LESS, minimum=0)
    output_padding: Setting[Any] = sides(2, 0, MORE, minimum=0)
    groups: Setting[int] = Setting(
        1, "Into how many parts the channels are split, each with filters of its own.", minimum=1
    )
    bias: Setting[bool] = Setting(True, "Whether a learned number is added to each channel.")
    dilation: Setting[Any] = sides(2, 1, DILATION, minimum=1)

    def output(self, x: Specs) -> TensorSpec:
        x, lengths = demands.grid(self, x, self.axes)
        equal_groups(self._known_channels(x), self.out_channels, self.groups)
        extra = self._spread(self.output_padding)
        for more, window in zip(extra, self._windows, strict=True):
            if more >= max(window.stride, window.dilation):
                raise Misfit(
                    f"output_padding is {more}, but it must be less than the stride, {window.stride}, "
                    f"or the dilation, {window.dilation}.",
                    "Take a smaller output_padding or a larger stride.",
                    "output_padding",
                    suggest=0,
                )
        return self._result(x, grow(self, lengths, self._windows, self._spread(self.output_padding)))

    def weights(self, x: TensorSpec) -> Weights:
        return self._with_bias((self._channels(x), self.out_channels // self.groups, *self._spread(self.kernel_size)))

    def macs(self, x: TensorSpec) -> int:
        examples, lengths = x.shape[: -1 - self.axes], x.shape[-self.axes :]
        return count(*examples, *lengths, *self.weights(x)["weight"])

    @cached_property
    def _windows(self) -> list[Window]:
        parts = (self.kernel_size, self.stride, self.padding, self.dilation)
        rows = zip(*map(self._spread, parts), strict=True)
        return [Window(kernel, stride, 2 * padding, dilation) for kernel, stride, padding, dilation in rows]


class ConvTranspose2d(TransposedConvolution):
    """A convolution run backwards: each pixel paints a small pattern, which makes an image larger."""

    title = "Transposed convolution 2D"
    aliases = ("deconvolution", "deconv", "upsampling", "up-convolution", "Conv2DTranspose", "transposedConv2dLayer")
    samples = (
        sample((3, 4, 4)),
        sample((4, 3, 5), out_channels=6, kernel_size=(3, 2), stride=2, padding=1, output_padding=1, groups=2),
        sample((2, 3, 3), out_channels=2, kernel_size=2, dilation=(2, 3), output_padding=(1, 2), bias=False),
        sample((3, "H", "W"), out_channels=2, kernel_size=2, stride=2),
    )


class ConvTranspose1d(TransposedConvolution):
    """A convolution run backwards: each step paints a small pattern, which makes a sequence longer."""

    title, axes = "Transposed convolution 1D", 1
    aliases = ("deconvolution", "deconv", "upsampling", "Conv1DTranspose", "transposedConv1dLayer")
    samples = (
        sample((3, 4)),
        sample((4, 5), out_channels=6, kernel_size=3, stride=2, padding=1, output_padding=1, groups=2),
        sample((3, "T"), out_channels=2, kernel_size=4, stride=2, padding=1, bias=False),
    )

    kernel_size: Setting[Any] = kernel(1)
    stride: Setting[Any] = sides(1, 1, STRIDE, minimum=1)
    padding: Setting[Any] = sides(1, 0, LESS, minimum=0)
    output_padding: Setting[Any] = sides(1, 0, MORE, minimum=0)
    dilation: Setting[Any] = sides(1, 1, DILATION, minimum=1)


class ConvTranspose3d(TransposedConvolution):
    """A convolution run backwards: each voxel paints a small pattern, which makes a volume larger."""

    title, axes = "Transposed convolution 3D", 3
    aliases = ("deconvolution", "deconv", "upsampling", "volume", "Conv3DTranspose", "transposedConv3dLayer")
    samples = (
        sample((3, 2, 3, 2)),
        sample((2, 2, 3, 2), out_channels=4, kernel_size=(3, 2, 1), stride=2, padding=(1, 0, 0), output_padding=1),
        sample((2, 3, "H", 2), out_channels=2, kernel_size=2, stride=2, groups=2),
    )

    kernel_size: Setting[Any] = kernel(3)
    stride: Setting[Any] = sides(3, 1, STRIDE, minimum=1)
    padding: Setting[Any] = sides(3, 0, LESS, minimum=0)
    output_padding: Setting[Any] = sides(3, 0, MORE, minimum=0)
    dilation: Setting[Any] = sides(3, 1, DILATION, minimum=1)
