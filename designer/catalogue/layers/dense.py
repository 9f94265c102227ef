"""Layers in which every number that comes out depends on all that come in, and tables of vectors."""

from __future__ import annotations

from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Weights, sample
from designer.catalogue.tensor import Misfit, TensorSpec, dims, size


class Linear(Layer):
    """Weighs all features into each new one: y = x W^T + b, on the last axis."""

    title, category, width = "Linear", "Dense", "out_features"
    aliases = ("Dense", "Fully connected", "FC", "affine", "perceptron")
    samples = (sample((8,)), sample((5, 8), out_features=3, bias=False), sample(("T", 8)))

    out_features = Setting(64, "How many features come out.", minimum=1)
    bias = Setting(True, "Whether a learned number is added to each feature.")

    def output(self, x: TensorSpec) -> TensorSpec:
        if not x.shape:
            raise Misfit("Linear needs at least one axis of features, but a single number comes in.",
                         "Put a Reshape in front.", code="rank", rank=1)
        if not isinstance(x.shape[-1], int):
            raise Misfit(f"Linear must know how many features come in, but the last axis is the free length {x.shape[-1]}.",
                         "Move the features to the last axis, or give the Input a number there.")
        if x.dtype != "float32":
            raise Misfit(f"Linear multiplies float32 numbers, but {x.dtype} comes in.",
                         "Set the Input's dtype to float32, or put an Embedding in front.", code="dtype")
        return x.with_shape((*x.shape[:-1], self.out_features))

    def weights(self, x: TensorSpec) -> Weights:
        weights: Weights = {"weight": (self.out_features, x.shape[-1])}
        if self.bias:
            weights["bias"] = (self.out_features,)
        return weights

    def macs(self, x: TensorSpec) -> int:
        rows = size(x.shape[:-1])
        return rows * x.shape[-1] * self.out_features if isinstance(rows, int) else 0

    def call(self, x: TensorSpec) -> Call:
        settings = {"in_features": x.shape[-1], "out_features": self.out_features}
        return Call("nn.Linear", settings if self.bias else {**settings, "bias": False})

    def badge(self) -> str:
        return dims((self.out_features,))
