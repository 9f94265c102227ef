"""The plan of a design: what is made, in which order, under which names."""

from __future__ import annotations

import pytest
from designs import design, group, node
from hypothesis import HealthCheck, given, settings
from sound import sound_designs

from designer.compiler.checking.check import check
from designer.compiler.lowering.lower import NotSoundError, live_nodes, lower
from designer.graph.document import Document
from designer.plan import Plan, names, refs


@pytest.mark.parametrize("document", [
    Document(), design(node("a", "Linear", out_features=0)),
    design(node("x", "Input"), node("out", "Output"), node("spare", "Output"), links="x out"),
])  # fmt: skip
def test_a_design_with_errors_has_no_plan(document: Document) -> None:
    with pytest.raises(NotSoundError):
        lower(check(document))


def test_only_what_an_output_needs_is_live() -> None:
    document = design(*(node(name, "ReLU") for name in "abc"), node("x", "Input"), node("out", "Output"),
                      links="x a b, a c, c out")  # fmt: skip
    assert live_nodes(check(document)) == {"x", "a", "c", "out"}


def read_before_bound(plan: Plan) -> None:
    """Every value is bound before it is read, by one node alone, and every module is used by a step."""
    bound = {given.name: given.name for given in plan.inputs}
    used = set()
    for step in plan.steps:
        assert set(refs(step.call)) <= set(bound)
        for name in names(step.result):
            assert bound.setdefault(name, step.node) == step.node
        used.add(step.call.target.removeprefix("self."))
    assert {name for _, value in plan.outputs for name in refs(value)} <= set(bound)
    assert set(plan.modules) <= used
    for made in plan.modules.values():
        for inner in made if isinstance(made, tuple) else (made,):
            if isinstance(inner, Plan):
                read_before_bound(inner)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(sound_designs())
def test_every_plan_binds_before_it_reads_and_uses_what_it_makes(document: Document) -> None:
    read_before_bound(lower(check(document)))


def test_an_input_may_be_given_back_as_it_came() -> None:
    plan = lower(check(design(node("x", "Input"), node("out", "Output"), links="x out")))
    assert plan.steps == ()
    assert [name for name, _ in plan.outputs] == ["out"]


def test_a_group_is_named_after_its_block_and_its_weights_after_the_group() -> None:
    inside = design(node("x", "Input"), node("lin", "Linear"), node("y", "Output"), links="x lin y")
    plan = lower(check(design(node("r", "Input", shape=(6,)), group("g", block="Residual block"), node("out", "Output"),
                              links="r g out", blocks={"Residual block": inside})))  # fmt: skip
    made = plan.modules["g"]
    assert isinstance(made, Plan)
    assert made.title == "Residual block"
    assert list(made.modules) == ["lin"]
