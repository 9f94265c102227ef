"""Layers that make learning harder on purpose, so that what is learned holds for new data."""

from __future__ import annotations

from designer.catalogue import demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, sample
from designer.catalogue.tensor import Specs, TensorSpec


class Dropout(Layer):
    """Sets numbers to zero at random while training, so that no unit can rely on a single other."""

    title, category, passes_on = "Dropout", "Regularization", True
    aliases = ("regularize", "drop")
    samples = (sample((8,)), sample((3, "T"), p=0.1), sample(TensorSpec((4,), "float16"), p=1.0))

    p = Setting(0.5, "The share of numbers that are set to zero.", minimum=0.0, maximum=1.0)

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        if 0 < self.p < 1:
            demands.dtype(self, x, demands.FLOATS)
        return x

    def call(self, x: TensorSpec) -> Call:
        return Call("nn.Dropout", {"p": self.p})

    def badge(self) -> str:
        return f"{self.p:g}"
