"""Layers that choose: by a condition, by size, by place."""

from __future__ import annotations

from dataclasses import replace

from designer.catalogue import demands
from designer.catalogue.broadcast import promote
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Port, Sample, Saved, Site, Step, sample
from designer.catalogue.layers.arithmetic import combined
from designer.catalogue.tensor import Misfit, Specs, TensorSpec

MASK = ("bool",)

COMPARISONS = {"==": ".eq", "!=": ".ne", "<": ".lt", "<=": ".le", ">": ".gt", ">=": ".ge"}

LARGEST = {"float16": 65504.0, "bfloat16": 3.38e38, "float32": 3.4e38, "int32": 2.0**31 - 1, "int64": 2.0**62}
"""No number of a type is larger than about this."""


class Compare(Layer):
    """Says for each number whether it stands so to a value: a mask of true and false, as for padding."""

    keeps = "nothing"
    by_place = True
    title, category = "Compare", "Arithmetic"
    aliases = ("equal", "greater", "less", "padding mask", "relation", "condition")
    samples = (
        sample(TensorSpec(("T",), "int64")),
        sample((3, 4), comparison=">", value=0.5),
        sample(TensorSpec((2,), "bool", batch=1), comparison="<="),
    )

    comparison = Setting("==", "How each number must stand to the value.", choices=tuple(COMPARISONS))
    value = Setting(0.0, "What each number is compared with.")

    def output(self, x: Specs) -> TensorSpec:
        return replace(demands.tensor(self, x), dtype="bool")

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        return (Step(site.first, Call(COMPARISONS[self.comparison], positional=(site.x, self.value)), site.name),)

    def badge(self) -> str:
        return f"{self.comparison} {self.value:.4g}"


class Where(Layer):
    """Takes each number from one tensor where a condition is true, and from another where it is false."""

    by_place = True
    title, category = "Where", "Arithmetic"
    aliases = ("if", "choose", "conditional", "switch", "select by mask")
    inputs = (
        Port("condition", "True where x is taken."),
        Port("x", "What is taken where the condition is true."),
        Port("y", "What is taken where it is false."),
    )
    samples = (
        Sample({}, {"condition": TensorSpec((4,), "bool"), "x": TensorSpec((4,)), "y": TensorSpec((4,))}),
        Sample(
            {},
            {
                "condition": TensorSpec(("T", 1), "bool"),
                "x": TensorSpec(("T", 3)),
                "y": TensorSpec((), "int64", None),
            },
        ),
        Sample({}, {"condition": TensorSpec((3,), "bool", None), "x": TensorSpec((2, 1)), "y": TensorSpec((2, 3))}),
    )

    def output(self, condition: Specs, x: Specs, y: Specs) -> TensorSpec:
        asked = demands.tensor(self, condition, "condition")
        demands.dtype(self, asked, MASK, "condition")
        first, second = demands.tensor(self, x, "x"), demands.tensor(self, y, "y")
        both = combined(first, second, "chosen from", "y")
        result = combined(asked, both, "matched", "condition")
        return demands.within_reach(self, replace(result, dtype=promote((first, second))), {})

    def forward(self, site: Site, condition: TensorSpec, x: TensorSpec, y: TensorSpec) -> tuple[Step, ...]:
        values = tuple(site.inputs[port.name][0] for port in self.inputs)
        return (Step(site.first, Call("torch.where", positional=values), site.name),)

    def saved(self, condition: TensorSpec, x: TensorSpec, y: TensorSpec) -> Saved:
        return Saved(("condition",))


class MaskedFill(Layer):
    """Writes one value wherever a mask is true, such as over the padding of a sequence."""

    by_place = True
    title, category = "Masked fill", "Arithmetic"
    aliases = ("masking", "hide", "blank out", "padding", "attention mask")
    inputs = (Port("x", "What is kept where the mask is false."), Port("mask", "True where the value is written."))
    samples = (
        Sample({}, {"x": TensorSpec((4,)), "mask": TensorSpec((4,), "bool")}),
        Sample({"value": -1e9}, {"x": TensorSpec(("T", 3)), "mask": TensorSpec(("T", 1), "bool")}),
        Sample({"value": -1.0}, {"x": TensorSpec((3,), "int64"), "mask": TensorSpec((3,), "bool", None)}),
    )

    value = Setting(0.0, "What is written; -1e9 before a Softmax gives a share of zero.")

    def output(self, x: Specs, mask: Specs) -> TensorSpec:
        x, mask = demands.tensor(self, x, "x"), demands.tensor(self, mask, "mask")
        demands.dtype(self, mask, MASK, "mask")
        if abs(self.value) > LARGEST.get(x.dtype, abs(self.value)):
            raise Misfit(
                f"The value {self.value:g} is too large for numbers of type {x.dtype}.",
                "Take a smaller value.",
                "value",
                suggest=0.0,
            )
        result = combined(x, mask, "matched", "mask")
        return demands.within_reach(self, replace(result, dtype=x.dtype), {})

    def forward(self, site: Site, x: TensorSpec, mask: TensorSpec) -> tuple[Step, ...]:
        call = Call(".masked_fill", positional=(site.x, site.inputs["mask"][0], self.value))
        return (Step(site.first, call, site.name),)

    def badge(self) -> str:
        return f"{self.value:.4g}"

    def saved(self, x: TensorSpec, mask: TensorSpec) -> Saved:
        return Saved(("mask",))


class ArgMax(Layer):
    """Says where along an axis the largest number stands, such as which class has the highest score."""

    keeps = "nothing"
    title, category = "Place of the maximum", "Arithmetic"
    aliases = ("predicted class", "winner", "index of maximum", "decision")
    samples = (
        sample((8,)),
        sample((3, "T"), dim=1, keepdim=True),
        sample(TensorSpec((2, 5), "int64", batch=1), dim=0),
    )

    dim = Setting(-1, "The axis; 0 is the batch, -1 the last axis.")
    keepdim = Setting(False, "Whether the axis stays, with a length of 1.")

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        place = demands.axis(self, x, self.dim, "dim")
        demands.dtype(self, x, demands.NUMBERS)
        found = demands.with_length(x, place, 1 if self.keepdim else None) if x.full else x
        return replace(found, dtype="int64")

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        call = Call(".argmax", {"dim": self.dim, **self.changed("keepdim")}, (site.x,))
        return (Step(site.first, call, site.name),)

    def badge(self) -> str:
        return f"dim {self.dim}"


class TopK(Layer):
    """Keeps the k largest numbers along an axis, largest first, and says where they stood."""

    title, category = "Top k", "Arithmetic"
    aliases = ("k largest", "best", "k-max", "sort", "mixture of experts", "routing")
    outputs = (Port("values", "The numbers, largest first."), Port("indices", "Where each of them stood."))
    samples = (
        sample((8,), k=3),
        sample(("T", 4), k=2, dim=1),
        sample(TensorSpec((4, 2), "int64", batch=1), dim=0, largest=False),
    )

    k = Setting(1, "How many are kept.", minimum=1)
    dim = Setting(-1, "The axis; 0 is the batch, -1 the last axis.")
    largest = Setting(True, "Off for the smallest numbers, smallest first.")

    def output(self, x: Specs) -> dict[str, Specs]:
        x = demands.tensor(self, x)
        place = demands.axis(self, x, self.dim, "dim")
        demands.dtype(self, x, demands.NUMBERS)
        length = x.full[place] if x.full else 1
        if isinstance(length, int) and self.k > length:
            raise Misfit(
                f"k is {self.k}, but there are only {length} numbers along dim = {self.dim} of {x}.",
                f"Take a k of at most {length}.",
                "k",
                suggest=length,
            )
        kept = demands.with_length(x, place, self.k) if x.full else x
        return {"values": kept, "indices": replace(kept, dtype="int64")}

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        call = Call(".topk", {"dim": self.dim, **self.changed("largest")}, (site.x, self.k))
        if len(site.outputs) == 1:
            (port,) = site.outputs
            place = [each.name for each in self.outputs].index(port)
            return (Step(site.first, Call("[]", positional=(call, place)), site.name),)
        return (Step((site.outputs["values"], site.outputs["indices"]), call, site.name),)

    def badge(self) -> str:
        return f"k {self.k}"

    def saved(self, x: TensorSpec) -> Saved:
        return Saved(outputs=("indices",))
