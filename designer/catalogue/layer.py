"""The base class of all layers: what one class has to say for the whole program to know the layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from designer.catalogue.entry import Entry
from designer.catalogue.tensor import Length, Specs, TensorSpec
from designer.catalogue.windows import Window
from designer.plan import Call, Ref, Step, Value

Weights = dict[str, tuple[int, ...]]
"""Names and shapes as in torch's `state_dict`."""


@dataclass(frozen=True, slots=True)
class Port:
    """A place where links end. `many` takes any number of links; `optional` may stay unconnected.

    `needs` names, for an output, the optional input without which nothing comes out of it.
    """

    name: str
    doc: str = ""
    optional: bool = False
    many: bool = False
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """A use of a layer that must agree with torch: settings, and what reaches each connected port.

    `inputs` is by port name; a port that takes many links has a list.
    """

    settings: Mapping[str, object] = field(default_factory=dict)
    inputs: Mapping[str, Specs | list[TensorSpec]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Saved:
    """What torch keeps of a layer from its forward pass until the gradients are worked out, weights apart.

    `inputs` and `outputs` name ports whose tensors it keeps as they are, so that one tensor kept by two layers
    is held once; `own` are tensors that nothing else holds. Where `view` is true, what comes out is the first
    input itself, laid out another way. As on the CPU, where that makes a difference.
    """

    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    own: tuple[TensorSpec, ...] = ()
    view: bool = False


def sample(*specs: TensorSpec | tuple[Length, ...], port: str = "x", **settings: object) -> Sample:
    """A sample for one port: shapes (per example, float32) or specs, then the settings."""
    inputs = [TensorSpec(spec) if isinstance(spec, tuple) else spec for spec in specs]
    return Sample(settings, {port: inputs if len(inputs) != 1 else inputs[0]})


@dataclass(frozen=True, slots=True)
class Site:
    """Where a layer stands while it is lowered: its name, what reaches it, what is read from it."""

    name: str
    inputs: Mapping[str, tuple[Value, ...]]
    """Values by input port; an unconnected port is absent, a port with many links has several."""
    outputs: Mapping[str, str]
    """The name to give the value at each output port that something reads."""

    @property
    def x(self) -> Value:
        """The value at the first port, where it takes one link."""
        return next(iter(self.inputs.values()))[0]

    @property
    def first(self) -> str:
        """The name for the first output port's value."""
        return next(iter(self.outputs.values()))

    def module(self, **keywords: Value) -> Call:
        """This node's module applied to all that reaches it, in the order of the ports."""
        values = tuple(value for port in self.inputs.values() for value in port)
        return Call(f"self.{self.name}", keywords, values)


class Layer(Entry):
    """A kind of node. A subclass in a family file is all there is to say about a layer.

    `output`, `weights`, `buffers`, `macs` and `call` take one argument a connected input port, by
    position in the order of `inputs` (None for an optional port left open; a port with `many`
    receives its specs as separate arguments). They may assume that `output` accepted the same input.
    """

    category: ClassVar[str] = ""
    aliases: ClassVar[tuple[str, ...]] = ()
    """Other names people search for."""
    instead: ClassVar[str] = ""
    """The layer to take in its place where no gradient passes it any more."""
    usual: ClassVar[bool] = False
    """Whether most networks have such a layer, so that it is offered before others."""
    inputs: ClassVar[tuple[Port, ...]] = (Port("x"),)
    outputs: ClassVar[tuple[Port, ...]] = (Port("output"),)
    role: ClassVar[str] = ""
    """What rules may ask for instead of a name: "input", "output", "group", "custom", "flatten", "reshape"."""
    gives: ClassVar[str] = ""
    """What scores have become: "probabilities" for Softmax and Sigmoid, "log-probabilities" for LogSigmoid.

    Those of a LogSoftmax are "log-probabilities of classes", since together they add up to one.
    """
    passes_on: ClassVar[bool] = False
    """Whether it leaves the meaning of the values as they are (Dropout, Flatten, Reshape)."""
    matrix: ClassVar[str] = ""
    """The weight that may be the same tensor as that of another kind of layer (tied weights)."""
    table: ClassVar[str] = ""
    """The setting that says how many different whole numbers it takes, where it looks them up."""
    width: ClassVar[str] = ""
    """The setting that decides how many features or channels come out, where there is one."""
    samples: ClassVar[tuple[Sample, ...]] = ()
    first_settings: ClassVar[Mapping[str, object]] = {}
    """What a newly placed node is set to, where that is more than the defaults."""
    keeps: ClassVar[str] = "inputs"
    """What its gradients need, where that is so simple: its "inputs", its "output", or "nothing"."""
    is_view: ClassVar[bool] = False
    """Whether what comes out is what came in, laid out another way and not copied."""
    stops_gradients: ClassVar[bool] = False
    """Whether nothing in front of it learns by what stands behind."""
    by_place: ClassVar[bool] = False
    """Whether each place of what comes out depends on the same place alone of all that comes in."""

    def output(self, *x: Any) -> Specs | dict[str, Specs]:
        """What comes out: of the first port, or by port name. Raises Misfit where it cannot be."""
        raise NotImplementedError

    def weights(self, *x: Any) -> Weights:
        """What is learned."""
        return {}

    def buffers(self, *x: Any) -> Weights:
        """What torch keeps beside the weights in its `state_dict` (running means)."""
        return {}

    def macs(self, *x: Any) -> int:
        """Multiply-adds for one example, as `torch.utils.flop_counter` counts on meta, halved."""
        return 0

    def saved(self, *x: Any) -> Saved:
        """What training keeps of it; by `keeps` and `is_view` as a rule."""
        if self.is_view or self.keeps == "nothing":
            return Saved(view=self.is_view)
        if self.keeps == "output":
            return Saved(outputs=tuple(port.name for port in self.outputs))
        return Saved(inputs=tuple(port.name for port in self.inputs))

    def looks(self, *x: Any) -> Sequence[Window] | None:
        """The windows through which a place that comes out looks along the last axes; None where it sees all."""
        return () if self.by_place else None

    def call(self, *x: Any) -> Call | None:
        """The module to construct, or None for a layer that is a function in `forward`."""
        return None

    def forward(self, site: Site, *x: Any) -> tuple[Step, ...]:
        """The lines of `forward`; as a rule, the module applied to what reaches it."""
        return (Step(site.first, site.module(), site.name),)

    def changed(self, *names: str) -> dict[str, Value]:
        """Those of the named settings that are not at their default, or that a formula gave, as keywords for `call`."""
        return {
            name: getattr(self, name)
            for name in names
            if name in self.by_formula or getattr(self, name) != self.settings[name].default
        }

    def badge(self) -> str:
        """A few characters that say how it is set, for the node on the canvas ("16, 3x3")."""
        return ""


__all__ = ["Call", "Layer", "Port", "Ref", "Sample", "Saved", "Site", "Step", "Weights", "sample"]
