"""A bypassed node hands on what reaches it: in the check, in what it costs, and in the plan, which is without it."""

from __future__ import annotations

import pytest
from designs import codes, design, group, node
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sound import sound_designs

from designer.catalogue.tensor import TensorSpec
from designer.compiler.checking import bypass
from designer.compiler.checking.check import check
from designer.compiler.checking.report import Report
from designer.compiler.cost import training_cost
from designer.compiler.lowering.lower import lower
from designer.compiler.printing.source import source
from designer.graph import edits
from designer.graph.document import Document
from designer.plan import Plan
from designer.problems import Problem


def off(document: Document, *nodes: str) -> Document:
    return edits.set_bypassed(document, nodes, True)


def chain() -> Document:
    return design(
        node("x", "Input", shape=(6,)), node("wide", "Linear", out_features=9), node("act", "ReLU"),
        node("last", "Linear", out_features=3), node("y", "Output"), links="x wide act last y",
    )  # fmt: skip


def only_problem(document: Document) -> Problem:
    (problem,) = check(document).problems
    return problem


def test_what_reaches_a_bypassed_node_comes_out_and_it_costs_nothing() -> None:
    report = check(off(chain(), "wide", "act"))
    assert report.sound
    assert [report.nodes[name].shape for name in ("wide", "act")] == [TensorSpec((6,))] * 2
    assert (report.nodes["wide"].parameters, report.nodes["wide"].macs, report.parameters) == (0, 0, 6 * 3 + 3)
    without = edits.dissolve(edits.dissolve(chain(), "wide"), "act")
    cost, other = training_cost(report), training_cost(check(without))
    assert (cost.training, cost.activations) == (other.training, other.activations)


def test_the_exported_source_has_no_bypassed_layer_and_keeps_the_names_of_the_others() -> None:
    text = source(lower(check(off(chain(), "wide"))))
    assert "self.last = nn.Linear(" in text
    assert "self.act = nn.ReLU()" in text
    assert "wide" not in text


def test_what_does_not_fit_once_a_node_is_bypassed_is_said_where_it_does_not_fit() -> None:
    document = design(
        node("x", "Input", shape=(1, 8, 8)), node("a", "MaxPool2d"), node("b", "MaxPool2d"), node("sum", "Add"),
        node("y", "Output"), links="x a sum y, x b sum",
    )  # fmt: skip
    assert check(document).sound
    assert only_problem(off(document, "a")).node == "sum"


@pytest.mark.parametrize(("name", "why"), [
    ("x", "x cannot be bypassed: nothing comes in that it could hand on."),
    ("y", "y cannot be bypassed: nothing comes out of it."),
])  # fmt: skip
def test_where_the_data_enter_or_leave_nothing_can_be_bypassed(name: str, why: str) -> None:
    problem = only_problem(off(chain(), name))
    assert problem.message == why
    (fix,) = problem.fixes
    assert check(edits.apply_fix(off(chain(), name), fix)).sound


def test_a_bypassed_node_that_nothing_reaches_is_an_unconnected_one() -> None:
    document = off(edits.remove(chain(), nodes=("x",)), "wide")
    assert codes(check(document)) == ["unconnected", "no-input"]


def test_an_output_other_than_the_first_of_a_bypassed_node_cannot_be_read() -> None:
    document = design(
        node("x", "Input", shape=(5, 6)), node("lstm", "LSTM"), node("y", "Output"), node("z", "Output"),
        links="x lstm, lstm.last z, lstm y",
    )  # fmt: skip
    problem = only_problem(off(document, "lstm"))
    assert problem.message == ("lstm is bypassed and hands on what reaches it at output, so nothing comes out at last.")
    cut = edits.remove(off(document, "lstm"), nodes=("z",))
    assert check(cut, previous=check(off(document, "lstm"))).sound


def test_a_bypassed_sum_hands_on_the_first_of_what_it_would_add() -> None:
    document = design(
        node("x", "Input", shape=(6,)), node("a", "ReLU"), node("b", "Tanh"), node("sum", "Add"), node("y", "Output"),
        links="x a, x b sum, a sum y",
    )  # fmt: skip
    plan = lower(check(off(document, "sum")))
    assert [step.node for step in plan.steps] == ["b"]


def test_what_is_read_twice_past_a_bypassed_node_is_read_twice() -> None:
    document = design(
        node("x", "Input", shape=(6,)), node("a", "ReLU"), node("sum", "Add"), node("y", "Output"),
        links="x sum, x a sum y",
    )  # fmt: skip
    (step,) = lower(check(off(document, "a"))).steps
    assert len(step.call.positional) == 2
    assert step.call.positional[0] == step.call.positional[1]


def test_a_layer_that_is_wrongly_set_or_not_known_can_be_bypassed() -> None:
    document = design(
        node("x", "Input", shape=(6,)), node("a", "Linear", out_features=0), node("b", "Mystery"),
        node("c", "Group"), node("y", "Output"), links="x a b c y",
    )  # fmt: skip
    assert not check(document).sound
    assert lower(check(off(document, "a", "b", "c"))).steps == ()


def test_weights_cannot_be_those_of_a_bypassed_node_and_a_bypassed_node_shares_none() -> None:
    document = design(
        node("x", "Input", shape=(6,)), node("a", "Linear", out_features=6), node("b", "Linear", out_features=6),
        node("y", "Output"), links="x a b y",
    )  # fmt: skip
    document = edits.change_learning(document, "b", {"shared_with": "a"})
    problem = only_problem(off(document, "a"))
    assert problem.message == "b shares the weights of a, which is bypassed and so has none."
    assert check(edits.apply_fix(off(document, "a"), problem.fixes[0])).sound
    frozen = edits.change_learning(off(document, "b"), "b", {"trainable": False})
    assert check(frozen).trainable_parameters == 42


def test_a_group_can_be_bypassed_and_so_can_what_is_inside() -> None:
    inside = design(
        node("in_", "Input"), node("fc", "Linear", out_features=6), node("act", "ReLU"), node("out", "Output"),
        links="in_ fc act out",
    )  # fmt: skip
    document = design(
        node("x", "Input", shape=(6,)), group("block", inside, repeat=3), node("y", "Output"), links="x block y"
    )
    assert lower(check(off(document, "block"))).steps == ()
    within = edits.within(document, ("block",), lambda d: off(d, "fc"))
    rounds = lower(check(within)).modules["block"]
    assert isinstance(rounds, tuple)
    assert [[step.node for step in each.steps] for each in rounds if isinstance(each, Plan)] == [["act"]] * 3


def test_probabilities_are_found_past_a_bypassed_node_and_not_in_one() -> None:
    document = design(
        node("x", "Input", shape=(6,)), node("soft", "Softmax"), node("act", "ReLU"),
        node("y", "Output", loss="CrossEntropyLoss"), links="x soft act y",
    )  # fmt: skip
    assert "softmax-before-loss" in codes(check(off(document, "act")))
    assert "softmax-before-loss" not in codes(check(off(document, "act", "soft")))


def fits(report: Report) -> bool:
    return report.sound and bool(report.nodes)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(sound_designs(), st.data())
def test_a_bypassed_node_leaves_the_plan_that_is_there_without_it(document: Document, data: st.DataObject) -> None:
    report = check(document)
    middle = [name for name, each in report.nodes.items() if bypass.can_be_bypassed(each)]
    if not middle:
        return
    chosen = data.draw(st.sets(st.sampled_from(middle), min_size=1))
    report, dissolved = check(off(document, *chosen)), edits.dissolve_all(document, bypass.ways(report, chosen))
    merged = len(set(dissolved.links)) < len(document.links) - sum(len(document.incoming.get(n, ())) for n in chosen)
    if merged or not fits(report) or not fits(check(dissolved)):
        return
    plan, other = lower(report), lower(check(dissolved))
    assert plan == other
