"""Layers in which every number that comes out depends on all that come in, and tables of vectors."""

from __future__ import annotations

from designer.catalogue import demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Port, Sample, Saved, Weights, sample
from designer.catalogue.tensor import Misfit, Specs, TensorSpec, count, dims


class Linear(Layer):
    """Weighs all features into each new one: y = x W^T + b, on the last axis."""

    title, category, role, width, matrix = "Linear", "Dense", "linear", "out_features", "weight"
    usual = True
    aliases = ("Dense", "Fully connected", "FC", "affine", "perceptron", "MLP")
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

    title, category, width, matrix = "Embedding", "Dense", "embedding_dim", "weight"
    usual = True
    aliases = ("lookup table", "word vectors", "tokens", "vocabulary")
    samples = (
        sample(TensorSpec((7,), "int64")),
        sample(TensorSpec(("T",), "int32"), num_embeddings=20, embedding_dim=5, padding_idx=0),
        sample(TensorSpec((), "int64"), num_embeddings=4, embedding_dim=1, padding_idx=-1),
    )

    table = "num_embeddings"

    num_embeddings = Setting(1000, "How many vectors there are; the numbers that come in are below it.", minimum=1)
    embedding_dim = Setting(64, "How long each vector is.", minimum=1)
    padding_idx: Setting[int | None] = Setting(
        None, "The number that stands for padding; its vector stays zero.", optional=True, kind=int
    )

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.dtype(self, x, demands.WHOLE)
        _check_padding(self.padding_idx, self.num_embeddings)
        result = TensorSpec((*x.shape, self.embedding_dim), "float32", x.batch)
        return demands.within_reach(self, result, self.weights(x), self.width)

    def weights(self, x: TensorSpec) -> Weights:
        return {"weight": (self.num_embeddings, self.embedding_dim)}

    def call(self, x: TensorSpec) -> Call:
        settings = {"num_embeddings": self.num_embeddings, "embedding_dim": self.embedding_dim}
        return Call("nn.Embedding", {**settings, **self.changed("padding_idx")})

    def badge(self) -> str:
        return f"{self.num_embeddings}, {self.embedding_dim}"


class EmbeddingBag(Layer):
    """Looks up a learned vector for each whole number and takes the mean of them all, as for a bag of words."""

    title, category, width, matrix = "Embedding bag", "Dense", "embedding_dim", "weight"
    aliases = ("bag of words", "fastText", "sparse features", "multi-hot")
    samples = (
        sample(TensorSpec((7,), "int64")),
        sample(TensorSpec(("T",), "int32"), num_embeddings=20, embedding_dim=5, mode="sum", padding_idx=0),
        sample(TensorSpec((2, 3), "int64", None), num_embeddings=4, embedding_dim=1, mode="max"),
    )

    table = "num_embeddings"

    num_embeddings = Setting(1000, "How many vectors there are; the numbers that come in are below it.", minimum=1)
    embedding_dim = Setting(64, "How long each vector is.", minimum=1)
    mode = Setting("mean", "How the vectors of one example become one.", choices=("mean", "sum", "max"))
    padding_idx: Setting[int | None] = Setting(
        None, "The number that stands for padding, which is passed over.", optional=True, kind=int
    )

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.batch_first(self, x)
        demands.rank(self, x, (2,), "a row of whole numbers for each example", "Put a Flatten in front.")
        demands.dtype(self, x, demands.WHOLE)
        _check_padding(self.padding_idx, self.num_embeddings)
        result = TensorSpec((*x.shape[:-1], self.embedding_dim), "float32", x.batch)
        return demands.within_reach(self, result, self.weights(x), self.width)

    def weights(self, x: TensorSpec) -> Weights:
        return {"weight": (self.num_embeddings, self.embedding_dim)}

    def call(self, x: TensorSpec) -> Call:
        settings = {"num_embeddings": self.num_embeddings, "embedding_dim": self.embedding_dim}
        return Call("nn.EmbeddingBag", {**settings, **self.changed("mode", "padding_idx")})

    def badge(self) -> str:
        return f"{self.num_embeddings}, {self.embedding_dim}"

    def saved(self, x: TensorSpec, *weights: TensorSpec | None) -> Saved:
        each = TensorSpec(x.shape[:-1], x.dtype, x.batch)
        return Saved(("x",), own=(x, each, each, each))


def _check_padding(padding: int | None, count_of: int) -> None:
    if padding is not None and not -count_of <= padding < count_of:
        raise Misfit(
            f"padding_idx = {padding} names none of the {count_of} vectors.",
            f"Take a padding_idx between 0 and {count_of - 1}.",
            "padding_idx",
            suggest=0,
        )


class Bilinear(Layer):
    """Weighs each pair of one feature here and one there: how well two things go together."""

    title, category, width = "Bilinear", "Dense", "out_features"
    aliases = ("pairwise", "interaction", "similarity", "biaffine")
    inputs = (Port("x1", "The features of the one."), Port("x2", "The features of the other."))
    samples = (
        Sample({"out_features": 3}, {"x1": TensorSpec((4,)), "x2": TensorSpec((5,))}),
        Sample({"out_features": 2, "bias": False}, {"x1": TensorSpec(("T", 2)), "x2": TensorSpec(("T", 3))}),
        Sample({"out_features": 4}, {"x1": TensorSpec((2, 3), batch=None), "x2": TensorSpec((2, 1), batch=None)}),
    )

    out_features = Setting(64, "How many features come out.", minimum=1)
    bias = Setting(True, "Whether a learned number is added to each feature.")

    def output(self, x1: Specs, x2: Specs) -> TensorSpec:
        first, second = demands.tensor(self, x1, "x1"), demands.tensor(self, x2, "x2")
        for each, port in ((first, "x1"), (second, "x2")):
            demands.features(self, each, port)
            demands.dtype(self, each, demands.WEIGHT, port)
        if first.batch != second.batch or first.shape[:-1] != second.shape[:-1]:
            raise Misfit(
                f"{first} and {second} cannot be paired: all axes but the last must be equal.",
                "Link tensors that differ in their features alone.",
                code="shapes",
                port="x2",
            )
        result = first.with_shape((*first.shape[:-1], self.out_features))
        return demands.within_reach(self, result, self.weights(first, second), self.width)

    def weights(self, x1: TensorSpec, x2: TensorSpec) -> Weights:
        features = demands.features(self, x1, "x1"), demands.features(self, x2, "x2")
        weights: Weights = {"weight": (self.out_features, *features)}
        if self.bias:
            weights["bias"] = (self.out_features,)
        return weights

    def macs(self, x1: TensorSpec, x2: TensorSpec) -> int:
        return count(*x1.shape[:-1], *self.weights(x1, x2)["weight"])

    def call(self, x1: TensorSpec, x2: TensorSpec) -> Call:
        settings = {
            "in1_features": demands.features(self, x1, "x1"),
            "in2_features": demands.features(self, x2, "x2"),
            "out_features": self.out_features,
        }
        return Call("nn.Bilinear", {**settings, **self.changed("bias")})

    def badge(self) -> str:
        return dims((self.out_features,))


class Identity(Layer):
    """Passes on what comes in as it is: a place to link to, or to put another layer later."""

    is_view, by_place = True, True
    title, category, passes_on = "Identity", "Dense", True
    aliases = ("pass through", "no-op", "linear activation", "do nothing", "Lambda", "skip path")
    samples = (sample((8,)), sample(TensorSpec(("T",), "int64")), sample(TensorSpec((2, 3), "bool", batch=1)))

    def output(self, x: Specs) -> TensorSpec:
        return demands.tensor(self, x)

    def call(self, x: TensorSpec) -> Call:
        return Call("nn.Identity")
