"""Variables in the exported source: constants at its top, arguments of a group's class, and the engine's numbers."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

import msgspec
import torch
from designs import design, group, node
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sound import sound_designs

from designer.compiler.checking.check import check
from designer.compiler.lowering.lower import lower
from designer.compiler.lowering.traced import traced
from designer.compiler.printing.source import source
from designer.engine.network import Network
from designer.graph.document import Document, Node
from designer.graph.formulas import Name, evaluate, text_of
from designer.plan import Plan, calls


def printed(document: Document) -> str:
    report = check(document)
    assert report.sound, report.problems
    return source(lower(report))


def room_of(text: str) -> dict[str, Any]:
    room: dict[str, Any] = {"__name__": "printed"}
    exec(compile(text, "printed.py", "exec"), room)
    return room


def agree(document: Document, text: str | None = None) -> None:
    """The printed network has the weights of the engine's by name and shape, and gives the same outputs."""
    plan = lower(check(document))
    text = source(plan) if text is None else text
    names = [each.name for each in ast.parse(text).body if isinstance(each, ast.ClassDef)]
    made, engine = room_of(text)[names[-1]]().eval(), Network(plan).eval()
    made.load_state_dict(engine.state_dict())
    values = [torch.randn(2, *(int(length) for length in given.shape)) for given in plan.inputs]
    with torch.no_grad():
        one, other = made(*values), engine(*values)
    for left, right in zip(one if isinstance(one, tuple) else (one,), other, strict=True):
        assert torch.equal(left, right)


def image(**variables: Any) -> Document:
    return design(
        node("image", "Input", shape=(1, "=size", "=size")),
        node("conv1", "Conv2d", out_channels="=2*width", padding=1),
        node("norm", "BatchNorm2d"), node("relu1", "ReLU"), node("flat", "Flatten"),
        node("fc1", "Linear", out_features="=hidden"), node("drop", "Dropout", p="=rate"),
        node("fc2", "Linear", out_features=10), node("digit", "Output"),
        links="image conv1 norm relu1 flat fc1 drop fc2 digit", name="Digit reader",
        variables={"hidden": "=4*width", "width": 8, "size": 6, "rate": 0.5, "idle": 7, **variables},
    )  # fmt: skip


def test_variables_are_constants_at_the_top_and_formulas_are_expressions_of_them() -> None:
    text = printed(image())
    assert (
        text
        == '''"""Digit reader, a network in plain PyTorch; drawn with Netwright."""

from torch import Tensor, nn

WIDTH = 8
HIDDEN = 4 * WIDTH
SIZE = 6
RATE = 0.5


class DigitReader(nn.Module):
    """Digit reader. Takes image (N x 1 x 6 x 6)."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels=1, out_channels=2 * WIDTH, kernel_size=3, padding=1)
        self.norm = nn.BatchNorm2d(num_features=2 * WIDTH)
        self.relu1 = nn.ReLU()
        self.flat = nn.Flatten()
        self.fc1 = nn.Linear(in_features=2 * WIDTH * SIZE * SIZE, out_features=HIDDEN)
        self.drop = nn.Dropout(p=RATE)
        self.fc2 = nn.Linear(in_features=HIDDEN, out_features=10)

    def forward(self, image: Tensor) -> Tensor:
        x = self.conv1(image)
        x = self.norm(x)
        x = self.relu1(x)
        x = self.flat(x)
        x = self.fc1(x)
        x = self.drop(x)
        x = self.fc2(x)
        return x
'''
    )
    agree(image())


def test_a_constant_changed_in_the_source_is_the_variable_changed_in_the_design() -> None:
    text = printed(image()).replace("WIDTH = 8\n", "WIDTH = 5\n").replace("SIZE = 6\n", "SIZE = 4\n")
    agree(image(width=5, size=4), text)


def test_a_formula_in_a_list_is_written_there_and_what_would_be_too_long_is_a_number() -> None:
    document = design(
        node("image", "Input", shape=(1, "=size", "=size")), node("out", "Output"),
        node("conv1", "Conv2d", kernel_size=3, stride=(1, "=k")), node("flat", "Flatten"), node("fc", "Linear"),
        links="image conv1 flat fc out", variables={"size": 6, "k": 2},
    )  # fmt: skip
    text = printed(document)
    assert "stride=(1, K)" in text
    assert "in_features=128," in text
    agree(document)


def test_the_plan_holds_plain_numbers_for_the_engine() -> None:
    plan = lower(check(image()))
    for call in calls(plan):
        for value in (*call.keywords.values(), *call.positional):
            assert type(value) in (int, float, str, bool, tuple) or isinstance(value, msgspec.Struct)
    again = msgspec.json.decode(msgspec.json.encode(plan), type=Plan)
    assert again == plan
    assert all(type(length) is int for length in plan.inputs[0].shape)


def test_a_formula_that_gives_the_default_is_written_all_the_same() -> None:
    text = printed(design(
        node("image", "Input", shape=(1, 8, 8)), node("conv", "Conv2d", stride="=s"), node("out", "Output"),
        links="image conv out", variables={"s": 1},
    ))  # fmt: skip
    assert "stride=S" in text
    assert "\nS = 1\n" in text


def test_a_formula_without_variables_is_its_number() -> None:
    text = printed(design(
        node("row", "Input", shape=(4,)), node("lin", "Linear", out_features="=2*3"), node("out", "Output"),
        links="row lin out",
    ))  # fmt: skip
    assert "out_features=6)" in text


def test_a_constant_is_called_like_no_node_and_no_class() -> None:
    document = design(
        node("WIDTH", "Input", shape=(4,)), node("lin", "Linear", out_features="=width"), node("out", "Output"),
        links="WIDTH lin out", variables={"width": 3}, name="WIDTH2",
    )  # fmt: skip
    text = printed(document)
    assert "\nWIDTH2 = 3\n" in text
    assert "class WIDTH1(" in text
    agree(document)


def test_settings_of_functions_are_written_in_forward() -> None:
    document = design(
        node("row", "Input", shape=(8,)), node("cut", "Reshape", shape=("=n", -1)), node("out", "Output"),
        links="row cut out", variables={"n": 2},
    )  # fmt: skip
    text = printed(document)
    assert "N = 2" in text
    agree(document)


def test_a_layer_with_a_formula_that_nothing_reaches_yet_does_no_harm() -> None:
    document = image()
    agree(replace(document, nodes={**document.nodes, "fc3": Node("fc3", "Linear", {"out_features": "=width"})}))


def block(**variables: Any) -> Document:
    return design(
        node("x", "Input"), node("lin", "Linear", out_features="=width"), node("act", "ReLU"),
        node("back", "Linear", out_features="=half"), node("y", "Output"), links="x lin act back y",
        variables={"width": 6, "half": "=width//2", **variables},
    )  # fmt: skip


def with_blocks(*groups: Node, **variables: Any) -> Document:
    chain = " ".join(each.id for each in groups)
    return design(
        node("row", "Input", shape=(3,)), *groups, node("last", "Linear", out_features=2), node("out", "Output"),
        links=f"row {chain} last out", blocks={"res": block()}, variables=variables, name="Net",
    )  # fmt: skip


def test_a_groups_variables_are_arguments_of_its_class() -> None:
    document = with_blocks(
        group("a", block="res"), group("b", block="res", width="=2*n"), group("c", block="res", width=4), n=3
    )
    text = printed(document)
    assert "def __init__(self, width: int = 6) -> None:" in text
    assert "self.lin = nn.Linear(in_features=3, out_features=width)" in text
    assert "self.back = nn.Linear(in_features=width, out_features=width // 2)" in text
    assert "self.a = Res()\n" in text
    assert "self.b = Res(width=2 * N)\n" in text
    assert "self.c = Res(width=4)\n" in text
    assert text.count("class Res") == 1
    assert "self.last = nn.Linear(in_features=2, out_features=2)" in text
    agree(document)


def test_what_leaves_a_group_is_written_in_the_words_of_the_design() -> None:
    document = with_blocks(group("b", block="res", width="=2*n"), n=3)
    assert "self.last = nn.Linear(in_features=2 * N // 2, out_features=2)" in printed(document)
    agree(document)


def test_a_variable_that_follows_from_others_becomes_an_argument_where_a_group_sets_it() -> None:
    document = with_blocks(group("b", block="res", half="=n"), n=3)
    text = printed(document)
    assert "def __init__(self, width: int = 6, half: int = 3) -> None:" in text
    assert "self.b = Res(half=N)" in text
    agree(document)


def test_formulas_of_formulas_that_grow_too_long_are_numbers() -> None:
    doubled = {f"v{step}": f"=v{step - 1} + v{step - 1} - v{step - 1}" for step in range(1, 40)}
    inside = design(node("x", "Input"), node("lin", "Linear", out_features="=v39"), node("y", "Output"),
                    links="x lin y", variables={"v0": 5, **doubled})  # fmt: skip
    document = design(node("row", "Input", shape=(3,)), group("g", inside, v0=4), node("out", "Output"),
                      links="row g out", variables=dict(inside.variables))  # fmt: skip
    assert "self.lin = nn.Linear(in_features=3, out_features=4)" in printed(document)
    agree(document)


def test_groups_inside_groups_hand_their_arguments_on() -> None:
    inner = group("deep", block="res", width="=3*size")
    outer = design(node("x", "Input"), inner, node("y", "Output"), links="x deep y", variables={"size": 1})
    document = with_blocks(group("g", outer, size="=n"), n=2)
    text = printed(document)
    assert "def __init__(self, size: int = 1) -> None:" in text
    assert "self.deep = Res(width=3 * size)" in text
    assert "self.g = G(size=N)" in text
    agree(document)


def test_the_rounds_of_a_group_are_given_the_same_arguments() -> None:
    document = with_blocks(group("a", block="res", width="=2*n", repeat="=n"), n=3)
    assert "self.a = nn.Sequential(*(Res(width=2 * N) for _ in range(3)))" in printed(document)
    agree(document)


def test_the_forward_of_a_group_has_the_numbers() -> None:
    inside = design(node("x", "Input"), node("cut", "Reshape", shape=("=n", -1)), node("y", "Output"), links="x cut y",
                    variables={"n": 3})  # fmt: skip
    document = design(node("row", "Input", shape=(12,)), group("g", inside, n=4), group("h", inside),
                      node("out", "Output"), node("other", "Output"), links="row g out, row h other")  # fmt: skip
    agree(document)
    assert "self.g = G()" in printed(document)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(sound_designs(), st.integers(0, 3))
def test_any_sound_design_with_formulas_prints_as_the_network_that_the_engine_makes(
    document: Document, shift: int
) -> None:
    agree(with_variables(document, shift))


def with_variables(document: Document, shift: int) -> Document:
    """The same design, every whole number in a setting a formula of a variable of its own network."""
    nodes = {
        name: replace(
            each,
            settings={key: _as_formula(value, shift) for key, value in each.settings.items()},
            inside=with_variables(each.inside, shift) if each.inside is not None else None,
        )
        for name, each in document.nodes.items()
    }
    return replace(document, nodes=nodes, variables={"shift": shift, "more": "=shift + 1"})


def _as_formula(value: Any, shift: int) -> Any:
    if isinstance(value, tuple):
        return tuple(_as_formula(part, shift) for part in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"={value - shift}+shift" if value % 2 else f"=more*{value} - {value}*shift"
    return value


numbers = st.integers(-9, 9)


@given(numbers, st.lists(st.tuples(st.sampled_from(["+", "-", "*", "//", "r+", "r-", "r*"]), numbers), max_size=6))
def test_what_is_reckoned_with_a_number_is_remembered_rightly(start: int, steps: list[tuple[str, int]]) -> None:
    found: Any = traced(start, Name("n"))
    wanted = start
    for sign, other in steps:
        if sign == "//" and not other:
            continue
        if sign.startswith("r"):
            one: Any = other
            found, wanted = (
                (one + found, one + wanted) if sign == "r+"
                else (one - found, one - wanted) if sign == "r-" else (one * found, one * wanted)
            )  # fmt: skip
        else:
            found = {"+": found.__add__, "-": found.__sub__, "*": found.__mul__, "//": found.__floordiv__}[sign](other)
            wanted = {"+": wanted + other, "-": wanted - other, "*": wanted * other,
                      "//": wanted // (other or 1)}[sign]  # fmt: skip
    assert found == wanted
    formula = getattr(found, "formula", None)
    if formula is not None:
        assert evaluate(formula, {"n": start}) == wanted
        assert eval(text_of(formula), {}, {"n": start}) == wanted
