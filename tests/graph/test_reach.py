"""What hangs together with what."""

from __future__ import annotations

import pytest

from designer.graph.document import Document, Link, Node
from designer.graph.reach import nodes_after, nodes_alike, nodes_before, nodes_linked


@pytest.fixture
def design() -> Document:
    """a -> b -> d, c -> d -> e; f stands alone, and is of the same layer as b."""
    layers = {"a": "Input", "b": "ReLU", "c": "Input", "d": "Add", "e": "Output", "f": "ReLU"}
    links = (Link("a", "b"), Link("b", "d"), Link("c", "d"), Link("d", "e"))
    return Document({name: Node(name, layer) for name, layer in layers.items()}, links)


def test_upstream_is_all_that_is_read_directly_or_not(design):
    assert nodes_before(design, ["d"]) == {"a", "b", "c", "d"}


def test_downstream_is_all_that_reads(design):
    assert nodes_after(design, ["b"]) == {"b", "d", "e"}


def test_linked_goes_along_links_in_both_directions(design):
    assert nodes_linked(design, ["b"]) == {"a", "b", "c", "d", "e"}
    assert nodes_linked(design, ["f"]) == {"f"}


def test_alike_is_of_the_same_layer(design):
    assert nodes_alike(design, ["b", "e"]) == {"b", "e", "f"}


def test_a_circle_comes_to_an_end():
    design = Document({"a": Node("a", "Add"), "b": Node("b", "ReLU")}, (Link("a", "b"), Link("b", "a")))
    assert nodes_before(design, ["a"]) == nodes_after(design, ["a"]) == {"a", "b"}
