"""Plain functions of each number, for formulas that are built by hand."""

from __future__ import annotations

from designer.catalogue import demands
from designer.catalogue.layer import sample
from designer.catalogue.layers.reduction import Function
from designer.catalogue.tensor import Specs, TensorSpec


class Sqrt(Function):
    """Takes the square root of each number, which must not be below zero."""

    keeps = "output"
    title, method = "Square root", ".sqrt"
    aliases = ("root", "standard deviation")


class Sin(Function):
    """Takes the sine of each number, an angle in radians: a wave between -1 and 1."""

    title, method = "Sine", ".sin"
    aliases = ("sinus", "wave", "SIREN", "periodic")


class Cos(Function):
    """Takes the cosine of each number, an angle in radians: a wave that begins at 1."""

    title, method = "Cosine", ".cos"
    aliases = ("cosinus", "wave", "periodic", "Fourier features")


class Sign(Function):
    """Says which side of zero each number is on: -1, 0 or 1."""

    keeps = "nothing"
    title, method = "Signum", ".sign"
    aliases = ("sgn", "binarize", "direction", "plus or minus")

    def output(self, x: Specs) -> TensorSpec:
        return demands.tensor(self, x)


class Round(Function):
    """Rounds each number to the nearest whole one; halves go to the even neighbour."""

    keeps = "nothing"
    title, method = "Round", ".round"
    aliases = ("quantize", "nearest integer", "rint")
    samples = (sample((8,)), sample(TensorSpec(("T", 3), "int64")))

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.dtype(self, x, demands.NUMBERS)
        return x
