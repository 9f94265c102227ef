"""Every fix that a problem offers takes the problem away, as one edit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from designs import design, group, node, whole_documents
from hypothesis import HealthCheck, given, settings

from designer.compiler.checking.check import check
from designer.compiler.checking.facts import data_facts
from designer.compiler.checking.report import Report
from designer.compiler.lowering.recipe import training_problems
from designer.graph import edits
from designer.graph.document import Document
from designer.problems import Fix, Problem, UserError

IMAGE = node("image", "Input", shape=(1, 8, 8))
ROW = node("row", "Input", shape=(64,))
OUT = node("out", "Output")
DIGITS = {"source": "digits"}
DIGIT = node("out", "Output", loss="CrossEntropyLoss")


def examined(document: Document) -> tuple[Report, tuple[Problem, ...]]:
    """The report, and every problem of checking, of the data and of training."""
    facts, problems = data_facts(document)
    report = check(document, facts)
    every = (*report.problems, *problems)
    if document.data or document.training:
        every = tuple({p.sentence + str(p.node): p for p in (*every, *training_problems(report))}.values())
    return report, every


def loop(inner: str) -> Document:
    return design(node("x", "Input"), group("again", block=inner), node("y", "Output"), links="x again y")


PLAIN = design(node("x", "Input"), node("lin", "Linear", out_features=0), node("y", "Output"), links="x lin y")
TWO = design(node("x", "Input"), node("y", "Output"), node("z", "Output"), links="x y, x z")

WRONG: dict[str, tuple[str, int, Document]] = {
    "an image at a layer of rows": ("rank", 1, design(IMAGE, node("lstm", "LSTM"), OUT, links="image lstm out")),
    "a number at a Linear": (
        "rank", 1, design(node("n", "Input", shape=()), node("lin", "Linear"), OUT, links="n lin out")),
    "a row at a convolution": ("rank", 1, design(ROW, node("c", "Conv2d"), OUT, links="row c.x out")),
    "an image without channels": (
        "rank", 1, design(node("i", "Input", shape=(8, 8)), node("c", "Conv2d"), OUT, links="i c out")),
    "rank inside a group": ("rank", 1, design(
        ROW, group("g", design(node("x", "Input"), node("c", "Conv2d"), node("y", "Output"), links="x c y")), OUT,
        links="row g out")),
    "a setting out of range": (
        "setting", 1, design(ROW, node("lin", "Linear", out_features=0), OUT, links="row lin out")),
    "a setting of a wrong kind": ("setting", 1, design(ROW, node("lin", "Linear", bias=1), OUT, links="row lin out")),
    "an unknown setting": ("unknown-setting", 1, design(ROW, node("r", "ReLU", odd=1), OUT, links="row r out")),
    "a circle": ("cycle", 1, design(ROW, node("a", "Add"), node("b", "ReLU"), OUT, links="row a b a, b out")),
    "a circle with ports": (
        "cycle", 1, design(ROW, node("a", "Add"), node("b", "ReLU"), OUT, links="row a b.output a.x, b out")),
    "a node without links": ("isolated", 1, design(ROW, node("r", "ReLU"), OUT, links="row out")),
    "an output without links": ("isolated", 1, design(ROW, node("spare", "Output"), OUT, links="row out")),
    "no input": ("no-input", 1, design(node("r", "ReLU"), OUT, links="r out")),
    "no output": ("no-output", 1, design(ROW, node("r", "ReLU"), links="row r")),
    "an open input": ("unconnected", 1, design(node("r", "ReLU"), OUT, links="r out")),
    "an illegal id": ("illegal-id", 1, design(ROW, node("a.b c", "ReLU"), OUT, links="row out") ),
    "a keyword as id": ("illegal-id", 1, design(ROW, node("for", "ReLU"), OUT, links="row for out")),
    "an id that was there twice": (
        "duplicate-id", 1, design(ROW, node("r2", "ReLU"), OUT, links="row r2 out", renamed={"r2": "r"})),
    "an unknown port": ("unknown-port", 1, design(ROW, node("r", "ReLU"), OUT, links="row r.y, row r out")),
    "an unknown port of a source": ("unknown-port", 1, design(ROW, node("r", "ReLU"), OUT, links="row r, r.y out")),
    "two links at one port": ("crowded-port", 2, design(ROW, node("r", "ReLU"), OUT, links="row out, row r out")),
    "an empty group": ("empty-group", 1, design(ROW, group("g"), OUT, links="row g out")),
    "a block in itself": (
        "endless-block", 1, design(ROW, group("g", block="a"), OUT, links="row g out", blocks={"a": loop("a")})),
    "uneven rounds": ("repeat", 1, design(ROW, group("g", TWO, repeat=2), OUT, links="row g out")),
    "too many rounds": ("too-large", 1, design(
        ROW, group("g", design(node("x", "Input"), group("h", PLAIN, repeat=1000), node("y", "Output"), links="x h y"),
                   repeat=1000), OUT, links="row g out")),
    "a window too large": ("window", 1, design(IMAGE, node("c", "Conv2d", kernel_size=9), OUT, links="image c out")),
    "softmax before its loss": ("softmax-before-loss", 1, design(
        ROW, node("lin", "Linear", out_features=10), node("soft", "Softmax"), DIGIT, links="row lin soft out")),
    "unknown data": ("data", 1, design(ROW, OUT, links="row out", data={"source": "nonsense"})),
    "a wrong setting of the data": (
        "data", 1, design(ROW, OUT, links="row out", data={"source": "moons", "noise": -1.0})),
    "an input of another shape": ("data-shape", 1, design(ROW, OUT, links="row out", data=DIGITS)),
    "an input without a batch": ("data-batch", 1, design(
        node("image", "Input", shape=(1, 8, 8), batched=False), OUT, links="image out", data=DIGITS)),
    "an input wired to nothing": (
        "data-field", 1, design(IMAGE, OUT, links="image out", data={**DIGITS, "inputs": {"image": "sound"}})),
    "an output wired to nothing": (
        "data-field", 1, design(IMAGE, OUT, links="image out", data={**DIGITS, "targets": {"out": "sound"}})),
    "an unknown target": (
        "data-target", 1, design(IMAGE, node("out", "Output", target="sound"), links="image out", data=DIGITS)),
    "a loss for other data": (
        "data-loss", 1, design(IMAGE, node("out", "Output", loss="MSELoss"), links="image out", data=DIGITS)),
    "a width other than the classes": ("output-width", 1, design(
        IMAGE, node("f", "Flatten"), node("lin", "Linear", out_features=9), node("drop", "Dropout"), DIGIT,
        links="image f lin drop out", data=DIGITS)),
    "rows where one row is wanted": ("output-width", 1, design(
        IMAGE, node("lin", "Linear", out_features=10), DIGIT, links="image lin out", data=DIGITS)),
    "a picture of one number a class": ("output-width", 1, design(
        IMAGE, node("c", "Conv2d", out_channels=10, kernel_size=8), DIGIT, links="image c out", data=DIGITS)),
    "a width behind a Flatten that does not set it": ("output-width", 0, design(
        IMAGE, node("c", "Conv2d", out_channels=4), node("f", "Flatten"), DIGIT, links="image c f out", data=DIGITS)),
    "an autoencoder that gives a row": ("output-width", 1, design(
        IMAGE, node("f", "Flatten"), node("lin", "Linear", out_features=64),
        node("out", "Output", loss="MSELoss", target="image"), links="image f lin out", data=DIGITS)),
    "no loss": ("no-loss", 1, design(
        IMAGE, node("f", "Flatten"), node("lin", "Linear", out_features=10), OUT, links="image f lin out",
        data=DIGITS)),
    "epochs out of range": ("training", 1, design(IMAGE, OUT, links="image out", data=DIGITS, training={"epochs": 0})),
    "a rate out of range": ("training", 1, design(
        IMAGE, OUT, links="image out", data=DIGITS, training={"optimizer": {"kind": "SGD", "lr": -1.0}})),
    "an unknown optimizer": ("training", 1, design(
        IMAGE, OUT, links="image out", data=DIGITS, training={"optimizer": {"kind": "Magic"}})),
    "an optimizer that is none": (
        "training", 1, design(IMAGE, OUT, links="image out", data=DIGITS, training={"optimizer": 3})),
    "nesterov without momentum": ("training", 1, design(
        IMAGE, OUT, links="image out", data=DIGITS, training={"optimizer": {"kind": "SGD", "nesterov": True}})),
    "a split out of range": (
        "training", 1, design(IMAGE, OUT, links="image out", data={**DIGITS, "split": {"test": 2.0}})),
    "a split that leaves nothing": (
        "training", 1, design(
            IMAGE, OUT, links="image out", data={**DIGITS, "split": {"test": 0.9, "validation": 0.9}})),
    "a split that is none": ("training", 1, design(IMAGE, OUT, links="image out", data={**DIGITS, "split": "half"})),
    "channels that do not add up": ("shapes", 2, design(
        IMAGE, node("c", "Conv2d", padding=1), node("d", "Conv2d", out_channels=4, padding=1), node("a", "Add"), OUT,
        links="image c a, image d a out")),
    "a shortcut past a stride": ("shapes", 4, design(
        IMAGE, node("c", "Conv2d", padding=1, stride=2), node("r", "ReLU"), node("a", "Add"), OUT,
        links="image c r a, image a out")),
    "features that do not add up": ("shapes", 2, design(
        ROW, node("l", "Linear", out_features=9), node("a", "Subtract"), OUT, links="row l a, row a.y, a out")),
    "a cropped image beside a whole one": ("shapes", 4, design(
        IMAGE, node("c", "Conv2d"), node("a", "Concat"), OUT, links="image c a, image a out")),
    "an image beside a row": ("shapes", 1, design(
        IMAGE, ROW, node("l", "Linear"), node("a", "Concat"), OUT, links="image a, row l a out")),
    "a branch that leads nowhere": ("dead-branch", 1, design(
        ROW, node("a", "ReLU"), node("b", "Tanh"), OUT, links="row out, row a b")),
}  # fmt: skip


def refusal(fix: Fix) -> str | None:
    """What is said where a fix comes to a design that has none of its nodes."""
    try:
        edits.apply_fix(Document(), fix)
    except UserError as error:
        return str(error)
    return None


def place(problem: Problem) -> tuple[str, str | None, str | None, str | None]:
    return problem.code, problem.node, problem.port, problem.setting


@pytest.mark.parametrize("wrong", WRONG)
def test_every_fix_takes_its_problem_away(wrong: str) -> None:
    code, number, document = WRONG[wrong]
    _, problems = examined(document)
    found = [problem for problem in problems if problem.code == code]
    assert len(found) == 1
    assert len(found[0].fixes) == number
    assert found[0].message.endswith(".")
    assert found[0].hint.endswith(".")
    for fix in found[0].fixes:
        mended = edits.apply_fix(document, fix)
        assert place(found[0]) not in [place(problem) for problem in examined(mended)[1]], fix


def test_a_number_reshaped_for_a_linear_makes_the_design_sound() -> None:
    document = WRONG["a number at a Linear"][2]
    assert check(edits.apply_fix(document, check(document).problems[0].fixes[0])).sound


def test_a_circle_inside_a_circle_is_open_after_as_many_cuts_as_it_needs() -> None:
    document = design(ROW, *(node(name, "Add") for name in "abc"), OUT, links="row a b c a, c b, c out")
    for _ in range(3):
        circles = [problem for problem in check(document).problems if problem.code == "cycle"]
        if circles:
            document = edits.apply_fix(document, circles[0].fixes[0])
    assert check(document).sound


def test_a_fix_pressed_too_late_is_refused_in_a_sentence() -> None:
    for _, _, document in WRONG.values():
        for problem in examined(document)[1]:
            for fix in problem.fixes:
                sentence = refusal(fix)
                assert sentence is None or sentence.endswith(".")


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(whole_documents())
def test_every_fix_of_any_design_can_be_made_and_changes_it(document: Document) -> None:
    for problem in examined(replace(document, training={"epochs": -1}))[1]:
        for fix in problem.fixes:
            changed = edits.apply_fix(document, fix)
            if fix.edit != "change_training":
                assert changed is not document, problem
            check(changed)


def test_a_misspelt_variable_of_a_group_is_put_right() -> None:
    lin = node("lin", "Linear", out_features="=width")
    inside = replace(design(ROW, lin, OUT, links="row lin, lin out"), variables={"width": 8})
    document = design(ROW, group("g", inside, wdith=16), OUT, links="row g out")
    (problem,) = check(document).problems
    assert problem.hint == "Did you mean width?"
    assert problem.fixes[0].label == "Call it width"
    mended = edits.change_settings(document, **problem.fixes[0].arguments)
    assert dict(mended.nodes["g"].settings) == {"width": 16}
    assert not check(mended).problems
