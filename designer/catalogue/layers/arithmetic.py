"""Layers that bring several paths of the network together."""

from __future__ import annotations

from functools import reduce
from typing import ClassVar, cast

from designer.catalogue import demands
from designer.catalogue.broadcast import broadcast, promote
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Port, Site, Step, sample
from designer.catalogue.tensor import Misfit, Specs, TensorSpec, total
from designer.plan import Atom


class Elementwise(Layer):
    """What combining tensors number by number has in common; itself no layer."""

    category = "Arithmetic"
    inputs = (Port("x", "The tensors to combine, of the same shape or with axes of length 1.", many=True),)
    operator: ClassVar[str] = ""
    verb: ClassVar[str] = ""

    def output(self, *x: Specs) -> TensorSpec:
        tensors = [demands.tensor(self, each, "x") for each in x]
        return demands.within_reach(self, reduce(self._pair, tensors), {})

    def forward(self, site: Site, *x: TensorSpec) -> tuple[Step, ...]:
        return (Step(site.first, Call(self.operator, positional=site.inputs["x"]), site.name),)

    def _pair(self, first: TensorSpec, second: TensorSpec) -> TensorSpec:
        result = broadcast(first, second)
        if result is None:
            raise Misfit(
                f"{first} and {second} cannot be {self.verb}: lengths must be equal, or one of them 1.",
                "Make the shapes equal, for example with a Linear or a convolution on one path.",
                code="shapes",
                port="x",
            )
        return result


class Add(Elementwise):
    """Adds tensors number by number; the heart of a residual connection."""

    title, operator, verb = "Add", "+", "added"
    aliases = ("sum", "plus", "skip connection", "residual", "shortcut", "merge")
    samples = (
        sample((3, 4), (3, 4)),
        sample(("T", 4), (1, 4), ("T", 1)),
        sample((5, 8), TensorSpec((5, 8), batch=None)),
        sample(TensorSpec((3,), "int64"), TensorSpec((), "float32", None)),
    )


class Multiply(Elementwise):
    """Multiplies tensors number by number; one can open and close the other like a gate."""

    title, operator, verb = "Multiply", "*", "multiplied"
    aliases = ("product", "times", "gate", "Hadamard", "scale", "merge")
    samples = (
        sample((3, 4, 4), (3, 1, 1)),
        sample(("T", 4), (1, 4), ("T", 1)),
        sample(TensorSpec((3,), "bool"), TensorSpec((3,), "float16")),
    )


class Concat(Layer):
    """Lays tensors end to end along one axis, such as the channels of two paths."""

    title, category = "Concatenate", "Arithmetic"
    aliases = ("cat", "concatenation", "join", "skip connection", "merge", "stack channels")
    inputs = (Port("x", "The tensors to join, equal in every other axis.", many=True),)
    samples = (
        sample((3, 4), (5, 4)),
        sample((3, "T"), (3, 2), (3, "T"), dim=-1),
        sample(TensorSpec((3,), "int64"), TensorSpec((2,), "float32")),
        sample(TensorSpec((2, 3), batch=None), TensorSpec((4, 3), batch=None), dim=0),
    )

    dim = Setting(1, "The axis along which they are joined; 0 is the batch, -1 the last axis.")

    def output(self, *x: Specs) -> TensorSpec:
        tensors = [demands.tensor(self, each, "x") for each in x]
        first = tensors[0]
        for each in tensors:
            if len(each.full) != len(first.full) or each.batch != first.batch or not each.full:
                self._refuse(first, each)
        place = demands.axis(self, first, self.dim, "dim", "x")
        for each in tensors:
            if _without(each, place) != _without(first, place):
                self._refuse(first, each)
        full = [*first.full]
        full[place] = total(each.full[place] for each in tensors)
        shape = tuple(length for axis, length in enumerate(full) if axis != first.batch)
        return demands.within_reach(self, TensorSpec(shape, promote(tensors), first.batch), {})

    def forward(self, site: Site, *x: TensorSpec) -> tuple[Step, ...]:
        tensors = cast("tuple[Atom, ...]", site.inputs["x"])
        call = Call("torch.cat", {"dim": self.dim}, (tensors,))
        return (Step(site.first, call, site.name),)

    def badge(self) -> str:
        return f"dim {self.dim}"

    def _refuse(self, first: TensorSpec, other: TensorSpec) -> None:
        raise Misfit(
            f"{first} and {other} cannot be joined along dim = {self.dim}: all other axes must be equal.",
            "Make the other axes equal, or join along another dim.",
            code="shapes",
            port="x",
        )


def _without(spec: TensorSpec, place: int) -> tuple[object, ...]:
    return (*spec.full[:place], *spec.full[place + 1 :])
