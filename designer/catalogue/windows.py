"""The arithmetic of windows that slide over an axis: convolution and pooling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from designer.catalogue.demands import name
from designer.catalogue.entry import Entry
from designer.catalogue.tensor import Length, Misfit, dims

Pair = int | tuple[int, int]
"""A setting for height and width: one number for both, or one each."""


def pair(value: Pair) -> tuple[int, int]:
    """Height and width of a setting that may be one number for both."""
    return (value, value) if isinstance(value, int) else value


def square(value: Pair) -> str:
    """Height and width for a badge: "3x3"."""
    height, width = pair(value)
    return f"{height}x{width}"


@dataclass(frozen=True, slots=True)
class Window:
    """A window along one axis; `padding` is what is added at both ends together."""

    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    ceil: bool = False
    """Whether a last window may hang over the end, as long as it starts inside (torch's ceil_mode)."""

    @property
    def span(self) -> int:
        """How much of the axis it covers, holes included."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def keeps_length(self) -> bool:
        """Whether as much comes out as goes in, whatever the length."""
        return self.stride == 1 and self.padding == self.span - 1

    def places(self, length: int) -> int:
        """How many places it has on an axis; less than one where it does not fit.

        Source: the formula in torch's documentation of Conv2d, and `pooling_output_shape` in ATen.
        """
        room = length + self.padding - self.span
        if not self.ceil:
            return room // self.stride + 1
        places = (room + self.stride - 1) // self.stride + 1
        starts_outside = (places - 1) * self.stride >= length + self.padding // 2
        return places - 1 if starts_outside else places


def slide(layer: Entry, lengths: Sequence[Length], windows: Sequence[Window]) -> tuple[Length, ...]:
    """The lengths that come out of sliding one window along each axis; refuses a window that does not fit."""
    out: list[Length] = []
    for length, window in zip(lengths, windows, strict=True):
        if isinstance(length, int):
            out.append(window.places(length))
        elif window.keeps_length:
            out.append(length)
        else:
            raise Misfit(
                f"{name(layer)} must know the size of its image, but {dims(lengths)} comes in.",
                "Give the Input numbers for height and width.",
                code="free",
            )
    if any(isinstance(places, int) and places < 1 for places in out):
        _refuse(lengths, windows)
    return tuple(out)


def _refuse(lengths: Sequence[Length], windows: Sequence[Window]) -> None:
    kernels = "x".join(str(window.kernel) for window in windows)
    spans = "x".join(str(window.span) for window in windows)
    image = "x".join(str(length) for length in lengths)
    spread = f" that dilation spreads to {spans}" if spans != kernels else ""
    padded = " even with its padding" if any(window.padding for window in windows) else ""
    fitting = [
        (length + window.padding - 1) // window.dilation + 1
        for length, window in zip(lengths, windows, strict=True)
        if isinstance(length, int)
    ]
    raise Misfit(
        f"A {kernels} window{spread} does not fit a {image} image{padded}.",
        "Take a smaller kernel_size or more padding.",
        "kernel_size",
        code="window",
        suggest=min([*fitting, *(window.kernel for window in windows)]),
    )
