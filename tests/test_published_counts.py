"""The parameter counts that teaching notes and Keras print for small networks, met exactly.

Keras puts the channels last, and its Dense works on the last axis: so does Linear here, on 20 x 20 x 3, and a
Permute brings the channels to the front for the convolutions behind it.
"""

from __future__ import annotations

from itertools import pairwise

import pytest

from designer.compiler.checking.check import check
from designer.compiler.checking.report import Report
from designer.compiler.lowering.lower import lower
from designer.engine.network import Network
from designer.graph.document import Document, Link, Node

Part = tuple[str, dict[str, object]]

IMAGE: Part = ("Input", {"shape": (20, 20, 3)})
CHANNELS_FIRST: Part = ("Permute", {"dims": (0, 3, 1, 2)})
FLATTEN: Part = ("Flatten", {})
OUTPUT: Part = ("Output", {})


def dense(features: int) -> Part:
    return ("Linear", {"out_features": features})


def conv(channels: int, side: int, padding: str) -> Part:
    return ("Conv2d", {"out_channels": channels, "kernel_size": side, "padding": padding})


def three_convolutions(padding: str) -> list[Part]:
    convolutions = [conv(32, 3, padding), conv(64, 5, padding), conv(128, 7, padding)]
    return [IMAGE, dense(16), CHANNELS_FIRST, *convolutions, FLATTEN, dense(2), OUTPUT]


def with_pooling() -> list[Part]:
    pool: Part = ("MaxPool2d", {"kernel_size": 2})
    middle = [conv(32, 3, "same"), pool, conv(64, 5, "same")]
    return [IMAGE, dense(16), CHANNELS_FIRST, *middle, FLATTEN, dense(2), OUTPUT]


def perceptron() -> list[Part]:
    return [("Input", {"shape": (2,)}), dense(3), dense(2), OUTPUT]


def two_convolutions() -> list[Part]:
    return [IMAGE, CHANNELS_FIRST, conv(2, 3, "same"), conv(3, 3, "same"), FLATTEN, dense(2), OUTPUT]


def report_of(parts: list[Part]) -> Report:
    """The report of layers in a row, called "part0", "part1", ..."""
    nodes = {f"part{place}": Node(f"part{place}", layer, settings) for place, (layer, settings) in enumerate(parts)}
    names = list(nodes)
    links = tuple(Link(source, target) for source, target in pairwise(names))
    return check(Document(nodes, links))


@pytest.mark.parametrize(
    ("parts", "published"),
    [
        (three_convolutions("valid"), 473_890),
        (three_convolutions("same"), 559_906),
        (with_pooling(), 68_770),
        (perceptron(), 17),
        (two_convolutions(), 2515),
    ],
    ids=["valid padding", "same padding", "with pooling", "perceptron 2-3-2", "two convolutions"],
)
def test_the_published_count_is_met_by_the_check_and_by_torch(parts: list[Part], published: int) -> None:
    report = report_of(parts)
    assert not report.problems
    assert report.parameters == published
    assert sum(weight.numel() for weight in Network(lower(report)).parameters()) == published


def test_each_layer_of_the_two_convolutions_has_its_published_count() -> None:
    report = report_of(two_convolutions())
    counts = [node.parameters for node in report.nodes.values() if node.parameters]
    assert counts == [56, 57, 2402]
