"""The plan as data: what it reads, what it binds, and how names are put in place of others."""

from __future__ import annotations

import msgspec
import pytest

from designer.plan import UNUSED, Call, Plan, PlanInput, Ref, Step, names, refs, substitute

VALUE = Call("torch.cat", {"dim": 1, "out": Ref("c")}, ((Ref("a"), Call("+", {}, (Ref("b"), 2.0))), Ref("a")))


def test_every_name_that_is_read_is_found_in_order() -> None:
    assert list(refs(VALUE)) == ["a", "b", "a", "c"]
    assert list(refs((1, "text", None, True))) == []


def test_every_name_that_is_bound_is_found_but_for_the_unused() -> None:
    assert list(names("x")) == ["x"]
    assert list(names(("output", ("h", UNUSED), UNUSED))) == ["output", "h"]


def test_names_are_put_in_place_of_others_at_any_depth_and_the_call_stays_as_it_was() -> None:
    renamed = substitute(VALUE, lambda name: Ref(name.upper()))
    assert list(refs(renamed)) == ["A", "B", "A", "C"]
    assert list(refs(VALUE)) == ["a", "b", "a", "c"]
    assert substitute(3, Ref) == 3
    assert substitute(Ref("a"), len) == 1


def test_a_plan_comes_back_from_json_as_it_went() -> None:
    inside = Plan("Block", (PlanInput("x", ("T", 4), "int64", 1),), {"lin": Call("nn.Linear", {"bias": False})},
                  (Step("x", Call("self.lin", {}, (Ref("x"),)), "lin"),), (("y", Ref("x")),))  # fmt: skip
    plan = Plan(
        "Whole", (PlanInput("x", (1, 8, 8)), PlanInput("edges", (2, "E"), "int64", None)),
        {"conv": Call("nn.Conv2d", {"kernel_size": (3, 5), "padding": "same"}), "one": inside,
         "many": (inside, inside)},
        (
            Step(("output", ("h", UNUSED)), Call("self.conv", {}, (Ref("x"), None, True, 0.5)), "conv"),
            Step("both", VALUE),
        ),
        (("out", VALUE), ("raw", Ref("x"))), (("decoder.weight", "encoder.weight"),),
    )  # fmt: skip
    assert msgspec.json.decode(msgspec.json.encode(plan), type=Plan) == plan


def test_a_plan_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Ref("a").name = "b"  # type: ignore[misc]
