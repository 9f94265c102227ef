"""Layers that cut an image into the patches a window sees, and lay patches together again."""

from __future__ import annotations

from math import prod
from typing import Any

from designer.catalogue import demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, sample
from designer.catalogue.tensor import Misfit, Specs, TensorSpec, dims, size
from designer.catalogue.windows import Window, measures, sides, slide, spread

DILATION = "How far apart the window's places are; 1 is a full window"
STRIDE = "How many places the window moves at a time"
PADDING = "Rows and columns of zeros added on each side"
PATCHES = (*demands.FLOATS, "bool")


class Patches(Layer):
    """What cutting into patches and laying them together have in common; itself no layer."""

    keeps = "nothing"
    category = "Convolution"

    kernel_size: Setting[Any] = sides(2, 3, "Side of a patch, in pixels", minimum=1)
    dilation: Setting[Any] = sides(2, 1, DILATION, minimum=1)
    padding: Setting[Any] = sides(2, 0, PADDING, minimum=0)
    stride: Setting[Any] = sides(2, 1, STRIDE, minimum=1)

    def _patch(self) -> int:
        """How many pixels a patch has."""
        return prod(spread(self.kernel_size, 2))

    def _windows(self) -> list[Window]:
        parts = (self.kernel_size, self.stride, self.padding, self.dilation)
        rows = zip(*(spread(part, 2) for part in parts), strict=True)
        return [Window(kernel, stride, 2 * padding, dilation) for kernel, stride, padding, dilation in rows]


class Unfold(Patches):
    """Cuts an image into patches and lays each one out as a column, such as for a vision transformer."""

    title = "Unfold"
    aliases = ("im2col", "patches", "patch extraction", "extract_patches", "sliding blocks")
    samples = (
        sample((3, 6, 6)),
        sample((2, 5, 4), kernel_size=(3, 2), stride=2, padding=1, dilation=(1, 2)),
        sample((2, "H", "W"), padding=1),
    )

    def output(self, x: Specs) -> TensorSpec:
        x, lengths = demands.image(self, x)
        demands.dtype(self, x, PATCHES)
        places = slide(self, lengths, self._windows())
        result = x.with_shape((*x.shape[:-3], size((x.shape[-3], self._patch())), size(places)))
        return demands.within_reach(self, result, {}, "kernel_size")

    def call(self, x: TensorSpec) -> Call:
        return Call("nn.Unfold", {"kernel_size": self.kernel_size, **self.changed("dilation", "padding", "stride")})

    def badge(self) -> str:
        return measures(self.kernel_size, 2)


class Fold(Patches):
    """Lays patches together to an image, adding up where they overlap: the way back from Unfold."""

    title = "Fold"
    aliases = ("col2im", "patches", "reassemble", "sliding blocks")
    samples = (
        sample((18, 36), output_size=8),
        sample((12, 6), output_size=(5, 3), kernel_size=(3, 2), stride=2, padding=1),
        sample(TensorSpec((4, 4), batch=None), output_size=3, kernel_size=2),
    )

    output_size: Setting[Any] = sides(2, 8, "Side of the image that comes out", minimum=1)

    def output(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x)
        demands.batch_first(self, x)
        wanted = (2, 3) if x.batch is None else (3,)
        hint = "Put an Unfold in front, or a Reshape that makes two axes."
        demands.rank(self, x, wanted, "columns of channels * patch x number of patches", hint)
        demands.dtype(self, x, PATCHES)
        height = demands.known(self, x.shape[-2], "how long the columns are that come in")
        columns = demands.known(self, x.shape[-1], "how many patches come in")
        if height % self._patch():
            raise Misfit(
                f"The {height} numbers of a column are no whole number of {measures(self.kernel_size, 2)} patches.",
                "Take the kernel_size of the Unfold that made them.",
                "kernel_size",
                code="shapes",
            )
        self._check_count(columns)
        result = x.with_shape((*x.shape[:-2], height // self._patch(), *spread(self.output_size, 2)))
        return demands.within_reach(self, result, {}, "output_size")

    def call(self, x: TensorSpec) -> Call:
        settings = {"output_size": self.output_size, "kernel_size": self.kernel_size}
        return Call("nn.Fold", {**settings, **self.changed("dilation", "padding", "stride")})

    def badge(self) -> str:
        return f"{measures(self.output_size, 2)}, {measures(self.kernel_size, 2)}"

    def _check_count(self, columns: int) -> None:
        places = slide(self, spread(self.output_size, 2), self._windows())
        if size(places) != columns:
            raise Misfit(
                f"A {measures(self.output_size, 2)} image has {dims(places)} places for the window, "
                f"but {columns} patches come in.",
                "Take the output_size of the image that was unfolded.",
                "output_size",
                code="shapes",
            )
