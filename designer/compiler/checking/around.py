"""What a walk of the check knows beside its own network: the groups around it, and what layers answered before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any

from designer.catalogue.layer import Layer, Weights
from designer.catalogue.tensor import Specs
from designer.compiler.checking import custom
from designer.compiler.checking.report import Incoming, NodeReport
from designer.graph.document import nothing


@dataclass(frozen=True, slots=True)
class Around:
    """What a walk knows of the design around its network.

    `depth` counts the groups around, `blocks` names those that are blocks, `frozen` says whether one of them
    is not trained. Layers with the same settings are made once, and worked out once for what reaches them: large
    designs repeat themselves.
    """

    depth: int = 0
    blocks: frozenset[str] = frozenset()
    frozen: bool = False
    answers: custom.Answers = field(default_factory=nothing)
    layers: dict[tuple[str, str], Layer] = field(default_factory=dict)
    worked_out: dict[tuple[Layer, tuple[tuple[str, Incoming], ...]], Answer] = field(default_factory=dict)

    def within(self, block: str, *, frozen: bool) -> Around:
        """The same for the network inside a group; `block` is empty where it is no block."""
        blocks = self.blocks | {block} if block else self.blocks
        return replace(self, depth=self.depth + 1, blocks=blocks, frozen=frozen)

    def layer(self, kind: type[Layer], settings: Mapping[str, Any]) -> Layer:
        """The layer of a node; raises Misfit."""
        key = (kind.__name__, repr(settings))  # Python takes 1 for True and for 1.0, a layer does not
        if key not in self.layers:
            self.layers[key] = kind(**settings)
        return self.layers[key]

    def answer(self, layer: Layer, report: NodeReport) -> Answer:
        """All that a layer says about what reaches it; raises Misfit."""
        key = (layer, tuple(report.incoming.items()))
        if key not in self.worked_out:
            self.worked_out[key] = _answer(layer, report)
        return self.worked_out[key]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a layer says about what reaches it."""

    outgoing: Mapping[str, Specs]
    weights: Weights
    buffers: Weights
    parameters: int
    macs: int


def _answer(layer: Layer, report: NodeReport) -> Answer:
    specs = report.arguments()
    given = layer.output(*specs)
    weights = layer.weights(*specs)
    return Answer(
        outgoing=given if isinstance(given, dict) else {report.outputs[0].name: given},
        weights=weights,
        buffers=layer.buffers(*specs),
        parameters=sum(prod(shape) for shape in weights.values()),
        macs=layer.macs(*specs),
    )
