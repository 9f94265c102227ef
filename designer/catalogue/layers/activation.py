"""Layers that bend each number, so that a stack of layers can do more than one layer."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from designer.catalogue import demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Sample, Saved, Weights, sample
from designer.catalogue.tensor import Misfit, Specs, TensorSpec


class Pointwise(Layer):
    """What bending each number by itself has in common; itself no layer."""

    by_place = True
    category = "Activation"
    samples: ClassVar[tuple[Sample, ...]] = (sample((8,)), sample(("T", 3)))
    allowed: ClassVar[Collection[str]] = demands.FLOATS
    """The types of numbers that torch has it for."""
    squashes: ClassVar[bool] = False
    """Whether whole numbers become float32, as everywhere in torch where a result is not whole."""

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.dtype(self, x, self.allowed)
        return demands.as_float(x) if self.squashes else x

    def call(self, x: TensorSpec) -> Call:
        return Call(f"nn.{demands.name(self)}", self.changed(*self.settings))


class AlongAxis(Layer):
    """What weighing the numbers along one axis against each other has in common; itself no layer."""

    keeps = "output"
    category = "Activation"
    samples = (sample((8,)), sample((3, "T"), dim=1), sample(TensorSpec((2, 5), batch=1), dim=0))

    dim = Setting(-1, "The axis along which they are weighed; 0 is the batch, -1 the last axis.")

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.axis(self, x, self.dim, "dim")
        demands.dtype(self, x, demands.FLOATS)
        return x

    def call(self, x: TensorSpec) -> Call:
        return Call(f"nn.{demands.name(self)}", {"dim": self.dim})

    def badge(self) -> str:
        return "" if self.dim == -1 else f"dim {self.dim}"


class ReLU(Pointwise):
    """Sets negative numbers to zero and lets the rest pass: the plainest bend, and a good first choice."""

    keeps = "output"
    title, allowed, instead = "ReLU", demands.NUMBERS, "LeakyReLU"
    usual = True
    aliases = ("rectifier", "rectified linear unit", "ramp", "reluLayer")
    samples = (sample((8,)), sample(TensorSpec(("T", 3), "int64")))


class GELU(Pointwise):
    """A smooth ReLU, which lets a little through just below zero; usual in transformers."""

    title = "GELU"
    usual = True
    aliases = ("Gaussian error linear unit", "geluLayer")
    samples = (sample((8,)), sample(("T", 3), approximate="tanh"))

    approximate = Setting("none", "Exact, or by the faster formula with tanh.", choices=("none", "tanh"))


class Sigmoid(Pointwise):
    """Squeezes each number between 0 and 1, to be read as the probability of a yes."""

    keeps = "output"
    title, gives, allowed, squashes, instead = "Sigmoid", "probabilities", demands.ANY, True, "ReLU"
    aliases = ("logistic", "squash", "sigmoidLayer")
    samples = (sample((8,)), sample(TensorSpec(("T", 3), "int64")))


class Tanh(Pointwise):
    """Squeezes each number between -1 and 1, with zero kept at zero."""

    keeps = "output"
    title, allowed, squashes, instead = "Tanh", demands.ANY, True, "ReLU"
    aliases = ("hyperbolic tangent", "squash", "tanhLayer")
    samples = (sample((8,)), sample(TensorSpec(("T", 3), "bool")))


class Softmax(AlongAxis):
    """Turns scores into probabilities that add up to 1 along one axis."""

    title, gives = "Softmax", "probabilities"
    usual = True
    aliases = ("probabilities", "normalized exponential", "multiclass", "softmaxLayer")

    dim = Setting(-1, "The axis along which they add up to 1; 0 is the batch, -1 the last axis.")


class LeakyReLU(Pointwise):
    """A ReLU that lets a small share of each negative number through, so that no unit dies."""

    title = "Leaky ReLU"
    aliases = ("leaky rectifier", "lrelu", "leakyReluLayer")
    samples = (sample((8,)), sample(("T", 3), negative_slope=0.2))

    negative_slope = Setting(0.01, "The share of a negative number that passes.")

    def badge(self) -> str:
        return f"{self.negative_slope:g}"


class SiLU(Pointwise):
    """Each number times its own sigmoid: smooth, with a dip below zero; usual in newer image networks."""

    title = "SiLU (Swish)"
    aliases = ("swish", "sigmoid linear unit", "swishLayer")


class LogSoftmax(AlongAxis):
    """The logarithms of a softmax, computed without the loss of small numbers."""

    title, gives = "Log-softmax", "log-probabilities of classes"
    aliases = ("log_softmax", "log probabilities", "NLL")

    dim = Setting(-1, "The axis along which the probabilities add up to 1; 0 is the batch, -1 the last axis.")


class ELU(Pointwise):
    """A ReLU that bends smoothly down to -alpha, which keeps the mean of what comes out near zero."""

    title = "ELU"
    aliases = ("exponential linear unit", "eluLayer")
    samples = (sample((8,)), sample(("T", 3), alpha=0.5))

    alpha = Setting(1.0, "How far below zero it goes.")

    def badge(self) -> str:
        return "" if self.alpha == 1 else f"alpha {self.alpha:.4g}"


class PReLU(Pointwise):
    """A leaky ReLU that learns what share of negative numbers passes."""

    title, allowed = "PReLU", demands.WEIGHT
    aliases = ("parametric ReLU", "parametric rectifier", "learned slope", "num_parameters")
    samples = (
        sample((8,)),
        sample((3, "H", "W"), per_channel=True),
        sample((4,), per_channel=True, init=0.1),
        sample(TensorSpec((2, 3), batch=None), per_channel=True),
    )

    per_channel = Setting(False, "Whether each channel learns a slope of its own; off for one slope for all.")
    init = Setting(0.25, "The slope that learning begins with.")

    def output(self, x: Specs) -> TensorSpec:
        x = super().output(x)
        if self.per_channel:
            demands.batch_first(self, x)
        self._slopes(x)
        return x

    def weights(self, x: TensorSpec) -> Weights:
        return {"weight": (self._slopes(x),)}

    def call(self, x: TensorSpec) -> Call:
        slopes = self._slopes(x)
        settings = {"num_parameters": slopes} if slopes > 1 else {}
        return Call("nn.PReLU", {**settings, **self.changed("init")})

    def badge(self) -> str:
        return "per channel" if self.per_channel else ""

    def _slopes(self, x: TensorSpec) -> int:
        """How many slopes are learned: one, or one for each place on the second axis."""
        if not self.per_channel or len(x.full) < 2:
            return 1
        return demands.known(self, x.full[1], "how many channels come in")


class SELU(Pointwise):
    """An ELU with fixed numbers that bring a deep stack of Linear layers to mean 0 and spread 1 by itself."""

    title = "SELU"
    aliases = ("scaled exponential linear unit", "self-normalizing", "SNN")


class Mish(Pointwise):
    """Each number times the tanh of its softplus: a smooth ReLU much like SiLU."""

    title = "Mish"
    aliases = ("smooth ReLU", "x tanh softplus")


class Softplus(Pointwise):
    """A ReLU with a rounded corner: what comes out is above zero, as a variance must be."""

    title = "Softplus"
    aliases = ("smooth ReLU", "log1p exp", "softplusLayer", "positive")
    samples = (sample((8,)), sample(("T", 3), beta=2.0, threshold=5.0))

    beta = Setting(1.0, "How sharp the corner is; larger comes closer to ReLU.", minimum=0.001)
    threshold = Setting(20.0, "Where beta times a number is above this, the number passes as it is.")

    def badge(self) -> str:
        return "" if self.beta == 1 else f"beta {self.beta:.4g}"


class GLU(Layer):
    """Halves its input along an axis; one half, through a sigmoid, opens and closes the other like gates."""

    title, category = "GLU", "Activation"
    aliases = ("gated linear unit", "gated halves", "gating")
    samples = (
        sample((8,)),
        sample(("T", 6)),
        sample((4, 3, "W"), dim=1),
        sample(TensorSpec((2, 5), batch=1), dim=0),
    )

    dim = Setting(-1, "The axis that is halved; 0 is the batch, -1 the last axis.")

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.some_axis(self, x)
        place = demands.axis(self, x, self.dim, "dim")
        demands.dtype(self, x, demands.FLOATS)
        length = demands.known(self, x.full[place], "how long the axis is that it halves")
        if length % 2:
            raise Misfit(
                f"GLU halves axis {place}, but {x} has {length} there, which is odd.",
                "Let the layer in front give an even number, or take another dim.",
                "dim",
                code="shapes",
            )
        return demands.with_length(x, place, length // 2)

    def call(self, x: TensorSpec) -> Call:
        return Call("nn.GLU", self.changed("dim"))

    def badge(self) -> str:
        return "" if self.dim == -1 else f"dim {self.dim}"


class LogSigmoid(Pointwise):
    """The logarithm of a sigmoid, computed without the loss of small numbers."""

    title, gives = "Log-sigmoid", "log-probabilities"
    aliases = ("log_sigmoid", "log logistic", "log probability")

    def saved(self, x: TensorSpec) -> Saved:
        return Saved(("x",), own=(x,))


class CELU(Pointwise):
    """An ELU whose slope has no jump at zero, whatever its alpha."""

    title = "CELU"
    aliases = ("continuously differentiable exponential linear unit", "smooth ELU")
    samples = (sample((8,)), sample(("T", 3), alpha=0.5))

    alpha = Setting(1.0, "How far below zero it goes; not 0.")

    def output(self, x: Specs) -> TensorSpec:
        if self.alpha == 0:
            raise Misfit("alpha is 0, but CELU divides by it.", "Set alpha to 1.", "alpha", suggest=1.0)
        return super().output(x)

    def badge(self) -> str:
        return "" if self.alpha == 1 else f"alpha {self.alpha:.4g}"


class Softsign(Pointwise):
    """Squeezes each number between -1 and 1 like tanh, but comes near the ends more slowly."""

    title, allowed, squashes = "Softsign", demands.NUMBERS, True
    aliases = ("squash", "x / (1 + |x|)")
    samples = (sample((8,)), sample(TensorSpec(("T", 3), "int32")))

    def saved(self, x: TensorSpec) -> Saved:
        return Saved(("x",), own=(x,))


class Tanhshrink(Pointwise):
    """Each number less its tanh: small numbers nearly vanish, large ones move towards zero by 1."""

    title, allowed, squashes = "Tanhshrink", demands.NUMBERS, True
    aliases = ("shrinkage", "x - tanh(x)")
    samples = (sample((8,)), sample(TensorSpec(("T", 3), "int64")))

    def saved(self, x: TensorSpec) -> Saved:
        return Saved(own=(x,))


class Softmin(AlongAxis):
    """A softmax of the negated numbers: the smallest gets the largest share."""

    title, gives = "Softmin", "probabilities"
    aliases = ("probabilities", "smallest")

    dim = Setting(-1, "The axis along which they add up to 1; 0 is the batch, -1 the last axis.")


class Softmax2d(Layer):
    """A softmax over the channels at each pixel of an image, as in segmentation."""

    by_place = True
    keeps = "output"
    title, category, gives = "Softmax 2D", "Activation", "probabilities"
    aliases = ("probabilities", "segmentation", "pixel classification", "spatial softmax")
    samples = (sample((3, 4, 5)), sample((2, "H", "W")))

    def output(self, x: Specs) -> TensorSpec:
        x, _ = demands.image(self, x)
        demands.dtype(self, x, demands.FLOATS)
        return x

    def call(self, x: TensorSpec) -> Call:
        return Call("nn.Softmax2d")
