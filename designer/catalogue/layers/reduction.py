"""Layers that compute with one tensor: sums and means over axes, and plain functions of each number."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from designer.catalogue import demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Sample, Saved, Site, Step, sample
from designer.catalogue.tensor import Misfit, Specs, TensorSpec
from designer.plan import Value


class Reduction(Layer):
    """What summing up whole axes has in common; itself no layer."""

    category = "Arithmetic"
    method: ClassVar[str] = ""
    allowed: ClassVar[Collection[str]] = demands.ANY
    """The types of numbers that torch has it for."""
    samples: ClassVar[tuple[Sample, ...]] = (
        sample((3, 4)),
        sample((3, "T", 2), dim=(2, -1)),
        sample((2, 3), dim=(1,), keepdim=True),
        sample(TensorSpec((2, 3), batch=1), dim=(0,)),
    )

    dim: Setting[tuple[int, ...]] = Setting((-1,), "The axes; 0 is the batch, -1 the last axis.", sizes=0)
    keepdim = Setting(False, "Whether each axis stays, with a length of 1.")

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        places = demands.axes(self, x, self.dim, "dim")
        demands.dtype(self, x, self.allowed)
        for place in sorted(places, reverse=True):
            x = demands.with_length(x, place, 1 if self.keepdim else None) if x.full else x
        return x

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        call = Call(self.method, {"dim": self.dim, **self.changed("keepdim")}, (site.x,))
        return (Step(site.first, call, site.name),)

    def badge(self) -> str:
        text = ", ".join(map(str, self.dim))
        return f"dim {text}" if len(text) <= 12 else f"{len(self.dim)} axes"


class Mean(Reduction):
    """Takes the mean over whole axes, such as over all steps of a sequence."""

    keeps = "nothing"
    title, method, allowed = "Mean over axes", ".mean", demands.FLOATS
    aliases = ("reduce_mean", "averaging", "ReduceMean", "mean pooling")


class Sum(Reduction):
    """Adds up the numbers along whole axes."""

    keeps = "nothing"
    title, method = "Sum over axes", ".sum"
    aliases = ("reduce_sum", "total", "ReduceSum", "add up")

    def output(self, x: Specs) -> TensorSpec:
        x = super().output(x)
        return x if x.is_float else TensorSpec(x.shape, "int64", x.batch)


class Max(Reduction):
    """Takes the largest number along whole axes, such as over all steps of a sequence."""

    title, method = "Maximum over axes", ".amax"
    aliases = ("reduce_max", "amax", "ReduceMax", "largest", "max over time")

    def saved(self, x: TensorSpec) -> Saved:
        return Saved(("x",), ("output",))


class Min(Reduction):
    """Takes the smallest number along whole axes."""

    title, method = "Minimum over axes", ".amin"
    aliases = ("reduce_min", "amin", "ReduceMin", "smallest")

    def saved(self, x: TensorSpec) -> Saved:
        return Saved(("x",), ("output",))


class LogSumExp(Reduction):
    """A smooth maximum: the logarithm of the sum of e to each number, computed without overflow."""

    title, method = "Log-sum-exp over axes", ".logsumexp"
    aliases = ("soft maximum", "smooth maximum", "ReduceLogSumExp", "log partition function")

    def output(self, x: Specs) -> TensorSpec:
        return demands.as_float(super().output(x))

    def saved(self, x: TensorSpec) -> Saved:
        return Saved(("x",), ("output",))


class Var(Reduction):
    """Says how much the numbers along whole axes differ from their mean: the mean of the squared differences."""

    title, method, allowed = "Variance over axes", ".var", demands.FLOATS
    aliases = ("spread", "ReduceVariance", "standard deviation squared", "dispersion")
    samples: ClassVar[tuple[Sample, ...]] = (*Reduction.samples, sample((5,), correction=0))

    correction = Setting(1, "What is taken from the count: 1 for the usual estimate, 0 as in the norms.", minimum=0)

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        call = Call(self.method, {"dim": self.dim, **self.changed("correction", "keepdim")}, (site.x,))
        return (Step(site.first, call, site.name),)


class CumSum(Layer):
    """Adds up along an axis and keeps every step: each place holds the sum of all up to it."""

    keeps = "nothing"
    title, category = "Cumulative sum", "Arithmetic"
    aliases = ("running total", "prefix sum", "integrate", "scan")
    samples = (
        sample((8,)),
        sample((3, "T"), dim=1),
        sample(TensorSpec((2, 5), "int32", batch=1), dim=0),
    )

    dim = Setting(-1, "The axis; 0 is the batch, -1 the last axis.")

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.axis(self, x, self.dim, "dim")
        return x if x.is_float else TensorSpec(x.shape, "int64", x.batch)

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        return (Step(site.first, Call(".cumsum", {"dim": self.dim}, (site.x,)), site.name),)

    def badge(self) -> str:
        return f"dim {self.dim}"


class Function(Layer):
    """What a plain function of each number has in common; itself no layer."""

    by_place = True
    category = "Arithmetic"
    method: ClassVar[str] = ""
    samples: ClassVar[tuple[Sample, ...]] = (sample((8,)), sample(TensorSpec(("T", 3), "int64")))

    def output(self, x: Specs) -> TensorSpec:
        return demands.as_float(demands.tensor(self, x))

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        return (Step(site.first, self._call(site.x), site.name),)

    def _call(self, x: Value) -> Call:
        return Call(self.method, positional=(x,))


class Scale(Function):
    """Multiplies each number by one number and adds another, such as to bring pixels between 0 and 1."""

    keeps = "nothing"
    title = "Scale"
    aliases = ("Rescaling", "multiply by", "offset", "temperature", "normalize pixels", "scalingLayer")
    samples = (sample((8,), scale=0.5), sample(TensorSpec(("T", 3), "bool"), scale=-2.0, offset=1.0))

    scale = Setting(1.0, "What each number is multiplied by.")
    offset = Setting(0.0, "What is added then.")

    def badge(self) -> str:
        return f"{self.scale:.4g}" + (f" {self.offset:+.4g}" if self.offset else "")

    def _call(self, x: Value) -> Call:
        scaled = Call("*", positional=(x, self.scale))
        return Call("+", positional=(scaled, self.offset)) if self.offset else scaled


class Power(Function):
    """Raises each number to a power: 2 squares it, 0.5 takes its root."""

    title = "Power"
    aliases = ("square", "cube", "nth root", "exponent", "pow")
    samples = (sample((8,)), sample(TensorSpec(("T", 3), "int64"), exponent=0.5))

    exponent = Setting(2.0, "The power; a root of a negative number is no number.")

    def badge(self) -> str:
        return f"{self.exponent:.4g}"

    def _call(self, x: Value) -> Call:
        return Call(".pow", positional=(x, self.exponent))


class Abs(Function):
    """Makes negative numbers positive: how large each number is, whatever its sign."""

    title, method = "Absolute value", ".abs"
    aliases = ("magnitude", "modulus", "absolute")

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.dtype(self, x, demands.NUMBERS)
        return x


class Exp(Function):
    """Raises e to each number: what comes out is above zero and grows fast."""

    keeps = "output"
    title, method = "Exponential", ".exp"
    aliases = ("e^x", "antilog", "positive")


class Log(Function):
    """Takes the natural logarithm of each number, which must be above zero."""

    title, method = "Logarithm", ".log"
    aliases = ("ln", "natural logarithm", "log scale")


class Clamp(Function):
    """Cuts numbers off at a least and a greatest value."""

    title = "Clamp"
    aliases = ("clip", "limit", "saturate", "bound")
    samples = (sample((8,)), sample(TensorSpec(("T", 3), "int64"), max=None), sample((4,), min=None, max=-0.5))

    min: Setting[float | None] = Setting(0.0, "The least number that comes out; empty for no bound.", optional=True)
    max: Setting[float | None] = Setting(1.0, "The greatest number that comes out; empty for no bound.", optional=True)

    def output(self, x: Specs) -> TensorSpec:
        if self.min is None and self.max is None:
            raise Misfit("Clamp has neither a min nor a max.", "Set min to 0.", "min", suggest=0.0)
        return super().output(x)

    def badge(self) -> str:
        low, high = (f"{each:.4g}" if each is not None else "" for each in (self.min, self.max))
        return f"{low} to {high}" if low and high else f"from {low}" if low else f"to {high}"

    def _call(self, x: Value) -> Call:
        bounds = {name: each for name, each in (("min", self.min), ("max", self.max)) if each is not None}
        return Call(".clamp", bounds, (x,))
