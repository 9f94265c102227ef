"""Variables in the check: formulas become numbers, what is wrong is said where it stands, groups have their own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from designs import codes, design, group, node

from designer.catalogue.tensor import TensorSpec
from designer.compiler.checking.check import check
from designer.compiler.checking.groups import MOST_NODES
from designer.compiler.checking.report import Report
from designer.compiler.project import examine
from designer.graph import edits
from designer.graph.document import Document
from designer.problems import Problem

ROW, OUT = node("row", "Input", shape=(6,)), node("out", "Output")


def row(variables: dict[str, Any], **settings: Any) -> Document:
    return design(ROW, node("lin", "Linear", **settings), OUT, links="row lin out", variables=variables)


def block(**variables: Any) -> Document:
    inside = node("lin", "Linear", out_features="=2*width")
    return design(node("x", "Input"), inside, node("y", "Output"), links="x lin y", variables=variables)


def only(report: Report) -> Problem:
    (problem,) = report.problems
    return problem


def mended(document: Document) -> Document:
    """The design after the first mend of its only problem."""
    return edits.apply_fix(document, only(check(document)).fixes[0])


def test_a_setting_is_what_its_formula_gives() -> None:
    report = check(row({"width": 16, "half": "=width//2"}, out_features="=3*half + 1"))
    assert report.problems == ()
    assert report.nodes["out"].shape == TensorSpec((25,))
    assert report.variables == {"width": 16, "half": 8}
    assert report.nodes["lin"].node.settings == {"out_features": "=3*half + 1"}


def test_a_formula_may_stand_in_a_list() -> None:
    image = node("image", "Input", shape=(1, "=size", "=2*size"))
    report = check(design(image, OUT, links="image out", variables={"size": 8}))
    assert report.nodes["image"].shape == TensorSpec((1, 8, 16))


def test_a_formula_needs_no_variable() -> None:
    assert check(row({}, out_features="=2*4")).nodes["out"].shape == TensorSpec((8,))


def test_the_value_of_a_formula_must_suit_the_setting() -> None:
    assert only(check(row({"width": 2}, out_features="=width-5"))).code == "setting"
    assert "1.0" in only(check(row({"width": 2}, out_features="=width*0.5"))).message


@pytest.mark.parametrize("formula", ["=2*", "=4/2", "=1//0", "=2**10**10", "=(1"])
def test_a_wrong_formula_is_a_problem_at_its_setting(formula: str) -> None:
    document = row({}, out_features=formula)
    problem = only(check(document))
    assert (problem.code, problem.node, problem.setting) == ("formula", "lin", "out_features")
    assert problem.hint
    assert check(mended(document)).sound


def test_a_misspelt_variable_is_corrected_by_a_click() -> None:
    document = row({"width": 5}, out_features="=2*widht")
    assert "Did you mean width?" in only(check(document)).hint
    assert mended(document).nodes["lin"].settings == {"out_features": "=2*width"}


def test_a_variable_that_is_not_there_is_added_by_a_click() -> None:
    document = row({}, out_features="=width")
    assert mended(document).variables == {"width": 64}


def test_a_variable_may_depend_on_one_below_it() -> None:
    assert check(row({"a": "=b+1", "b": 2}, out_features="=a")).variables == {"a": 3, "b": 2}


def test_a_circle_of_variables_is_one_problem_and_what_needs_them_is_not_known() -> None:
    report = check(row({"a": "=b", "b": "=c+1", "c": "=a", "d": "=a"}, out_features="=d"))
    problem = only(report)
    assert (problem.code, problem.node, problem.setting) == ("variable", None, "a")
    assert "circle" in problem.message
    assert not report.nodes["lin"].known
    assert not report.sound


@pytest.mark.parametrize("value", [True, None, (1, 2), "wide", float("inf"), 10**30, {"a": 1}])
def test_a_variable_that_is_no_number_is_a_problem_at_it(value: object) -> None:
    problem = only(check(row({"width": value}, out_features="=width")))
    assert (problem.code, problem.setting) == ("variable", "width")


def test_an_equals_sign_that_was_forgotten_is_added_by_a_click() -> None:
    assert mended(row({"a": 3, "width": "2*a"}, out_features="=width")).variables["width"] == "=2*a"


@pytest.mark.parametrize("name", ["repeat", "2x", "for", "a b"])
def test_a_variable_with_an_impossible_name_is_renamed_by_a_click(name: str) -> None:
    document = row({name: 3}, out_features=2)
    assert only(check(document)).setting == name
    assert check(mended(document)).problems == ()


def test_a_text_that_is_no_number_is_never_a_formula() -> None:
    report = check(design(ROW, node("o", "Output", target="=row"), links="row o"))
    assert report.nodes["o"].layer is not None
    assert report.nodes["o"].layer.values == {"target": "=row"}


def test_a_group_gives_its_variables_other_values() -> None:
    blocks = {"res": block(width=3)}
    document = design(
        ROW, group("a", block="res"), group("b", block="res", width=16), group("c", block="res", width="=2*n"), OUT,
        links="row a b c out", blocks=blocks, variables={"n": 5},
    )  # fmt: skip
    report = check(document)
    assert report.problems == ()
    widths = [report.nodes[name].outgoing["y"] for name in "abc"]
    assert widths == [TensorSpec((6,)), TensorSpec((32,)), TensorSpec((20,))]
    assert report.nodes["c"].rounds[0].variables == {"width": 10}


def test_inside_a_group_the_variables_around_are_not_seen() -> None:
    report = check(design(ROW, group("g", block()), OUT, links="row g out", variables={"width": 4}))
    assert [(p.code, p.node, p.setting) for p in report.problems] == [("formula", "g.lin", "out_features")]
    assert report.problems[0].fixes[0].inside == ("g",)
    assert report.problems[0].hint.startswith("A group sees its own variables alone: add one called ")


def test_a_value_that_a_group_cannot_give_is_a_problem_at_the_group() -> None:
    problem = only(check(design(ROW, group("g", block(width=4), width=(1, 2)), OUT, links="row g out")))
    assert (problem.code, problem.node, problem.setting) == ("formula", "g", "width")


def test_a_variable_that_is_not_inside_is_no_setting_of_the_group() -> None:
    problem = only(check(design(ROW, group("g", block(width=4), widht=2), OUT, links="row g out")))
    assert (problem.code, problem.setting) == ("unknown-setting", "widht")


def test_a_wrong_variable_inside_a_group_is_told_at_the_group() -> None:
    problem = only(check(design(ROW, group("g", block(width="=2*")), OUT, links="row g out")))
    assert (problem.code, problem.node, problem.setting) == ("variable", "g", "width")


def test_a_variable_that_the_group_sets_is_not_asked_for_its_own_formula() -> None:
    assert check(design(ROW, group("g", block(width="=2*"), width=3), OUT, links="row g out")).problems == ()


def test_a_repeat_may_be_a_formula_and_is_counted_before_it_is_unrolled() -> None:
    deep = group("deep", block(width=3), repeat="=n")
    inner = design(node("x", "Input"), deep, node("y", "Output"), links="x deep y", variables={"n": 1})
    few = design(ROW, group("g", inner, repeat="=r", n=3), OUT, links="row g out", variables={"r": 2})
    assert [len(check(few).nodes["g"].rounds), check(few).problems] == [2, ()]
    many = edits.change_settings(replace(few, variables={"r": 1000}), "g", {"n": 1000})
    assert codes(check(many)) == ["too-large"]
    assert MOST_NODES < 1000 * 1000


def test_a_fix_that_tries_out_widths_starts_from_the_numbers() -> None:
    document = design(
        node("row", "Input", shape=(4,)), node("lin", "Linear", out_features="=n"),
        node("o", "Output", loss="CrossEntropyLoss"), links="row lin o", variables={"n": 7}, data={"source": "iris"},
    )  # fmt: skip
    problem = only(examine(document))
    assert problem.fixes[0].label == "Set out_features of lin to 3"
