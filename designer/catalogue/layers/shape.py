"""Layers that lay the same numbers out in another shape."""

from __future__ import annotations

from math import prod

from designer.catalogue import demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Site, Step, sample
from designer.catalogue.tensor import Length, Misfit, Specs, TensorSpec, dims, size
from designer.plan import Value


class Flatten(Layer):
    """Lays several axes out in one long row, such as an image for a Linear layer."""

    is_view = True
    title, category, role, passes_on = "Flatten", "Shape", "flatten", True
    usual = True
    aliases = ("unroll", "vectorize", "ravel")
    samples = (sample((3, 4, 5)), sample((2, 3, 4, 5), start_dim=2, end_dim=3), sample(("T", 4)))

    start_dim = Setting(1, "The first axis to join; 0 is the batch, which stays apart.")
    end_dim = Setting(-1, "The last axis to join; -1 is the last of all.")

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        if not x.shape and x.batch is not None and (self.start_dim, self.end_dim) == (1, -1):
            raise Misfit(
                "Flatten needs at least one axis, but a single number comes in.",
                "Remove the Flatten, or put a Reshape in front.",
                code="rank",
                rank=1,
            )
        start = demands.in_range(self, x, self.start_dim, "start_dim")
        end = demands.in_range(self, x, self.end_dim, "end_dim")
        if start > end:
            raise Misfit(
                f"start_dim = {self.start_dim} comes after end_dim = {self.end_dim} in {x}.",
                "Take a start_dim that is not after end_dim.",
                "start_dim",
                code="dim",
            )
        if x.batch is not None and start < end and start <= x.batch <= end:
            raise Misfit(
                f"Axes {start} to {end} of {x} hold the batch; Flatten would mix the examples.",
                f"Take a start_dim of {x.batch + 1}.",
                "start_dim",
                code="batch",
                suggest=x.batch + 1,
            )
        return self._joined(x, start, end)

    def call(self, x: TensorSpec) -> Call:
        return Call("nn.Flatten", self.changed("start_dim", "end_dim"))

    def _joined(self, x: TensorSpec, start: int, end: int) -> TensorSpec:
        if start == end and x.full:
            return x
        before = x.batch is not None and x.batch < start
        first, last = (start - 1, end - 1) if before else (start, end)
        return x.with_shape((*x.shape[:first], size(x.shape[first : last + 1]), *x.shape[last + 1 :]))


class Reshape(Layer):
    """Lays each example out in the shape you name; the numbers and their order stay."""

    is_view = True
    title, category, role, passes_on = "Reshape", "Shape", "reshape", True
    aliases = ("view", "rearrange", "resize")
    samples = (
        sample((3, 4), shape=(2, 6)),
        sample((3, 4), shape=(-1, 2)),
        sample(("T", 8), shape=(-1, 2, 4)),
        sample(TensorSpec((6,), "int64", None), shape=(2, 3)),
    )

    shape: Setting[tuple[int, ...]] = Setting(
        (-1,), "The new shape of one example, without the batch; one -1 stands for what is left.", minimum=-1, sizes=0
    )

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.batch_first(self, x)
        return x.with_shape(self._lengths(x))

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        lengths: tuple[Value, ...] = tuple(length if isinstance(length, int) else -1 for length in self._lengths(x))
        batch: tuple[Value, ...] = ()
        if x.batch is not None:
            first = Call("[]", positional=(Call(".shape", positional=(site.x,)), 0))
            batch = (first if -1 in lengths else -1,)
        shape = (*batch, *lengths) or ((),)
        return (Step(site.first, Call(".reshape", positional=(site.x, *shape)), site.name),)

    def badge(self) -> str:
        return dims(self.shape)

    def _lengths(self, x: TensorSpec) -> tuple[Length, ...]:
        """The new shape with its -1 worked out; refuses one that holds another number of values."""
        if self.shape.count(-1) > 1 or 0 in self.shape:
            wrong = "0 is no length" if 0 in self.shape else "only one length can be -1"
            raise Misfit(
                f"The shape {dims(self.shape)} cannot be: {wrong}.",
                "Write every length but at most one as a number above 0.",
                "shape",
            )
        given = prod(length for length in self.shape if length != -1)
        known = prod(length for length in x.shape if isinstance(length, int))
        free = tuple(length for length in x.shape if isinstance(length, str))
        if -1 in self.shape and known % given == 0:
            rest = size((*free, known // given))
            return tuple(rest if length == -1 else length for length in self.shape)
        if -1 not in self.shape and known == given and not free:
            return self.shape
        raise Misfit(
            f"{dims(x.shape)} holds {size(x.shape)} numbers, which cannot be laid out as {dims(self.shape)}.",
            "Take a shape that holds as many numbers, or write one length as -1.",
            "shape",
        )


class Permute(Layer):
    """Puts the axes into another order, such as channels from the first place to the last."""

    is_view = True
    title, category = "Permute", "Shape"
    aliases = ("reorder axes", "swap axes", "channels last", "movedim")
    samples = (
        sample((3, 4, 5)),
        sample((3, 4), dims=(0, 2, 1)),
        sample(("T", 4), dims=(0, -1, 1)),
        sample(TensorSpec((2, 3), batch=1), dims=(1, 0, 2)),
    )

    dims: Setting[tuple[int, ...]] = Setting(
        (0, 2, 3, 1), "The old axes in their new order; 0 is the batch and stays first.", sizes=0
    )

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        order = dims(self.dims) if self.dims else "no axes"
        demands.rank(
            self, x, (len(self.dims),), f"one axis for each of its dims ({order})", "Name every axis once in dims."
        )
        places = tuple(demands.in_range(self, x, dim, "dims") for dim in self.dims)
        if len(set(places)) < len(places):
            raise Misfit(
                f"dims names an axis of {x} twice: {order}.",
                f"Name each axis from 0 to {len(places) - 1} once.",
                "dims",
                code="dim",
            )
        batch = None if x.batch is None else places.index(x.batch)
        if batch not in (x.batch, 0):
            raise Misfit(
                f"dims moves the batch of {x} from axis {x.batch} to axis {batch}.",
                "Let dims begin with 0.",
                "dims",
                code="batch",
            )
        return TensorSpec(tuple(x.full[place] for place in places if place != x.batch), x.dtype, batch)

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        return (Step(site.first, Call(".permute", positional=(site.x, *self.dims)), site.name),)

    def badge(self) -> str:
        return ", ".join(map(str, self.dims))


class Transpose(Layer):
    """Swaps two axes, such as the channels and the steps of a sequence."""

    is_view = True
    title, category = "Transpose", "Shape"
    aliases = ("swap axes", "swapaxes", "swap dimensions", "T")
    samples = (
        sample((3, 4, 5)),
        sample(("T", 4), dim0=-1, dim1=1),
        sample(TensorSpec((2, 3), batch=1), dim0=0, dim1=1),
    )

    dim0 = Setting(1, "One axis; 0 is the batch, which stays where it is.")
    dim1 = Setting(2, "The axis that it changes places with; -1 is the last.")

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        one = demands.in_range(self, x, self.dim0, "dim0")
        other = demands.in_range(self, x, self.dim1, "dim1")
        if not x.full:
            return x
        places = list(range(len(x.full)))
        places[one], places[other] = other, one
        batch = None if x.batch is None else places.index(x.batch)
        if batch not in (x.batch, 0):
            raise Misfit(
                f"Axis {x.batch} of {x} is the batch, which would move to axis {batch}.",
                "Swap two axes that are not the batch.",
                "dim0" if one == x.batch else "dim1",
                code="batch",
            )
        return TensorSpec(tuple(x.full[place] for place in places if place != x.batch), x.dtype, batch)

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        return (Step(site.first, Call(".transpose", positional=(site.x, self.dim0, self.dim1)), site.name),)

    def badge(self) -> str:
        return f"{self.dim0}, {self.dim1}"


class Unsqueeze(Layer):
    """Adds an axis of length 1, such as one channel for a grey image."""

    is_view = True
    title, category, passes_on = "Unsqueeze", "Shape", True
    aliases = ("expand dims", "add axis", "new axis", "ExpandDims")
    samples = (
        sample((3, 4)),
        sample(("T", 4), dim=-1),
        sample(TensorSpec((), "int64"), dim=1),
        sample(TensorSpec((2, 3), batch=1), dim=2),
    )

    dim = Setting(1, "Where the new axis stands; 1 is right after the batch, -1 the end.")

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        place = demands.new_axis(self, x, self.dim, "dim")
        return TensorSpec(demands.inserted(x, place, 1), x.dtype, x.batch)

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        return (Step(site.first, Call(".unsqueeze", positional=(site.x, self.dim)), site.name),)

    def badge(self) -> str:
        return f"dim {self.dim}"


class Squeeze(Layer):
    """Takes an axis of length 1 away; an axis that is longer stays."""

    is_view = True
    title, category, passes_on = "Squeeze", "Shape", True
    aliases = ("remove axis", "drop dimension", "singleton")
    samples = (
        sample((3, 1)),
        sample((1, "T"), dim=1),
        sample((3, 4)),
        sample(TensorSpec((1, 3), batch=1), dim=0),
    )

    dim = Setting(-1, "The axis to take away; 0 is the batch, -1 the last axis.")

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        place = demands.axis(self, x, self.dim, "dim")
        return demands.with_length(x, place, None) if x.full and x.full[place] == 1 else x

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        return (Step(site.first, Call(".squeeze", positional=(site.x, self.dim)), site.name),)

    def badge(self) -> str:
        return f"dim {self.dim}"


class Unflatten(Layer):
    """Lays one axis out as several, such as a row of features as heads with features each."""

    is_view = True
    title, category, passes_on = "Unflatten", "Shape", True
    aliases = ("split axis", "split heads", "reshape axis")
    samples = (
        sample((8,), unflattened_size=(2, -1)),
        sample(("T", 6), dim=-1, unflattened_size=(3, 2)),
        sample(TensorSpec((6, 4), "int64"), dim=1, unflattened_size=(2, 3, 1)),
        sample(TensorSpec((6, 4), batch=1), dim=-1, unflattened_size=(2, 2)),
    )

    dim = Setting(1, "The axis to lay out; 0 is the batch, -1 the last axis.")
    unflattened_size: Setting[tuple[int, ...]] = Setting(
        (1, -1), "The lengths that take its place; one -1 stands for what is left.", minimum=-1, sizes=0
    )

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.some_axis(self, x)
        place = demands.axis(self, x, self.dim, "dim")
        length = demands.known(self, x.full[place], "how long the axis is that it lays out")
        parts = self._parts(length)
        full = (*x.full[:place], *parts, *x.full[place + 1 :])
        batch = x.batch + len(parts) - 1 if x.batch is not None and place < x.batch else x.batch
        if batch != x.batch:
            raise Misfit(
                f"The new axes of {x} would stand before its batch.",
                "Put a Permute in front that moves the batch to the front.",
                "unflattened_size",
                code="batch",
            )
        return TensorSpec(tuple(each for axis, each in enumerate(full) if axis != batch), x.dtype, batch)

    def call(self, x: TensorSpec) -> Call:
        return Call("nn.Unflatten", {"dim": self.dim, "unflattened_size": self.unflattened_size})

    def badge(self) -> str:
        return dims(self.unflattened_size)

    def _parts(self, length: int) -> tuple[int, ...]:
        sizes = self.unflattened_size
        given = prod(part for part in sizes if part != -1)
        if sizes and sizes.count(-1) < 2 and given and length % given == 0:
            rest = length // given
            if -1 in sizes or rest == 1:
                return tuple(rest if part == -1 else part for part in sizes)
        raise Misfit(
            f"An axis of {length} cannot be laid out as {dims(sizes) if sizes else 'no axes'}.",
            f"Take lengths whose product is {length}; one may be -1.",
            "unflattened_size",
            suggest=(-1,),
        )
