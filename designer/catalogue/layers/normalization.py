"""Layers that bring numbers to a mean of 0 and a spread of 1, so that deep networks learn faster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.catalogue import demands
from designer.catalogue.broadcast import promote
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Saved, Weights, sample
from designer.catalogue.layers.batch_normalization import EPS, NARROW, refuse_one_number
from designer.catalogue.tensor import Misfit, Specs, TensorSpec, dims, total
from designer.plan import Value


class OverLastAxes(Layer):
    """What normalizing over the last axes of each example has in common; itself no layer."""

    category = "Normalization"

    normalized_shape: Setting[tuple[int, ...]] = Setting(
        (), "The last axes to normalize over, by their lengths; empty for the last axis alone.", minimum=1, sizes=0
    )
    eps: Setting[Any] = Setting(1e-5, f"{EPS}.", minimum=0.0)
    elementwise_affine: Setting[bool] = Setting(True, "Whether each feature is then scaled by learned numbers.")

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        shape = self._shape(x)
        demands.dtype(self, x, self._allowed())
        if x.full[-len(shape) :] != shape:
            raise Misfit(
                f"normalized_shape is {dims(shape)}, but the last axes of what comes in are not: {x}.",
                f"Set normalized_shape to {dims(x.shape[-len(shape) :])}, or leave it empty.",
                "normalized_shape",
                suggest=(),
            )
        return x

    def weights(self, x: TensorSpec) -> Weights:
        return {"weight": self._shape(x)} if self.elementwise_affine else {}

    def call(self, x: TensorSpec) -> Call:
        shape = self._shape(x)
        settings = {"normalized_shape": shape[0] if len(shape) == 1 else shape}
        rest = [name for name in self.settings if name != "normalized_shape"]
        return Call(f"nn.{demands.name(self)}", {**settings, **self.changed(*rest)})

    def _allowed(self) -> tuple[str, ...]:
        return demands.FLOATS

    def _shape(self, x: TensorSpec) -> tuple[int, ...]:
        return self.normalized_shape or (demands.features(self, x),)

    def _outer(self, x: TensorSpec) -> TensorSpec:
        """One number for each stretch that is normalized."""
        full = x.full[: len(x.full) - len(self._shape(x))]
        return TensorSpec(tuple(each for place, each in enumerate(full) if place != x.batch), x.dtype, x.batch)


def layer_norm(width: int, keywords: Mapping[str, Value]) -> Call:
    """The module that larger layers hold to normalize the last axis."""
    return Call("nn.LayerNorm", {"normalized_shape": width, **keywords})


class LayerNorm(OverLastAxes):
    """Brings the features of each example to mean 0 and spread 1, then scales and shifts them."""

    title = "Layer normalization"
    usual = True
    aliases = ("LN", "layer norm", "LayerNormalization", "layerNormalizationLayer")
    samples = (
        sample((8,)),
        sample(("T", 8), bias=False),
        sample((3, 4, 5), normalized_shape=(4, 5)),
        sample((3, 4), elementwise_affine=False, eps=0.001),
        sample(TensorSpec((2, 6), batch=1)),
    )

    elementwise_affine: Setting[bool] = Setting(
        True, "Whether each feature is then scaled and shifted by learned numbers."
    )
    bias = Setting(True, "Whether the learned shift is used.")

    def weights(self, x: TensorSpec) -> Weights:
        weights = super().weights(x)
        return {**weights, "bias": weights["weight"]} if weights and self.bias else weights

    def _allowed(self) -> tuple[str, ...]:
        return NARROW if self.elementwise_affine else demands.FLOATS

    def saved(self, x: TensorSpec) -> Saved:
        return Saved(("x",), own=(self._outer(x),) * 2)


class RMSNorm(OverLastAxes):
    """Divides the features of each example by their root mean square; a simpler layer norm."""

    title = "RMS normalization"
    aliases = ("root mean square", "RMS norm", "RMSNormalization", "Llama")
    samples = (
        sample((8,)),
        sample(("T", 8), eps=1e-6),
        sample((3, 4, 5), normalized_shape=(4, 5), elementwise_affine=False),
        sample(TensorSpec((2, 6), "float64", batch=1)),
    )

    eps: Setting[Any] = Setting(
        None, f"{EPS}; empty for the least that its type can tell.", minimum=0.0, optional=True, kind=float
    )

    def saved(self, x: TensorSpec) -> Saved:
        return Saved(("x",), own=(self._outer(x), *((x,) if self.elementwise_affine else ())))


class GroupNorm(Layer):
    """Brings groups of channels of each example to mean 0 and spread 1: a batch norm for small batches."""

    title, category = "Group normalization", "Normalization"
    aliases = ("GN", "group norm", "GroupNormalization", "groupNormalizationLayer")
    samples = (
        sample((4, 3, 3), num_groups=2),
        sample((6, "T"), num_groups=3, affine=False),
        sample((4,), num_groups=1, eps=0.1),
        sample(TensorSpec((2, 4, 3), batch=None), num_groups=4),
    )

    num_groups = Setting(8, "Into how many parts the channels are split; 1 takes all together.", minimum=1)
    eps = Setting(1e-5, f"{EPS}.", minimum=0.0)
    affine = Setting(True, "Whether each channel is then scaled and shifted by learned numbers.")

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.batch_first(self, x)
        demands.rank(self, x, range(2, 20), "channels, alone or with further axes", "Put a Reshape in front.")
        channels = self._channels(x)
        demands.dtype(self, x, NARROW if self.affine else demands.FLOATS)
        if channels % self.num_groups:
            raise Misfit(
                f"The {channels} channels that come in cannot be split into {self.num_groups} equal groups.",
                f"Take a num_groups that divides {channels}.",
                "num_groups",
                suggest=1,
            )
        one = all(length == 1 for place, length in enumerate(x.full) if place != 1)
        if x.batch is None and one and channels == self.num_groups:
            refuse_one_number(self, x)
        return x

    def weights(self, x: TensorSpec) -> Weights:
        channels = self._channels(x)
        return {"weight": (channels,), "bias": (channels,)} if self.affine else {}

    def call(self, x: TensorSpec) -> Call:
        settings = {"num_groups": self.num_groups, "num_channels": self._channels(x)}
        return Call("nn.GroupNorm", {**settings, **self.changed("eps", "affine")})

    def badge(self) -> str:
        return f"{self.num_groups} groups" if self.num_groups > 1 else "1 group"

    def _channels(self, x: TensorSpec) -> int:
        return demands.known(self, x.full[1], "how many channels come in")

    def saved(self, x: TensorSpec) -> Saved:
        groups = TensorSpec((self.num_groups,) if x.batch == 0 else (x.shape[0], self.num_groups), x.dtype, x.batch)
        return Saved(("x",), own=(groups, groups))


class LocalResponseNorm(Layer):
    """Divides each number by what its neighbouring channels hold at the same place; known from AlexNet."""

    by_place = True
    title, category = "Local response normalization", "Normalization"
    aliases = ("LRN", "cross-channel normalization", "AlexNet", "crossChannelNormalizationLayer")
    samples = (
        sample((6, 3, 3)),
        sample((4, "T"), size=2, alpha=0.1, beta=0.5, k=2.0),
        sample((3, 2, "H", 2), size=3),
    )

    size = Setting(5, "How many neighbouring channels count, its own included.", minimum=1)
    alpha = Setting(0.0001, "How much the neighbours weigh.")
    beta = Setting(0.75, "The power of what it divides by.")
    k = Setting(1.0, "What is added before dividing.")

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.batch_first(self, x)
        demands.rank(self, x, range(3, 20), "channels and at least one further axis", "Put a Reshape in front.")
        demands.dtype(self, x, demands.FLOATS if len(x.full) == 3 else ("float32", "float64"))
        return x

    def call(self, x: TensorSpec) -> Call:
        return Call("nn.LocalResponseNorm", {"size": self.size, **self.changed("alpha", "beta", "k")})

    def badge(self) -> str:
        return str(self.size)

    def saved(self, x: TensorSpec) -> Saved:
        """With it the squares, padded at both ends of the channels, their mean, and its power."""
        place = 1 if x.batch is None else 0
        wider = (*x.shape[:place], total((x.shape[place], self.size - 1)), *x.shape[place + 1 :])
        return Saved(("x",), own=(x.with_shape(wider), x, x))


class LayerScale(Layer):
    """Multiplies each channel by a learned number that begins near zero, so that deep networks begin gently."""

    title, category = "Layer scale", "Normalization"
    aliases = ("gamma", "ConvNeXt", "CaiT", "learned scale", "residual scaling")
    samples = (
        sample((8,)),
        sample((3, "H", "W"), dim=1, init=0.1),
        sample(TensorSpec((2, 5), "int64", batch=1), dim=0),
        sample(TensorSpec((4,), "float64", None)),
    )

    dim = Setting(-1, "The axis of the channels; 0 is the batch, 1 for an image, -1 for features at the end.")
    init = Setting(1e-5, "What each number begins with.")

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.some_axis(self, x)
        channels = TensorSpec((self._channels(x),), batch=None)
        return TensorSpec(x.shape, promote((x, channels)), x.batch)

    def weights(self, x: TensorSpec) -> Weights:
        return {"gamma": (self._channels(x),)}

    def call(self, x: TensorSpec) -> Call:
        return Call("modules.LayerScale", {"channels": self._channels(x), "dim": self.dim, **self.changed("init")})

    def badge(self) -> str:
        return f"{self.init:.3g}"

    def _channels(self, x: TensorSpec) -> int:
        place = demands.axis(self, x, self.dim, "dim")
        return demands.known(self, x.full[place], "how many channels come in")
