"""Layers that slide small filters over their input and share each filter's weights everywhere."""

from __future__ import annotations

from designer.catalogue import demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Weights, sample
from designer.catalogue.tensor import Length, Misfit, Specs, TensorSpec, count
from designer.catalogue.windows import Pair, Window, pair, slide, square

PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


class Conv2d(Layer):
    """Slides small filters over an image; each filter learns to find one pattern."""

    title, category, width = "Convolution 2D", "Convolution", "out_channels"
    aliases = ("conv", "CNN", "filter", "kernel", "depthwise", "pointwise", "Convolution2D")
    samples = (
        sample((3, 8, 8)),
        sample((4, 7, 5), out_channels=6, kernel_size=(3, 2), stride=2, padding=1, groups=2, bias=False),
        sample((2, 6, 6), out_channels=4, kernel_size=4, padding="same", padding_mode="circular"),
        sample((1, 9, 9), out_channels=2, dilation=(2, 3), padding=(1, 0), padding_mode="reflect"),
        sample((2, 3, 3), out_channels=2, kernel_size=2, padding=2, padding_mode="reflect"),
        sample((2, 3, 3), out_channels=2, kernel_size=2, padding=3, padding_mode="circular"),
        sample((3, "H", "W"), out_channels=2, padding="same"),
    )

    out_channels = Setting(16, "How many filters, hence how many channels come out.", minimum=1)
    kernel_size: Setting[Pair] = Setting(
        3, "Side of the window, in pixels; one number or (height, width).", minimum=1, sizes=2
    )
    stride: Setting[Pair] = Setting(1, "How many pixels the window moves at a time.", minimum=1, sizes=2)
    padding: Setting[Pair | str] = Setting(
        0,
        'Rows and columns added on each side; "same" keeps height and width, "valid" adds none.',
        minimum=0,
        sizes=2,
        words=("same", "valid"),
    )
    dilation: Setting[Pair] = Setting(
        1, "How far apart the window's pixels are; 1 is a full window.", minimum=1, sizes=2
    )
    groups = Setting(1, "Into how many parts the channels are split, each with filters of its own.", minimum=1)
    bias = Setting(True, "Whether a learned number is added to each channel.")
    padding_mode = Setting("zeros", "What the padding is filled with.", choices=PADDING_MODES)

    def output(self, x: Specs) -> TensorSpec:
        x, size = demands.image(self, x)
        channels = self._channels(x)
        demands.dtype(self, x, demands.WEIGHT)
        self._check_settings(channels)
        self._check_padding(size)
        height, width = slide(self, size, self._windows())
        result = x.with_shape((*x.shape[:-3], self.out_channels, height, width))
        return demands.within_reach(self, result, self.weights(x), self.width)

    def weights(self, x: TensorSpec) -> Weights:
        channels = self._channels(x) // self.groups
        weights: Weights = {"weight": (self.out_channels, channels, *pair(self.kernel_size))}
        if self.bias:
            weights["bias"] = (self.out_channels,)
        return weights

    def macs(self, x: TensorSpec) -> int:
        examples = x.shape[:-3]
        places = slide(self, x.shape[-2:], self._windows())
        return count(*examples, *places, *self.weights(x)["weight"])

    def call(self, x: TensorSpec) -> Call:
        settings = {
            "in_channels": self._channels(x),
            "out_channels": self.out_channels,
            "kernel_size": self.kernel_size,
        }
        return Call(
            "nn.Conv2d",
            {**settings, **self.changed("stride", "padding", "dilation", "groups", "bias", "padding_mode")},
        )

    def badge(self) -> str:
        return f"{self.out_channels}, {square(self.kernel_size)}"

    def _channels(self, x: TensorSpec) -> int:
        return demands.known(self, x.shape[-3], "how many channels come in")

    def _windows(self) -> list[Window]:
        windows = []
        for axis in (0, 1):
            kernel, dilation = pair(self.kernel_size)[axis], pair(self.dilation)[axis]
            bare = Window(kernel, pair(self.stride)[axis], dilation=dilation)
            padding = sum(self._sides(bare, axis))
            windows.append(Window(kernel, bare.stride, padding, dilation))
        return windows

    def _sides(self, window: Window, axis: int) -> tuple[int, int]:
        """What is added before and after an axis; of an odd "same" padding, the larger part comes after."""
        if isinstance(self.padding, str):
            whole = window.span - 1 if self.padding == "same" else 0
            return whole // 2, whole - whole // 2
        return pair(self.padding)[axis], pair(self.padding)[axis]

    def _check_settings(self, channels: int) -> None:
        for count_of, what in ((channels, "channels that come in"), (self.out_channels, "out_channels")):
            if count_of % self.groups:
                raise Misfit(
                    f"The {count_of} {what} cannot be split into {self.groups} equal groups.",
                    f"Take a number of groups that divides both {channels} and {self.out_channels}.",
                    "groups",
                    suggest=1,
                )
        if self.padding == "same" and pair(self.stride) != (1, 1):
            raise Misfit(
                f'padding = "same" works with a stride of 1 only, but the stride is {self.stride}.',
                "Set stride to 1, or give padding as a number.",
                "stride",
                suggest=1,
            )

    def _check_padding(self, size: tuple[Length, Length]) -> None:
        """Reflecting needs more pixels than it adds, wrapping around at least as many."""
        if self.padding_mode not in ("reflect", "circular"):
            return
        spare = 1 if self.padding_mode == "reflect" else 0
        for axis, (length, window) in enumerate(zip(size, self._windows(), strict=True)):
            added = max(self._sides(window, axis))
            if added and isinstance(length, int) and added > length - spare:
                raise Misfit(
                    f"A {self.padding_mode} padding of {added} needs at least {added + spare} pixels, "
                    f"but the image has {length}.",
                    "Take less padding, or another padding_mode.",
                    "padding",
                )
            if added and isinstance(length, str):
                raise Misfit(
                    f"A {self.padding_mode} padding must know the size of its image, but {length} is free.",
                    "Set padding_mode to zeros, or give the Input a number.",
                    "padding_mode",
                    code="free",
                    suggest="zeros",
                )
