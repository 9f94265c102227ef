"""Layers on graphs come from torch_geometric, which the engine asks for when a plan needs it and not before."""

from __future__ import annotations

import subprocess
import sys

import pytest

from designer.catalogue import LAYERS
from designer.catalogue.layers.graph import MessagePassing
from designer.catalogue.layers.graph_pooling import GraphPooling
from designer.engine import onnx_export
from designer.engine.network import Network, PlanError
from designer.engine.targets import resolve
from designer.plan import Call, Plan, PlanInput, Ref, Step
from designer.protocol import Failed, Onnx

NODES, EDGES = PlanInput("x", (3, 2), "float32", None), PlanInput("edges", (2, 4), "int64", None)


def plan_of(call: Call) -> Plan:
    step = Step("y", Call("self.conv1", {}, (Ref("x"), Ref("edges"))), "conv1")
    return Plan("Graph", (NODES, EDGES), {"conv1": call}, (step,), (("out", Ref("y")),))


GCN = plan_of(Call("gnn.GCNConv", {"in_channels": 2, "out_channels": 2}))


@pytest.mark.parametrize("name", ["Data", "MLP", "summary", "to_hetero", "_global_pool", "nn.GCNConv", ""])
def test_a_plan_reaches_nothing_of_torch_geometric_but_layers_and_poolings(name: str) -> None:
    with pytest.raises(PlanError):
        resolve(f"gnn.{name}")


def test_every_layer_and_pooling_of_the_catalogue_is_found() -> None:
    pools = {kind.function for kind in LAYERS.values() if issubclass(kind, GraphPooling)}
    convolutions = {name for name, kind in LAYERS.items() if issubclass(kind, MessagePassing)}
    assert (len(pools), len(convolutions)) == (3, 4)
    assert all(callable(resolve(f"gnn.{name}")) for name in pools | convolutions)


def test_without_torch_geometric_the_engine_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch_geometric", None)
    with pytest.raises(PlanError) as error:
        Network(GCN)
    assert error.value.node == "conv1"
    told = onnx_export.export(Onnx(GCN, "/nowhere/network.onnx"))
    assert isinstance(told, Failed)
    assert told.problem.code == "graph-missing"
    assert told.problem.node == "conv1"
    assert told.problem.sentence == (
        'Layers on graphs need torch_geometric, which is not installed here. Run: pip install "netwright[graph]"'
    )


def test_the_engine_starts_without_torch_geometric() -> None:
    code = "import sys, designer.engine.worker; print('torch_geometric' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert told.stdout.strip() == "False"
