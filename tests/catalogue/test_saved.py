"""What each layer says training keeps of it is what torch keeps, within a tenth."""

from __future__ import annotations

import pytest
import torch
from contract import by_port
from kept import kept_bytes
from truth import ROUNDS, Case, plan_of, values

from designer.catalogue import LAYERS
from designer.catalogue.layer import Layer
from designer.catalogue.tensor import Specs, TensorSpec
from designer.compiler.cost import SIZES
from designer.engine.network import Network

HELD = {name: layer for name, layer in LAYERS.items() if layer.role not in ("input", "output", "group", "custom")}
BATCH = 64
TENTH = 0.1
ROUGH = {
    "GCNConv": "what is kept depends on the edges, as torch_geometric treats them",
    "GATConv": "what is kept depends on the edges, as torch_geometric treats them",
    "SAGEConv": "what is kept depends on the edges, as torch_geometric treats them",
    "GINConv": "what is kept depends on the edges, as torch_geometric treats them",
}
"""Layers whose rule is a rough one, and why."""
LEAST = {"LSTM": 14 * 4096}
"""What a layer takes at least, be the tensors ever so small: memory in whole pages."""


def several(specs: Specs) -> tuple[TensorSpec, ...]:
    return specs if isinstance(specs, tuple) else (specs,)


def declared(case: Case) -> int:
    """The bytes that the layer says are kept, with numbers for its free lengths."""
    case = case.with_numbers(ROUNDS[0][1])
    arguments = case.arguments()
    outputs = by_port(case, case.layer.output(*arguments))
    made = [spec for specs in outputs.values() for spec in several(specs)]
    learns = bool(case.layer.weights(*arguments)) or any(spec.is_float for _, spec in case.tensors())
    if not learns or case.layer.stops_gradients or not any(spec.is_float for spec in made):
        return 0
    saved = case.layer.saved(*arguments)
    kept = [spec for port in saved.inputs if port in case.inputs for spec in case.links()[port][1]]
    kept += [spec for port in saved.outputs for spec in several(outputs[port])]
    return sum(size(spec) for spec in (*kept, *saved.own))


def size(spec: TensorSpec) -> int:
    numbers = 1 if spec.batch is None else BATCH
    for length in spec.shape:
        assert isinstance(length, int)
        numbers *= length
    return numbers * SIZES[spec.dtype]


@pytest.mark.parametrize("layer", [HELD[name] for name in HELD if name not in ROUGH], ids=lambda each: each.__name__)
def test_what_training_keeps_of_a_layer_is_as_it_says(layer: type[Layer]) -> None:
    for sample in layer.samples:
        case = Case(layer(**sample.settings), sample.inputs)
        given = values(case, BATCH, ROUNDS[0][1])
        for (name, _), each in zip(case.tensors(), given, strict=True):
            each.requires_grad_(each.is_floating_point() and "mask" not in name)
        with torch.random.fork_rng(devices=[]):
            measured = kept_bytes(Network(plan_of(case)), given)
        batched = any(spec.batch is not None for _, spec in case.tensors())
        least = 256 if batched else LEAST.get(layer.__name__, 256)
        assert declared(case) == pytest.approx(measured, rel=TENTH, abs=least), sample
