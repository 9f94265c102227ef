"""What the check finds, and what it leaves unsaid."""

from __future__ import annotations

import pytest
from designs import codes, design, link, node

from designer.catalogue.tensor import TensorSpec
from designer.compiler.checking.check import check
from designer.compiler.checking.order import compute_order
from designer.graph import edits
from designer.graph.document import Document, Link
from designer.problems import Severity

IMAGE = node("image", "Input", shape=(1, 8, 8))


def test_a_sound_chain_has_every_shape_and_no_problem() -> None:
    report = check(
        design(IMAGE, node("conv1", "Conv2d", out_channels=4), node("flat", "Flatten"),
               node("lin", "Linear", out_features=10), node("digit", "Output"), links="image conv1 flat lin digit")
    )  # fmt: skip
    assert report.problems == ()
    assert report.sound
    assert report.order == ("image", "conv1", "flat", "lin", "digit")
    assert [each.shape for each in report.nodes.values()] == [
        TensorSpec((1, 8, 8)), TensorSpec((4, 6, 6)), TensorSpec((144,)), TensorSpec((10,)), TensorSpec((10,)),
    ]  # fmt: skip
    assert report.parameters == 4 * 9 + 4 + 144 * 10 + 10


def test_an_empty_design_has_no_problem() -> None:
    assert check(Document()).problems == ()


def test_what_lies_below_a_broken_node_is_not_known_and_no_second_problem() -> None:
    report = check(
        design(IMAGE, node("big", "Conv2d", kernel_size=9), node("flat", "Flatten"), node("lin", "Linear"),
               node("out", "Output"), links="image big flat lin out")
    )  # fmt: skip
    assert [(problem.code, problem.node) for problem in report.problems] == [("window", "big")]
    assert report.nodes["lin"].shape is None
    assert not report.nodes["flat"].known


def test_all_problems_are_found_in_one_walk() -> None:
    report = check(
        design(IMAGE, node("big", "Conv2d", kernel_size=9), node("lin", "Linear", out_features=0), node("a", "ReLU"),
               node("out", "Output"), links="image big, image lin, a out")
    )  # fmt: skip
    assert codes(report) == ["window", "setting", "unconnected"]


def test_nodes_of_a_circle_and_below_it_are_not_known_yet() -> None:
    report = check(
        design(IMAGE, node("sum", "Add"), node("relu", "ReLU"), node("below", "ReLU"), node("out", "Output"),
               links="image sum relu sum, relu below out")
    )  # fmt: skip
    assert codes(report) == ["cycle"]
    assert [name for name, each in report.nodes.items() if each.shape is not None] == ["image"]
    assert set(report.order) == {"image", "below", "out"}


def test_a_circle_is_named_along_its_links_and_cut_where_it_runs_back() -> None:
    report = check(design(*(node(name, "ReLU") for name in "abcd"), links="a c b a, c d"))
    circle = next(problem for problem in report.problems if problem.code == "cycle")
    assert circle.message.startswith("b → a → c → b is a circle")
    assert circle.hint == "Cut one of its links, for example c → b."


def test_a_long_circle_is_shown_shortened() -> None:
    names = [f"r{number}" for number in range(9)]
    report = check(design(*(node(name, "ReLU") for name in names), links=" ".join([*names, "r0"])))
    circle = next(problem for problem in report.problems if problem.code == "cycle")
    assert circle.message.startswith("r0 → r1 → r2 → ... → r7 → r8 → r0 is a circle")


def test_a_node_linked_to_itself_is_a_circle() -> None:
    assert "cycle" in codes(check(design(node("a", "Add"), links="a a")))


def test_what_leaves_a_circle_stays_unknown_though_an_input_stands_in_it() -> None:
    report = check(design(IMAGE, node("a", "ReLU"), node("b", "ReLU"), links="image a image, image b"))
    assert report.nodes["b"].shape is None
    assert {"cycle", "unknown-port"} <= set(codes(report))


def test_the_order_breaks_ties_by_the_file() -> None:
    document = design(*(node(name, "ReLU") for name in "dcba"), links="b c")
    assert compute_order(document) == (["d", "b", "c", "a"], [])


def test_several_links_at_a_port_that_takes_one_are_a_problem_whatever_their_order() -> None:
    nodes = (IMAGE, node("a", "ReLU"), node("b", "Flatten"), node("relu", "ReLU"), node("out", "Output"))
    one = check(design(*nodes, links="image a relu out, image b relu"))
    other = check(design(*nodes, links="image b relu out, image a relu"))
    assert codes(one) == ["crowded-port"]
    assert one.problems == other.problems
    assert one.nodes["relu"].incoming == other.nodes["relu"].incoming
    assert one.nodes["relu"].shape is None
    assert one.problems[0].message == "2 links end at relu, which takes one: from a and b."


def test_a_port_named_in_full_and_left_out_is_the_same_port() -> None:
    document = design(IMAGE, node("relu", "ReLU"), node("out", "Output"), links="image.output relu.x, relu out")
    assert check(document).problems == ()
    crowded = edits.connect(document, link("image", "relu"))
    assert codes(check(crowded)) == ["crowded-port"]


def test_an_unknown_layer_is_a_problem_and_its_links_are_none() -> None:
    report = check(design(IMAGE, node("odd", "Mystery", size=3), node("out", "Output"), links="image odd.some out"))
    assert codes(report) == ["unknown-layer"]
    assert not report.sound


def test_an_unknown_layer_gets_the_ports_that_its_new_links_name() -> None:
    document = design(IMAGE, node("odd", "Mystery"), node("out", "Output"), links="image odd out")
    report = check(document)
    more = edits.connect(edits.add_node(document, node("relu", "ReLU")), Link("odd", "relu", "second"))
    assert codes(check(more, None, report)) == codes(check(more)) == ["unknown-layer"]


def test_a_link_to_a_port_that_is_not_there_says_which_there_are() -> None:
    report = check(design(IMAGE, node("relu", "ReLU"), node("out", "Output"), links="image relu.left, relu.right out"))
    sentences = [problem.message for problem in report.problems if problem.code == "unknown-port"]
    assert sentences == [
        'relu has no input called "left", only x; the link image → relu.left leads nowhere.',
        'relu has no output called "right", only output; the link relu.right → out leads nowhere.',
    ]


def test_a_link_into_an_input_says_that_it_has_none() -> None:
    report = check(design(IMAGE, node("other", "Input"), node("out", "Output"), links="image other out"))
    assert next(p for p in report.problems if p.code == "unknown-port").message.startswith("other has no input;")


def test_a_node_without_links_is_a_warning_but_an_output_without_links_is_an_error() -> None:
    report = check(
        design(IMAGE, node("relu", "ReLU"), node("out", "Output"), node("spare", "Output"), links="image out")
    )
    assert [(p.node, p.severity) for p in report.problems] == [
        ("relu", Severity.WARNING), ("spare", Severity.ERROR),
    ]  # fmt: skip


def test_open_ports_that_are_optional_and_outputs_nobody_reads_are_no_problem() -> None:
    report = check(
        design(node("rows", "Input", shape=(5, 4)), node("lstm", "LSTM"), node("out", "Output"),
               links="rows lstm, lstm.last out")
    )  # fmt: skip
    assert report.problems == ()


@pytest.mark.parametrize("name", ["self", "cls", "values", "layer"])
def test_a_setting_of_any_name_is_refused_in_a_sentence(name: str) -> None:
    report = check(design(IMAGE, node("relu", "ReLU", **{name: 1}), node("out", "Output"), links="image relu out"))
    assert codes(report) == ["unknown-setting"]
    assert report.problems[0].message == f"ReLU has no setting called {name}."


def test_ids_that_are_no_names_and_ids_that_stood_twice_are_problems() -> None:
    document = design(
        IMAGE, node("for", "ReLU"), node("out", "Output"), links="image for out", renamed={"out": "image"}
    )
    assert codes(check(document)) == ["illegal-id", "duplicate-id"]


def test_probabilities_before_a_loss_that_applies_its_own_are_a_warning_past_dropout() -> None:
    nodes = [node("x", "Input", shape=(4,)), node("lin", "Linear", out_features=3), node("soft", "Softmax")]
    loss = node("out", "Output", loss="CrossEntropyLoss")
    near = check(design(*nodes, loss, links="x lin soft out"))
    far = check(design(*nodes, node("drop", "Dropout"), loss, links="x lin soft drop out"))
    apart = check(design(*nodes, node("relu", "ReLU"), loss, links="x lin soft relu out"))
    assert codes(near) == codes(far) == ["softmax-before-loss"]
    assert codes(apart) == []


def test_a_thousand_broken_nodes_are_found_without_delay() -> None:
    nodes = [node(f"n{number}", "Linear", out_features=0) for number in range(2000)]
    report = check(design(IMAGE, *nodes, links=", ".join(f"image {each.id}" for each in nodes)))
    assert codes(report).count("setting") == 2000


def test_who_owns_a_full_id_is_the_longest_id_that_fits() -> None:
    document = design(node("a.b", "ReLU"), node("a", "ReLU"))
    report = check(document)
    assert report.owner("a.b.0.conv1") == "a.b"
    assert report.owner("a.0.conv1") == "a"
