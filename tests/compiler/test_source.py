"""The printed module is what a person would write, and it is the network that the engine makes."""

from __future__ import annotations

import ast

import pytest
import torch
from designs import design, group, link, node
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from printed import last_class
from sound import sound_designs

from designer.compiler.checking.check import check
from designer.compiler.lowering.lower import lower
from designer.compiler.printing.source import WIDTH, class_name, source
from designer.engine.network import Network
from designer.graph.document import Document
from designer.graph.grouping import group as grouped
from designer.plan import Plan


def printed(document: Document) -> str:
    return source(lower(check(document)))


def values_for(plan: Plan) -> list[torch.Tensor]:
    return [torch.randn(2, *(int(length) for length in given.shape)) for given in plan.inputs]


def agree(plan: Plan, text: str) -> None:
    """The printed network and the engine's have the same weights by name and give the same outputs."""
    made, engine = last_class(text)().eval(), Network(plan).eval()
    assert {key: value.shape for key, value in made.state_dict().items()} == {
        key: value.shape for key, value in engine.state_dict().items()
    }
    made.load_state_dict(engine.state_dict())
    values = values_for(plan)
    with torch.no_grad():
        one, other = made(*values), engine(*values)
    one = one if isinstance(one, tuple) else (one,)
    assert len(one) == len(other)
    for left, right in zip(one, other, strict=True):
        torch.testing.assert_close(left, right, rtol=0, atol=0)


def no_dead_lines(text: str) -> None:
    """Every module that is made is used, and every name that is bound is read."""
    for made in (each for each in ast.parse(text).body if isinstance(each, ast.ClassDef)):
        attributes = [each for each in ast.walk(made) if isinstance(each, ast.Attribute)]
        own = [each for each in attributes if isinstance(each.value, ast.Name) and each.value.id == "self"]
        assert {each.attr for each in own if isinstance(each.ctx, ast.Store)} <= {
            each.attr for each in own if isinstance(each.ctx, ast.Load)
        }
        names = [each for each in ast.walk(made) if isinstance(each, ast.Name)]
        bound = {each.id for each in names if isinstance(each.ctx, ast.Store)} - {"_"}
        assert bound <= {each.id for each in names if isinstance(each.ctx, ast.Load)}
    classes = [each.name for each in ast.parse(text).body if isinstance(each, ast.ClassDef)]
    assert len(set(classes)) == len(classes)
    assert all(text.count(f"{name}(") > 1 for name in classes[:-1]), "beside its own line, each class is made somewhere"


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(sound_designs())
def test_any_sound_design_prints_as_the_network_that_the_engine_makes(document: Document) -> None:
    plan = lower(check(document))
    text = source(plan)
    assert max(map(len, text.splitlines())) <= WIDTH
    no_dead_lines(text)
    agree(plan, text)


def test_a_chain_prints_as_a_person_would_write_it() -> None:
    document = design(
        node("image", "Input", shape=(1, 8, 8)), node("conv1", "Conv2d", out_channels=4), node("relu1", "ReLU"),
        node("sum", "Add"), node("flat", "Flatten"), node("scores", "Linear", out_features=10), node("digit", "Output"),
        links="image conv1 relu1 sum flat scores digit, conv1 sum", name="Digit reader",
    )  # fmt: skip
    assert (
        printed(document)
        == '''"""Digit reader, a network in plain PyTorch; drawn with Netwright."""

from torch import Tensor, nn


class DigitReader(nn.Module):
    """Digit reader. Takes image (N x 1 x 8 x 8)."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels=1, out_channels=4, kernel_size=3)
        self.relu1 = nn.ReLU()
        self.flat = nn.Flatten()
        self.scores = nn.Linear(in_features=144, out_features=10)

    def forward(self, image: Tensor) -> Tensor:
        conv1 = self.conv1(image)
        x = self.relu1(conv1)
        x = x + conv1
        x = self.flat(x)
        x = self.scores(x)
        return x
'''
    )


def layer_inside(layer: str = "Linear", **settings: object) -> Document:
    return design(node("x", "Input"), node("one", layer, **settings), node("y", "Output"), links="x one y")


def test_equal_groups_share_a_class_whatever_reaches_them() -> None:
    text = printed(
        design(node("row", "Input", shape=(6,)), group("block1", layer_inside("ReLU")), node("lin", "Linear"),
               group("block2", layer_inside("ReLU")), node("out", "Output"), links="row block1 lin block2 out")
    )  # fmt: skip
    assert text.count("class ") == 2
    assert "self.block2 = Block1()" in text


def test_nodes_put_into_a_group_become_a_class_and_their_weights_get_its_name_in_front() -> None:
    flat = design(
        node("row", "Input", shape=(6,)), node("lin", "Linear", out_features=5), node("relu", "ReLU"),
        node("last", "Linear", out_features=2), node("out", "Output"), links="row lin relu last out",
    )  # fmt: skip
    text = source(lower(check(grouped(flat, ("lin", "relu"), "encoder"))))
    assert "class Encoder(nn.Module):" in text
    assert "self.encoder = Encoder()" in text
    weights = last_class(source(lower(check(flat))))().state_dict()
    again = last_class(text)().state_dict()
    assert list(again) == [name.replace("lin.", "encoder.lin.") for name in weights]
    assert [each.shape for each in again.values()] == [each.shape for each in weights.values()]


def test_a_repeated_group_is_a_sequence_of_its_class() -> None:
    row, out = node("row", "Input", shape=(6,)), node("out", "Output")
    same = printed(design(row, group("g", layer_inside(out_features=6), repeat=3), out, links="row g out"))
    assert "self.g = nn.Sequential(*(G() for _ in range(3)))" in same
    changing = printed(design(row, group("g", layer_inside(out_features=5), repeat=3), out, links="row g out"))
    assert "self.g = nn.Sequential(G(in_features=6), G(in_features=5), G(in_features=5))" in changing


def test_a_repeated_group_of_two_ports_is_a_loop_whose_name_hides_nothing() -> None:
    swap = design(node("a", "Input"), node("b", "Input"), node("lin", "Linear", out_features=6), node("p", "Output"),
                  node("q", "Output"), links="a lin q, b p")  # fmt: skip
    document = design(
        node("group", "Input", shape=(6,)), node("other", "Input", shape=(6,)), group("g", swap, repeat=2),
        node("sum", "Add"), node("out", "Output"), links="group g, other g.b, g.p sum, g.q sum, group sum out",
    )  # fmt: skip
    text = printed(document)
    assert "for group2 in self.g:" in text
    agree(lower(check(document)), text)


HOSTILE = [
    '"""', '""" + __import__("os").system("true") + """', "\\", '\\"""', 'ends with "', "new\nline", "nul\0", "\ud800",
    "\u202e right to left", "", "   ", "x" * 5000, "word " * 500, "None", "true", "F", "tensor", "Tensor",
    "nn", "torch", "torch.x F.y",
    "class", "9 lives", "Größe", "self", "{braces}", "%s", "'''", "# comment", "super", "range",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: ascii(name)[:20])
def test_no_title_or_block_breaks_out_of_its_place(name: str) -> None:
    document = design(
        node("row", "Input", shape=(6,)), group("g", block=name or "b"), node("relu", "ReLU"), node("out", "Output"),
        links="row g relu out", name=name, blocks={name or "b": layer_inside()},
    )  # fmt: skip
    plan = lower(check(document))
    text = source(plan)
    tree = ast.parse(text)
    assert [type(each).__name__ for each in tree.body] == ["Expr", "ImportFrom", "ClassDef", "ClassDef"]
    assert max(map(len, text.splitlines())) <= WIDTH
    text.encode()
    agree(plan, text)


@given(st.text())
def test_any_title_gives_a_class(title: str) -> None:
    compile(f"class {class_name(title)}: pass", "printed.py", "exec")


def test_long_lines_are_broken_where_python_allows_it() -> None:
    inputs = [node(f"a_rather_long_input_{number}", "Input", shape=(6,)) for number in range(12)]
    outputs = [node(f"a_rather_long_output_{number}", "Output") for number in range(12)]
    joins = [node("sum", "Add"), node("rows", "Concat"), node("flat", "Flatten")]
    links = ", ".join([
        *(f"{each.id} sum, {each.id} rows" for each in inputs),
        *(f"{source.id} {target.id}" for source, target in zip(inputs, outputs, strict=True)),
        "rows flat.x", "sum " + outputs[0].id,
    ])  # fmt: skip
    document = design(*inputs, *joins, *outputs[1:], node("end", "Output"), node("last", "Output"),
                      links=links.replace(f"sum {outputs[0].id}", "sum end, flat last")
                      .replace(f"{inputs[0].id} {outputs[0].id}, ", ""))  # fmt: skip
    plan = lower(check(document))
    text = source(plan)
    assert max(map(len, text.splitlines())) <= WIDTH
    agree(plan, text)


def test_what_leads_nowhere_is_left_out() -> None:
    document = design(
        node("row", "Input", shape=(6,)), node("dead", "Linear"), node("alone", "ReLU"), node("live", "Linear"),
        node("out", "Output"), links="row dead, row live out",
    )  # fmt: skip
    plan = lower(check(document))
    assert list(plan.modules) == ["live"]
    assert [step.node for step in plan.steps] == ["live"]


def test_a_value_read_later_keeps_its_name_and_x_is_left_to_a_node_of_that_name() -> None:
    document = design(
        node("x", "Input", shape=(6,)), node("lin", "Linear"), node("relu", "ReLU"), node("out", "Output"),
        links="x lin relu out",
    )  # fmt: skip
    assert "y = self.lin(x)" in printed(document)


def test_several_outputs_of_one_layer_and_of_the_network_are_unpacked() -> None:
    document = design(
        node("rows", "Input", shape=(5, 4)), node("enc", "LSTM", hidden_size=4), node("dec", "LSTM", hidden_size=4),
        node("first", "Output"), node("second", "Output"),
        links="rows enc, rows dec, enc.state dec.state, dec.last first, dec second",
    )  # fmt: skip
    text = printed(document)
    assert "_, enc_state = self.enc(rows)" in text
    assert "return dec_last, dec" in text
    assert "-> tuple[Tensor, Tensor]:" in text
    agree(lower(check(document)), text)


def test_a_value_and_a_node_of_the_same_name_stay_apart() -> None:
    document = design(
        node("rows", "Input", shape=(5, 4)), node("enc", "LSTM", hidden_size=4), node("enc_last", "Linear"),
        node("out", "Output"), links="rows enc, enc.last enc_last out",
    )  # fmt: skip
    agree(lower(check(document)), printed(document))


def test_the_arguments_are_the_inputs_in_the_files_order_whatever_the_links_say() -> None:
    document = design(
        node("b", "Input", shape=(6,)), node("a", "Input", shape=(6,)), node("unread", "Input", shape=(2,)),
        node("sum", "Add"), node("q", "Output"), node("p", "Output"), links="a sum p, b sum, a q",
    )  # fmt: skip
    assert "def forward(self, b: Tensor, a: Tensor, unread: Tensor)" in printed(document)
    assert [name for name, _ in lower(check(document)).outputs] == ["q", "p"]
    assert link("a", "q") in document.links
