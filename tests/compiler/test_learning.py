"""How nodes learn, from the design to the totals, the plan and the printed module; torch has the last word."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from designs import design, group, node
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from learned import (
    agree,
    block,
    counts,
    held_to_torch,
    images,
    language,
    last_class,
    learns,
    only,
    torch_counts,
    twins,
    with_learning,
)
from sound import sound_designs

from designer.catalogue.learning import INITIALIZERS
from designer.compiler import summary
from designer.compiler.checking.check import check
from designer.compiler.checking.sharing import fitting_owners
from designer.compiler.lowering.lower import live_nodes, lower
from designer.compiler.printing.source import source
from designer.engine.learning import penalty
from designer.engine.network import Network
from designer.graph import edits
from designer.graph.document import Document
from designer.problems import Severity


def test_shared_weights_are_counted_once_and_the_row_has_its_own_count() -> None:
    report = held_to_torch(twins(shared_with="fc1"))
    assert report.parameters == 6 * 5 + 5 + 5 * 3 + 3
    assert report.nodes["fc2"].parameters == 35
    table = summary.as_json(report)
    assert [row["parameters"] for row in table["nodes"]] == [0, 0, 35, 35, 0, 18, 0]
    assert (table["parameters"], table["trainable_parameters"]) == (53, 53)


def test_a_siamese_network_calls_one_module_twice() -> None:
    plan = lower(check(twins(shared_with="fc1")))
    assert list(plan.modules) == ["fc1", "scores"]
    assert [(step.node, step.call.target) for step in plan.steps[:2]] == [("fc1", "self.fc1"), ("fc2", "self.fc1")]
    text = agree(plan)
    assert "x = self.fc1(right)" in text
    assert "self.fc2" not in text


def test_an_embedding_and_a_linear_layer_share_one_matrix() -> None:
    report = held_to_torch(language(shared_with="table"))
    assert report.parameters == 20 * 8 + 20
    plan = lower(report)
    assert plan.ties == (("head.weight", "table.weight"),)
    assert "self.head.weight = self.table.weight" in agree(plan)


def test_the_table_may_be_the_one_that_shares() -> None:
    document = language()
    report = held_to_torch(with_learning(document, "table", shared_with="head"))
    assert lower(report).ties == (("table.weight", "head.weight"),)
    agree(lower(report))


def test_an_owner_that_leads_nowhere_still_gives_its_weights() -> None:
    document = edits.disconnect(twins(shared_with="fc1"), "fc1", "sum")
    plan = lower(check(document))
    assert list(plan.modules) == ["fc1", "scores"]
    agree(plan)


def test_groups_share_where_they_are_the_same_network_fed_alike() -> None:
    inside = design(
        node("x", "Input"), node("fc", "Linear", out_features=6), node("y", "Output"), links="x fc y"
    )  # fmt: skip
    document = design(
        node("left", "Input", shape=(6,)), node("right", "Input", shape=(6,)), group("one", inside, repeat=2),
        learns(group("two", inside, repeat=2), shared_with="one"), node("sum", "Add"), node("out", "Output"),
        links="left one sum out, right two sum",
    )  # fmt: skip
    report = held_to_torch(document)
    assert report.parameters == 2 * 42
    assert list(lower(report).modules) == ["one"]
    agree(lower(report))
    other = edits.within(document, ("two",), lambda shown: edits.change_settings(shown, "fc", {"bias": False}))
    assert "the networks inside differ" in only(check(other)).message
    wide = edits.change_settings(document, "right", {"shape": (4, 6)})
    assert any("other shapes reach it" in each.message for each in check(wide).problems)


def test_inside_a_repeated_group_each_round_shares_for_itself() -> None:
    inside = design(
        node("x", "Input"), node("a", "Linear", out_features=6), learns(node("b", "Linear", out_features=6),
        shared_with="a"), node("y", "Output"), links="x a b y",
    )  # fmt: skip
    document = design(node("rows", "Input", shape=(6,)), group("g", inside, repeat=3), node("out", "Output"),
                      links="rows g out")  # fmt: skip
    assert held_to_torch(document).parameters == 3 * 42
    agree(lower(check(document)))


def test_frozen_weights_are_not_trainable_and_print_as_a_person_writes_it() -> None:
    report = held_to_torch(with_learning(twins(), "fc1", trainable=False))
    assert counts(report) == (88, 53)
    assert report.nodes["fc1"].trainable_parameters == 0
    assert "self.fc1.requires_grad_(False)" in agree(lower(report))
    text = summary.text(report)
    assert "trainable" in text.splitlines()[0]
    assert "Trainable parameters: 53; 35 are frozen" in text


def test_shared_weights_are_frozen_where_any_of_their_nodes_is() -> None:
    for name in ("fc1", "fc2"):
        document = with_learning(twins(shared_with="fc1"), name, trainable=False)
        report = held_to_torch(document)
        assert counts(report) == (53, 18)
        assert [report.nodes[each].trainable_parameters for each in ("fc1", "fc2")] == [0, 0]
        agree(lower(report))


def test_freezing_a_tied_layer_freezes_the_matrix_and_its_own_bias() -> None:
    document = language(shared_with="table", trainable=False)
    assert counts(held_to_torch(document)) == (180, 0)
    report = held_to_torch(with_learning(language(shared_with="table"), "table", trainable=False))
    assert counts(report) == (180, 20)
    assert report.nodes["head"].trainable_parameters == 20
    agree(lower(report))


def test_a_frozen_group_is_frozen_inside_and_keeps_its_running_statistics() -> None:
    document = images(learns(group("g", block(), repeat=2), trainable=False), group("h", block()))
    report = held_to_torch(document)
    assert report.trainable_parameters * 3 == report.parameters
    assert [node.trainable_parameters for name, node in report.rows() if name.startswith("g.")] == [0] * 10
    plan = lower(report)
    text = agree(plan)
    assert text.count("requires_grad_(False)") == 1
    network = Network(plan).train()
    before = {name: value.clone() for name, value in network.state_dict().items() if "running" in name}
    network(torch.randn(4, 2, 6, 6))
    after = network.state_dict()
    assert all(torch.equal(after[name], value) == name.startswith("g.") for name, value in before.items())
    assert network.get_submodule("g.0.drop").training


def test_a_block_may_be_frozen_where_it_is_shown_once_and_trained_elsewhere() -> None:
    shown = images(learns(group("g", block="cell"), trainable=False), group("h", block="cell", repeat=2))
    document = replace(shown, blocks={"cell": block()})
    report = held_to_torch(document)
    assert 3 * report.trainable_parameters == 2 * report.parameters
    text = agree(lower(report))
    assert text.count("(nn.Module):") == 3
    assert text.count("def train(self, mode: bool = True) -> Self:") == 1
    assert "from typing import Self" in text


def test_the_counts_of_all_rows_add_up_to_the_total() -> None:
    for document in (twins(shared_with="fc1"), language(shared_with="table")):
        report = check(document)
        assert [name for name, _ in report.counts()] == [name for name, _ in report.rows()]
        assert sum(count for _, count in report.counts()) == report.parameters


def test_thawing_a_group_is_seen_by_the_next_check() -> None:
    document = images(learns(group("g", block()), trainable=False))
    frozen = check(document)
    thawed = edits.change_learning(document, "g", unset=("trainable",))
    report = check(thawed, previous=frozen)
    assert report.trainable_parameters == report.parameters
    assert check(document, previous=report).trainable_parameters == 0


def test_a_penalty_takes_all_weights_but_biases_in_keras_measure() -> None:
    document = with_learning(with_learning(twins(), "fc1", l2=0.5), "scores", l1=0.25, l2=0.1)
    plan = lower(check(document))
    text = agree(plan)
    assert "0.5 * self.fc1.weight.square().sum()" in text
    network = Network(plan)
    first, last = (dict(network.named_parameters())[f"{name}.weight"] for name in ("fc1", "scores"))
    wanted = 0.5 * first.square().sum() + 0.25 * last.abs().sum() + 0.1 * last.square().sum()
    torch.testing.assert_close(penalty(network, plan)(), wanted)


def test_strengths_of_groups_add_up_and_leave_frozen_weights_alone() -> None:
    inner = edits.change_learning(block(), "conv", {"l2": 0.5})
    document = images(
        learns(group("g", inner, repeat=2), l2=0.25), learns(group("h", block()), l2=1.0, trainable=False)
    )
    plan = lower(check(document))
    rounds = plan.modules["g"]
    assert isinstance(rounds, tuple)
    assert [(each.node, each.l2) for each in rounds[0].penalties] == [("conv", 0.75), ("norm", 0.25)]
    assert "sum(group.penalty() for group in self.g)" in agree(plan)
    assert "self.h.penalty" not in source(plan)


def test_a_layer_with_several_weights_prints_one_sum_over_them() -> None:
    document = design(
        node("x", "Input", shape=(5, 4)), learns(node("lstm", "LSTM", hidden_size=3), l1=0.01, l2=0.02),
        node("out", "Output"), links="x lstm out",
    )  # fmt: skip
    text = agree(lower(check(document)))
    assert text.count('in self.lstm.named_parameters() if "bias" not in name]') == 1


def test_a_node_called_penalty_gives_the_method_another_name() -> None:
    document = edits.rename(with_learning(twins(), "fc1", l2=0.5), "fc1", "penalty")
    text = source(lower(check(document)))
    assert "def penalty1(self)" in text or "def penalty2(self)" in text
    last_class(text)()


@pytest.mark.parametrize("kind", INITIALIZERS)
def test_every_initializer_is_made_and_printed(kind: str) -> None:
    plan = lower(check(with_learning(twins(), "fc1", init={"weight": kind})))
    assert f"nn.init.{kind}(self.fc1.weight" in agree(plan)


@pytest.mark.parametrize(
    "how",
    [
        {"kind": "constant_", "val": 0.5}, {"kind": "normal_", "std": 0.02}, {"kind": "uniform_", "a": -1.0},
        {"kind": "trunc_normal_", "std": 0.02}, {"kind": "xavier_normal_", "gain": 2.0},
        {"kind": "kaiming_normal_", "mode": "fan_out", "nonlinearity": "relu"},
    ],
)  # fmt: skip
def test_the_values_of_an_initializer_are_passed_on(how: dict[str, Any]) -> None:
    plan = lower(check(with_learning(twins(), "fc1", init={"weight": how, "bias": "zeros_"})))
    agree(plan)
    ((_, call), _) = plan.inits
    assert dict(call.keywords) == {key: value for key, value in how.items() if key != "kind"}
    assert not Network(plan).get_parameter("fc1.bias").any()


@st.composite
def learned_designs(draw: st.DrawFn) -> Document:
    """A sound design in which nodes are frozen, held small and share, wherever it fits; in groups too."""
    return _learned(draw, draw(sound_designs()))


def _learned(draw: st.DrawFn, document: Document) -> Document:
    for name, each in document.nodes.items():
        learning: dict[str, Any] = {}
        if draw(st.integers(0, 3)) == 0:
            learning["trainable"] = False
        if draw(st.integers(0, 3)) == 0:
            learning["l2"] = 0.5
        document = edits.change_learning(document, name, learning)
        if each.inside is not None:
            inside = _learned(draw, each.inside)
            document = edits.within(document, (name,), lambda _, inside=inside: inside)
        owners = list(fitting_owners(check(document).nodes, name))
        used = {other.learning.get("shared_with") for other in document.nodes.values()}
        if owners and name not in used and draw(st.booleans()):
            document = edits.change_learning(document, name, {"shared_with": draw(st.sampled_from(owners))})
    return document


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(learned_designs())
def test_totals_are_the_unique_tensors_of_the_made_network(document: Document) -> None:
    report = check(document)
    if not report.sound:
        # Inside an edited group a sharing of groups may no longer fit; that is said, and nothing is counted.
        assert {each.code for each in report.problems if each.severity is Severity.ERROR} == {"sharing"}
        return
    plan = lower(report)
    agree(plan)
    if live_nodes(report) == set(report.nodes) and all(
        live_nodes(done) == set(done.nodes) for each in report.nodes.values() for done in each.rounds
    ):
        assert counts(report) == torch_counts(plan)
