"""Where a network begins and ends, and the node that holds a network of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from designer.catalogue.entry import Setting
from designer.catalogue.layer import Layer, Port
from designer.catalogue.losses import LOSSES
from designer.catalogue.tensor import Length, Specs, TensorSpec, dims

DTYPES = ("float32", "float64", "float16", "bfloat16", "int64", "int32", "bool")


class Input(Layer):
    """Where data enters the network; its shape is that of one example, without the batch."""

    title, category, role = "Input", "Input and output", "input"
    usual = True
    aliases = ("data", "source", "placeholder")
    inputs = ()

    shape: Setting[tuple[Length, ...]] = Setting(
        (1, 28, 28),
        "The shape of one example: channels, height, width for an image. A name stands for a free length.",
        minimum=1,
        sizes=0,
        free=True,
    )
    dtype = Setting("float32", "The type of the numbers; int64 for indices.", choices=DTYPES)
    batched = Setting(True, "Off for data that is the same for all examples, such as the edges of one graph.")

    def output(self) -> TensorSpec:
        return TensorSpec(self.shape, self.dtype, 0 if self.batched else None)

    def badge(self) -> str:
        return dims(self.shape)


class Output(Layer):
    """Where the result leaves the network, and where its loss is measured."""

    title, category, role = "Output", "Input and output", "output"
    usual = True
    aliases = ("result", "loss", "prediction", "target")
    outputs: ClassVar[tuple[Port, ...]] = ()

    loss = Setting(
        "", "What is made small in training; empty for a network that is not trained.", choices=("", *LOSSES)
    )
    loss_settings: Setting[Mapping[str, object]] = Setting(
        {}, "The settings of the loss, by name; the Training panel has a form for them.", kind=dict
    )
    target = Setting("", "What it is compared with: empty for the data's target, or an Input's id (autoencoder).")
    weight = Setting(1.0, "How much its loss counts beside those of other Outputs.", minimum=0.0)

    def output(self, x: Specs) -> dict[str, Specs]:
        return {}

    def badge(self) -> str:
        return self.loss


class Group(Layer):
    """A network inside the network: its Inputs and Outputs are the group's ports."""

    title, category, role = "Group", "Structure", "group"
    aliases = ("block", "subgraph", "submodule", "sequential")
    inputs = ()
    outputs: ClassVar[tuple[Port, ...]] = ()

    repeat = Setting(1, "How many times in a row, each round with weights of its own.", minimum=1, maximum=1000)
    block = Setting("", "The file's block that this group shows; empty for a network of its own.")

    def badge(self) -> str:
        rounds = f"x{self.repeat}" if self.repeat > 1 else ""
        return f"{rounds} {self.block}".strip()  # where it is cut, the number stays
