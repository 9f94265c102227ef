"""Layers whose numbers come from no data: fixed, random and learned ones."""

from __future__ import annotations

from designer.catalogue import demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Port, Sample, Site, Step, Weights, sample
from designer.catalogue.tensor import Specs, TensorSpec, dims
from designer.plan import Value


class Constant(Layer):
    """Gives the same number everywhere, whatever the data; it has no input."""

    keeps = "nothing"
    title, category = "Constant", "Input and output"
    aliases = ("fixed number", "full", "zeros", "ones", "literal")
    inputs = ()
    samples = (Sample(), Sample({"shape": (2, 3), "value": 0.5}), Sample({"shape": ()}))

    shape: Setting[tuple[int, ...]] = Setting(
        (1,), "The shape; there is no batch, as all examples share it.", minimum=1, sizes=0
    )
    value = Setting(1.0, "The number.")

    def output(self) -> TensorSpec:
        return demands.within_reach(self, TensorSpec(self.shape, batch=None), {}, "shape")

    def call(self) -> Call:
        return Call("modules.Constant", {"shape": self.shape, "value": self.value})

    def badge(self) -> str:
        return f"{self.value:.4g}"


class Noise(Layer):
    """Draws new random numbers for each example at every pass: what a generator makes its pictures of."""

    keeps, stops_gradients = "nothing", True
    title, category = "Noise", "Input and output"
    aliases = ("random", "latent", "GAN", "generator", "randn", "sampling")
    inputs = (Port("x", "What the batch, the type of numbers and the device are taken from."),)
    samples = (
        sample((8,)),
        sample(("T", 3), shape=(2, 4), distribution="uniform"),
        sample(TensorSpec((4,), "int64")),
        sample(TensorSpec((2, 3), "float16", None), shape=()),
    )

    shape: Setting[tuple[int, ...]] = Setting((16,), "The shape of one example's noise.", minimum=1, sizes=0)
    distribution = Setting(
        "normal", "Normal with mean 0 and spread 1, or uniform between 0 and 1.", choices=("normal", "uniform")
    )

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.batch_first(self, x)
        result = TensorSpec(self.shape, x.dtype if x.is_float else "float32", x.batch)
        return demands.within_reach(self, result, {}, "shape")

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        shape: tuple[Value, ...] = self.shape
        if x.batch is not None:
            shape = (Call("[]", positional=(Call(".shape", positional=(site.x,)), 0)), *shape)
        like = ("dtype", "device") if x.is_float else ("device",)
        keywords = {name: Call(f".{name}", positional=(site.x,)) for name in like}
        function = "torch.randn" if self.distribution == "normal" else "torch.rand"
        return (Step(site.first, Call(function, keywords, shape or ((),)), site.name),)

    def badge(self) -> str:
        return dims(self.shape)


class LearnedTensor(Layer):
    """Numbers that are learned by themselves, from no input: queries, prompts, a start state."""

    keeps = "nothing"
    title, category = "Learned tensor", "Input and output"
    aliases = ("parameter", "object queries", "latents", "prompt", "mask token", "start state")
    inputs = (Port("x", "What the batch is taken from; without it, all examples share one tensor.", optional=True),)
    samples = (
        Sample(),
        Sample({"shape": (2, 3), "std": 1.0}, {"x": TensorSpec(("T", 5))}),
        Sample({"shape": ()}, {"x": TensorSpec((4,), "int64")}),
        Sample({"shape": (3,)}, {"x": TensorSpec((2, 4), batch=None)}),
    )

    shape: Setting[tuple[int, ...]] = Setting((16,), "The shape, without a batch.", minimum=1, sizes=0)
    std = Setting(0.02, "The spread of the random numbers that learning begins with.", minimum=0.0)

    def output(self, x: Specs | None = None) -> TensorSpec:
        result = TensorSpec(self.shape, batch=None if x is None else self._like(x).batch)
        return demands.within_reach(self, result, {}, "shape")

    def weights(self, x: TensorSpec | None = None) -> Weights:
        return {"weight": self.shape}

    def call(self, x: TensorSpec | None = None) -> Call:
        return Call("modules.LearnedTensor", {"shape": self.shape, **self.changed("std")})

    def forward(self, site: Site, x: TensorSpec | None = None) -> tuple[Step, ...]:
        values = () if x is None or x.batch is None else (site.x,)
        return (Step(site.first, Call(f"self.{site.name}", positional=values), site.name),)

    def badge(self) -> str:
        return dims(self.shape)

    def _like(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x, "x")
        demands.batch_first(self, x, "x")
        return x
