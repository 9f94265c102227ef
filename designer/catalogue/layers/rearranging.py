"""Layers that move numbers along their axes; the shape stays."""

from __future__ import annotations

from designer.catalogue import demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Site, Step, sample
from designer.catalogue.tensor import Misfit, Specs, TensorSpec


class Flip(Layer):
    """Turns axes around, so that the last place comes first, such as a sequence read backwards."""

    keeps = "nothing"
    title, category = "Flip", "Shape"
    aliases = ("reverse", "mirror", "backwards", "fliplr")
    samples = (
        sample((3, 4)),
        sample((3, "H", "W"), dims=(2, 3)),
        sample(TensorSpec((3, 2), "int64", batch=1), dims=(0, -1)),
    )

    dims: Setting[tuple[int, ...]] = Setting((-1,), "The axes; 0 is the batch, -1 the last axis.", sizes=0)

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.axes(self, x, self.dims, "dims")
        return x

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        return (Step(site.first, Call(".flip", positional=(site.x, self.dims)), site.name),)

    def badge(self) -> str:
        text = ", ".join(map(str, self.dims))
        return f"dims {text}" if len(text) <= 12 else f"{len(self.dims)} axes"


class Roll(Layer):
    """Moves numbers along axes; what falls off at one end comes in at the other, as in shifted windows."""

    keeps = "nothing"
    title, category = "Roll", "Shape"
    aliases = ("shift", "cyclic shift", "rotate", "Swin", "circular")
    samples = (
        sample((3, 4)),
        sample((3, "H", "W"), shifts=(-2, 1), dims=(2, 3)),
        sample(TensorSpec((3, 2), "int64", batch=1), dims=(0,)),
    )

    shifts: Setting[tuple[int, ...]] = Setting((1,), "By how many places, for each of the axes.", sizes=0)
    dims: Setting[tuple[int, ...]] = Setting((-1,), "The axes; 0 is the batch, -1 the last axis.", sizes=0)

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.some_axis(self, x)
        places = (demands.in_range(self, x, dim, "dims") for dim in self.dims)
        demands.axes(self, x, tuple(dict.fromkeys(places)), "dims")  # one axis may be moved twice
        if len(self.shifts) != len(self.dims):
            raise Misfit(
                f"shifts names {len(self.shifts)} numbers, but dims {len(self.dims)} axes.",
                "Write one shift for each axis.",
                "shifts",
                suggest=(1,) * len(self.dims),
            )
        return x

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        return (Step(site.first, Call(".roll", {"shifts": self.shifts, "dims": self.dims}, (site.x,)), site.name),)

    def badge(self) -> str:
        text = ", ".join(map(str, self.shifts))
        return text if len(text) <= 20 else f"{len(self.dims)} axes"
