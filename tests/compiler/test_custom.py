"""Layers of the user's own in the check: what is asked of the worker, and what its answers come to."""

from __future__ import annotations

from pathlib import Path

import pytest
from designs import codes, design, group, link, node
from msgspec.structs import replace

from designer.catalogue.custom_code import TEMPLATE
from designer.catalogue.tensor import TensorSpec
from designer.compiler.checking.check import check
from designer.compiler.checking.custom import Answers, crashed, hung, own_code, questions
from designer.compiler.checking.report import Report
from designer.compiler.lowering.lower import NotSoundError, lower
from designer.compiler.printing.source import source
from designer.compiler.project import examine, open_design
from designer.compiler.summary import text
from designer.engine.inspect_custom import inspect
from designer.graph import edits, files
from designer.graph.document import Document
from designer.plan import fingerprint
from designer.problems import Problem


def own(body: str, forward: str = "self, x", result: str = "") -> str:
    lines = ["import torch", "from torch import Tensor, nn", "class Own(nn.Module):", '    """Own."""']
    return "\n".join([*lines, f"    def forward({forward}){f' -> {result}' if result else ''}:", f"        {body}", ""])


def chain(code: str = TEMPLATE, *shape: int | str, **settings: object) -> Document:
    given = node("data", "Input", shape=shape or (8,), **settings)
    return design(given, node("own", "Custom", code=code), node("end", "Output"), links="data own end")


def asked(document: Document) -> Report:
    """The report of a design after the worker, here in this process, has answered all that is asked."""
    report = check(document)
    answers: Answers = {}
    while found := questions(report):
        told = [inspect(replace(each, allowed=(fingerprint(each.call.code),))) for each in found]
        answers = {**answers, **{each.key: each for each in told}}
        report = check(document, None, report, answers)
    return report


def gives(code: str, *shape: int | str, **settings: object) -> TensorSpec:
    report = asked(chain(code, *shape, **settings))
    assert report.sound, report.problems
    spec = report.nodes["own"].shape
    assert isinstance(spec, TensorSpec)
    return spec


def refusal(code: str, *shape: int | str) -> Problem:
    (problem,) = asked(chain(code, *shape)).problems
    assert problem.node == "own"
    return problem


def test_what_nobody_has_looked_at_is_one_problem_and_nothing_below_is_another() -> None:
    document = design(
        node("data", "Input", shape=(8,)), node("own", "Custom", code=TEMPLATE), node("dense", "Linear"),
        node("end", "Output"), links="data own dense end",
    )  # fmt: skip
    report = check(document)
    assert codes(report) == ["code-not-run"]
    assert not report.sound
    assert report.nodes["dense"].shape is None
    with pytest.raises(NotSoundError):
        lower(report)
    assert "?" in text(report)


def test_formulas_before_and_after_a_layer_of_the_users_own_are_printed() -> None:
    document = design(
        node("data", "Input", shape=(8,)), node("before", "Linear", out_features="=width"),
        node("own", "Custom", code=TEMPLATE), node("after", "Linear", out_features="=2*width"), node("end", "Output"),
        links="data before own after end", variables={"width": 4},
    )  # fmt: skip
    printed = source(lower(asked(document)))
    assert "in_features=8, out_features=WIDTH)" in printed
    assert "in_features=4, out_features=2 * WIDTH)" in printed


def test_the_answer_gives_shape_weights_and_cost() -> None:
    report = asked(chain(TEMPLATE, 5, 8))
    assert report.sound
    assert report.nodes["own"].shape == TensorSpec((5, 8))
    assert report.nodes["own"].weights == {"height": (16,), "frequency": (16,)}
    assert report.parameters == 32
    linear = TEMPLATE.replace("waves @ self.height", "torch.mm(x, x.new_ones(8, 8))")
    assert asked(chain(linear)).macs == 64


def test_an_answer_is_asked_for_once_however_many_layers_are_alike() -> None:
    document = design(
        node("data", "Input", shape=(8,)), node("one", "Custom", code=TEMPLATE), node("two", "Custom", code=TEMPLATE),
        node("end", "Output"), links="data one two end",
    )  # fmt: skip
    first = check(document)
    (question,) = questions(first)
    answer = inspect(replace(question, allowed=(fingerprint(TEMPLATE),)))
    assert check(document, None, first, {answer.key: answer}).sound


def test_layers_inside_groups_and_rounds_are_asked_for_too() -> None:
    inside = design(node("a", "Input"), node("own", "Custom", code=TEMPLATE), node("b", "Output"), links="a own b")
    document = design(
        node("data", "Input", shape=(8,)),
        group("block", inside, repeat=2),
        node("end", "Output"),
        links="data block end",
    )
    report = asked(document)
    assert report.sound
    assert report.parameters == 64
    assert dict(own_code(document)) == {"block.own": TEMPLATE}
    # Without any edit nothing is walked again.
    assert check(document, None, report, report.answers).nodes["block"] is report.nodes["block"]


def test_a_report_before_is_reused_as_long_as_the_answers_are_the_same() -> None:
    document = chain()
    report = asked(document)
    moved = edits.change_settings(document, "end", {"loss": "MSELoss"})
    again = check(moved, None, report, report.answers)
    assert again.nodes["own"] is report.nodes["own"]
    assert check(moved, None, again).nodes["own"].outgoing == {}


@pytest.mark.parametrize(
    ("body", "shape", "expected"),
    [
        ("return x", ("T", 8), TensorSpec(("T", 8))),
        ("return x[:, :, None].expand(-1, -1, 3, -1)", ("T", 8), TensorSpec(("T", 3, 8))),
        ("return torch.cat((x, x, x[:, :1]), 1)", ("T", 8), TensorSpec(("(T*2+1)", 8))),
        ("return torch.cat((x, x), 1)", ("T", 8), TensorSpec(("T*2", 8))),
        ("return x.transpose(0, 1)", (4, 8), TensorSpec((4, 8), batch=1)),
        ("return x.flatten(1)", ("T", "S", 2), None),
        ("return x.movedim(2, 1)", ("T", "S", 2), TensorSpec(("S", "T", 2))),
        ("return x[:, 1:]", ("T", 8), None),
        ("return x > 0", (8,), TensorSpec((8,), "bool")),
        ("return x.new_ones(8, 8)", (8,), TensorSpec((8, 8), batch=None)),
    ],
)
def test_the_axes_that_follow_the_batch_and_free_lengths_are_told_apart(
    body: str, shape: tuple[int | str, ...], expected: TensorSpec | None
) -> None:
    if expected is None:
        assert refusal(own(body), *shape).code == "free"
    else:
        assert gives(own(body), *shape) == expected


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return x.reshape(-1)", "Axis 0 of what it gives is 32 long for 4 examples and 48 for 6."),
        ("return x @ x.T", "It gives the batch on two axes, so it compares the examples."),
        ("return x.to(torch.complex64)", "It gives complex64 numbers, which no layer takes."),
        ("return x if len(x) == 4 else x[0]", "How many axes it gives depends on the batch."),
        ("return x @ x", "Line 6: RuntimeError: mat1 and mat2 shapes cannot be multiplied (4x8 and 4x8)."),
    ],
)
def test_a_layer_that_gives_what_no_layer_gives_is_refused_at_its_code(body: str, message: str) -> None:
    problem = refusal(own(body))
    assert problem.message == message
    assert problem.setting == "code"


def test_several_ports_and_a_free_length_that_came_from_another_layer() -> None:
    code = own("return x + 1, x.mean(1)", "self, x, mask=None", "tuple[Tensor, Tensor]")
    document = design(
        node("a", "Input", shape=("T", 8)), node("b", "Input", shape=("T", 8)), node("cat", "Concat", dim=1),
        node("own", "Custom", code=code), node("end", "Output"), node("rest", "Output"),
        links="a cat own end, b cat",
    )  # fmt: skip
    document = edits.connect(document, link("own.output2", "rest"))
    report = asked(document)
    assert report.sound, report.problems
    assert report.nodes["own"].outgoing == {"output1": TensorSpec(("(T+T)", 8)), "output2": TensorSpec((8,))}


def test_a_free_length_may_be_any_name() -> None:
    assert gives(own("return x"), "lambda", 8) == TensorSpec(("lambda", 8))


def test_a_node_without_code_offers_an_example() -> None:
    (problem,) = check(chain("")).problems
    assert problem.code == "no-code"
    mended = edits.apply_fix(chain(""), problem.fixes[0])
    assert mended.nodes["own"].settings == {"code": TEMPLATE}


def test_broken_code_is_one_problem_and_its_links_stay() -> None:
    document = edits.connect(chain(), link("data", "own.mask"))
    broken = edits.change_settings(document, "own", {"code": "class Own(nn.Module"})
    report = check(broken)
    assert codes(report) == ["custom-code"]
    assert report.problems[0].setting == "code"


def test_a_crash_and_a_hang_are_problems_at_the_code() -> None:
    document = chain()
    (question,) = questions(check(document))
    for answer in (crashed(question), hung(question, 20)):
        (problem,) = check(document, None, None, {answer.key: answer}).problems
        assert (problem.node, problem.setting) == ("own", "code")


def test_opening_and_checking_a_file_runs_no_code_of_it(tmp_path: Path) -> None:
    trap, path = tmp_path / "trap", tmp_path / "a.netwright"
    code = own("return x").replace("class Own(nn.Module):", f"class Own(nn.Module, x=open({str(trap)!r}, 'w')):")
    files.write(chain(code), path)
    document = open_design(path)
    report = examine(document)
    examine(edits.change_settings(document, "own", {"arguments": "a=1"}), report)
    text(report)
    copied, _ = edits.paste(document, edits.copy(document, {"own"}))
    examine(copied, report)
    assert codes(report) == ["code-not-run"]
    assert not trap.exists()
