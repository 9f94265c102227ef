"""Layers that make sequences, images and volumes larger or smaller without weights."""

from __future__ import annotations

from math import floor

from designer.catalogue import demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Saved, Site, Step, sample
from designer.catalogue.tensor import Length, Misfit, Specs, TensorSpec, dims, size, total
from designer.plan import Value

CONSTANT = "constant"
SMOOTH = {"linear": 3, "bilinear": 4, "bicubic": 4, "trilinear": 5}
"""How many axes each way of filling in takes, the batch included."""


class Upsample(Layer):
    """Makes a sequence, an image or a volume larger by copying or blending neighbours."""

    keeps = "nothing"
    title, category, role = "Upsample", "Shape", "resize"
    aliases = ("resize", "interpolate", "enlarge", "zoom", "UpSampling2D", "UpSampling3D", "Resizing", "downsample")
    samples = (
        sample((3, 4, 4)),
        sample((2, 3, 5), mode="bilinear", scale_factor=1.5, align_corners=True),
        sample((2, "T")),
        sample((2, 3, 2, 3), size=(4, 5, 2), mode="trilinear"),
        sample((1, "H", 3), size=(5, 7), mode="bicubic"),
    )

    size: Setting[tuple[int, ...]] = Setting(
        (), "The lengths that come out; empty to go by scale_factor.", minimum=1, sizes=0
    )
    scale_factor = Setting(2.0, "How many times larger each side becomes.", minimum=0.001, maximum=1e6)
    mode = Setting("nearest", "How new places are filled in.", choices=("nearest", "nearest-exact", *SMOOTH))
    align_corners = Setting(False, "Whether the corners stay exactly where they are, in smooth modes.")

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.batch_first(self, x)
        demands.rank(self, x, (3, 4, 5), "channels and one to three further axes", "Put a Reshape in front.")
        demands.dtype(self, x, demands.FLOATS)
        self._check_mode(x)
        start = 2 if x.batch is None else 1
        lengths = self._lengths(x.shape[start:])
        return demands.within_reach(self, x.with_shape((*x.shape[:start], *lengths)), {}, self._setting)

    def call(self, x: TensorSpec) -> Call:
        given: dict[str, Value] = {"size": self.size} if self.size else {"scale_factor": self.scale_factor}
        return Call("nn.Upsample", {**given, **self.changed("mode", "align_corners")})

    def badge(self) -> str:
        return dims(self.size) if self.size else f"x{self.scale_factor:.4g}"

    @property
    def _setting(self) -> str:
        return "size" if self.size else "scale_factor"

    def _check_mode(self, x: TensorSpec) -> None:
        wanted = SMOOTH.get(self.mode)
        if wanted not in (None, len(x.full)):
            fitting = {axes: mode for mode, axes in reversed(SMOOTH.items())}[len(x.full)]
            raise Misfit(f"mode = {self.mode} does not suit {x}.", f"Set mode to {fitting}.", "mode", suggest=fitting)
        if self.align_corners and wanted is None:
            raise Misfit(
                f"align_corners works with smooth modes only, but mode is {self.mode}.",
                "Set align_corners to false, or take another mode.",
                "align_corners",
                suggest=False,
            )

    def _lengths(self, lengths: tuple[Length, ...]) -> tuple[Length, ...]:
        if self.size:
            if len(self.size) != len(lengths):
                raise Misfit(
                    f"size names {len(self.size)} lengths ({dims(self.size)}), "
                    f"but what comes in has {len(lengths)}: {dims(lengths)}.",
                    f"Write {len(lengths)} numbers, or none to go by scale_factor.",
                    "size",
                    suggest=(),
                )
            return self.size
        return tuple(self._scaled(length) for length in lengths)

    def _scaled(self, length: Length) -> Length:
        if isinstance(length, str):
            if self.scale_factor.is_integer():
                return size((length, int(self.scale_factor)))
            return demands.known(self, length, "how large the image is")
        scaled = floor(length * self.scale_factor)
        if scaled < 1:
            raise Misfit(
                f"A side of {length} times {self.scale_factor:g} leaves nothing.",
                "Take a larger scale_factor.",
                "scale_factor",
                suggest=1.0,
            )
        return scaled


class Pad(Layer):
    """Adds places around a sequence, an image or a volume."""

    title, category, role = "Pad", "Shape", "pad"
    aliases = ("padding", "border", "margin", "ZeroPadding1D", "ZeroPadding2D", "ZeroPad2d", "ReflectionPad2d")
    samples = (
        sample((3, 4, 5), pad=(1, 2, 0, 1)),
        sample((3, "T"), pad=(2, 0), value=0.5),
        sample((2, 4, 5), pad=(1, 2, 3, 0), mode="reflect"),
        sample((3, 4), pad=(4, 0), mode="circular"),
        sample((2, 3, "W"), pad=(4, 0, 1, 1), mode="replicate"),
        sample(TensorSpec((2, 3), "bool", batch=1), pad=(1, 0, 0, 0, 0, 2)),
    )

    pad: Setting[tuple[int, ...]] = Setting(
        (1, 1), "How many places before and after the last axis, then the one before it, and so on.", minimum=0, sizes=0
    )
    mode = Setting("constant", "What they are filled with.", choices=(CONSTANT, "reflect", "replicate", "circular"))
    value = Setting(0.0, "The number they are filled with, in mode constant.")

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        self._check_axes(x)
        demands.dtype(self, x, demands.NUMBERS if self.mode in ("reflect", "replicate") else demands.ANY)
        full = [*x.full]
        for number, (before, after) in enumerate(zip(self.pad[::2], self.pad[1::2], strict=True)):
            place = len(full) - 1 - number
            if place == x.batch:
                self._check_batch(x, before + after)
                continue
            self._check_room(full[place], max(before, after))
            full[place] = total((full[place], before + after))
        result = TensorSpec(tuple(each for axis, each in enumerate(full) if axis != x.batch), x.dtype, x.batch)
        return demands.within_reach(self, result, {}, "pad")

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        value = self.changed("value") if self.mode == CONSTANT else {}
        call = Call("F.pad", {**self.changed("mode"), **value}, (site.x, self.pad))
        return (Step(site.first, call, site.name),)

    def badge(self) -> str:
        text = ", ".join(map(str, self.pad))
        return text if len(text) <= 20 else f"{len(self.pad) // 2} axes"

    def _check_axes(self, x: TensorSpec) -> None:
        axes, full = len(self.pad) // 2, len(x.full)
        if len(self.pad) % 2 or axes > full:
            raise Misfit(
                f"pad names {len(self.pad)} numbers, but needs two for each axis, and {x} has {full} axes.",
                "Write one number for before and one for after each axis, the last axis first.",
                "pad",
                suggest=(0, 0) if full else (),
            )
        if self.mode != CONSTANT and (axes not in (1, 2, 3) or full not in (axes + 1, axes + 2)):
            raise Misfit(
                f"mode = {self.mode} pads the last one to three axes, all behind the channels, but pad names {axes} "
                f"axes of {x}.",
                "Set mode to constant, or name all axes behind the channels.",
                "mode",
                suggest=CONSTANT,
            )

    def _check_batch(self, x: TensorSpec, added: int) -> None:
        if added:
            raise Misfit(
                f"pad would add {added} examples to the batch of {x}.",
                "Write fewer numbers, or zeros for the batch.",
                "pad",
                code="batch",
                suggest=(),
            )

    def _check_room(self, length: Length, added: int) -> None:
        """Reflecting needs more places than it adds, wrapping around at least as many."""
        if self.mode not in ("reflect", "circular") or not added:
            return
        spare = 1 if self.mode == "reflect" else 0
        if demands.known(self, length, "how long the axis is that it pads") < added + spare:
            raise Misfit(
                f"A {self.mode} padding of {added} needs a side of at least {added + spare}, but it is {length}.",
                "Take less padding, or another mode.",
                "pad",
            )

    def saved(self, x: TensorSpec) -> Saved:
        return Saved(("x",) if self.mode in ("reflect", "replicate") else ())


class PixelShuffle(Layer):
    """Makes an image larger by laying groups of channels out as pixels; used to sharpen images."""

    keeps = "nothing"
    title, category = "Pixel shuffle", "Shape"
    aliases = ("depth to space", "sub-pixel convolution", "super-resolution", "depth_to_space")
    samples = (sample((8, 3, 2)), sample((9, "H", "W"), upscale_factor=3), sample((2, 4, 2, 2)))

    upscale_factor = Setting(2, "How many times larger each side becomes.", minimum=1)

    def output(self, x: Specs) -> TensorSpec:
        x = _with_image(self, x)
        factor, channels = self.upscale_factor, demands.known(self, x.shape[-3], "how many channels come in")
        if channels % factor**2:
            raise Misfit(
                f"The {channels} channels that come in cannot be laid out as squares of {factor} x {factor} pixels.",
                f"Let the layer in front give a multiple of {factor**2} channels.",
                "upscale_factor",
                code="shapes",
                suggest=1,
            )
        sides = (size((length, factor)) for length in x.shape[-2:])
        return x.with_shape((*x.shape[:-3], channels // factor**2, *sides))

    def call(self, x: TensorSpec) -> Call:
        return Call("nn.PixelShuffle", {"upscale_factor": self.upscale_factor})

    def badge(self) -> str:
        return f"x{self.upscale_factor}"


class PixelUnshuffle(Layer):
    """Makes an image smaller by laying its pixels out as channels; nothing is lost."""

    keeps = "nothing"
    title, category = "Pixel unshuffle", "Shape"
    aliases = ("space to depth", "space_to_depth", "focus", "patchify")
    samples = (sample((2, 4, 6)), sample(("T", 3, 6), downscale_factor=3), sample((2, 1, 2, 2)))

    downscale_factor = Setting(2, "How many times smaller each side becomes.", minimum=1)

    def output(self, x: Specs) -> TensorSpec:
        x = _with_image(self, x)
        factor = self.downscale_factor
        sides = [demands.known(self, length, "how large its image is") for length in x.shape[-2:]]
        if any(side % factor for side in sides):
            raise Misfit(
                f"A {sides[0]}x{sides[1]} image cannot be cut into squares of {factor} x {factor} pixels.",
                f"Bring height and width to a multiple of {factor}, for example with a Pad.",
                "downscale_factor",
                code="shapes",
                suggest=1,
            )
        return x.with_shape((*x.shape[:-3], size((x.shape[-3], factor**2)), *(side // factor for side in sides)))

    def call(self, x: TensorSpec) -> Call:
        return Call("nn.PixelUnshuffle", {"downscale_factor": self.downscale_factor})

    def badge(self) -> str:
        return f"1/{self.downscale_factor}"


class ChannelShuffle(Layer):
    """Mixes the channels of several groups, so that grouped convolutions learn from each other."""

    by_place = True
    keeps = "nothing"
    title, category = "Channel shuffle", "Shape"
    aliases = ("ShuffleNet", "mix channels", "interleave")
    samples = (sample((4, 3, 3)), sample((6, "T"), groups=3), sample(TensorSpec((2, 4, 3), "int64", batch=None)))

    groups = Setting(2, "Into how many groups the channels are split.", minimum=1)

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.batch_first(self, x)
        demands.rank(self, x, range(3, 20), "channels and at least one further axis", "Put a Reshape in front.")
        channels = demands.known(self, x.full[1], "how many channels come in")
        if channels % self.groups:
            raise Misfit(
                f"The {channels} channels that come in cannot be split into {self.groups} equal groups.",
                f"Take a number of groups that divides {channels}.",
                "groups",
                suggest=1,
            )
        return x

    def call(self, x: TensorSpec) -> Call:
        return Call("nn.ChannelShuffle", {"groups": self.groups})

    def badge(self) -> str:
        return f"{self.groups} groups"


def _with_image(layer: Layer, x: Specs) -> TensorSpec:
    """What ends in channels, height and width, the batch and more in front."""
    x = demands.tensor(layer, x)
    demands.batch_first(layer, x)
    ranks = range(3 if x.batch is None else 4, 20)
    demands.rank(layer, x, ranks, "an image of channels x height x width", "Put a Reshape in front.")
    return x
