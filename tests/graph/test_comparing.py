"""Two designs compared: what was added, removed, changed, renamed and linked, and nothing else."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.graph import edits
from designer.graph.comparing import ABSENT, Comparison, Difference, NodeChange, compare
from designer.graph.document import Document, Link, Node

LAYERS = ("Conv2d", "ReLU", "Linear", "Add")


def chain(*nodes: Node) -> Document:
    links = tuple(Link(one.id, other.id) for one, other in pairwise(nodes))
    places = {node.id: (220.0 * place, 0.0) for place, node in enumerate(nodes)}
    return Document({node.id: node for node in nodes}, links, places)


@pytest.fixture
def design() -> Document:
    return chain(
        Node("x", "Input", {"shape": (1, 8, 8)}), Node("conv1", "Conv2d", {"out_channels": 8}), Node("relu1", "ReLU"),
        Node("conv2", "Conv2d", {"out_channels": 16}), Node("relu2", "ReLU"), Node("y", "Output"),
    )  # fmt: skip


def test_a_design_is_the_same_as_itself_however_it_came(design: Document) -> None:
    assert compare(design, design).same
    copy = replace(design, nodes={name: replace(node) for name, node in design.nodes.items()})
    assert compare(design, copy).same


def test_what_was_added_removed_and_linked_is_told(design: Document) -> None:
    other = edits.insert_on_link(design, Link("relu2", "y"), Node("drop", "Dropout"))
    found = compare(design, other)
    assert found == Comparison(
        added=("drop",), linked=(Link("relu2", "drop"), Link("drop", "y")), unlinked=(Link("relu2", "y"),),
        moved=found.moved,
    )  # fmt: skip
    back = compare(other, design)
    assert back.removed == ("drop",)
    assert (back.linked, back.unlinked) == (found.unlinked, found.linked)


def test_a_changed_setting_says_from_what_to_what(design: Document) -> None:
    other = edits.change_settings(design, "conv1", {"out_channels": 32, "padding": 1})
    assert compare(design, other).changed == (NodeChange("conv1", "conv1", (
        Difference("settings", "out_channels", 8, 32), Difference("settings", "padding", ABSENT, 1))),)  # fmt: skip
    other = edits.change_layer(design, "relu1", "GELU")
    assert compare(design, other).changed[0].differences == (Difference("node", "layer", "ReLU", "GELU"),)


def test_a_move_is_no_change(design: Document) -> None:
    assert compare(design, edits.move(design, {"conv2": (5.0, 90.0)})) == Comparison(moved=("conv2",))
    assert compare(design, edits.move(design, {"conv2": (660.3, 0.0)})).same


def test_a_renamed_node_is_found_between_its_neighbours(design: Document) -> None:
    other = edits.change_settings(edits.rename(design, "conv1", "stem"), "stem", {"out_channels": 9})
    found = compare(design, other)
    assert found.renamed == {"conv1": "stem"}
    assert found.changed == (NodeChange("conv1", "stem", (Difference("settings", "out_channels", 8, 9),)),)
    assert not found.added + found.removed
    assert not found.linked + found.unlinked


def test_a_row_of_renamed_nodes_is_found_from_its_ends(design: Document) -> None:
    other = design
    for old, new in (("conv1", "a"), ("relu1", "b"), ("conv2", "c"), ("relu2", "d")):
        other = edits.rename(other, old, new)
    assert compare(design, other).renamed == {"conv1": "a", "relu1": "b", "conv2": "c", "relu2": "d"}


def test_another_layer_in_a_nodes_place_is_no_renaming(design: Document) -> None:
    without = edits.dissolve(design, "relu1")
    other = edits.insert_on_link(without, Link("conv1", "conv2"), Node("gelu1", "GELU"))
    found = compare(design, other)
    assert (found.added, found.removed, found.renamed) == (("gelu1",), ("relu1",), {})


def test_what_differs_inside_a_group_is_told_there(design: Document) -> None:
    whole = Document({"block": Node("block", "Group", {}, design)})
    other = Document({"block": Node("block", "Group", {}, edits.change_settings(design, "conv2", {"stride": 2}))})
    found = compare(whole, other)
    assert [(change.new, change.differences) for change in found.changed] == [("block", ())]
    assert found.at(("block",)).changed[0].differences == (Difference("settings", "stride", ABSENT, 2),)
    assert found.at(("block", "nowhere")).same


def test_what_stands_beside_the_network_is_compared_too(design: Document) -> None:
    other = edits.describe(edits.change_training(design, {"epochs": 5}), notes="Longer")
    assert set(compare(design, other).rest) == {
        Difference("design", "notes", "", "Longer"), Difference("training", "epochs", ABSENT, 5)}  # fmt: skip


@st.composite
def designs(draw: st.DrawFn) -> Document:
    names = draw(st.lists(st.sampled_from("abcdefgh"), unique=True))
    nodes = {name: Node(name, draw(st.sampled_from(LAYERS)), draw(st.sampled_from(({}, {"n": 1}, {"n": 2}))))
             for name in names}  # fmt: skip
    ends = st.sampled_from(names) if names else st.nothing()
    pairs = draw(st.lists(st.tuples(ends, ends), max_size=8, unique=True)) if names else []
    return Document(nodes, tuple(Link(one, other) for one, other in pairs), dict.fromkeys(names, (0.0, 0.0)))


@given(designs(), designs())
def test_every_node_and_link_is_told_once(old: Document, new: Document) -> None:
    found = compare(old, new)
    kept = set(old.nodes) - set(found.removed)
    matched = {found.renamed.get(name, name) for name in kept}
    assert matched == set(new.nodes) - set(found.added)
    assert len(matched) == len(kept)
    follow = {name: found.renamed.get(name, name) for name in kept}
    links = {Link(follow[link.source], follow[link.target]) for link in old.links if link not in found.unlinked}
    assert links | set(found.linked) == set(new.links)
    for change in found.changed:
        assert all(each.before != each.after for each in change.differences)
    assert compare(new, old).same == found.same


@pytest.mark.parametrize("settings", [True, False])
def test_ten_thousand_renamed_nodes_are_found_at_once(settings: bool) -> None:
    ends = Node("x", "Input"), Node("y", "Output")
    one, other = (
        chain(ends[0], *(Node(f"{letter}{place}", "Linear", {"out_features": place} if settings else {})
                         for place in range(10_000)), ends[1])
        for letter in "nm"
    )  # fmt: skip
    began = time.perf_counter()
    assert len(compare(one, other).renamed) == 10_000
    assert time.perf_counter() - began < 5
