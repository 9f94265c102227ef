"""Activations made of straight pieces: cheap to compute, some of them with dead zones around zero."""

from __future__ import annotations

from designer.catalogue import demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Saved, Site, Step, sample
from designer.catalogue.layers.activation import Pointwise
from designer.catalogue.tensor import Misfit, Specs, TensorSpec


class Hardswish(Pointwise):
    """SiLU made of straight pieces, for phones and other small machines."""

    title = "Hard swish"
    aliases = ("h-swish", "MobileNet", "hard_silu")


class Hardsigmoid(Pointwise):
    """A sigmoid made of straight pieces: 0 below -3, 1 above 3, a line in between."""

    title, gives = "Hard sigmoid", "probabilities"
    aliases = ("h-sigmoid", "piecewise linear sigmoid", "squash")


class ReLU6(Pointwise):
    """A ReLU that stops at 6, which suits machines that compute with few bits."""

    title, allowed = "ReLU6", demands.NUMBERS
    aliases = ("clipped ReLU", "capped rectifier", "MobileNet", "clippedReluLayer")
    samples = (sample((8,)), sample(TensorSpec(("T", 3), "int32")))


class SquaredReLU(Layer):
    """Lets nothing below zero pass and squares what is above, so that clear signals stand out."""

    title, category = "Squared ReLU", "Activation"
    aliases = ("ReLU²", "relu2", "Primer", "rectifier")
    samples = (sample((8,)), sample(TensorSpec(("T", 3), "int32")))

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.dtype(self, x, demands.NUMBERS)
        return x

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        return (Step(site.first, Call(".square", {}, (Call("F.relu", {}, (site.x,)),)), site.name),)


class Hardtanh(Pointwise):
    """Lets numbers between two bounds pass, and cuts the others off at the bounds."""

    title, allowed = "Hard tanh", demands.NUMBERS
    aliases = ("clip", "clipped ReLU", "htanh", "squash")
    samples = (
        sample((8,)),
        sample(("T", 3), min_val=0.0, max_val=20.0),
        sample(TensorSpec((4,), "int64"), min_val=-2.0, max_val=2.0),
    )

    min_val = Setting(-1.0, "The least number that comes out.")
    max_val = Setting(1.0, "The greatest number that comes out; above min_val.")

    def output(self, x: Specs) -> TensorSpec:
        if self.min_val >= self.max_val:
            raise Misfit(
                f"max_val is {self.max_val:g}, but it must be above min_val, {self.min_val:g}.",
                "Take a larger max_val.",
                "max_val",
                suggest=self.min_val + 1,
            )
        return super().output(x)

    def badge(self) -> str:
        return f"{self.min_val:.4g} to {self.max_val:.4g}"


class Threshold(Pointwise):
    """Lets numbers above a threshold pass, and replaces all others with one value."""

    title, allowed = "Threshold", demands.NUMBERS
    aliases = ("cut-off", "step", "thresholded ReLU", "ThresholdedReLU")
    samples = (
        sample((8,)),
        sample(("T", 3), threshold=0.1, value=20.0),
        sample(TensorSpec((4,), "int32"), threshold=1.0, value=-1.0),
    )

    threshold = Setting(0.0, "Numbers above it pass.")
    value = Setting(0.0, "What takes the place of the others.")

    def call(self, x: TensorSpec) -> Call:
        return Call("nn.Threshold", {"threshold": self.threshold, "value": self.value})

    def badge(self) -> str:
        return f"{self.threshold:.4g}"


class RReLU(Pointwise):
    """A leaky ReLU whose slope is drawn anew for each number while training."""

    title, allowed = "RReLU", ("float32", "float64", "bfloat16")
    aliases = ("randomized leaky ReLU", "random slope")
    samples = (sample((8,)), sample(("T", 3), lower=0.2, upper=0.2))

    lower = Setting(0.125, "The least share of a negative number that passes.")
    upper = Setting(1 / 3, "The greatest share of a negative number that passes; not below lower.")

    def output(self, x: Specs) -> TensorSpec:
        if self.lower > self.upper:
            raise Misfit(
                f"lower is {self.lower:.4g}, but it must not be above upper, {self.upper:.4g}.",
                "Take a smaller lower.",
                "lower",
                suggest=self.upper,
            )
        return super().output(x)

    def badge(self) -> str:
        return f"{self.lower:.3g} to {self.upper:.3g}"

    def saved(self, x: TensorSpec) -> Saved:
        return Saved(("x",), own=(x,))


class Hardshrink(Pointwise):
    """Sets numbers near zero to zero and lets the rest pass."""

    title = "Hard shrink"
    aliases = ("shrinkage", "dead zone", "sparse")
    samples = (sample((8,)), sample(("T", 3), lambd=0.1))

    lambd = Setting(0.5, "How near to zero a number must be to become zero.")

    def badge(self) -> str:
        return f"{self.lambd:.4g}"


class Softshrink(Pointwise):
    """Sets numbers near zero to zero and moves the rest towards zero by as much."""

    title = "Soft shrink"
    aliases = ("shrinkage", "soft thresholding", "dead zone", "sparse")
    samples = (sample((8,)), sample(("T", 3), lambd=0.1))

    lambd = Setting(0.5, "How near to zero a number must be to become zero.", minimum=0.0)

    def badge(self) -> str:
        return f"{self.lambd:.4g}"
