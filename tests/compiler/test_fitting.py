"""What could stand at the loose end of a link: held to the check itself, for every layer there is."""

from __future__ import annotations

import pytest

from designer.catalogue import LAYERS
from designer.catalogue.tensor import Specs, TensorSpec
from designer.compiler.checking.check import check
from designer.compiler.checking.report import NodeReport
from designer.compiler.fitting import as_placed, giver, input_for, nearby, taker
from designer.graph.document import Document, Link, Node
from designer.graph.ready_groups import ready_groups

STATE = (TensorSpec((1, 64), batch=1), TensorSpec((1, 64), batch=1))
SPECS: list[Specs] = [
    TensorSpec((16, 8, 8)), TensorSpec((64,)), TensorSpec(("T", 32)), TensorSpec((20,), "int64"),
    TensorSpec((2, "E"), "int64", None), TensorSpec((64,), batch=1), TensorSpec(()), STATE,
]  # fmt: skip
SIMPLE = [
    name
    for name, layer in LAYERS.items()
    if [port.optional for port in layer.inputs] == [False] and layer.outputs and layer.role not in ("custom", "group")
]
"""Layers that need one tensor alone: there the check gives the same answer, or one of them is wrong."""


def placed(name: str) -> Node:
    return Node("new", name, dict(LAYERS[name].first_settings))


def behind(node: Node, spec: TensorSpec) -> NodeReport:
    settings = {"shape": spec.shape, "dtype": spec.dtype, "batched": spec.batch is not None}
    document = Document({"x": Node("x", "Input", settings), "new": node}, (Link("x", "new"),))
    return check(document).nodes["new"]


@pytest.mark.parametrize("spec", [spec for spec in SPECS if isinstance(spec, TensorSpec) and spec.batch != 1], ids=str)
def test_a_layer_is_offered_exactly_where_the_check_finds_nothing_wrong(spec: TensorSpec) -> None:
    offered = {name for name in SIMPLE if taker(placed(name), spec) is not None}
    sound = {name for name in SIMPLE if not behind(placed(name), spec).problems}
    assert offered == sound
    assert 20 < len(offered) < len(SIMPLE)


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_no_layer_and_no_ready_group_fails_at_any_tensor(spec: Specs) -> None:
    nodes = [placed(name) for name in LAYERS] + [group.node for group in ready_groups().values()]
    found = [port for node in nodes if (port := taker(node, spec)) is not None]
    assert found


def test_a_link_goes_to_the_port_that_takes_it() -> None:
    port = taker(placed("GCNConv"), TensorSpec((2, "E"), "int64", None))
    assert port is not None
    assert port.name == "edge_index"
    state = taker(placed("LSTM"), STATE)
    assert state is not None
    assert state.name == "state"
    assert taker(placed("Bilinear"), TensorSpec((16,))) is not None
    assert taker(placed("MaxUnpool2d"), TensorSpec((4, 8, 8))) is not None
    assert taker(placed("Input"), TensorSpec((16,))) is None


def test_a_ready_group_is_offered_where_its_network_takes_the_tensor() -> None:
    group = ready_groups()["residual"]
    fitted = Node("new", group.node.layer, group.settings_behind((16, 8, 8)), group.node.inside)
    assert taker(fitted, TensorSpec((16, 8, 8))) is not None
    assert taker(fitted, TensorSpec((20,), "int64")) is None


def test_what_gives_a_tensor_that_a_port_takes_is_offered_backwards() -> None:
    end = as_placed(placed("LSTM"))
    port = end.inputs[0]
    around = (TensorSpec((16, 8, 8)),)
    assert giver(placed("Embedding"), end, port, around) is not None
    assert giver(placed("Flatten"), end, port, around) is None
    assert giver(placed("Output"), end, port, around) is None
    fitted = input_for(placed("Input"), end, port, around)
    assert giver(fitted, end, port, ()) is not None
    assert len(fitted.settings["shape"]) == 2


def test_tensors_of_the_design_are_tried_once_each_and_not_those_left_out() -> None:
    nodes = {"x": Node("x", "Input", {"shape": (4,)}), "a": Node("a", "ReLU"), "b": Node("b", "Linear")}
    report = check(Document(nodes, (Link("x", "a"), Link("a", "b"))))
    assert nearby(report.nodes, ()) == (TensorSpec((64,)), TensorSpec((4,)))
    assert nearby(report.nodes, {"b"}) == (TensorSpec((4,)),)
