"""Layers that measure vectors: how long they are, how far apart, and how much they point the same way."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from designer.catalogue import demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Port, Sample, Saved, Site, Step, sample
from designer.catalogue.layers.arithmetic import combined
from designer.catalogue.tensor import Length, Misfit, Specs, TensorSpec

PAIR = (Port("x1", "The vectors of the one."), Port("x2", "The vectors of the other."))


def _pair(
    first: TensorSpec | tuple[Length, ...], second: TensorSpec | tuple[Length, ...], **settings: object
) -> Sample:
    """A sample for the ports x1 and x2."""
    x1, x2 = (TensorSpec(each) if isinstance(each, tuple) else each for each in (first, second))
    return Sample(settings, {"x1": x1, "x2": x2})


class OfVectors(Layer):
    """What comparing the vectors of two tensors has in common; itself no layer."""

    category = "Arithmetic"
    inputs = PAIR
    verb: ClassVar[str] = "compared"
    allowed: ClassVar[Collection[str]] = demands.ANY

    def _combined(self, x1: Specs, x2: Specs) -> TensorSpec:
        first, second = demands.tensor(self, x1, "x1"), demands.tensor(self, x2, "x2")
        demands.dtype(self, first, self.allowed, "x1")
        demands.dtype(self, second, self.allowed, "x2")
        return demands.within_reach(self, combined(first, second, self.verb, "x2"), {})

    def _without_axis(self, x: TensorSpec, dim: int) -> TensorSpec:
        """`x` without the axis that the vectors lie along."""
        place = demands.axis(self, x, dim, "dim")
        return demands.with_length(x, place, None) if x.full else x


class Dot(OfVectors):
    """Multiplies two vectors number by number and adds it all up: large where they point the same way."""

    title, verb = "Dot product", "multiplied"
    aliases = ("inner product", "scalar product", "similarity", "vecdot", "score")
    samples = (
        _pair((8,), (8,)),
        _pair(("T", 4), (1, 4)),
        _pair((3, 4), (3, 4), dim=1),
        _pair(TensorSpec((3, 4), "int64"), TensorSpec((4,), "int32", None)),
        _pair(TensorSpec((2, 5), batch=1), TensorSpec((2, 5), batch=1), dim=0),
    )

    dim = Setting(-1, "The axis along which they are multiplied and added up; 0 is the batch, -1 the last axis.")

    def output(self, x1: Specs, x2: Specs) -> TensorSpec:
        x = self._without_axis(self._combined(x1, x2), self.dim)
        return x if x.is_float else TensorSpec(x.shape, "int64", x.batch)

    def forward(self, site: Site, x1: TensorSpec, x2: TensorSpec) -> tuple[Step, ...]:
        product = Call("*", positional=(site.x, site.inputs["x2"][0]))
        return (Step(site.first, Call(".sum", {"dim": self.dim}, (product,)), site.name),)

    def badge(self) -> str:
        return "" if self.dim == -1 else f"dim {self.dim}"


class CosineSimilarity(OfVectors):
    """Says how much two vectors point the same way, whatever their lengths: from -1 to 1."""

    title = "Cosine similarity"
    aliases = ("cosine distance", "angle", "siamese", "contrastive", "retrieval")
    samples = (
        _pair((8,), (8,)),
        _pair(("T", 4), (1, 4), eps=0.1),
        _pair((3, 4), (3, 4), dim=1),
        _pair(TensorSpec((2, 5), batch=1), TensorSpec((2, 5), batch=1), dim=0),
    )

    dim = Setting(-1, "The axis that the vectors lie along; 0 is the batch, -1 the last axis.")
    eps = Setting(1e-8, "The least length a vector is taken to have, lest zero be divided by.", minimum=0.0)

    def output(self, x1: Specs, x2: Specs) -> TensorSpec:
        both = self._combined(x1, x2)
        demands.dtype(self, both, demands.FLOATS, "x2")
        return self._without_axis(both, self.dim)

    def call(self, x1: TensorSpec, x2: TensorSpec) -> Call:
        return Call("nn.CosineSimilarity", {"dim": self.dim, **self.changed("eps")})

    def badge(self) -> str:
        return "" if self.dim == -1 else f"dim {self.dim}"

    def saved(self, x1: TensorSpec, x2: TensorSpec) -> Saved:
        both, result = self._combined(x1, x2), self.output(x1, x2)
        return Saved(("x1", "x2"), own=(*(both,) * 2, *(result,) * 4))


class PairwiseDistance(OfVectors):
    """Measures how far two vectors are apart, along the last axis."""

    title, allowed = "Pairwise distance", demands.NUMBERS
    aliases = ("Euclidean distance", "L2 distance", "Manhattan", "siamese", "metric")
    samples = (
        _pair((8,), (8,)),
        _pair(("T", 4), (1, 4), p=1.0, keepdim=True),
        _pair(TensorSpec((3, 4), "int64"), TensorSpec((4,), batch=None), eps=0.0),
    )

    p = Setting(2.0, "How differences are added up: 2 for the straight line, 1 for the sum of all.", minimum=0.0)
    eps = Setting(1e-6, "What is added to each difference, lest equal vectors have no gradient.", minimum=0.0)
    keepdim = Setting(False, "Whether the last axis stays, with a length of 1.")

    def output(self, x1: Specs, x2: Specs) -> TensorSpec:
        both = demands.as_float(self._combined(x1, x2))
        if both.batch is not None and both.batch == both.rank:
            raise Misfit(
                f"The last axis of {both} is its batch; PairwiseDistance would mix the examples.",
                "Link tensors whose last axis holds features.",
                code="batch",
                port="x1",
            )
        return demands.with_length(both, len(both.full) - 1, 1 if self.keepdim else None) if both.full else both

    def call(self, x1: TensorSpec, x2: TensorSpec) -> Call:
        return Call("nn.PairwiseDistance", self.changed("p", "eps", "keepdim"))

    def badge(self) -> str:
        return "" if self.p == 2 else f"p {self.p:.4g}"

    def saved(self, x1: TensorSpec, x2: TensorSpec) -> Saved:
        return Saved(outputs=("output",), own=(demands.as_float(self._combined(x1, x2)),))


class Normalize(Layer):
    """Brings each vector to length 1, so that only its direction counts."""

    title, category = "Normalize", "Normalization"
    aliases = ("L2 norm", "unit vector", "UnitNormalization", "direction", "hypersphere")
    samples = (
        sample((8,)),
        sample((3, "T"), dim=1),
        sample(TensorSpec((2, 5), batch=1), dim=0, p=1.0),
        sample((4,), eps=0.5),
    )

    p = Setting(2.0, "How the length is measured: 2 for the usual length, 1 for the sum of all sizes.", minimum=0.0)
    dim = Setting(-1, "The axis that the vectors lie along; 0 is the batch, -1 the last axis.")
    eps = Setting(1e-12, "The least length a vector is taken to have, lest zero be divided by.", minimum=0.0)

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.axis(self, x, self.dim, "dim")
        demands.dtype(self, x, demands.FLOATS)
        return x

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        call = Call("F.normalize", {**self.changed("p"), "dim": self.dim, **self.changed("eps")}, (site.x,))
        return (Step(site.first, call, site.name),)

    def badge(self) -> str:
        return "" if self.dim == -1 else f"dim {self.dim}"

    def saved(self, x: TensorSpec) -> Saved:
        length = demands.with_length(x, demands.axis(self, x, self.dim, "dim"), 1)
        return Saved(("x",), own=(length, length))
