"""Layers that bend each number, so that a stack of layers can do more than one layer."""

from __future__ import annotations

from designer.catalogue import demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, sample
from designer.catalogue.tensor import Specs, TensorSpec


class ReLU(Layer):
    """Sets negative numbers to zero and lets the rest pass: the plainest bend, and a good first choice."""

    title, category = "ReLU", "Activation"
    aliases = ("rectifier", "rectified linear unit", "ramp")
    samples = (sample((8,)), sample(TensorSpec(("T", 3), "int64")))

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.dtype(self, x, demands.NUMBERS)
        return x

    def call(self, x: TensorSpec) -> Call:
        return Call("nn.ReLU")


class GELU(Layer):
    """A smooth ReLU, which lets a little through just below zero; usual in transformers."""

    title, category = "GELU", "Activation"
    aliases = ("Gaussian error linear unit",)
    samples = (sample((8,)), sample(("T", 3), approximate="tanh"))

    approximate = Setting("none", "Exact, or by the faster formula with tanh.", choices=("none", "tanh"))

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.dtype(self, x, demands.FLOATS)
        return x

    def call(self, x: TensorSpec) -> Call:
        return Call("nn.GELU", self.changed("approximate"))


def _squashed(x: TensorSpec) -> TensorSpec:
    """Whole numbers become float32, as everywhere in torch where a result is not whole."""
    return x if x.is_float else TensorSpec(x.shape, "float32", x.batch)


class Sigmoid(Layer):
    """Squeezes each number between 0 and 1, to be read as the probability of a yes."""

    title, category, gives = "Sigmoid", "Activation", "probabilities"
    aliases = ("logistic", "squash")
    samples = (sample((8,)), sample(TensorSpec(("T", 3), "int64")))

    def output(self, x: Specs) -> TensorSpec:
        return _squashed(demands.tensor(self, x))

    def call(self, x: TensorSpec) -> Call:
        return Call("nn.Sigmoid")


class Tanh(Layer):
    """Squeezes each number between -1 and 1, with zero kept at zero."""

    title, category = "Tanh", "Activation"
    aliases = ("hyperbolic tangent", "squash")
    samples = (sample((8,)), sample(TensorSpec(("T", 3), "bool")))

    def output(self, x: Specs) -> TensorSpec:
        return _squashed(demands.tensor(self, x))

    def call(self, x: TensorSpec) -> Call:
        return Call("nn.Tanh")


class Softmax(Layer):
    """Turns scores into probabilities that add up to 1 along one axis."""

    title, category, gives = "Softmax", "Activation", "probabilities"
    aliases = ("probabilities", "normalized exponential", "multiclass")
    samples = (sample((8,)), sample((3, "T"), dim=1), sample(TensorSpec((2, 5), batch=1), dim=0))

    dim = Setting(-1, "The axis along which they add up to 1; 0 is the batch, -1 the last axis.")

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.axis(self, x, self.dim, "dim")
        demands.dtype(self, x, demands.FLOATS)
        return x

    def call(self, x: TensorSpec) -> Call:
        return Call("nn.Softmax", {"dim": self.dim})

    def badge(self) -> str:
        return "" if self.dim == -1 else f"dim {self.dim}"
