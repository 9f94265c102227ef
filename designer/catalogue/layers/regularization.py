"""Layers that make learning harder on purpose, so that what is learned holds for new data."""

from __future__ import annotations

from typing import ClassVar

from designer.catalogue import demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Saved, sample
from designer.catalogue.tensor import Specs, TensorSpec


class Dropping(Layer):
    """What dropping numbers at random has in common; itself no layer."""

    by_place = True
    category, passes_on = "Regularization", True

    p = Setting(0.5, "The share of numbers that are dropped.", minimum=0.0, maximum=1.0)

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        if 0 < self.p < 1:
            demands.dtype(self, x, demands.FLOATS)
        return x

    def call(self, x: TensorSpec) -> Call:
        return Call(f"nn.{demands.name(self)}", {"p": self.p})

    def badge(self) -> str:
        return f"{self.p:.3g}"

    def saved(self, x: TensorSpec) -> Saved:
        """A number for each that came in: kept and scaled, or not."""
        if self.p in (0, 1):
            return Saved(view=self.p == 0)
        return Saved(own=(self._mask(x),))

    def _mask(self, x: TensorSpec) -> TensorSpec:
        return x


class ChannelDropping(Dropping):
    """What dropping whole channels has in common; itself no layer."""

    axes: ClassVar[int] = 2

    p = Setting(0.5, "The share of channels that are set to zero.", minimum=0.0, maximum=1.0)

    def output(self, x: Specs) -> TensorSpec:
        # With two or three axes, torch takes the first axis for the batch, whether or not there is one.
        x, _ = demands.grid(self, x, self.axes, alone=self.axes == 1)
        return super().output(x)

    def _mask(self, x: TensorSpec) -> TensorSpec:
        return x.with_shape(x.shape[: -self.axes])


class Dropout(Dropping):
    """Sets numbers to zero at random while training, so that no unit can rely on a single other."""

    title = "Dropout"
    usual = True
    aliases = ("regularize", "drop", "dropoutLayer")
    samples = (sample((8,)), sample((3, "T"), p=0.1), sample(TensorSpec((4,), "float16"), p=1.0))

    p = Setting(0.5, "The share of numbers that are set to zero.", minimum=0.0, maximum=1.0)


class Dropout2d(ChannelDropping):
    """Sets whole channels of an image to zero at random while training, as neighbouring pixels know each other."""

    title = "Dropout 2D"
    aliases = ("channel dropout", "SpatialDropout2D", "spatialDropoutLayer", "feature dropout")
    samples = (sample((3, 4, 5)), sample((3, "H", "W"), p=0.1))


class Dropout1d(ChannelDropping):
    """Sets whole channels of a sequence to zero at random while training."""

    title, axes = "Dropout 1D", 1
    aliases = ("channel dropout", "SpatialDropout1D", "feature dropout")
    samples = (sample((3, 4)), sample((3, "T"), p=0.1), sample(TensorSpec((2, 3), batch=None), p=1.0))


class Dropout3d(ChannelDropping):
    """Sets whole channels of a volume to zero at random while training."""

    title, axes = "Dropout 3D", 3
    aliases = ("channel dropout", "SpatialDropout3D", "feature dropout", "volume")
    samples = (sample((3, 2, 3, 2)), sample((2, "D", 2, "W"), p=0.1))


class DropPath(Dropping):
    """Skips a whole branch for some examples while training, so that a deep network learns to do without it."""

    title = "Drop path"
    aliases = ("stochastic depth", "skip branch", "residual dropout", "survival probability")
    samples = (sample((8,)), sample((3, "T"), p=0.1), sample((2, 3, 4), p=1.0))

    p = Setting(0.1, "The share of examples for which the branch is set to zero.", minimum=0.0, maximum=1.0)

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.batch_first(self, x)
        if 0 < self.p < 1:
            demands.rank(self, x, range(1, 20), "examples along the first axis", "Put a Reshape in front.")
        return super().output(x)

    def call(self, x: TensorSpec) -> Call:
        return Call("modules.DropPath", {"p": self.p})

    def _mask(self, x: TensorSpec) -> TensorSpec:
        return TensorSpec((), "bool", x.batch)


class AlphaDropout(Dropping):
    """A dropout that keeps mean 0 and spread 1, for networks of SELU."""

    title = "Alpha dropout"
    aliases = ("self-normalizing", "SNN", "drop")
    samples = (sample((8,)), sample((3, "T"), p=0.1), sample(TensorSpec((4,), "int64"), p=0.0))


class FeatureAlphaDropout(Dropping):
    """An alpha dropout of whole channels, for convolutions with SELU."""

    title = "Feature alpha dropout"
    aliases = ("self-normalizing", "SNN", "channel dropout")
    samples = (sample((3, 4, 5)), sample((3, "T"), p=0.1), sample((4,)))

    p = Setting(0.5, "The share of channels that are dropped.", minimum=0.0, maximum=1.0)

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.batch_first(self, x)
        demands.rank(self, x, range(2, 20), "channels, alone or with further axes", "Put a Reshape in front.")
        return super().output(x)

    def _mask(self, x: TensorSpec) -> TensorSpec:
        return x.with_shape(x.shape[: 2 - (x.batch is not None)])


class GaussianNoise(Layer):
    """Adds a little random noise to each number while training, so that small changes stop mattering."""

    keeps, by_place = "nothing", True
    title, category, passes_on = "Gaussian noise", "Regularization", True
    aliases = ("jitter", "additive noise", "denoising", "perturbation")
    samples = (sample((8,)), sample((3, "T"), std=0.5), sample(TensorSpec((4,), "int64"), std=0.0))

    std = Setting(0.1, "The spread of the noise, in the units of what comes in.", minimum=0.0)

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        if self.std > 0:
            demands.dtype(self, x, demands.FLOATS)
        return x

    def call(self, x: TensorSpec) -> Call:
        return Call("modules.GaussianNoise", {"std": self.std})

    def badge(self) -> str:
        return f"{self.std:.3g}"
