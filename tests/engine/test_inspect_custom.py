"""The user's own layers in the engine: refused without consent, and looked at as they are."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from small_plans import apply, digits_mlp, digits_recipe, linear
from test_worker import Child

from designer.engine.control import Control
from designer.engine.failures import explain
from designer.engine.inspect_custom import inspect
from designer.engine.network import Network, PlanError, StepError
from designer.engine.onnx_export import export
from designer.engine.training.loop import train
from designer.engine.weights import export as export_weights
from designer.plan import Call, Plan, PlanInput, fingerprint
from designer.protocol import Argument, Exported, Failed, Finished, Inspect, Inspected, Onnx, Ready, Train

HEAD = "import torch\nfrom torch import Tensor, nn\n"
DOUBLED = f'''{HEAD}
class Doubled(nn.Module):
    """Twice as many features."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.linear = nn.Linear(features, 2 * features)
        self.register_buffer("count", torch.zeros(3))

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x)
'''


def text(body: str, init: str = "pass") -> str:
    return (
        f'{HEAD}\nclass Own(nn.Module):\n    """Own."""\n    def __init__(self):\n        super().__init__()\n'
        f"        {init}\n    def forward(self, x):\n        {body}\n"
    )


def question(code: str, name: str = "Own", allow: bool = True, outputs: int = 1, **keywords: int) -> Inspect:
    allowed = (fingerprint(code),) if allow else ()
    rounds = (((4, 5),), ((6, 5),))
    return Inspect(
        "key", Call(f"custom.{name}", keywords, (), code), (Argument("x", "float32"),), rounds, outputs, allowed
    )


def sentence(answer: Inspected) -> str:
    assert answer.problem is not None
    return answer.problem.message


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (text("raise KeyboardInterrupt"), "Line 10: KeyboardInterrupt."),
        (text("return x") + "    def eval(self):\n        raise ValueError('no')\n", "Line 12: ValueError: no."),
        (text("return x") + "    def state_dict(self):\n        raise SystemExit\n", "Line 12: SystemExit."),
        (text("raise type('Mute', (Exception,), {'__str__': lambda self: 1 / 0})"), "Line 10: Mute."),
    ],
)
def test_whatever_the_code_raises_and_wherever_is_an_answer(code: str, said: str) -> None:
    assert sentence(inspect(question(code))) == said


def test_a_layer_that_asks_python_to_exit_ends_the_step_alone() -> None:
    code = text("raise SystemExit(3)")
    plan = Plan("n", (PlanInput("x", (5,)),), {"own": Call("custom.Own", {}, (), code)}, (apply("own"),), ())
    with pytest.raises(StepError) as caught:
        Network(plan, (fingerprint(code),))(torch.zeros(1, 5))
    assert explain(caught.value).message == "torch could not run own (line 10 of its code): it asks Python to exit."


def test_shapes_weights_buffers_and_costs_are_those_of_torch() -> None:
    answer = inspect(question(DOUBLED, "Doubled", features=5))
    assert answer.problem is None
    assert answer.shapes == (((4, 10),), ((6, 10),))
    assert answer.dtypes == ("float32",)
    assert answer.weights == {"linear.weight": (10, 5), "linear.bias": (10,)}
    assert answer.buffers == {"count": (3,)}
    assert answer.flops == 2 * 4 * 5 * 10


def test_code_that_was_not_allowed_is_not_run(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    code = f"open({str(trap)!r}, 'w')\n{DOUBLED}"
    assert "has not been allowed" in sentence(inspect(question(code, "Doubled", allow=False, features=5)))
    other = question(code, "Doubled", features=5)
    changed = Call("custom.Doubled", {"features": 5}, (), f"{code}\n")
    assert "has not been allowed" in sentence(
        inspect(Inspect("", changed, other.arguments, other.rounds, 1, other.allowed))
    )
    assert not trap.exists()


def own_plan(code: str = DOUBLED) -> Plan:
    plan = digits_mlp()
    own = Call("custom.Doubled", {"features": 64}, (), code)
    modules = {"flatten": Call("nn.Flatten"), "own": own, "scores": linear(128, 10)}
    return Plan(
        plan.title, plan.inputs, modules, (apply("flatten", "image"), apply("own"), apply("scores")), plan.outputs
    )


def test_nothing_in_the_engine_runs_code_that_was_not_allowed(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    plan = own_plan(f"open({str(trap)!r}, 'w')\n{DOUBLED}")
    with pytest.raises(PlanError, match="has not been allowed to run") as caught:
        Network(plan)
    assert caught.value.node == "own"
    nested = Plan("Outer", plan.inputs, {"group": (plan, plan)}, (), ())
    with pytest.raises(PlanError, match="has not been allowed to run"):
        Network(nested)
    (failed,) = train(Train(plan, digits_recipe(), str(tmp_path / "run")), Control())
    assert isinstance(failed, Failed)
    assert failed.problem.node == "own"
    assert isinstance(export(Onnx(plan, str(tmp_path / "a.onnx"))), Failed)
    assert isinstance(export_weights(plan, str(tmp_path / "a.safetensors"), None, 0), Failed)
    assert not trap.exists()


def test_an_allowed_layer_is_trained_and_leaves_as_onnx(tmp_path: Path) -> None:
    plan, allowed = own_plan(), (fingerprint(DOUBLED),)
    *_, last = train(Train(plan, digits_recipe(epochs=1), str(tmp_path / "run"), allowed), Control())
    assert isinstance(last, Finished)
    assert "own.linear.weight" in load_file(tmp_path / "run" / "best.safetensors")
    exported = export(Onnx(plan, str(tmp_path / "a.onnx"), str(tmp_path / "run" / "best.safetensors"), allowed))
    assert isinstance(exported, Exported)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return x @ torch.zeros(3, 3)", "Line 10: RuntimeError: mat1 and mat2 shapes cannot be multiplied"),
        ("return missing", "Line 10: NameError: name 'missing' is not defined."),
        ("raise SystemExit(3)", "Line 10: SystemExit: 3."),
        ("raise ValueError", "Line 10: ValueError."),
        ("return x, x", "forward gives 2 values, but its annotation says one."),
        ("return 3", "forward gives a value of type int, which is no tensor."),
    ],
)
def test_what_goes_wrong_in_the_code_is_said_with_its_line(body: str, message: str) -> None:
    assert message in sentence(inspect(question(text(body))))


def test_an_error_of_the_constructor_and_weights_without_a_shape_are_said() -> None:
    assert sentence(inspect(question(text("return x", "self.y = nn.Linear(2)")))).startswith("Line 8: TypeError:")
    lazy = inspect(question(text("return self.y(x)", "self.y = nn.LazyLinear(2)")))
    assert sentence(lazy) == "y.weight has no shape before data comes."
    assert sentence(inspect(question(DOUBLED.replace("nn.Module", "object"), "Doubled", features=5)))
    assert sentence(inspect(question(f"{HEAD}class Own(object):\n    pass"))).startswith("Own is no nn.Module.")


def test_a_layer_that_needs_numbers_is_run_on_the_cpu() -> None:
    answer = inspect(question(text("return x if x.sum() > 1e9 else torch.cat((x, x), 1)")))
    assert answer.problem is None
    assert answer.shapes == (((4, 10),), ((6, 10),))


def test_two_tensors_come_out_where_the_annotation_says_so() -> None:
    answer = inspect(question(text("return x, x.argmax(1)"), outputs=2))
    assert answer.shapes[0] == ((4, 5), (4,))
    assert answer.dtypes == ("float32", "int64")
    assert "says 3" in sentence(inspect(question(text("return x, x"), outputs=3)))


def test_an_error_in_a_run_names_the_node_and_the_line() -> None:
    code = text("return x.reshape(7, -1)")
    plan = Plan("One", (PlanInput("x", (5,)),), {"own": Call("custom.Own", {}, (), code)}, (apply("own"),), ())
    with pytest.raises(StepError) as caught:
        Network(plan, (fingerprint(code),))(torch.zeros(2, 5))
    assert "torch could not run own (line 10 of its code)" in explain(caught.value).message


def test_the_process_for_this_alone_is_not_disturbed_by_what_a_layer_prints_or_reads() -> None:
    child = Child("-m", "designer.engine.inspect_custom")
    try:
        child.until(Ready)
        child.say(
            question(text("print('{}', flush=True); import os, sys; os.write(1, b'noise'); sys.stdin.read(); return x"))
        )
        answer = child.until(Inspected)
        assert isinstance(answer, Inspected)
        assert (answer.problem, answer.key) == (None, "key")
        child.say_line(b"nonsense\n")
        with pytest.raises(AssertionError, match="no request"):
            child.until(Inspected)
        child.say(question(DOUBLED, "Doubled", features=5))
        child.until(Inspected)
    finally:
        assert child.end() == 0
