"""Data that is one whole graph: its Inputs have no batch axis, and its Outputs a row for each node."""

from __future__ import annotations

from designs import design, node

from designer.compiler.checking.report import Report
from designer.compiler.lowering.lower import lower
from designer.compiler.lowering.recipe import train_request
from designer.compiler.printing.source import source
from designer.compiler.project import examine
from designer.graph import edits
from designer.graph.document import Document, Node
from designer.problems import Problem

MEMBERS = node("members", "Input", shape=(34, 34), batched=False)
EDGES = node("edges", "Input", shape=(2, 156), dtype="int64", batched=False)
CLUB = node("club", "Output", loss="CrossEntropyLoss")
LINKS = "members conv1 club, edges conv1.edge_index"
KARATE = {"source": "karate"}


def club(*nodes: Node, width: int = 2, **parts: object) -> Document:
    """A graph convolution on the club, with some nodes in place of the usual ones."""
    usual = {each.id: each for each in (MEMBERS, EDGES, node("conv1", "GCNConv", out_channels=width), CLUB)}
    usual |= {each.id: each for each in nodes}
    return design(*usual.values(), links=LINKS, data=KARATE, **parts)


def mended(document: Document, problem: Problem) -> Report:
    fix = problem.fixes[0]
    return examine(getattr(edits, fix.edit)(document, **fix.arguments))


def test_a_design_on_a_whole_graph_is_sound_and_its_inputs_take_the_features_in_turn() -> None:
    report = examine(club())
    assert report.problems == ()
    recipe = train_request(report, "run").recipe
    assert recipe.inputs == ("members", "edges")
    assert recipe.targets[0].field == "club"


def test_an_input_in_batches_is_mended_by_one_fix_for_shape_and_batch() -> None:
    document = club(node("members", "Input", shape=(34,)))
    problem = next(each for each in examine(document).problems if each.code == "data-whole")
    assert problem.node == "members"
    assert problem.message == "members must take all of Karate club at once, 34 x 34 without a batch."
    assert mended(document, problem).problems == ()


def test_a_layer_without_edges_is_linked_to_those_of_the_others_or_to_a_loose_input() -> None:
    loose = design(
        MEMBERS, EDGES, node("conv1", "GCNConv", out_channels=2), CLUB, links="members conv1 club", data=KARATE
    )
    (problem, *_) = [each for each in examine(loose).problems if each.code == "unconnected"]
    assert (problem.node, problem.port, problem.fixes[0].label) == ("conv1", "edge_index", "Link edges to it")
    assert mended(loose, problem).problems == ()
    second = design(
        MEMBERS, EDGES, node("conv1", "GCNConv"), node("conv2", "GCNConv", out_channels=2), CLUB,
        links="members conv1 conv2 club, edges conv1.edge_index", data=KARATE,
    )  # fmt: skip
    (problem,) = examine(second).problems
    assert mended(second, problem).problems == ()


def test_an_input_is_added_for_edges_that_nothing_gives() -> None:
    bare = design(MEMBERS, node("conv1", "GCNConv", out_channels=2), CLUB, links="members conv1 club", data=KARATE)
    (problem,) = [each for each in examine(bare).problems if each.code == "unconnected"]
    assert problem.fixes[0].label == "Add an Input for edge_index"
    after = mended(bare, problem)
    places = list(after.document.positions.values())
    assert len(set(places)) == len(places)
    (problem,) = [each for each in after.problems if each.code == "data-whole"]
    assert mended(after.document, problem).problems == ()


def test_edges_of_another_number_are_mended() -> None:
    document = club(node("edges", "Input", shape=(2, 10), dtype="int64", batched=False))
    (problem,) = examine(document).problems
    assert (problem.code, problem.node) == ("data-whole", "edges")
    assert mended(document, problem).problems == ()


def test_fresh_inputs_are_mended_one_after_the_other() -> None:
    document = club(node("members", "Input"), node("edges", "Input"))
    for _ in range(2):
        problem = next(each for each in examine(document).problems if each.code == "data-whole")
        fix = problem.fixes[0]
        document = getattr(edits, fix.edit)(document, **fix.arguments)
    assert examine(document).problems == ()


def test_a_free_number_of_nodes_takes_any_graph() -> None:
    free = node("members", "Input", shape=("V", 34), batched=False)
    assert examine(club(free)).problems == ()
    (problem,) = examine(club(free, width=3)).problems
    assert mended(club(free, width=3), problem).problems == ()


def test_the_width_follows_the_classes_for_each_node() -> None:
    document = club(width=5)
    (problem,) = examine(document).problems
    assert problem.code == "output-width"
    assert problem.message == ("club gets 34 x 5, but Karate club has 2 classes, so CrossEntropyLoss needs 34 x 2.")
    assert problem.fixes[0].label == "Set out_channels of conv1 to 2"
    assert mended(document, problem).problems == ()


def test_yes_or_no_needs_one_score_for_each_node() -> None:
    document = club(node("club", "Output", loss="BCEWithLogitsLoss"), width=1)
    assert examine(document).problems == ()


def test_one_row_for_the_whole_graph_is_no_answer_for_each_node() -> None:
    document = design(
        MEMBERS, EDGES, node("conv1", "GCNConv", out_channels=2), node("pool1", "GraphMeanPool"), CLUB,
        links="members conv1 pool1 club, edges conv1.edge_index", data=KARATE,
    )  # fmt: skip
    assert [each.code for each in examine(document).problems] == ["output-width"]


def test_ordinary_data_still_refuses_an_input_without_a_batch() -> None:
    document = design(
        node("row", "Input", shape=(4,), batched=False), node("lin", "Linear", out_features=3),
        node("out", "Output", loss="CrossEntropyLoss"), links="row lin out", data={"source": "iris"},
    )  # fmt: skip
    assert "data-batch" in [each.code for each in examine(document).problems]


def test_the_source_of_a_network_on_a_graph_says_what_it_needs() -> None:
    lines = source(lower(examine(club()))).splitlines()
    assert lines[0] == '"""Network, a network in PyTorch and torch_geometric; drawn with Netwright."""'
    assert lines[2:4] == ["from torch import Tensor, nn", "from torch_geometric import nn as gnn"]
    assert "        self.conv1 = gnn.GCNConv(in_channels=34, out_channels=2)" in lines


def test_the_small_network_inside_a_layer_is_printed_with_it() -> None:
    gin = node("conv1", "GINConv", hidden_channels=8, out_channels=2, train_eps=True)
    lines = source(lower(examine(club(gin)))).splitlines()
    start = lines.index("        self.conv1 = gnn.GINConv(")
    assert "nn.Sequential(nn.Linear(in_features=34, out_features=8), nn.ReLU()" in " ".join(lines[start:])
