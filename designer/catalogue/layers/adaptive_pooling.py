"""Layers that sum up a sequence, an image or a volume to a size of one's choice, whatever its own size is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from designer.catalogue import demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Sample, Saved, Site, Step, sample
from designer.catalogue.tensor import Misfit, Specs, TensorSpec, dims
from designer.catalogue.windows import measures, sides, spread, unknown_size


class AdaptivePool(Layer):
    """What pooling to a size of one's choice has in common; itself no layer."""

    category = "Pooling"
    axes: ClassVar[int] = 2

    output_size: Setting[Any] = sides(2, 1, "Side of the image that comes out", minimum=1)

    def output(self, x: Specs) -> TensorSpec:
        x, _ = demands.grid(self, x, self.axes)
        demands.dtype(self, x, demands.FLOATS)
        result = x.with_shape((*x.shape[: -self.axes], *spread(self.output_size, self.axes)))
        return demands.within_reach(self, result, {}, "output_size")

    def call(self, x: TensorSpec) -> Call:
        return Call(f"nn.{demands.name(self)}", {"output_size": self.output_size})

    def badge(self) -> str:
        return measures(self.output_size, self.axes)

    def saved(self, x: TensorSpec) -> Saved:
        return Saved(("x",), own=(replace(self.output(x), dtype="int64"),))


class AdaptiveAvgPool(AdaptivePool):
    """What means over a grid of one's choice have in common; itself no layer."""

    def saved(self, x: TensorSpec) -> Saved:
        """A plain mean keeps nothing, a grid of them what came in."""
        return Saved(() if max(spread(self.output_size, self.axes)) == 1 else ("x",))


class GlobalPool(Layer):
    """What pooling over all places has in common; itself no layer."""

    category = "Pooling"
    method: ClassVar[str] = ""
    allowed: ClassVar[Collection[str]] = demands.FLOATS
    samples: ClassVar[tuple[Sample, ...]] = (
        sample((3, 4, 5)),
        sample((3, "T"), keepdim=True),
        sample((2, 3, 2, "W")),
        sample(TensorSpec((3, 4), batch=None), keepdim=True),
    )

    keepdim = Setting(False, "Whether each axis pooled over stays, with a length of 1.")

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.batch_first(self, x)
        ranks = range(2 if x.batch is None else 3, 20)
        demands.rank(self, x, ranks, "channels and at least one axis to pool over", "Put a Reshape in front.")
        demands.dtype(self, x, self.allowed)
        kept = (1,) * (x.rank - 1) if self.keepdim else ()
        return x.with_shape((x.shape[0], *kept))

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        axes = tuple(range(len(x.full) - x.rank + 1, len(x.full)))
        call = Call(self.method, {"dim": axes, **self.changed("keepdim")}, (site.x,))
        return (Step(site.first, call, site.name),)


class FractionalMaxPool(Layer):
    """What max pooling over windows at random places has in common; itself no layer."""

    category = "Pooling"
    axes: ClassVar[int] = 2
    spare: ClassVar[int] = 0
    """How many places torch wants more than the windows need."""

    kernel_size: Setting[Any] = sides(2, 2, "Side of the window", minimum=1)
    output_size: Setting[Any] = sides(
        2, None, "Side of the image that comes out; empty for output_ratio", minimum=1, optional=True, kind=int
    )
    output_ratio = Setting(
        0.5, "What share of each side comes out, where output_size is empty.", minimum=0.001, maximum=0.999
    )

    def output(self, x: Specs) -> TensorSpec:
        x, lengths = demands.grid(self, x, self.axes)
        demands.dtype(self, x, demands.FLOATS)
        known = [length for length in lengths if isinstance(length, int)]
        if len(known) < self.axes:
            unknown_size(self, lengths)
        windows, sizes = spread(self.kernel_size, self.axes), self._sizes(known)
        if min(sizes) < 1:
            raise Misfit(
                f"A share of {self.output_ratio:g} leaves nothing of {dims(lengths)}.",
                "Take a larger output_ratio.",
                "output_ratio",
                code="size",
            )
        if any(size + window - 1 + self.spare > side for size, window, side in zip(sizes, windows, known, strict=True)):
            raise Misfit(
                f"{dims(sizes)} windows of {measures(windows, self.axes)} do not fit {dims(lengths)}: "
                "each begins a place behind the one before, or later.",
                f"Take a smaller kernel_size, or a smaller {'output_size' if self.output_size else 'output_ratio'}.",
                "kernel_size",
                code="window",
                suggest=1 if all(size + self.spare <= side for size, side in zip(sizes, known, strict=True)) else None,
            )
        return x.with_shape((*x.shape[: -self.axes], *sizes))

    def call(self, x: TensorSpec) -> Call:
        asked = "output_ratio" if self.output_size is None else "output_size"
        settings = {"kernel_size": self.kernel_size, asked: getattr(self, asked)}
        return Call(f"nn.{demands.name(self)}", settings)

    def badge(self) -> str:
        return f"{self.output_ratio:.3g}" if self.output_size is None else measures(self.output_size, self.axes)

    def _sizes(self, lengths: Sequence[int]) -> tuple[int, ...]:
        if self.output_size is not None:
            return spread(self.output_size, self.axes)
        return tuple(int(length * self.output_ratio) for length in lengths)

    def saved(self, x: TensorSpec) -> Saved:
        return Saved(("x",), own=(replace(self.output(x), dtype="int64"),))


class GlobalAvgPool(GlobalPool):
    """Takes the mean of each channel over all places, whatever the size: one number a channel."""

    keeps = "nothing"
    title, method = "Global average pooling", ".mean"
    usual = True
    aliases = ("GAP", "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D", "averaging")


class GlobalMaxPool(GlobalPool):
    """Takes the largest value of each channel over all places: whether a pattern was found anywhere."""

    title, method, allowed = "Global max pooling", ".amax", demands.ANY
    aliases = ("max over time", "largest", "GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalMaxPooling3D")

    def saved(self, x: TensorSpec) -> Saved:
        return Saved(("x",), ("output",))


class AdaptiveAvgPool2d(AdaptiveAvgPool):
    """Takes means over a grid of the size you name, whatever the size of the image."""

    title = "Adaptive average pooling 2D"
    aliases = ("averaging", "fixed size", "spatial pyramid", "AdaptiveAveragePooling2D")
    samples = (sample((3, 8, 8)), sample((2, 3, 7), output_size=(5, 2)), sample((2, "H", "W"), output_size=2))


class AdaptiveMaxPool2d(AdaptivePool):
    """Takes the largest values over a grid of the size you name, whatever the size of the image."""

    title = "Adaptive max pooling 2D"
    aliases = ("largest", "fixed size", "spatial pyramid", "region of interest", "AdaptiveMaxPooling2D")
    samples = (sample((3, 8, 8)), sample((2, 3, 7), output_size=(5, 2)), sample((2, "H", "W"), output_size=2))


class AdaptiveAvgPool1d(AdaptiveAvgPool):
    """Takes means over as many stretches as you name, whatever the length of the sequence."""

    title, axes = "Adaptive average pooling 1D", 1
    aliases = ("averaging", "fixed length", "AdaptiveAveragePooling1D")
    samples = (sample((3, 8)), sample((2, "T"), output_size=3))

    output_size: Setting[Any] = sides(1, 1, "Length of the sequence that comes out", minimum=1)


class AdaptiveMaxPool1d(AdaptivePool):
    """Takes the largest values over as many stretches as you name, whatever the length of the sequence."""

    title, axes = "Adaptive max pooling 1D", 1
    aliases = ("largest", "fixed length", "max over time", "AdaptiveMaxPooling1D")
    samples = (sample((3, 8)), sample((2, "T"), output_size=3))

    output_size: Setting[Any] = sides(1, 1, "Length of the sequence that comes out", minimum=1)


class AdaptiveAvgPool3d(AdaptiveAvgPool):
    """Takes means over a grid of the size you name, whatever the size of the volume."""

    title, axes = "Adaptive average pooling 3D", 3
    aliases = ("averaging", "fixed size", "volume", "AdaptiveAveragePooling3D")
    samples = (sample((2, 4, 3, 4)), sample((2, "D", "H", 4), output_size=(2, 1, 3)))

    output_size: Setting[Any] = sides(3, 1, "Side of the volume that comes out", minimum=1)


class AdaptiveMaxPool3d(AdaptivePool):
    """Takes the largest values over a grid of the size you name, whatever the size of the volume."""

    title, axes = "Adaptive max pooling 3D", 3
    aliases = ("largest", "fixed size", "volume", "AdaptiveMaxPooling3D")
    samples = (sample((2, 4, 3, 4)), sample((2, "H", 3, "W"), output_size=(2, 1, 3)))

    output_size: Setting[Any] = sides(3, 1, "Side of the volume that comes out", minimum=1)


class FractionalMaxPool2d(FractionalMaxPool):
    """Keeps the largest value of windows whose places are drawn at random, for any share of the size."""

    title = "Fractional max pooling 2D"
    aliases = ("largest", "stochastic pooling", "random windows", "downsample")
    samples = (
        sample((3, 8, 8)),
        sample((2, 7, 6), kernel_size=(3, 2), output_size=(4, 3)),
        sample((2, 9, 5), output_ratio=0.7),
    )


class FractionalMaxPool3d(FractionalMaxPool):
    """Keeps the largest value of windows at random places in a volume, for any share of the size."""

    title, axes, spare = "Fractional max pooling 3D", 3, 1
    aliases = ("largest", "stochastic pooling", "random windows", "downsample", "volume")
    samples = (sample((2, 4, 5, 4)), sample((2, 4, 3, 5), kernel_size=(2, 1, 3), output_size=(2, 2, 2)))

    kernel_size: Setting[Any] = sides(3, 2, "Side of the window", minimum=1)
    output_size: Setting[Any] = sides(
        3, None, "Side of the volume that comes out; empty for output_ratio", minimum=1, optional=True, kind=int
    )


class MaxOverTime(Layer):
    """Takes each feature's largest value over all steps of a sequence: one row for the whole."""

    title, category = "Max over time", "Pooling"
    aliases = ("max-over-time pooling", "sentence vector", "GlobalMaxPooling1D", "text CNN", "largest")
    samples = (sample((5, 4)), sample(("T", 4)), sample((2, "T", 3)), sample(TensorSpec((5, 2), "int64", None)))

    keepdim = Setting(False, "Whether the axis of the steps stays, with a length of 1.")

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.batch_first(self, x)
        ranks = range(2 if x.batch is None else 3, 20)
        demands.rank(self, x, ranks, "a sequence of steps x features", "Put a Reshape in front.")
        kept = (1,) if self.keepdim else ()
        return x.with_shape((*x.shape[:-2], *kept, x.shape[-1]))

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        call = Call(".amax", {"dim": -2, **self.changed("keepdim")}, (site.x,))
        return (Step(site.first, call, site.name),)

    def saved(self, x: TensorSpec) -> Saved:
        return Saved(("x",), ("output",))


class KMaxPool1d(Layer):
    """Keeps each channel's k largest values along a sequence, in the order in which they came."""

    title, category = "K-max pooling 1D", "Pooling"
    aliases = ("k-max", "top k", "largest", "dynamic k-max pooling", "text CNN")
    samples = (sample((3, 8)), sample((2, "T"), k=3), sample(TensorSpec((2, 5), "int64", None), k=5))

    k = Setting(2, "How many values of each channel are kept.", minimum=1)

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.batch_first(self, x)
        ranks = range(1 if x.batch is None else 2, 20)
        demands.rank(self, x, ranks, "a sequence of channels x length", "Put a Reshape in front.")
        demands.dtype(self, x, demands.NUMBERS)
        length = x.shape[-1]
        if isinstance(length, int) and self.k > length:
            raise Misfit(
                f"k is {self.k}, but only {length} values come in on each channel.",
                f"Take a k of at most {length}, or pad the sequence.",
                "k",
                code="window",
                suggest=length,
            )
        return demands.within_reach(self, x.with_shape((*x.shape[:-1], self.k)), {}, "k")

    def call(self, x: TensorSpec) -> Call:
        return Call("modules.KMaxPool1d", {"k": self.k})

    def badge(self) -> str:
        return str(self.k)

    def saved(self, x: TensorSpec) -> Saved:
        places = replace(self.output(x), dtype="int64")
        return Saved(("x",), own=(places, places))
