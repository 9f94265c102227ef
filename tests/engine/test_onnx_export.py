from __future__ import annotations

import importlib.util
from pathlib import Path

import onnx
import onnxruntime
import pytest
import torch
from safetensors.torch import save_file
from small_plans import apply, digits_mlp, digits_residual, linear

from designer.engine.network import Network
from designer.engine.onnx_export import export
from designer.plan import UNUSED, Call, Plan, PlanInput, Ref, Step, Value
from designer.protocol import Exported, Failed, Onnx


def recurrent() -> Plan:
    lstm = Call("nn.LSTM", {"input_size": 4, "hidden_size": 3, "batch_first": True})
    steps = (
        apply("embedding", "words", to="x"),
        Step((UNUSED, ("h", UNUSED)), Call("self.lstm", {}, (Ref("x"),)), "lstm"),
        Step("last", Call("[]", {}, (Ref("h"), -1)), "lstm"),
    )
    embedding = Call("nn.Embedding", {"num_embeddings": 9, "embedding_dim": 4})
    inputs = (PlanInput("words", (7,), "int64"),)
    return Plan("Words", inputs, {"embedding": embedding, "lstm": lstm}, steps, (("out", Ref("last")),))


def transformer() -> Plan:
    """Reads, seeing nothing later, then writes; each a stack of copies of one block."""
    sizes: dict[str, Value] = {"d_model": 4, "nhead": 2, "dim_feedforward": 6, "batch_first": True}
    block, other = Call("nn.TransformerEncoderLayer", sizes), Call("nn.TransformerDecoderLayer", sizes)
    modules = {
        "encoder": Call("nn.TransformerEncoder", {"encoder_layer": block, "num_layers": 2}),
        "decoder": Call("nn.TransformerDecoder", {"decoder_layer": other, "num_layers": 2}),
    }
    length = Call("[]", {}, (Call(".shape", {}, (Ref("x"),)), 1))
    later = Call(".bool", {}, (Call(".triu", {"diagonal": 1}, (Call("torch.ones", {}, (length, length)),)),))
    steps = (
        Step("memory", Call("self.encoder", {"mask": later, "is_causal": True}, (Ref("x"),)), "encoder"),
        Step("x", Call("self.decoder", {}, (Ref("x"), Ref("memory"))), "decoder"),
    )
    return Plan("Transformer", (PlanInput("x", (5, 4)),), modules, steps, (("out", Ref("x")),))


@pytest.mark.parametrize(
    "plan", [digits_mlp(), digits_residual(), recurrent(), transformer()], ids=lambda plan: plan.title
)
def test_the_file_gives_what_torch_gives_with_the_weights_of_the_run(plan: Plan, tmp_path: Path) -> None:
    network = Network(plan).eval()
    save_file(network.state_dict(), tmp_path / "best.safetensors")
    path = tmp_path / "network.onnx"
    event = export(Onnx(plan, str(path), str(tmp_path / "best.safetensors")))
    assert isinstance(event, Exported), event
    assert event.difference is not None
    assert event.difference < 1e-5
    session = onnxruntime.InferenceSession(path)
    (given,) = session.get_inputs()
    assert given.name == plan.inputs[0].name
    shape = (9, *plan.inputs[0].shape)
    x = torch.rand(shape) if given.type == "tensor(float)" else torch.randint(0, 9, shape)
    with torch.inference_mode():
        torch.testing.assert_close(torch.from_numpy(session.run(None, {given.name: x.numpy()})[0]), network(x)[0])
    assert sorted(file.name for file in tmp_path.iterdir()) == ["best.safetensors", "network.onnx"]


def test_any_id_can_be_exported_and_names_its_weights(tmp_path: Path) -> None:
    modules = {name: linear(4, 4) for name in ("code", "graph", "network", "meta")}
    steps = (apply("code"), apply("graph"), apply("network"), apply("meta"))
    plan = Plan("Odd", (PlanInput("x", (4,)),), modules, steps, (("out", Ref("x")),))
    assert isinstance(event := export(Onnx(plan, str(tmp_path / "x.onnx"))), Exported), event
    names = {weight.name for weight in onnx.load(tmp_path / "x.onnx").graph.initializer}
    assert names == set(Network(plan).state_dict())


def test_what_is_no_number_in_torch_either_is_no_difference(tmp_path: Path) -> None:
    root = Step("y", Call(".sqrt", positional=(Ref("x"),)), "root")
    logarithm = Step("z", Call(".log", positional=(Call("*", positional=(Ref("x"), 0.0)),)), "log")
    outputs = (("root", Ref("y")), ("log", Ref("z")))
    plan = Plan("Below zero", (PlanInput("x", (4,)),), {}, (root, logarithm), outputs)
    event = export(Onnx(plan, str(tmp_path / "x.onnx")))
    assert isinstance(event, Exported), event
    assert event.difference is not None
    assert event.difference < 1e-5


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    save_file(Network(digits_mlp(8)).state_dict(), tmp_path / "other.safetensors")
    event = export(Onnx(digits_mlp(), str(tmp_path / "x.onnx"), str(tmp_path / "other.safetensors")))
    assert isinstance(event, Failed)
    assert "those of another network" in event.problem.message


def test_weights_that_are_not_there_are_refused(tmp_path: Path) -> None:
    event = export(Onnx(digits_mlp(), str(tmp_path / "x.onnx"), str(tmp_path / "none.safetensors")))
    assert isinstance(event, Failed)
    assert event.problem.code == "weights"


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    event = export(Onnx(digits_mlp(), str(tmp_path / "nowhere" / "x.onnx")))
    assert isinstance(event, Failed)
    assert event.problem.code == "folder"


def test_what_the_exporter_cannot_do_is_told_in_one_sentence(tmp_path: Path) -> None:
    steps = (Step("x", Call("torch.linalg.eigvals", {}, (Ref("x"),)), "eig"),)
    plan = Plan("Odd", (PlanInput("x", (3, 3)),), {}, steps, (("out", Ref("x")),))
    event = export(Onnx(plan, str(tmp_path / "x.onnx")))
    assert isinstance(event, Failed)
    assert event.problem.code == "onnx"
    assert "\n" not in event.problem.sentence
    assert not list(tmp_path.iterdir())


def test_a_window_wider_than_a_short_sequence_is_traced_with_a_longer_one(tmp_path: Path) -> None:
    conv = Call("nn.Conv1d", {"in_channels": 2, "out_channels": 3, "kernel_size": 9})
    plan = Plan("Wide", (PlanInput("x", (2, "T")),), {"conv": conv}, (apply("conv"),), (("out", Ref("x")),))
    event = export(Onnx(plan, str(tmp_path / "x.onnx")))
    assert isinstance(event, Exported), event


def test_a_free_length_that_the_file_would_fix_is_told(tmp_path: Path) -> None:
    modules = {"crf": Call("modules.CRF", {"tags": 3})}
    step = Step(("tags", UNUSED), Call("self.crf", {}, (Ref("x"),)), "crf")
    for length in ("T", 7):
        plan = Plan("Tagger", (PlanInput("x", (length, 3)),), modules, (step,), (("tags", Ref("tags")),))
        event = export(Onnx(plan, str(tmp_path / "x.onnx")))
        if length == 7:
            assert isinstance(event, Exported), event
        else:
            assert isinstance(event, Failed)
            assert event.problem.code == "onnx-length"
            assert event.problem.hint == "Give x a number in the place of T."
            assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
def test_other_types_of_numbers_are_exported_or_refused_in_one_sentence(dtype: str, tmp_path: Path) -> None:
    steps = (Step("x", Call("F.gelu", {}, (Ref("x"),)), "gelu"),)
    plan = Plan("Typed", (PlanInput("x", (4,), dtype),), {}, steps, (("out", Ref("x")),))
    event = export(Onnx(plan, str(tmp_path / "x.onnx")))
    if isinstance(event, Failed):
        assert event.problem.code == "onnx"
        assert "\n" not in event.problem.sentence
        assert not list(tmp_path.iterdir())
    else:
        assert isinstance(event, Exported)


@pytest.mark.parametrize("target", ["torch.where", "masked attention"])
def test_a_mask_that_enters_by_an_input_hides_no_whole_row_while_the_file_is_compared(
    target: str, tmp_path: Path
) -> None:
    inputs = (PlanInput("x", (5, 8)), PlanInput("mask", (5,), "bool"))
    attention = Call("nn.MultiheadAttention", {"embed_dim": 8, "num_heads": 2, "batch_first": True})
    x, mask = Ref("x"), Ref("mask")
    if target == "torch.where":
        column = Call(".unsqueeze", {}, (mask, -1))
        plan = Plan("Masked", inputs, {}, (Step("y", Call(target, {}, (column, x, 0.0)), "y"),), (("out", Ref("y")),))
    else:
        call = Call("self.attention", {"key_padding_mask": mask, "need_weights": False}, (x, x, x))
        plan = Plan(
            "Masked", inputs, {"attention": attention}, (Step(("y", UNUSED), call, "attention"),), (("out", Ref("y")),)
        )
    event = export(Onnx(plan, str(tmp_path / "x.onnx")))
    assert isinstance(event, Exported), event


def test_a_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "onnxscript" else found(name))
    event = export(Onnx(digits_mlp(), str(tmp_path / "x.onnx")))
    assert isinstance(event, Failed)
    assert 'pip install "netwright[onnx]"' in event.problem.sentence
