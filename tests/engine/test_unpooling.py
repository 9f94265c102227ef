"""Max pooling and unpooling as a pair, lowered and run: what the pooling kept comes back to its place."""

from __future__ import annotations

import pytest
import torch

from designer.compiler.checking.check import check
from designer.compiler.lowering.lower import lower
from designer.compiler.printing.source import source
from designer.engine.network import Network
from designer.graph.document import Document, Link, Node

SIDES = {1: (7,), 2: (7, 5), 3: (5, 4, 7)}


def hourglass(axes: int, *, like: bool, **settings: object) -> Document:
    """An Input, a pooling, an unpooling that reads its indices, an Output."""
    nodes = (
        Node("image", "Input", {"shape": (2, *SIDES[axes])}),
        Node("pool", f"MaxPool{axes}d", {**settings, "return_indices": True}),
        Node("back", f"MaxUnpool{axes}d", settings),
        Node("out", "Output"),
    )
    links = (
        Link("image", "pool"),
        Link("pool", "back"),
        Link("pool", "back", "indices", "indices"),
        *((Link("image", "back", "", "like"),) if like else ()),
        Link("back", "out"),
    )
    return Document({node.id: node for node in nodes}, links)


@pytest.mark.parametrize("axes", SIDES)
def test_what_was_largest_comes_back_to_its_place_and_all_else_is_zero(axes: int) -> None:
    network = Network(lower(check(hourglass(axes, like=True))))
    x = torch.rand(3, 2, *SIDES[axes]) + 1
    (y,) = network(x)
    assert y.shape == x.shape
    assert torch.equal(y, torch.where(y > 0, x, 0.0))
    windows = torch.Size((3, 2, *(side // 2 for side in SIDES[axes]))).numel()
    assert int((y > 0).sum()) == windows


def test_without_a_size_to_follow_an_odd_side_loses_its_last_place() -> None:
    report = check(hourglass(2, like=False))
    assert report.sound
    assert str(report.nodes["back"].shape) == "N x 2 x 6 x 4"


def test_a_pooling_has_a_port_for_its_indices_only_where_they_are_asked_for() -> None:
    pair = hourglass(2, like=True)
    assert "nn.MaxPool2d(kernel_size=2, return_indices=True)" in source(lower(check(pair)))
    silent = Document({**pair.nodes, "pool": Node("pool", "MaxPool2d")}, pair.links)
    report = check(silent)
    assert [port.name for port in report.nodes["pool"].outputs] == ["output"]
    assert [problem.node for problem in report.problems if problem.code == "unknown-port"] == ["pool"]


def test_the_indices_of_another_pooling_are_refused() -> None:
    pair = hourglass(2, like=False)
    other = Node("other", "MaxPool2d", {"kernel_size": 3, "return_indices": True})
    links = tuple(link for link in pair.links if link.target_port != "indices")
    mixed = Document(
        {**pair.nodes, "other": other}, (*links, Link("image", "other"), Link("other", "back", "indices", "indices"))
    )
    found = [problem for problem in check(mixed).problems if problem.node == "back"]
    assert [problem.code for problem in found] == ["shapes"]
    assert found[0].port == "indices"
