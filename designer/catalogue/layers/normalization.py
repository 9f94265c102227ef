"""Layers that bring numbers to a mean of 0 and a spread of 1, so that deep networks learn faster."""

from __future__ import annotations

from typing import ClassVar

from designer.catalogue import demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Weights, sample
from designer.catalogue.tensor import Misfit, Specs, TensorSpec, dims

NARROW = ("float32", "float16", "bfloat16")
"""What torch normalizes with weights or running means of float32."""


class BatchNorm(Layer):
    """What normalizing over the batch has in common; itself no layer."""

    category = "Normalization"
    ranks: ClassVar[tuple[int, ...]] = ()
    """How many axes it takes, the batch included."""
    axes: ClassVar[str] = ""
    hint: ClassVar[str] = ""

    eps = Setting(1e-5, "A small number that keeps the division from failing; above 0.", minimum=0.0)
    momentum: Setting[float | None] = Setting(
        0.1,
        "How fast the running mean follows; none for the mean over all batches.",
        minimum=0.0,
        maximum=1.0,
        optional=True,
    )
    affine = Setting(True, "Whether each channel is then scaled and shifted by learned numbers.")
    track_running_stats = Setting(True, "Whether running means are kept for use after training.")

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.batch_first(self, x)
        demands.rank(self, x, self.ranks, self.axes, self.hint)
        self._channels(x)
        plain = not self.affine and not self.track_running_stats
        demands.dtype(self, x, demands.FLOATS if plain else NARROW)
        if self.eps <= 0:
            raise Misfit("eps is 0, but it must be above 0.", "Set eps to 1e-05.", "eps", suggest=1e-5)
        if x.batch is None and all(length == 1 for place, length in enumerate(x.full) if place != 1):
            raise Misfit(
                f"{demands.name(self)} needs more than one number in each channel, but {x} comes in.",
                "Give it more than one example.",
                code="examples",
            )
        return x

    def weights(self, x: TensorSpec) -> Weights:
        channels = self._channels(x)
        return {"weight": (channels,), "bias": (channels,)} if self.affine else {}

    def buffers(self, x: TensorSpec) -> Weights:
        channels = self._channels(x)
        if not self.track_running_stats:
            return {}
        return {"running_mean": (channels,), "running_var": (channels,), "num_batches_tracked": ()}

    def call(self, x: TensorSpec) -> Call:
        settings = {"num_features": self._channels(x)}
        changed = self.changed("eps", "momentum", "affine", "track_running_stats")
        return Call(f"nn.{demands.name(self)}", {**settings, **changed})

    def _channels(self, x: TensorSpec) -> int:
        return demands.known(self, x.full[1], "how many channels come in")


class BatchNorm1d(BatchNorm):
    """Brings each feature to mean 0 and spread 1 over the batch, then scales and shifts it anew."""

    title, ranks = "Batch normalization 1D", (2, 3)
    axes, hint = "features, or channels x length", "For images, take BatchNorm2d."
    aliases = ("BN", "batch norm", "BatchNormalization")
    samples = (
        sample((8,)),
        sample((3, "T"), affine=False),
        sample((3, 5), momentum=None, track_running_stats=False),
        sample(TensorSpec((6, 4), batch=None), eps=0.1),
    )


class BatchNorm2d(BatchNorm):
    """Brings each channel of an image to mean 0 and spread 1 over the batch, then scales and shifts it."""

    title, ranks = "Batch normalization 2D", (4,)
    axes, hint = "an image of channels x height x width", "For features, take BatchNorm1d."
    aliases = ("BN", "batch norm", "BatchNormalization")
    samples = (
        sample((3, 4, 5)),
        sample((3, "H", "W"), affine=False),
        sample((2, 3, 3), momentum=0.5, track_running_stats=False),
    )


class LayerNorm(Layer):
    """Brings the features of each example to mean 0 and spread 1, then scales and shifts them."""

    title, category = "Layer normalization", "Normalization"
    aliases = ("LN", "layer norm", "LayerNormalization")
    samples = (
        sample((8,)),
        sample(("T", 8), bias=False),
        sample((3, 4, 5), normalized_shape=(4, 5)),
        sample((3, 4), elementwise_affine=False, eps=0.001),
        sample(TensorSpec((2, 6), batch=1)),
    )

    normalized_shape: Setting[tuple[int, ...]] = Setting(
        (), "The last axes to normalize over, by their lengths; empty for the last axis alone.", minimum=1, sizes=0
    )
    eps = Setting(1e-5, "A small number that keeps the division from failing.", minimum=0.0)
    elementwise_affine = Setting(True, "Whether each feature is then scaled and shifted by learned numbers.")
    bias = Setting(True, "Whether the learned shift is used.")

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        shape = self._shape(x)
        demands.dtype(self, x, NARROW if self.elementwise_affine else demands.FLOATS)
        if x.full[-len(shape) :] != shape:
            raise Misfit(
                f"normalized_shape is {dims(shape)}, but the last axes of what comes in are not: {x}.",
                f"Set normalized_shape to {dims(x.shape[-len(shape) :])}, or leave it empty.",
                "normalized_shape",
                suggest=(),
            )
        return x

    def weights(self, x: TensorSpec) -> Weights:
        if not self.elementwise_affine:
            return {}
        shape = self._shape(x)
        return {"weight": shape, "bias": shape} if self.bias else {"weight": shape}

    def call(self, x: TensorSpec) -> Call:
        shape = self._shape(x)
        settings = {"normalized_shape": shape[0] if len(shape) == 1 else shape}
        return Call("nn.LayerNorm", {**settings, **self.changed("eps", "elementwise_affine", "bias")})

    def _shape(self, x: TensorSpec) -> tuple[int, ...]:
        return self.normalized_shape or (demands.features(self, x),)
