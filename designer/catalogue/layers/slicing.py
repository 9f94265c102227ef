"""Layers that take parts of a tensor, and layers that lay tensors beside each other or repeat them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from designer.catalogue import demands
from designer.catalogue.broadcast import promote
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Port, Site, Step, sample
from designer.catalogue.tensor import Length, Misfit, Specs, TensorSpec, dims, size
from designer.plan import UNUSED, Atom, Value


class Slice(Layer):
    """Keeps a stretch of one axis, such as the first steps of a sequence."""

    is_view = True
    title, category, role = "Slice", "Shape", "slice"
    aliases = ("crop", "narrow", "cut", "Cropping1D", "subset", "range")
    samples = (
        sample((5, 4), start=1, stop=3),
        sample(("T", 6), dim=-1, start=-4),
        sample(TensorSpec((4,), "int64"), stop=-1),
        sample(TensorSpec((3, 2), batch=1), dim=0, start=2),
    )

    dim = Setting(1, "The axis; 0 is the batch, -1 the last axis.")
    start = Setting(0, "The first place kept, counted from 0; -1 is the last place.")
    stop: Setting[int | None] = Setting(
        None, "The first place no longer kept; empty for all up to the end.", optional=True, kind=int
    )

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.some_axis(self, x)
        place = demands.axis(self, x, self.dim, "dim")
        length = demands.known(self, x.full[place], "how long the axis is that it cuts")
        start, stop = self._stretch(length)
        if not 0 <= start < stop <= length:
            raise Misfit(
                f"Axis {place} of {x} has places 0 to {length - 1}; there is none from {self.start} to "
                f"{'its end' if self.stop is None else self.stop}.",
                f"Take a start and a stop between 0 and {length}.",
                "start" if not 0 <= start < length else "stop",
                suggest=0 if not 0 <= start < length else None,
            )
        return demands.with_length(x, place, stop - start)

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        place = demands.axis(self, x, self.dim, "dim")
        start, stop = self._stretch(demands.known(self, x.full[place], "how long the axis is that it cuts"))
        call = Call(".narrow", positional=(site.x, self.dim, self.start, stop - start))
        return (Step(site.first, call, site.name),)

    def badge(self) -> str:
        return f"{self.start}:{'' if self.stop is None else self.stop}"

    def _stretch(self, length: int) -> tuple[int, int]:
        """The first place kept and the first no longer kept, counted from the start."""
        stop = length if self.stop is None else self.stop
        return (self.start + length if self.start < 0 else self.start), (stop + length if stop < 0 else stop)


class Select(Layer):
    """Takes one place of an axis, such as the last step of a sequence; the axis goes."""

    is_view = True
    title, category = "Select", "Shape"
    aliases = ("index", "pick", "last step", "take", "getitem", "class token")
    samples = (
        sample((5, 4)),
        sample(("T", 4), index=-1),
        sample((3, "H", "W"), dim=-3, index=2),
        sample(TensorSpec((3, 2), batch=1), dim=0, index=-1),
    )

    dim = Setting(1, "The axis; 0 is the batch, -1 the last axis.")
    index = Setting(0, "The place to take, counted from 0; -1 is the last.")

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.some_axis(self, x)
        place = demands.axis(self, x, self.dim, "dim")
        length = x.full[place]
        if isinstance(length, int) and not -length <= self.index < length:
            raise Misfit(
                f"Axis {place} of {x} has places 0 to {length - 1}, hence no place {self.index}.",
                f"Take an index between 0 and {length - 1}.",
                "index",
                suggest=0,
            )
        return demands.with_length(x, place, None)

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        return (Step(site.first, Call(".select", positional=(site.x, self.dim, self.index)), site.name),)

    def badge(self) -> str:
        return f"dim {self.dim}: {self.index}"


def _ports(count: int) -> tuple[Port, ...]:
    return tuple(Port(f"part{number}", f"Part {number} of the axis.") for number in range(1, count + 1))


class Parts(Layer):
    """What cutting an axis into several outputs has in common; itself no layer."""

    is_view = True
    category = "Shape"

    dim = Setting(1, "The axis that is cut; 0 is the batch, -1 the last axis.")

    def output(self, x: Specs) -> dict[str, Specs]:
        x = demands.tensor(self, x)
        demands.some_axis(self, x)
        place = demands.axis(self, x, self.dim, "dim")
        length = demands.known(self, x.full[place], "how long the axis is that it cuts")
        lengths = self._lengths(x, length)
        return {
            port.name: demands.with_length(x, place, each) for port, each in zip(self.outputs, lengths, strict=True)
        }

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        """One line that names all parts that are read, or takes the only one by its place."""
        call = self._cut(site.x)
        names = [site.outputs.get(port.name, UNUSED) for port in self.outputs]
        read = [place for place, name in enumerate(names) if name != UNUSED]
        if len(read) == 1:
            return (Step(names[read[0]], Call("[]", positional=(call, read[0])), site.name),)
        return (Step(tuple(names), call, site.name),)

    def _lengths(self, x: TensorSpec, length: int) -> Sequence[int]:
        """How long each part is."""
        raise NotImplementedError

    def _cut(self, x: Value) -> Call:
        raise NotImplementedError


class Split(Parts):
    """Cuts an axis into parts of the lengths you name, each with a port of its own."""

    title = "Split"
    aliases = ("separate", "branches", "unpack", "cut", "split_with_sizes")
    outputs = _ports(2)
    samples = (
        sample((5, 4), split_sizes=(2, 3)),
        sample(("T", 6), dim=-1, split_sizes=(1, 2, 3)),
        sample((3,), split_sizes=(3,)),
        sample(TensorSpec((3, 2), "int64", batch=1), dim=0, split_sizes=(1, 2)),
    )

    split_sizes: Setting[tuple[int, ...]] = Setting(
        (1, 1), "The length of each part; together as long as the axis.", minimum=1, sizes=0
    )

    def __init__(self, /, **values: object) -> None:
        super().__init__(**values)
        self.outputs = _ports(max(len(self.split_sizes), 1))  # type: ignore[misc]  # each node has ports of its own

    def badge(self) -> str:
        text = ", ".join(map(str, self.split_sizes))
        return text if len(text) <= 20 else f"{len(self.split_sizes)} parts"

    def _lengths(self, x: TensorSpec, length: int) -> Sequence[int]:
        if sum(self.split_sizes) != length:
            parts = " + ".join(map(str, self.split_sizes)) or "no parts"
            raise Misfit(
                f"The axis that Split cuts is {length} long in {x}, but its parts are {parts}.",
                f"Take lengths that add up to {length}.",
                "split_sizes",
            )
        return self.split_sizes

    def _cut(self, x: Value) -> Call:
        return Call(".split", {"dim": self.dim}, (x, self.split_sizes))


class Chunk(Parts):
    """Cuts an axis into so many equal parts, each with a port of its own; the last may be shorter."""

    title = "Chunk"
    aliases = ("equal parts", "split evenly", "halves", "branches")
    outputs = _ports(2)
    samples = (
        sample((6, 4)),
        sample(("T", 5), dim=-1, chunks=3),
        sample(TensorSpec((3, 2), "int64", batch=1), dim=0, chunks=3),
    )

    chunks = Setting(2, "How many parts.", minimum=2, maximum=64)

    def __init__(self, /, **values: object) -> None:
        super().__init__(**values)
        self.outputs = _ports(self.chunks)  # type: ignore[misc]  # each node has ports of its own

    def badge(self) -> str:
        return f"{self.chunks} parts"

    def _lengths(self, x: TensorSpec, length: int) -> Sequence[int]:
        each = -(-length // self.chunks)
        parts = -(-length // each)
        if parts != self.chunks:
            raise Misfit(
                f"The axis that Chunk cuts is {length} long in {x}; parts of {each} make {parts}, not {self.chunks}.",
                f"Take {parts} chunks." if parts > 1 else "Take another dim.",
                "chunks",
                suggest=parts if parts > 1 else None,
            )
        return [*(parts - 1) * [each], length - (parts - 1) * each]

    def _cut(self, x: Value) -> Call:
        return Call(".chunk", {"dim": self.dim}, (x, self.chunks))


class Stack(Layer):
    """Lays tensors of the same shape beside each other, along a new axis."""

    keeps = "nothing"
    title, category = "Stack", "Shape"
    aliases = ("pack", "pile", "new axis", "merge", "join")
    inputs = (Port("x", "The tensors to stack, all of the same shape.", many=True),)
    samples = (
        sample((3, 4), (3, 4)),
        sample((3, "T"), (3, "T"), (3, "T"), dim=-1),
        sample(TensorSpec((3,), "int64"), TensorSpec((3,))),
        sample(TensorSpec((2, 3), batch=None), TensorSpec((2, 3), batch=None), dim=0),
    )

    dim = Setting(1, "Where the new axis stands; 1 is right after the batch, -1 the end.")

    def output(self, *x: Specs) -> TensorSpec:
        tensors = [demands.tensor(self, each, "x") for each in x]
        first = tensors[0]
        for each in tensors:
            if each.shape != first.shape or each.batch != first.batch:
                raise Misfit(
                    f"{first} and {each} cannot be stacked: their shapes must be equal.",
                    "Make the shapes equal, or take a Concat.",
                    code="shapes",
                    port="x",
                )
        place = demands.new_axis(self, first, self.dim, "dim", "x")
        shape = demands.inserted(first, place, len(tensors))
        return demands.within_reach(self, TensorSpec(shape, promote(tensors), first.batch), {})

    def forward(self, site: Site, *x: TensorSpec) -> tuple[Step, ...]:
        tensors = cast("tuple[Atom, ...]", site.inputs["x"])
        return (Step(site.first, Call("torch.stack", {"dim": self.dim}, (tensors,)), site.name),)

    def badge(self) -> str:
        return f"dim {self.dim}"


class Repeat(Layer):
    """Lays copies of each example end to end, so many along each axis."""

    keeps = "nothing"
    title, category = "Repeat", "Shape"
    aliases = ("tile", "copy", "duplicate", "RepeatVector", "UpSampling1D")
    samples = (
        sample((4,)),
        sample((3, "T"), repeats=(1, 2)),
        sample(TensorSpec((3, 2), "int64", batch=1), repeats=(2, 3)),
        sample(TensorSpec((2,), batch=None), repeats=(2, 3)),
    )

    repeats: Setting[tuple[int, ...]] = Setting(
        (2,), "How many copies along each axis of an example; 1 leaves an axis as it is.", minimum=1, sizes=0
    )

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        more = len(self.repeats) - x.rank
        if more < 0 or (more and x.batch is not None):
            raise Misfit(
                f"repeats names {len(self.repeats)} axes ({dims(self.repeats)}), but each example has {x.rank}: {x}.",
                "Write a number for each axis of an example.",
                "repeats",
                code="rank",
                suggest=(1,) * x.rank,
            )
        lengths: tuple[Length, ...] = (*(1,) * more, *x.shape)
        result = x.with_shape(size(pair) for pair in zip(lengths, self.repeats, strict=True))
        return demands.within_reach(self, result, {}, "repeats")

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        repeats = _with_batch(x, self.repeats, 1)
        return (Step(site.first, Call(".repeat", positional=(site.x, *(repeats or ((),)))), site.name),)

    def badge(self) -> str:
        return dims(self.repeats)


class Expand(Layer):
    """Stretches axes of length 1 to a length you name, without copying anything."""

    is_view = True
    title, category = "Expand", "Shape"
    aliases = ("broadcast to", "stretch", "BroadcastTo", "RepeatVector")
    samples = (
        sample((1, 4), shape=(3, -1)),
        sample(("T", 1), shape=(-1, 5)),
        sample(TensorSpec((1, 2), "bool", batch=1), shape=(3, 2)),
        sample(TensorSpec((1,), batch=None), shape=(2, 3)),
    )

    shape: Setting[tuple[int, ...]] = Setting(
        (-1,), "The new shape of one example, without the batch; -1 leaves an axis as it is.", minimum=-1, sizes=0
    )

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        more = len(self.shape) - x.rank
        if more < 0 or (more and x.batch is not None) or -1 in self.shape[:more] or 0 in self.shape:
            self._refuse(x)
        lengths: list[Length] = []
        for wanted, length in zip(self.shape, (*(1,) * more, *x.shape), strict=True):
            if wanted not in (-1, length) and length != 1:
                self._refuse(x)
            lengths.append(length if wanted == -1 else wanted)
        return demands.within_reach(self, x.with_shape(lengths), {}, "shape")

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        shape = _with_batch(x, self.shape, -1)
        return (Step(site.first, Call(".expand", positional=(site.x, *(shape or ((),)))), site.name),)

    def badge(self) -> str:
        return dims(self.shape)

    def _refuse(self, x: TensorSpec) -> None:
        raise Misfit(
            f"{dims(x.shape)} cannot be stretched to {dims(self.shape)}: only axes of length 1 change.",
            "Write -1 for each axis that stays, and a length for each of length 1.",
            "shape",
            suggest=(-1,) * x.rank,
        )


def _with_batch(x: TensorSpec, numbers: tuple[int, ...], batch: int) -> tuple[int, ...]:
    """A number for each axis of an example, with one for the batch in its place."""
    return numbers if x.batch is None else (*numbers[: x.batch], batch, *numbers[x.batch :])
