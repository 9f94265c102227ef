"""The groups that stand ready are sound as they are placed, and have the weights that their cards count."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from printed import last_class

from designer.catalogue import with_role
from designer.catalogue.tensor import TensorSpec
from designer.compiler.checking.check import check
from designer.compiler.checking.report import Report
from designer.compiler.lowering.lower import lower
from designer.compiler.printing.source import source
from designer.engine.network import Network
from designer.graph.document import Document, Link, Node
from designer.graph.ready_groups import ReadyGroup, ready_groups

COUNTS = {
    "bottleneck": 70_400, "conv_norm_relu": 1_856, "convnext": 36_416, "dense_layer": 45_440, "gru_encoder": 212_992,
    "highway": 8_320, "inception": 163_696, "inverted_residual": 14_848, "lstm_encoder": 262_656, "residual": 73_984,
    "squeeze_and_excitation": 580, "transformer_block": 49_984, "unet_down": 38_848, "unet_up": 143_680,
}  # fmt: skip
"""Worked out by hand, as their cards do."""

each = pytest.mark.parametrize("ready", ready_groups().values(), ids=ready_groups())


def placed(ready: ReadyGroup) -> Document:
    """The group with all that it needs: its own Inputs outside too, and an Output at every port."""
    inside = ready.node.inside
    assert inside is not None
    ends = {role: [n for n in inside.nodes.values() if n.layer == with_role(role)] for role in ("input", "output")}
    givers = [replace(node, id=f"given_{node.id}") for node in ends["input"]]
    takers = [Node(f"taken_{node.id}", node.layer) for node in ends["output"]]
    links = [Link(f"given_{node.id}", ready.node.id, "", node.id) for node in ends["input"]]
    links += [Link(ready.node.id, f"taken_{node.id}", node.id) for node in ends["output"]]
    nodes = {node.id: node for node in (*givers, ready.node, *takers)}
    return Document(nodes=nodes, links=tuple(links), variables=inside.variables)


def inputs(report: Report) -> list[torch.Tensor]:
    """Small random values; a free length is 5, whole numbers are 0."""
    made = []
    for given in lower(report).inputs:
        shape = [length if isinstance(length, int) else 5 for length in given.shape]
        dtype = getattr(torch, given.dtype)
        made.append(torch.randn(2, *shape) if dtype.is_floating_point else torch.zeros(2, *shape, dtype=dtype))
    return made


def test_every_ready_group_is_counted() -> None:
    assert set(COUNTS) == set(ready_groups())


@each
def test_a_placed_group_has_no_problem_and_the_weights_that_its_card_counts(ready: ReadyGroup) -> None:
    report = check(placed(ready))
    assert report.problems == ()
    assert report.parameters == COUNTS[ready.name]
    network = Network(lower(report))
    assert sum(weight.numel() for weight in network.parameters()) == COUNTS[ready.name]


@each
def test_its_source_computes_what_the_engine_computes(ready: ReadyGroup) -> None:
    report = check(placed(ready))
    plan = lower(report)
    network, printed = Network(plan).eval(), last_class(source(plan))().eval()
    printed.load_state_dict(network.state_dict())
    given = inputs(report)
    with torch.no_grad():
        found, expected = printed(*given), network(*given)
    for one, other in zip(found if isinstance(found, tuple) else (found,), expected, strict=True):
        assert torch.equal(one, other)


@each
def test_what_follows_the_input_makes_it_fit_another_width(ready: ReadyGroup) -> None:
    if not ready.follows:
        return
    design = placed(ready)
    settings = dict.fromkeys(ready.follows, 48)
    node = replace(ready.node, settings=settings)
    outer = replace(design, nodes={**design.nodes, node.id: node}, variables={**design.variables, **settings})
    report = check(outer)
    assert report.problems == ()
    (leaving,) = report.nodes[node.id].outgoing.values()
    (axis,) = ready.follows.values()
    assert isinstance(leaving, TensorSpec)
    assert leaving.shape[axis] == 48
