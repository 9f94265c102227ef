"""Layers that tell a network where in a sequence it is, or give it a place of its own there."""

from __future__ import annotations

from designer.catalogue import demands
from designer.catalogue.broadcast import promote
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Saved, Weights, sample
from designer.catalogue.tensor import Misfit, Specs, TensorSpec, total


class OnPositions(Layer):
    """What working on positions x features has in common; itself no layer."""

    def _sequence(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.batch_first(self, x)
        fewest = 2 if x.batch is None else 3
        hint = "Put a Reshape in front that makes positions and features."
        demands.rank(self, x, range(fewest, 20), "a sequence of positions x features", hint)
        return x


class PositionalEncoding(OnPositions):
    """Adds waves of many lengths to a sequence, so that each position can be told from all others."""

    keeps = "nothing"
    title, category = "Positional encoding", "Dense"
    aliases = ("sinusoidal", "position", "sine waves", "Fourier features")
    samples = (
        sample((5, 8)),
        sample(("T", 5), base=100.0),
        sample(TensorSpec((4, 6), "int64", None)),
        sample(TensorSpec((2, 3, 4), "float16")),
    )

    base = Setting(10000.0, "The longest wave is about 2 pi times this many positions long.", minimum=1.0)

    def output(self, x: Specs) -> TensorSpec:
        return demands.as_float(self._sequence(x))

    def call(self, x: TensorSpec) -> Call:
        return Call("modules.PositionalEncoding", self.changed("base"))


class PositionalEmbedding(OnPositions):
    """Adds a learned vector to each position of a sequence, one for the first, one for the second and so on."""

    keeps = "nothing"
    title, category = "Positional embedding", "Dense"
    aliases = ("learned position", "position", "wpe", "pos_embed")
    samples = (
        sample((5, 8), max_length=6),
        sample(("T", 5), max_length=9),
        sample(TensorSpec((4, 6), "int64", None), max_length=4),
        sample((2, 1, 4), max_length=1),
    )

    max_length = Setting(512, "How many positions have a vector; no sequence may be longer.", minimum=1)

    def output(self, x: Specs) -> TensorSpec:
        x = self._sequence(x)
        demands.features(self, x)
        length = x.full[-2]
        if isinstance(length, int) and length > self.max_length:
            raise Misfit(
                f"{x} has {length} positions, but only {self.max_length} have a vector.",
                f"Take a max_length of {length}.",
                "max_length",
                suggest=length,
            )
        return demands.within_reach(self, _promoted(x), self.weights(x), "max_length")

    def weights(self, x: TensorSpec) -> Weights:
        return {"weight": (self.max_length, demands.features(self, x))}

    def call(self, x: TensorSpec) -> Call:
        settings = {"max_length": self.max_length, "width": demands.features(self, x)}
        return Call("modules.PositionalEmbedding", settings)

    def badge(self) -> str:
        return str(self.max_length)


class RotaryEmbedding(OnPositions):
    """Turns each query or key by an angle that grows with its position, so that scores tell distances."""

    title, category = "Rotary position", "Attention"
    aliases = ("RoPE", "rotary embedding", "RoFormer", "Llama", "position")
    samples = (
        sample((5, 8)),
        sample(("T", 6), base=100.0, interleaved=True),
        sample(TensorSpec((4, 2), "float64", None)),
        sample(TensorSpec((2, 3, 4), "float16")),
    )

    base = Setting(10000.0, "The slowest pair turns once in about 2 pi times this many positions.", minimum=1.0)
    interleaved = Setting(False, "Whether neighbours are the pairs, as in the paper; else the two halves, as in Llama.")

    def output(self, x: Specs) -> TensorSpec:
        x = self._sequence(x)
        demands.dtype(self, x, demands.FLOATS)
        width = demands.features(self, x)
        if width % 2:
            raise Misfit(
                f"{x} has {width} features, which cannot be taken in pairs.",
                "Give the layer in front an even number of features.",
                code="shapes",
                port="x",
            )
        return x

    def call(self, x: TensorSpec) -> Call:
        demands.features(self, x)
        return Call("modules.RotaryEmbedding", self.changed("base", "interleaved"))

    def saved(self, x: TensorSpec) -> Saved:
        """The cosines and sines, which all examples share."""
        half = demands.features(self, x) // 2
        return Saved(own=(TensorSpec((x.shape[-2], half), x.dtype, None),) * 2)


class ClassToken(OnPositions):
    """Puts a learned vector in front of a sequence, which gathers what the whole sequence says."""

    keeps = "nothing"
    title, category = "Class token", "Input and output"
    aliases = ("cls", "ViT", "BERT", "prepend", "summary token")
    samples = (
        sample((5, 8)),
        sample(("T", 5)),
        sample(TensorSpec((4, 6), "int64", None)),
        sample((2, 1, 4)),
    )

    def output(self, x: Specs) -> TensorSpec:
        x = self._sequence(x)
        demands.features(self, x)
        longer = x.with_shape((*x.shape[:-2], total((x.shape[-2], 1)), x.shape[-1]))
        return demands.within_reach(self, _promoted(longer), {})

    def weights(self, x: TensorSpec) -> Weights:
        return {"token": (demands.features(self, x),)}

    def call(self, x: TensorSpec) -> Call:
        return Call("modules.ClassToken", {"width": demands.features(self, x)})


def _promoted(x: TensorSpec) -> TensorSpec:
    """What comes of joining or adding a float32 weight."""
    weight = TensorSpec((1, 1), batch=None)
    return TensorSpec(x.shape, promote((x, weight)), x.batch)
