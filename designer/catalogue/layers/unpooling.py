"""Layers that put pooled values back where they came from, and so make an image larger again."""

from __future__ import annotations

from typing import Any, ClassVar

from designer.catalogue import demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Port, Sample, Saved, Site, Step
from designer.catalogue.tensor import Length, Misfit, Specs, TensorSpec, dims
from designer.catalogue.windows import Window, grow, measures, sides, spread, unknown_size
from designer.plan import Value

KERNEL = "Side of the window of the pooling that is undone"
STRIDE = "How many places that window moved at a time, as a rule its own size"
PADDING = "Places the pooling added on each side"


class MaxUnpool(Layer):
    """What undoing a max pooling over one, two and three axes has in common; itself no layer."""

    category = "Pooling"
    axes: ClassVar[int] = 2
    inputs = (
        Port("x", "The values to put back, one for each window."),
        Port("indices", "Where each came from: the indices of the max pooling."),
        Port("like", "What the size is taken from, as a rule what went into the pooling.", optional=True),
    )

    kernel_size: Setting[Any] = sides(2, 2, KERNEL, minimum=1)
    stride: Setting[Any] = sides(2, None, STRIDE, minimum=1, optional=True, kind=int)
    padding: Setting[Any] = sides(2, 0, PADDING, minimum=0)

    def output(self, x: Specs, indices: Specs, like: Specs | None = None) -> TensorSpec:
        x, lengths = demands.grid(self, x, self.axes)
        demands.dtype(self, x, demands.FLOATS, "x")
        self._check_indices(x, demands.tensor(self, indices, "indices"))
        sizes = grow(self, lengths, self._windows())
        if like is not None:
            sizes = self._sizes_of(like, sizes)
        result = x.with_shape((*x.shape[: -self.axes], *sizes))
        return demands.within_reach(self, result, {}, "kernel_size")

    def call(self, x: TensorSpec, indices: TensorSpec, like: TensorSpec | None = None) -> Call:
        settings = {"kernel_size": self.kernel_size, **self.changed("stride", "padding")}
        return Call(f"nn.{demands.name(self)}", settings)

    def forward(
        self, site: Site, x: TensorSpec, indices: TensorSpec, like: TensorSpec | None = None
    ) -> tuple[Step, ...]:
        """The module on values and indices, and the size to make where something tells it."""
        given = (site.inputs["x"][0], site.inputs["indices"][0])
        size = {"output_size": self._read_size(site.inputs["like"][0], like)} if like is not None else {}
        return (Step(site.first, Call(f"self.{site.name}", size, given), site.name),)

    def badge(self) -> str:
        return measures(self.kernel_size, self.axes)

    def _check_indices(self, x: TensorSpec, indices: TensorSpec) -> None:
        demands.dtype(self, indices, ("int64",), "indices")
        if indices.full != x.full or indices.batch != x.batch:
            raise Misfit(
                f"Each value needs an index, but {x} values and {dims(indices.full)} indices come in.",
                "Link the indices of the max pooling that x comes from.",
                code="shapes",
                port="indices",
            )

    def _sizes_of(self, like: Specs, sizes: tuple[Length, ...]) -> tuple[Length, ...]:
        """The size of `like`, which may differ from the smallest by less than a step of the window."""
        wanted = self._known_size(like)
        for want, size, window in zip(wanted, sizes, self._windows(), strict=True):
            if want == size:
                continue
            if isinstance(want, str) or isinstance(size, str):
                unknown_size(self, wanted if isinstance(want, str) else sizes)
            if abs(want - size) >= window.stride:
                raise Misfit(
                    f"Unpooling gives {dims(sizes)}, which no window with a stride of {window.stride} makes of "
                    f"{dims(wanted)}.",
                    "Link what went into the max pooling, and take its kernel_size, stride and padding.",
                    code="shapes",
                    port="like",
                )
        return wanted

    def _known_size(self, like: Specs) -> tuple[Length, ...]:
        like = demands.tensor(self, like, "like")
        demands.batch_first(self, like, "like")
        kind, order = demands.GRIDS[self.axes]
        wanted = (self.axes + 1, self.axes + 2) if like.batch is None else (self.axes + 2,)
        demands.rank(self, like, wanted, f"{kind} of {order}", "Link what went into the max pooling.", "like")
        return like.shape[-self.axes :]

    def _read_size(self, value: Value, like: TensorSpec) -> Value:
        """The size as torch takes it: all axes, or those of the plane where there is no batch."""
        shape = Call(".shape", positional=(value,))
        if len(like.full) == self.axes + 2:
            return shape
        return tuple(Call("[]", positional=(shape, place)) for place in range(-self.axes, 0))

    def _windows(self) -> list[Window]:
        parts = (self.kernel_size, self.stride or self.kernel_size, self.padding)
        rows = zip(*(spread(part, self.axes) for part in parts), strict=True)
        return [Window(kernel, stride, 2 * padding) for kernel, stride, padding in rows]

    def saved(self, x: TensorSpec, indices: TensorSpec, like: TensorSpec | None = None) -> Saved:
        return Saved(("indices",))


def pooled(*shape: Length, batch: int | None = 0, like: TensorSpec | None = None, **settings: object) -> Sample:
    """A sample with values and indices of one shape."""
    inputs = {"x": TensorSpec(shape, batch=batch), "indices": TensorSpec(shape, "int64", batch)}
    return Sample(settings, inputs if like is None else {**inputs, "like": like})


class MaxUnpool2d(MaxUnpool):
    """Puts the largest value of each window back where it stood, with zeros all around."""

    title = "Max unpooling 2D"
    aliases = ("unpooling", "upsampling", "SegNet", "inverse of max pooling", "maxUnpooling2dLayer")
    samples = (
        pooled(3, 4, 4),
        pooled(2, 3, 2, kernel_size=(3, 2), stride=2, padding=(1, 0)),
        pooled(2, 3, 3, like=TensorSpec((2, 7, 7))),
        pooled(1, 2, 2, batch=None, like=TensorSpec((1, 5, 4), batch=None)),
    )


class MaxUnpool1d(MaxUnpool):
    """Puts the largest value of each stretch of a sequence back where it stood, with zeros around."""

    title, axes = "Max unpooling 1D", 1
    aliases = ("unpooling", "upsampling", "inverse of max pooling")
    samples = (
        pooled(3, 4),
        pooled(2, "T", kernel_size=3, stride=1, padding=1),
        pooled(2, 3, like=TensorSpec((2, 7))),
        pooled(2, 3, batch=None, kernel_size=3, like=TensorSpec((1, 11), batch=None)),
    )

    kernel_size: Setting[Any] = sides(1, 2, "Length of the window of the pooling that is undone", minimum=1)
    stride: Setting[Any] = sides(1, None, STRIDE, minimum=1, optional=True, kind=int)
    padding: Setting[Any] = sides(1, 0, PADDING, minimum=0)


class MaxUnpool3d(MaxUnpool):
    """Puts the largest value of each window back where it stood in a volume, with zeros all around."""

    title, axes = "Max unpooling 3D", 3
    aliases = ("unpooling", "upsampling", "inverse of max pooling", "volume")
    samples = (
        pooled(2, 2, 3, 2),
        pooled(2, 2, 3, 2, kernel_size=(3, 2, 2), stride=2, padding=(1, 0, 0)),
        pooled(1, 2, 2, 2, like=TensorSpec((1, 5, 4, 5))),
    )

    kernel_size: Setting[Any] = sides(3, 2, KERNEL, minimum=1)
    stride: Setting[Any] = sides(3, None, STRIDE, minimum=1, optional=True, kind=int)
    padding: Setting[Any] = sides(3, 0, PADDING, minimum=0)
