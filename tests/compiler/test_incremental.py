"""The check after an edit says what a check from nothing says, and nothing depends on the order of drawing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from designs import design, made, node, plain, random_edits, whole_documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designer.catalogue import LAYERS, with_role
from designer.catalogue.tensor import TensorSpec
from designer.compiler.checking.check import check
from designer.compiler.checking.facts import data_facts
from designer.compiler.checking.report import Report
from designer.graph import edits
from designer.graph.document import Document, Node
from designer.graph.variables import set_variable

RANDOM = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))


@RANDOM
@given(whole_documents(), st.data())
def test_a_check_after_any_edit_says_what_a_check_from_nothing_says(document: Document, data: st.DataObject) -> None:
    facts = data_facts(document)[0]
    report = check(document, facts)
    for _ in range(data.draw(st.integers(1, 5))):
        document = made(data.draw(random_edits(document)), document)
        report = check(document, facts, report)
        assert plain(report) == plain(check(document, facts))


def with_the_order_of_many(report: Report) -> list[Any]:
    """The links that end at ports with many links, whose order has a meaning."""
    return [
        each
        for each in report.document.links
        if (kind := LAYERS.get(report.document.nodes[each.target].layer)) is not None
        and any(port.many for port in kind.inputs)
    ]


def shuffled(document: Document, data: st.DataObject) -> Document:
    """The same links, drawn in another order; those at ports with many keep theirs."""
    kept = with_the_order_of_many(check(document))
    order = data.draw(st.permutations(document.links))
    several = iter(kept)
    links = tuple(next(several) if each in kept else each for each in order)
    inside = {
        name: replace(each, inside=shuffled(each.inside, data)) if each.inside is not None else each
        for name, each in document.nodes.items()
    }
    blocks = {name: shuffled(block, data) for name, block in document.blocks.items()}
    return replace(document, links=links, nodes=inside, blocks=blocks)


def without_insides(said: Any) -> Any:
    """A report's content with nodes by id alone: a shuffled group holds its links in another order."""
    names, nodes, order, problems, facts, variables = said
    return (
        names,
        {name: (*parts[1:-1], [without_insides(done) for done in parts[-1]]) for name, parts in nodes.items()},
        order, problems, facts, variables,
    )  # fmt: skip


@RANDOM
@given(whole_documents(), st.data())
def test_a_report_does_not_depend_on_the_order_in_which_links_were_drawn(
    document: Document, data: st.DataObject
) -> None:
    facts = data_facts(document)[0]
    other = shuffled(document, data)
    assert without_insides(plain(check(document, facts))) == without_insides(plain(check(other, facts)))


def test_links_at_a_group_that_is_set_wrongly_say_the_same_in_any_order() -> None:
    document = design(
        node("x", "Input"), node("relu", "ReLU"), node("loop", "Group", repeat=0), links="x loop, relu loop"
    )  # fmt: skip
    other = replace(document, links=document.links[::-1])
    assert plain(check(document)) == plain(check(other))


def test_what_an_edit_does_not_reach_keeps_its_very_report() -> None:
    document = design(
        node("image", "Input"), node("conv1", "Conv2d"), node("relu1", "ReLU"), node("out", "Output"),
        node("group", "Group"), links="image conv1 relu1 out",
    )  # fmt: skip
    before = check(document)
    after = check(edits.change_settings(document, "relu1", {"inplace": True}), None, before)
    assert after.nodes["image"] is before.nodes["image"]
    assert after.nodes["conv1"] is before.nodes["conv1"]
    assert after.nodes["relu1"] is not before.nodes["relu1"]


def test_a_group_that_nothing_new_reaches_keeps_its_very_report() -> None:
    inside = design(node("x", "Input"), node("lin", "Linear"), node("y", "Output"), links="x lin y")
    block = replace(node("block", "Group"), inside=inside)
    document = design(node("x", "Input"), block, node("y", "Output"), node("r", "ReLU"), links="x block y, x r")
    before = check(document)
    after = check(edits.remove(document, nodes=("r",)), None, before)
    assert after.nodes["block"] is before.nodes["block"]
    assert with_role("group") == "Group"


def test_only_nodes_that_use_a_changed_variable_are_checked_anew() -> None:
    document = design(
        node("image", "Input"), node("conv1", "Conv2d", out_channels="=wide"), node("relu1", "ReLU"),
        node("other", "Conv2d", out_channels="=k"), node("out", "Output"), links="image conv1 relu1 out, image other",
        variables={"width": 4, "wide": "=2*width", "k": 3},
    )  # fmt: skip
    before = check(document)
    after = check(set_variable(document, "width", 8), None, before)
    assert {name for name in after.nodes if after.nodes[name] is before.nodes[name]} == {"image", "other"}
    assert after.nodes["out"].shape == TensorSpec((16, 26, 26))


def test_a_variable_that_is_worth_the_same_leaves_every_report_as_it_was() -> None:
    document = design(
        node("image", "Input"), node("conv1", "Conv2d", out_channels="=width"), node("out", "Output"),
        links="image conv1 out", variables={"width": 4},
    )  # fmt: skip
    before = check(document)
    after = check(set_variable(document, "width", "=2*2"), None, before)
    assert all(after.nodes[name] is before.nodes[name] for name in after.nodes)


def test_a_group_whose_values_did_not_change_keeps_its_very_report() -> None:
    inside = design(
        node("x", "Input"), node("lin", "Linear", out_features="=n"), node("y", "Output"), links="x lin y",
        variables={"n": 3},
    )  # fmt: skip
    document = design(
        node("x", "Input"), Node("a", "Group", {"n": "=width"}, inside), Node("b", "Group", {}, inside),
        node("y", "Output"), node("z", "Output"), links="x a y, x b z", variables={"width": 4},
    )  # fmt: skip
    before = check(document)
    after = check(set_variable(document, "width", 8), None, before)
    assert after.nodes["b"] is before.nodes["b"]
    assert after.nodes["y"].shape == TensorSpec((1, 28, 8))
