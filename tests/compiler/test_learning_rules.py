"""Whatever does not suit in how a node learns is a problem with its place, plain words and a mend."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from designs import design, group, node, plain
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from learned import block, counts, fixed, images, language, learns, only, twins, with_learning
from sound import sound_designs

from designer.compiler.checking.check import check
from designer.compiler.checking.report import Report
from designer.compiler.checking.sharing import fitting_owners
from designer.compiler.lowering.lower import lower
from designer.compiler.printing.source import source
from designer.compiler.project import without_defaults
from designer.graph import edits
from designer.graph.document import Document
from designer.problems import Severity


@pytest.mark.parametrize(
    ("learning", "words"),
    [
        ({"shared_with": "nobody"}, "fc2 shares the weights of nobody, which is not there."),
        ({"shared_with": "fc2"}, "with itself"),
        ({"shared_with": "sum"}, "sum has no weights to share."),
        ({"shared_with": "scores"}, "The weight of fc2 is 5 x 6, but that of scores is 3 x 5."),
        ({"shared_with": 3}, "shared_with is 3, but it must be a text."),
    ],
)
def test_weights_that_cannot_be_shared_are_a_problem_with_a_mend(learning: dict[str, Any], words: str) -> None:
    document = twins(**learning)
    problem = only(check(document))
    assert words in problem.sentence
    assert (problem.node, problem.setting) == ("fc2", "learning.shared_with")
    assert fixed(document, problem, -1).problems == ()


def test_settings_that_differ_are_mended_to_those_of_the_owner() -> None:
    document = edits.change_settings(twins(shared_with="fc1"), "fc2", {"bias": False})
    problem = only(check(document))
    assert problem.message == "fc1 has a bias, but fc2 has none."
    assert problem.fixes[0].label == "Set fc2 as fc1 is"
    report = fixed(document, problem)
    assert report.problems == ()
    assert report.parameters == 53


def test_a_stride_that_differs_keeps_two_layers_from_being_one_module() -> None:
    document = design(
        node("image", "Input", shape=(1, 8, 8)), node("c1", "Conv2d"),
        learns(node("c2", "Conv2d", stride=2), shared_with="c1"), node("a", "Output"), node("b", "Output"),
        links="image c1 a, image c2 b",
    )  # fmt: skip
    assert only(check(document)).message == (
        "c2 shares the weights of c1, but is set in another way: stride is 2 here and 1 there."
    )


def test_layers_of_two_kinds_share_nothing_but_a_matrix() -> None:
    document = design(
        node("image", "Input", shape=(1, 8, 8)), node("conv", "Conv2d"),
        learns(node("fc", "Linear", out_features=4), shared_with="conv"), node("out", "Output"), node("end", "Output"),
        links="image fc out, image conv end",
    )  # fmt: skip
    assert "fc is a Linear layer and conv is a Convolution 2D layer" in only(check(document)).message
    problem = only(check(edits.change_settings(language(shared_with="table"), "head", {"out_features": 10})))
    assert problem.message == "The weight of head is 10 x 8, but that of table is 20 x 8."


def test_a_chain_is_mended_to_the_node_that_has_the_weights() -> None:
    document = with_learning(twins(shared_with="fc1"), "fc1", shared_with="scores")
    problems = {each.node: each for each in check(document).problems}
    assert problems["fc2"].fixes[0].label == "Share with scores"
    circle = with_learning(twins(shared_with="fc1"), "fc1", shared_with="fc2")
    report = check(circle)
    assert {each.node for each in report.problems} == {"fc1", "fc2"}
    assert "in a circle" in report.problems[0].message
    assert fixed(circle, report.problems[0]).problems == ()


def test_an_owner_without_a_link_has_no_known_shape() -> None:
    document = edits.remove(twins(shared_with="fc1"), links=[link for link in twins().links if "fc1" in link.ends])
    errors = [each for each in check(document).problems if each.severity is Severity.ERROR]
    assert [each.node for each in errors] == ["fc2"]
    assert "nothing reaches fc1" in errors[0].message


def test_only_nodes_that_fit_are_offered_as_owners() -> None:
    nodes = check(twins()).nodes
    assert list(fitting_owners(nodes, "fc2")) == ["fc1"]
    assert list(fitting_owners(nodes, "sum")) == []
    assert list(fitting_owners(check(language()).nodes, "head")) == ["table"]


@pytest.mark.parametrize(
    ("init", "words"),
    [
        ({"kernel": "zeros_"}, "fc2 has no kernel to initialize; it has only weight, bias."),
        ({"bias": "orthogonal_"}, "orthogonal_ needs at least 2 axes, but the bias of fc2 has one: 5."),
        ({"bias": "xavier_uniform_"}, "needs at least 2 axes"),
        ({"weight": "magic_"}, 'There is no initializer called "magic_".'),
        ({"weight": 3}, "There is no initializer called that."),
        ({"weight": {"kind": "normal_", "std": -1}}, "std is -1, but it must be at least 0."),
        ({"weight": {"kind": "normal_", "width": 1}}, "has no setting called width"),
        ({"weight": {"kind": "uniform_", "a": 2.0}}, "a must not be above b"),
        ({"weight": {"kind": "trunc_normal_", "a": 3.0, "b": 2.0}}, "a must be below b"),
        ({"weight": {"kind": "trunc_normal_", "std": 0.0}}, "nothing can be drawn"),
        ({"weight": {"kind": "trunc_normal_", "mean": 50.0}}, "too far from -2 to 2"),
        ("zeros_", "init must be a table"),
    ],
)
def test_an_initializer_that_does_not_suit_is_a_problem_with_a_mend(init: object, words: str) -> None:
    document = twins(init=init)
    problem = only(check(document))
    assert words in problem.sentence
    assert problem.node == "fc2"
    assert str(problem.setting).startswith("learning.init")
    assert fixed(document, problem).problems == ()


@pytest.mark.parametrize(
    ("learning", "severity"), [({"l1": 0.1}, "warning"), ({"l2": 0.1}, "warning"), ({"load": "a.safetensors"}, "error")]
)
def test_what_does_nothing_is_said(learning: dict[str, Any], severity: str) -> None:
    shared, empty = twins(shared_with="fc1", **learning), with_learning(twins(), "sum", **learning)
    for document, name in ((shared, "fc2"), (empty, "sum")):
        problem = only(check(document))
        assert (problem.node, problem.severity) == (name, severity)
        assert "does nothing here" in problem.message
        assert fixed(document, problem).problems == ()


def test_weights_of_another_node_cannot_begin_in_a_way_of_their_own() -> None:
    problem = only(check(twins(shared_with="fc1", init={"weight": "zeros_"})))
    assert problem.sentence.endswith("Set init at fc1.")
    assert (
        "The weight of head is that of table"
        in only(check(language(shared_with="table", init={"weight": "zeros_", "bias": "zeros_"}))).message
    )
    assert "sum has no weight" in only(check(with_learning(twins(), "sum", init={"weight": "zeros_"}))).message
    assert "is a group" in only(check(images(learns(group("g", block()), init={"weight": "zeros_"})))).message


@pytest.mark.parametrize(
    ("learning", "setting", "severity"),
    [
        ({"trainable": "yes"}, "trainable", "error"), ({"l1": -1}, "l1", "error"), ({"l2": "much"}, "l2", "error"),
        ({"l2": float("nan")}, "l2", "error"), ({"load": 4}, "load", "error"),
        ({"trainible": False}, "trainible", "warning"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_a_problem_at_its_setting(learning: dict[str, Any], setting: str, severity: str) -> None:
    document = twins(**learning)
    problem = only(check(document))
    assert (problem.node, problem.setting, problem.severity) == ("fc2", f"learning.{setting}", severity)
    assert fixed(document, problem).problems == ()


def test_a_problem_inside_a_group_is_mended_there() -> None:
    document = images(group("g", edits.change_learning(block(), "conv", {"l2": -1})))
    problem = only(check(document))
    assert problem.node == "g.conv"
    assert fixed(document, problem).problems == ()


def test_what_repeats_the_default_is_not_held() -> None:
    document = twins(trainable=True, l1=0.0, l2=0.5, shared_with="", load="", init={})
    assert without_defaults(document).nodes["fc2"].learning == {"l2": 0.5}


VALUES = st.sampled_from(
    [True, False, 0.5, -1, "a", "b", "nobody", None, {}, {"weight": "zeros_"}, ("x",), float("nan")]
)
KEYS = st.sampled_from(["trainable", "l1", "l2", "shared_with", "init", "load", "more"])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(sound_designs(), st.data())
def test_whatever_a_file_says_of_learning_is_taken_or_refused_in_words(document: Document, data: st.DataObject) -> None:
    before: Report | None = None
    for _ in range(3):
        name = data.draw(st.sampled_from(list(document.nodes)))
        learning = data.draw(st.dictionaries(KEYS, VALUES, max_size=4))
        document = replace(document, nodes={**document.nodes, name: replace(document.nodes[name], learning=learning)})
        before = check(document, previous=before)
        fresh = check(document)
        assert plain(before) == plain(fresh)
        assert counts(before) == counts(fresh)
        assert [each.frozen for _, each in before.rows()] == [each.frozen for _, each in fresh.rows()]
    assert before is not None
    assert all(
        each.message and each.node in before.nodes for each in before.problems if each.code in ("learning", "sharing")
    )
    if before.sound:
        source(lower(before))
