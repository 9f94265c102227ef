"""Layers in which every number that comes out depends on all that come in, and tables of vectors."""

from __future__ import annotations

from designer.catalogue import demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Weights, sample
from designer.catalogue.tensor import Misfit, Specs, TensorSpec, count, dims


class Linear(Layer):
    """Weighs all features into each new one: y = x W^T + b, on the last axis."""

    title, category, width = "Linear", "Dense", "out_features"
    aliases = ("Dense", "Fully connected", "FC", "affine", "perceptron")
    samples = (sample((8,)), sample((5, 8), out_features=3, bias=False), sample(("T", 8)))

    out_features = Setting(64, "How many features come out.", minimum=1)
    bias = Setting(True, "Whether a learned number is added to each feature.")

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.features(self, x)
        demands.dtype(self, x, demands.WEIGHT)
        result = x.with_shape((*x.shape[:-1], self.out_features))
        return demands.within_reach(self, result, self.weights(x), self.width)

    def weights(self, x: TensorSpec) -> Weights:
        weights: Weights = {"weight": (self.out_features, demands.features(self, x))}
        if self.bias:
            weights["bias"] = (self.out_features,)
        return weights

    def macs(self, x: TensorSpec) -> int:
        return count(*x.shape, self.out_features)

    def call(self, x: TensorSpec) -> Call:
        settings = {"in_features": demands.features(self, x), "out_features": self.out_features}
        return Call("nn.Linear", {**settings, **self.changed("bias")})

    def badge(self) -> str:
        return dims((self.out_features,))


class Embedding(Layer):
    """Looks up a learned vector for each whole number, such as the number of a word."""

    title, category, width = "Embedding", "Dense", "embedding_dim"
    aliases = ("lookup table", "word vectors", "tokens", "vocabulary")
    samples = (
        sample(TensorSpec((7,), "int64")),
        sample(TensorSpec(("T",), "int32"), num_embeddings=20, embedding_dim=5, padding_idx=0),
        sample(TensorSpec((), "int64"), num_embeddings=4, embedding_dim=1, padding_idx=-1),
    )

    num_embeddings = Setting(1000, "How many vectors there are; the numbers that come in are below it.", minimum=1)
    embedding_dim = Setting(64, "How long each vector is.", minimum=1)
    padding_idx: Setting[int | None] = Setting(
        None, "The number that stands for padding; its vector stays zero.", optional=True, kind=int
    )

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.dtype(self, x, demands.WHOLE)
        padding = self.padding_idx
        if padding is not None and not -self.num_embeddings <= padding < self.num_embeddings:
            raise Misfit(
                f"padding_idx = {padding} names none of the {self.num_embeddings} vectors.",
                f"Take a padding_idx between 0 and {self.num_embeddings - 1}.",
                "padding_idx",
                suggest=0,
            )
        result = TensorSpec((*x.shape, self.embedding_dim), "float32", x.batch)
        return demands.within_reach(self, result, self.weights(x), self.width)

    def weights(self, x: TensorSpec) -> Weights:
        return {"weight": (self.num_embeddings, self.embedding_dim)}

    def call(self, x: TensorSpec) -> Call:
        settings = {"num_embeddings": self.num_embeddings, "embedding_dim": self.embedding_dim}
        return Call("nn.Embedding", {**settings, **self.changed("padding_idx")})

    def badge(self) -> str:
        return f"{self.num_embeddings}, {self.embedding_dim}"


class Identity(Layer):
    """Passes on what comes in as it is: a place to link to, or to put another layer later."""

    title, category, passes_on = "Identity", "Dense", True
    aliases = ("pass through", "no-op", "linear activation", "do nothing", "Lambda", "skip")
    samples = (sample((8,)), sample(TensorSpec(("T",), "int64")), sample(TensorSpec((2, 3), "bool", batch=1)))

    def output(self, x: Specs) -> TensorSpec:
        return demands.tensor(self, x)

    def call(self, x: TensorSpec) -> Call:
        return Call("nn.Identity")
