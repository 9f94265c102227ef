"""The arithmetic of windows that slide over an axis: convolution and pooling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from designer.catalogue.demands import name
from designer.catalogue.entry import Entry, Setting
from designer.catalogue.tensor import Length, Misfit, dims, size

Sides = int | tuple[int, ...]
"""A setting for each axis of an image: one number for all, or one each."""

AXES = {1: "", 2: "; one number or (height, width)", 3: "; one number or (depth, height, width)"}
"""What the explanation of such a setting adds, by the number of axes."""

KINDS = {1: "sequence", 2: "image", 3: "volume"}
"""What a window slides over, by the number of axes."""


def sides(axes: int, default: Any, doc: str, **options: Any) -> Setting[Any]:
    """A setting with a number for each of so many axes; its explanation ends before the point."""
    return Setting(default, f"{doc}{AXES[axes]}.", sizes=axes if axes > 1 else None, **options)


def spread(value: Sides, axes: int) -> tuple[int, ...]:
    """A number for each axis, of a setting that may be one number for all."""
    return (value,) * axes if isinstance(value, int) else value


def measures(value: Sides, axes: int) -> str:
    """The sides of a window for a badge: "3x3"."""
    return "x".join(map(str, spread(value, axes)))


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

    def spread_out(self, length: Length, extra: int = 0) -> Length | None:
        """The length of the axis that it has `length` places on, `extra` left over; None for a text too hard to read.

        Source: the formula in torch's documentation of ConvTranspose2d.
        """
        rest = self.span + extra - self.padding - self.stride
        if isinstance(length, int):
            return length * self.stride + rest
        return size((length, self.stride)) if rest == 0 else None

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
            unknown_size(layer, lengths)
    if any(isinstance(places, int) and places < 1 for places in out):
        _refuse(lengths, windows)
    return tuple(out)


def grow(
    layer: Entry, lengths: Sequence[Length], windows: Sequence[Window], extra: Sequence[int] = ()
) -> tuple[Length, ...]:
    """The lengths that windows with so many places cover, `extra` left over; refuses a padding that leaves nothing."""
    grown: list[Length] = []
    for length, window, more in zip(lengths, windows, extra or (0,) * len(windows), strict=True):
        result = window.spread_out(length, more)
        if result is None:
            unknown_size(layer, lengths)
        if isinstance(result, int) and result < 1:
            raise Misfit(
                f"A padding of {window.padding // 2} takes all away: only {result + window.padding} places "
                "would come out without it.",
                "Take less padding.",
                "padding",
                code="window",
                suggest=0,
            )
        grown.append(result)
    return tuple(grown)


def unknown_size(layer: Entry, lengths: Sequence[Length]) -> NoReturn:
    """Refuses free lengths where what comes out of a window cannot be said without numbers."""
    wanted = {1: "a number for the length", 2: "numbers for height and width", 3: "numbers for all three sides"}
    raise Misfit(
        f"{name(layer)} must know the size of its {KINDS[len(lengths)]}, but {dims(lengths)} comes in.",
        f"Give the Input {wanted[len(lengths)]}.",
        code="free",
    )


def _refuse(lengths: Sequence[Length], windows: Sequence[Window]) -> None:
    kernels = "x".join(str(window.kernel) for window in windows)
    spans = "x".join(str(window.span) for window in windows)
    grid = "x".join(str(length) for length in lengths)
    wider = f" that dilation spreads to {spans}" if spans != kernels else ""
    padded = " even with its padding" if any(window.padding for window in windows) else ""
    fitting = [
        (length + window.padding - 1) // window.dilation + 1
        for length, window in zip(lengths, windows, strict=True)
        if isinstance(length, int)
    ]
    window = f"{_article(kernels).capitalize()} {kernels} window" if len(windows) > 1 else f"A window of {kernels}"
    place = f"{_article(grid)} {grid} {KINDS[len(windows)]}" if len(windows) > 1 else f"a sequence of {grid}"
    raise Misfit(
        f"{window}{wider} does not fit {place}{padded}.",
        "Take a smaller kernel_size or more padding.",
        "kernel_size",
        code="window",
        suggest=min([*fitting, *(window.kernel for window in windows)]),
    )


def _article(number: str) -> str:
    """What stands before a number that is read aloud: "an 8x8 image", "an 11x11 window", but "a 7x7 window"."""
    first = number.partition("x")[0]
    return "an" if first.startswith("8") or first in ("11", "18") else "a"
