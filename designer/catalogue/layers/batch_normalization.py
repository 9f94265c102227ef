"""Normalization of each channel, over the batch or within an example, with running means for use."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from designer.catalogue import demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Saved, Weights, sample
from designer.catalogue.tensor import Length, Misfit, Specs, TensorSpec

NARROW = ("float32", "float16", "bfloat16")
"""What torch normalizes with weights or running means of float32."""

EPS = "A small number that keeps the division from failing"


class Running(Layer):
    """What normalizing by channel, with running means or without, has in common; itself no layer."""

    category = "Normalization"

    eps = Setting(1e-5, f"{EPS}.", minimum=0.0)
    momentum: Setting[Any] = Setting(0.1, "How fast the running mean follows.", minimum=0.0, maximum=1.0)
    affine: Setting[bool] = Setting(True, "Whether each channel is then scaled and shifted by learned numbers.")
    track_running_stats: Setting[bool] = Setting(True, "Whether running means are kept for use after training.")

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
        return demands.known(self, self._channel_length(x), "how many channels come in")

    def _channel_length(self, x: TensorSpec) -> Length:
        return x.full[1]

    def saved(self, x: TensorSpec) -> Saved:
        """With it the mean and the spread of each channel."""
        return Saved(("x",), own=(TensorSpec((self._channels(x),), batch=None),) * 2)


class BatchNorm(Running):
    """What normalizing over the batch has in common; itself no layer."""

    by_place = True
    ranks: ClassVar[tuple[int, ...]] = ()
    """How many axes it takes, the batch included."""
    axes: ClassVar[str] = ""
    hint: ClassVar[str] = ""

    eps = Setting(1e-5, f"{EPS}; above 0.", minimum=0.0)
    momentum: Setting[Any] = Setting(
        0.1,
        "How fast the running mean follows; none for the mean over all batches.",
        minimum=0.0,
        maximum=1.0,
        optional=True,
    )

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
            refuse_one_number(self, x)
        return x


def refuse_one_number(layer: Layer, x: TensorSpec) -> NoReturn:
    """Raises the Misfit of channels that hold a single number, which has no spread."""
    raise Misfit(
        f"{demands.name(layer)} needs more than one number in each channel, but {x} comes in.",
        "Give it more than one example.",
        code="examples",
    )


class BatchNorm2d(BatchNorm):
    """Brings each channel of an image to mean 0 and spread 1 over the batch, then scales and shifts it."""

    title, ranks = "Batch normalization 2D", (4,)
    usual = True
    axes, hint = "an image of channels x height x width", "For features, take BatchNorm1d."
    aliases = ("BN", "batch norm", "BatchNormalization", "batchNormalizationLayer")
    samples = (
        sample((3, 4, 5)),
        sample((3, "H", "W"), affine=False),
        sample((2, 3, 3), momentum=0.5, track_running_stats=False),
    )


class BatchNorm1d(BatchNorm):
    """Brings each feature to mean 0 and spread 1 over the batch, then scales and shifts it anew."""

    title, ranks = "Batch normalization 1D", (2, 3)
    axes, hint = "features, or channels x length", "For images, take BatchNorm2d."
    aliases = ("BN", "batch norm", "BatchNormalization", "batchNormalizationLayer")
    samples = (
        sample((8,)),
        sample((3, "T"), affine=False),
        sample((3, 5), momentum=None, track_running_stats=False),
        sample(TensorSpec((6, 4), batch=None), eps=0.1),
    )


class BatchNorm3d(BatchNorm):
    """Brings each channel of a volume to mean 0 and spread 1 over the batch, then scales and shifts it."""

    title, ranks = "Batch normalization 3D", (5,)
    axes, hint = "a volume of channels x depth x height x width", "For images, take BatchNorm2d."
    aliases = ("BN", "batch norm", "BatchNormalization", "volume", "video")
    samples = (sample((3, 2, 3, 2)), sample((2, "D", 2, "W"), affine=False, momentum=None))


class InstanceNorm(Running):
    """What normalizing each channel of each example by itself has in common; itself no layer."""

    sides: ClassVar[int] = 2
    """How many axes it takes beside the channels."""

    affine: Setting[bool] = Setting(False, "Whether each channel is then scaled and shifted by learned numbers.")
    track_running_stats: Setting[bool] = Setting(False, "Whether running means are kept for use after training.")

    def output(self, x: Specs) -> TensorSpec:
        x, lengths = demands.grid(self, x, self.sides)
        self._channels(x)
        demands.dtype(self, x, NARROW if self.affine else demands.FLOATS)
        if all(length == 1 for length in lengths):
            raise Misfit(
                f"{demands.name(self)} needs more than one number in each channel, but {x} comes in.",
                "Remove it, or take a GroupNorm.",
                code="examples",
            )
        return x

    def _channel_length(self, x: TensorSpec) -> Length:
        return x.shape[-1 - self.sides]

    def saved(self, x: TensorSpec) -> Saved:
        """Each example's channels have means and spreads of their own, and a copy of what is learned and running."""
        copies = 2 + self.affine + 2 * self.track_running_stats
        return Saved(("x",), own=(x.with_shape(x.shape[: -self.sides]),) * copies)


class InstanceNorm2d(InstanceNorm):
    """Brings each channel of each image to mean 0 and spread 1 by itself; usual in style transfer."""

    title = "Instance normalization 2D"
    aliases = ("IN", "instance norm", "contrast normalization", "style transfer", "instanceNormalizationLayer")
    samples = (
        sample((3, 4, 5)),
        sample((3, "H", "W"), affine=True),
        sample((2, 3, 3), momentum=0.5, track_running_stats=True),
    )


class InstanceNorm1d(InstanceNorm):
    """Brings each channel of each sequence to mean 0 and spread 1 by itself."""

    title, sides = "Instance normalization 1D", 1
    aliases = ("IN", "instance norm", "time series")
    samples = (
        sample((3, 4)),
        sample((3, "T"), affine=True, track_running_stats=True),
        sample(TensorSpec((2, 3), batch=None)),
    )


class InstanceNorm3d(InstanceNorm):
    """Brings each channel of each volume to mean 0 and spread 1 by itself."""

    title, sides = "Instance normalization 3D", 3
    aliases = ("IN", "instance norm", "volume")
    samples = (sample((3, 2, 3, 2)), sample((2, "D", 2, "W"), affine=True))
