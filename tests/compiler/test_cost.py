"""Memory and receptive fields of whole designs, held to what torch keeps and to which places matter."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from designs import design, group, node
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from designer.catalogue.optimizers import SGD, Adam, RMSprop
from designer.compiler.checking.check import check
from designer.compiler.cost import cost
from designer.compiler.lowering.lower import lower
from designer.engine.network import Network
from designer.graph import files
from designer.graph.document import Document, Link, Node
from designer.resources import networks, samples

sys.path.insert(0, str(Path(__file__).parents[1] / "catalogue"))
from kept import kept_bytes

SMALL = [path for path in samples() if "gcn" not in path.stem]
"""All but those whose layers keep what depends on the edges of a graph."""


def hold(document: Document, batch: int) -> None:
    """What is said to be kept is what torch keeps, within a tenth."""
    report = check(document)
    plan = lower(report)
    values = []
    for one in plan.inputs:
        full = [*one.shape]
        if one.batch is not None:
            full.insert(one.batch, batch)
        values.append(torch.ones(full, dtype=getattr(torch, one.dtype)))
    with torch.random.fork_rng(devices=[]):
        measured = kept_bytes(Network(plan), values)
    assert cost(report, batch).activations == pytest.approx(measured, rel=0.1)


@pytest.mark.parametrize("path", SMALL, ids=lambda path: path.stem)
def test_what_training_keeps_of_a_sample_is_what_torch_keeps(path: Path) -> None:
    hold(files.read(path), 32)


@pytest.mark.slow
@pytest.mark.parametrize("path", networks(), ids=lambda path: path.stem)
def test_what_training_keeps_of_a_well_known_network_is_what_torch_keeps(path: Path) -> None:
    hold(files.read(path), 1)


def test_a_tensor_that_two_layers_keep_is_held_once_and_a_view_is_its_tensor() -> None:
    document = design(
        node("image", "Input", shape=(1, 8, 8)), node("conv", "Conv2d", padding=1), node("relu", "ReLU"),
        node("one", "Conv2d", padding=1), node("two", "Conv2d", padding=1), node("sum", "Add"),
        node("flat", "Flatten"), node("scores", "Linear", out_features=10), node("out", "Output"),
        links="image conv relu one sum flat scores out, relu two sum",
    )  # fmt: skip
    hold(document, 4)
    nodes = cost(check(document), 4).nodes
    number = 4 * 16 * 8 * 8 * 4
    kept = {name: each.activation_bytes for name, each in nodes.items() if each.activation_bytes}
    assert kept == {"image": 4 * 8 * 8 * 4, "relu": number, "sum": number}


def test_where_no_gradient_flows_nothing_is_kept() -> None:
    document = design(
        node("row", "Input", shape=(8,)), node("early", "Sigmoid"), node("fc", "Linear"), node("stop", "Detach"),
        node("late", "Tanh"), node("out", "Output"), links="row early fc stop late out",
    )  # fmt: skip
    hold(document, 4)
    assert cost(check(document), 4).nodes["late"].activation_bytes == 0


def test_a_repeated_group_is_followed_through_all_its_rounds() -> None:
    inside = design(
        node("x", "Input"), node("norm", "LayerNorm"), node("fc", "Linear", out_features=8), node("sum", "Add"),
        node("y", "Output"), links="x norm fc sum y, x sum",
    )  # fmt: skip
    document = design(
        node("row", "Input", shape=(8,)), group("block", inside, repeat=3), node("out", "Output"),
        links="row block out",
    )  # fmt: skip
    hold(document, 4)
    assert "block.2.fc" in cost(check(document), 4).nodes


def test_a_free_length_leaves_the_memory_unknown_and_the_weights_known() -> None:
    document = design(
        node("row", "Input", shape=("T", 8)), node("fc", "Linear", out_features=2), node("out", "Output"),
        links="row fc out",
    )  # fmt: skip
    found = cost(check(document), 4)
    assert found.activations is None
    assert found.training is None
    assert found.nodes["row"].activation_bytes is None
    assert found.weights == 18 * 4


def test_precision_batch_and_optimizer_set_the_sum() -> None:
    document = design(
        node("row", "Input", shape=(8,)), node("fc", "Linear", out_features=2), node("out", "Output"),
        links="row fc out",
    )  # fmt: skip
    report = check(document)
    half, double = cost(report, 10, "bfloat16", 2), cost(report, 10, "float64")
    assert (half.weights, half.gradients, half.optimizer, half.activations) == (36, 36, 72, 160)
    assert half.training == 304
    assert (double.weights, double.optimizer, double.activations) == (144, 0, 640)


@pytest.mark.parametrize(
    "rule", [SGD(), SGD(momentum=0.9), Adam(), RMSprop(), RMSprop(momentum=0.5)], ids=lambda rule: repr(rule)
)
def test_an_optimizer_remembers_as_many_numbers_as_it_says(rule: SGD | Adam | RMSprop) -> None:
    weight = torch.nn.Parameter(torch.ones(100))
    call = rule.call()
    made = getattr(torch.optim, call.target.rpartition(".")[2])([weight], **call.keywords)
    weight.sum().backward()
    made.step()
    held = [each for state in made.state.values() for each in state.values() if isinstance(each, torch.Tensor)]
    assert sum(each.numel() for each in held if each.numel() == 100) == 100 * rule.remembers


LENGTH = 96


@st.composite
def chains(draw: st.DrawFn) -> list[Node]:
    """Layers that look through windows along a sequence."""
    found = []
    for number in range(draw(st.integers(1, 4))):
        name, kernel, stride = f"l{number}", draw(st.integers(1, 4)), draw(st.integers(1, 3))
        kind = draw(st.sampled_from(["Conv1d", "MaxPool1d", "AvgPool1d", "ReLU"]))
        settings = {"kernel_size": kernel, "stride": stride, "padding": draw(st.integers(0, kernel // 2))}
        if kind in ("Conv1d", "MaxPool1d"):
            settings["dilation"] = draw(st.integers(1, 3))
        if kind == "Conv1d":
            settings["out_channels"] = 1
        found.append(Node(name, kind, {} if kind == "ReLU" else settings))
    return found


def chained(nodes: list[Node]) -> tuple[Link, ...]:
    ids = ["row", *(each.id for each in nodes), "out"]
    return tuple(Link(one, other) for one, other in pairwise(ids))


def seen(network: Network, place: int) -> list[int]:
    """Which places of the sequence the middle of what comes out depends on."""
    with torch.no_grad():
        for weight in network.parameters():
            weight.fill_(1)
        row = torch.ones(1, 1, LENGTH)
        before = network(row)[0][0, 0, place]
        found = []
        for each in range(LENGTH):
            other = row.clone()
            other[0, 0, each] = 1000
            if network(other)[0][0, 0, place] != before:
                found.append(each)
    return found


def hold_field(document: Document, last: str) -> bool:
    """Whether a place in the middle sees none of the padding; if so, it must see what it is said to see."""
    report = check(document)
    if not report.sound:
        return False
    network = Network(lower(report))
    (reach,) = cost(report, 1).nodes[last].reach or ()
    place = network(torch.ones(1, 1, LENGTH))[0].shape[-1] // 2
    first = reach.start + place * reach.stride
    if first < 0 or first + reach.size > LENGTH:
        return False
    places = seen(network, place)
    assert (places[0], places[-1] - places[0] + 1) == (first, reach.size)
    return True


@given(chains())
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
def test_a_place_sees_exactly_the_places_that_its_receptive_field_names(chain: list[Node]) -> None:
    nodes = [Node("row", "Input", {"shape": (1, LENGTH)}), *chain, Node("out", "Output")]
    assume(hold_field(Document({each.id: each for each in nodes}, chained(chain)), chain[-1].id))


def test_two_paths_that_meet_see_what_either_sees() -> None:
    document = design(
        node("row", "Input", shape=(1, LENGTH)), node("wide", "Conv1d", out_channels=1, kernel_size=9, padding=4),
        node("late", "Conv1d", out_channels=1, kernel_size=5, padding=0),
        node("later", "Conv1d", out_channels=1, kernel_size=5, padding=4),
        node("sum", "Add"), node("out", "Output"),
        links="row wide sum out, row late later sum",
    )  # fmt: skip
    assert hold_field(document, "sum")
    assert cost(check(document), 1).nodes["sum"].receptive_field == (9,)


def test_fields_are_told_axis_by_axis_and_end_where_all_is_seen() -> None:
    document = design(
        node("image", "Input", shape=(3, 32, 32)), node("conv1", "Conv2d", kernel_size=(3, 5), padding="same"),
        node("pool", "MaxPool2d"), node("conv2", "Conv2d"), node("mean", "GlobalAvgPool"), node("out", "Output"),
        links="image conv1 pool conv2 mean out",
    )  # fmt: skip
    nodes = cost(check(document), 1).nodes
    assert [nodes[name].receptive_field for name in ("conv1", "pool", "conv2", "mean")] == [
        (3, 5), (4, 6), (8, 10), None,
    ]  # fmt: skip
