"""Layers that change what numbers are, not what they say: their type, their form, their gradient."""

from __future__ import annotations

from dataclasses import replace

from designer.catalogue import demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Site, Step, sample
from designer.catalogue.tensor import Specs, TensorSpec

CASTS = {
    "float32": ".float",
    "float64": ".double",
    "float16": ".half",
    "bfloat16": ".bfloat16",
    "int64": ".long",
    "int32": ".int",
    "bool": ".bool",
}
"""The method of a tensor that gives each type of numbers."""


class OneHot(Layer):
    """Turns each whole number into a row of zeros with a single 1 at its place."""

    keeps = "nothing"
    title, category, width = "One-hot", "Dense", "num_classes"
    aliases = ("categories", "dummy variables", "indicator", "CategoryEncoding", "to_categorical")
    samples = (
        sample(TensorSpec((7,), "int64")),
        sample(TensorSpec((), "int64"), num_classes=2),
        sample(TensorSpec(("T", 3), "int64", batch=1), num_classes=4),
    )

    num_classes = Setting(10, "How long each row is; the numbers that come in are below it.", minimum=1)

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.dtype(self, x, ("int64",))
        return demands.within_reach(self, TensorSpec((*x.shape, self.num_classes), "float32", x.batch), {}, self.width)

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        call = Call("F.one_hot", positional=(site.x, self.num_classes))
        return (Step(site.first, Call(".float", positional=(call,)), site.name),)

    def badge(self) -> str:
        return str(self.num_classes)


class Cast(Layer):
    """Turns numbers into another type, such as whole numbers into float32."""

    keeps, by_place = "nothing", True
    title, category = "Cast", "Shape"
    aliases = ("dtype", "convert", "to float", "type", "astype", "precision")
    samples = (
        sample(TensorSpec((8,), "int64")),
        sample(("T", 3), dtype="int64"),
        sample(TensorSpec((2,), "bool", batch=1), dtype="float16"),
    )

    dtype = Setting("float32", "The type of the numbers that come out.", choices=tuple(CASTS))

    def output(self, x: Specs) -> TensorSpec:
        return replace(demands.tensor(self, x), dtype=self.dtype)

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        return (Step(site.first, Call(CASTS[self.dtype], positional=(site.x,)), site.name),)

    def badge(self) -> str:
        return self.dtype


class Detach(Layer):
    """Passes everything on as it is, but lets no gradient back: what stands before learns nothing from here."""

    is_view, by_place, stops_gradients = True, True, True
    title, category, passes_on = "Detach", "Regularization", True
    aliases = ("stop gradient", "stop_gradient", "freeze", "no grad", "BlockGrad", "target network")
    samples = (sample((8,)), sample(TensorSpec(("T",), "int64")), sample(TensorSpec((2, 3), batch=1)))

    def output(self, x: Specs) -> TensorSpec:
        return demands.tensor(self, x)

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        return (Step(site.first, Call(".detach", positional=(site.x,)), site.name),)
