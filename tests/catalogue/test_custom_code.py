from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.catalogue import LAYERS, with_role
from designer.catalogue.custom_code import TEMPLATE, line_of, read_arguments, read_script
from designer.catalogue.layer import Site
from designer.catalogue.tensor import Misfit
from designer.plan import Call, Ref

CUSTOM = LAYERS[with_role("custom")]


def layer_text(init: str = "", forward: str = "self, x", result: str = "") -> str:
    lines = [
        "from torch import Tensor, nn", "", "class Own(nn.Module):", '    """Does something."""',
        *([f"    def __init__({init}):", "        super().__init__()"] if init else []),
        f"    def forward({forward}){f' -> {result}' if result else ''}:", "        return x",
    ]  # fmt: skip
    return "\n".join(lines)


def refusal(code: str, arguments: str = "") -> Misfit:
    with pytest.raises(Misfit) as caught:
        CUSTOM(code=code, arguments=arguments)
    return caught.value


def test_the_template_is_a_layer_with_one_port_on_each_side() -> None:
    layer = CUSTOM(code=TEMPLATE)
    assert [port.name for port in layer.inputs] == ["x"]
    assert [port.name for port in layer.outputs] == ["output"]
    assert layer.badge() == "Waves"
    assert read_script(TEMPLATE).keywords == {"features": "16"}


@pytest.mark.parametrize(
    ("forward", "ports", "optional"),
    [
        ("self, x", ["x"], []),
        ("self, x: Tensor, mask: Tensor | None = None", ["x", "mask"], ["mask"]),
        ("self, query: 'Tensor', key: Optional[Tensor] = None, scale: float = 2.0", ["query", "key"], ["key"]),
        ("self, x: torch.Tensor, *, bias=None", ["x", "bias"], ["bias"]),
    ],
)
def test_the_tensors_that_forward_takes_are_the_ports(forward: str, ports: list[str], optional: list[str]) -> None:
    layer = CUSTOM(code=layer_text(forward=forward))
    assert [port.name for port in layer.inputs] == ports
    assert [port.name for port in layer.inputs if port.optional] == optional


@pytest.mark.parametrize(
    ("result", "ports"),
    [
        ("", ["output"]),
        ("Tensor", ["output"]),
        ("tuple[Tensor, Tensor]", ["output1", "output2"]),
        ("typing.Tuple[torch.Tensor, Tensor, Tensor]", ["output1", "output2", "output3"]),
    ],
)
def test_the_annotation_of_forward_says_how_many_tensors_come_out(result: str, ports: list[str]) -> None:
    assert [port.name for port in CUSTOM(code=layer_text(result=result)).outputs] == ports


@pytest.mark.parametrize(
    ("code", "line", "message"),
    [
        ("import torch\nclass A(nn.Module:\n    pass", 2, "Python cannot read it"),
        ("import torch", None, "There is no class in the code."),
        ('class A(nn.Module):\n    """a"""\n    def go(self): ...', 1, "A has no forward."),
        ("\nclass A(nn.Module):\n    def forward(self, x): ...", 2, "A has no docstring."),
        ('class A:\n    """a"""\n    def forward(self, x): ...', 1, "A is no module of torch."),
        ("class A(B): ...\nclass C(B): ...", 2, "There is more than one class."),
        ("import os\nos.remove('x')\nclass A(B): ...", 2, "Only imports may stand beside the class."),
        ("from torch import *\nclass A(B): ...", 1, "This import does not say what it brings."),
        (layer_text(forward="self"), 5, "forward takes no tensor."),
        (layer_text(forward="self, *x"), 5, "forward must name each tensor that it takes."),
        (layer_text(forward="self, x, n: int"), 5, "forward takes n, which is no tensor."),
        (layer_text(result="list[Tensor]"), 5, "forward must give a tensor, or so many of them."),
        (layer_text(result="tuple[Tensor, ...]"), 5, "forward must give a tensor, or so many of them."),
        ("\0", 1, "Python cannot read it"),
        ("x = '\ud800'", None, "Python cannot read the code: it holds what no text can."),
        ("x" * 100_001, None, "The code has 100,001 letters."),
        (layer_text(f"self, a={'+'.join('1' * 900)}"), None, "An expression in the code is nested too deeply"),
        (layer_text(forward=f"self, x: {'.'.join('a' * 900)}"), None, "An expression in the code is nested"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_text_is_said_with_its_line(code: str, line: int | None, message: str) -> None:
    misfit = refusal(code)
    assert (misfit.setting, misfit.code) == ("code", "custom-code")
    assert line_of(misfit.message) == line
    assert message in misfit.message
    assert misfit.hint.endswith(".")


def test_values_for_the_constructor_are_read_without_running_them() -> None:
    script = read_script(layer_text("self, width, *, names=('a',), deep=False"))
    assert script.keywords == {"width": "", "names": "('a',)", "deep": "False"}
    assert read_arguments("width=-3, names=['b', ('c', 1.5)], deep=None", script) == {
        "width": -3, "names": ("b", ("c", 1.5)), "deep": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("", "Own needs a value for width."),
        ("width=1, height=2", "Own takes no height."),
        ("3", "Each argument needs its name."),
        ("**{'width': 1}", "Each argument needs its name."),
        ("width=1) + f(", "Each argument needs its name."),
        ("width=)", "Python cannot read"),
        ("width=open('x')", "The value of width is none that can be given."),
        ("width={}", "The value of width is none that can be given."),
        ("width=1e999", "The value of width is none that can be given."),
        ("width=(((1,),),)", "The value of width is none that can be given."),
        (r"width='\ud800'", "The value of width is none that can be given."),
        ("width=" + "9" * 40, "The value of width is none that can be given."),
    ],
)
def test_arguments_that_cannot_be_given_are_refused(arguments: str, message: str) -> None:
    misfit = refusal(layer_text("self, width"), arguments)
    assert misfit.setting == "arguments"
    assert message in misfit.message


def test_the_call_carries_the_text_and_the_values() -> None:
    code = layer_text("self, width=1")
    assert CUSTOM(code=code, arguments="width=2").call() == Call("custom.Own", {"width": 2}, (), code)


def test_a_tensor_after_an_open_port_is_given_by_name() -> None:
    layer = CUSTOM(code=layer_text(forward="self, x, mask=None, bias=None", result="tuple[Tensor, Tensor]"))
    site = Site("own", {"x": (Ref("a"),), "bias": (Ref("b"),)}, {"output2": "second"})
    (step,) = layer.forward(site)
    assert step.call == Call("self.own", {"bias": Ref("b")}, (Ref("a"),))
    assert step.result == ("_", "second")


def test_reading_a_text_runs_nothing_of_it(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    code = (
        f"class A(open({str(trap)!r}, 'w').__class__):\n"
        f'    """a"""\n    x = open({str(trap)!r}, "w")\n    def forward(self, x=open({str(trap)!r}, "w")): ...\n'
    )
    CUSTOM(code=code).call()
    assert not trap.exists()


@given(st.text())
def test_any_text_is_read_or_refused_in_words(code: str) -> None:
    if code.strip():
        assert refusal(code).message.endswith(".")
