"""Freezing, first values, penalties, shared modules and loaded weights in a run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from msgspec.structs import replace as changed
from safetensors.torch import load_file, save_file
from small_plans import apply, digits_mlp, digits_recipe, digits_residual, linear
from torch import Tensor

from designer.engine import onnx_export, weights
from designer.engine.control import Control
from designer.engine.failures import Failure
from designer.engine.learning import load_begun
from designer.engine.network import Network, watch
from designer.engine.training.loop import train
from designer.engine.training.prepare import prepare
from designer.plan import Call, Penalty, Plan, PlanInput, Ref, Step
from designer.problems import Fix
from designer.protocol import Event, Exported, Failed, Finished, Onnx, Progress, Train


def run(plan: Plan, folder: Path, **changes: object) -> list[Event]:
    return list(train(Train(plan, digits_recipe(epochs=1, **changes), str(folder)), Control()))


def trained(plan: Plan, folder: Path, **changes: object) -> tuple[dict[str, Tensor], dict[str, Tensor], list[Event]]:
    """The weights with which a run begins, the last ones, and its events."""
    torch.manual_seed(0)
    begun = {name: value.clone() for name, value in Network(plan).state_dict().items()}
    events = run(plan, folder, **changes)
    assert isinstance(events[-1], Finished), events[-1]
    return begun, load_file(folder / "last.safetensors"), events


def with_plan(plan: Plan, **parts: Any) -> Plan:
    return changed(plan, **parts)


def test_frozen_weights_do_not_move_and_never_reach_the_optimizer(tmp_path: Path) -> None:
    plan = with_plan(digits_mlp(), frozen=("hidden",))
    begun, last, events = trained(plan, tmp_path, optimizer=Call("torch.optim.AdamW", {"weight_decay": 0.1}))
    moved = {name for name, weight in begun.items() if not torch.equal(weight, last[name])}
    assert moved == {"scores.weight", "scores.bias"}
    bench = prepare(plan, digits_recipe())
    assert len(bench.weights) == 2
    assert sum(len(group["params"]) for group in bench.optimizers.groups) == 2
    figures = next(event.layers for event in events if isinstance(event, Progress) and event.layers)
    assert set(figures) == {"scores"}


def test_a_frozen_norm_keeps_its_running_statistics_in_training(tmp_path: Path) -> None:
    plan = digits_residual()
    begun, last, _ = trained(with_plan(plan, frozen=("norm",), still=("norm",)), tmp_path)
    assert all(torch.equal(begun[name], last[name]) for name in begun if name.startswith("norm."))
    begun, last, _ = trained(plan, tmp_path)
    assert not torch.equal(begun["norm.running_mean"], last["norm.running_mean"])


def test_a_network_that_is_frozen_all_over_cannot_be_trained(tmp_path: Path) -> None:
    (event,) = run(with_plan(digits_mlp(), frozen=("hidden", "scores")), tmp_path)
    assert isinstance(event, Failed)
    assert event.problem.sentence == "All weights of this network are frozen. Switch trainable on at a layer."


def test_first_values_are_drawn_by_the_seed_of_the_run() -> None:
    inits = (("hidden.weight", Call("nn.init.orthogonal_")), ("hidden.bias", Call("nn.init.constant_", {"val": 0.5})))
    plan = with_plan(digits_mlp(), inits=inits)
    one, two, other = (
        prepare(plan, digits_recipe(seed=seed)).network.get_parameter("hidden.weight") for seed in (1, 1, 2)
    )
    assert torch.equal(one, two)
    assert not torch.equal(one, other)
    torch.testing.assert_close(one @ one.T, torch.eye(32))
    assert prepare(plan, digits_recipe()).network.get_parameter("hidden.bias").unique().tolist() == [0.5]


@pytest.mark.parametrize(
    "how", [Call("nn.init.kaiming_normal_", {"a": 1e200}), Call("nn.init.constant_", {"val": 1e300})]
)
def test_first_values_beyond_all_numbers_are_refused_in_a_sentence(how: Call, tmp_path: Path) -> None:
    (event,) = run(with_plan(digits_mlp(), inits=(("hidden.weight", how),)), tmp_path)
    assert isinstance(event, Failed)
    assert event.problem.node == "hidden"
    assert event.problem.sentence.startswith("hidden.weight cannot begin with ")
    assert event.problem.sentence.endswith(".")


def test_a_penalty_is_part_of_the_loss_of_a_step(tmp_path: Path) -> None:
    penalties = (Penalty("hidden", ("weight",), l1=0.01, l2=0.02), Penalty("scores", ("weight",), l2=0.02))
    plan = with_plan(digits_mlp(), penalties=penalties)
    bench = prepare(plan, digits_recipe())
    hidden, scores = (bench.network.get_parameter(f"{name}.weight") for name in ("hidden", "scores"))
    wanted = 0.01 * hidden.abs().sum() + 0.02 * (hidden.square().sum() + scores.square().sum())
    torch.testing.assert_close(bench.penalty(), wanted)
    first = [next(e.losses[0] for e in run(each, tmp_path) if isinstance(e, Progress)) for each in (plan, digits_mlp())]
    assert first[0] == pytest.approx(first[1] + float(wanted.detach()), rel=1e-4)


def test_strong_penalties_make_weights_small(tmp_path: Path) -> None:
    _, free, _ = trained(digits_mlp(), tmp_path)
    _, held, _ = trained(with_plan(digits_mlp(), penalties=(Penalty("hidden", ("weight",), l2=1.0),)), tmp_path)
    assert held["hidden.weight"].norm() < 0.3 * free["hidden.weight"].norm()


def siamese() -> Plan:
    """One encoder called twice on an image, and scores from both."""
    steps = (
        Step("x", Call(".flatten", {}, (Ref("image"), 1)), "flat"),
        apply("encoder", "x", to="one"),
        Step("two", Call("self.encoder", {}, (Ref("x"),)), "twin"),
        Step("x", Call("-", {}, (Ref("one"), Ref("two"))), "difference"),
        Step("x", Call("+", {}, (Ref("x"), Ref("one"))), "sum"),
        apply("scores"),
    )
    modules: dict[str, Any] = {"encoder": linear(64, 16), "scores": linear(16, 10)}
    return Plan("Siamese", (PlanInput("image", (1, 8, 8)),), modules, steps, (("digit", Ref("x")),))


def test_a_module_called_twice_trains_shows_its_figures_once_and_becomes_onnx(tmp_path: Path) -> None:
    begun, last, events = trained(siamese(), tmp_path)
    assert list(last) == sorted(begun)
    figures = next(event.layers for event in events if isinstance(event, Progress) and event.layers)
    assert set(figures) == {"encoder", "scores"}
    seen: list[str] = []
    network = Network(siamese()).eval()
    with watch(network, lambda node, _: seen.append(node)):
        network(torch.randn(2, 1, 8, 8))
    assert [name for name in seen if name in ("encoder", "twin")] == ["encoder", "twin"]
    event = onnx_export.export(Onnx(siamese(), str(tmp_path / "x.onnx"), str(tmp_path / "best.safetensors")))
    assert isinstance(event, Exported), event


def test_tied_weights_become_one_in_onnx_and_stay_tied_in_a_run(tmp_path: Path) -> None:
    modules: dict[str, Any] = {"inner": linear(64, 64), "again": linear(64, 64), "scores": linear(64, 10)}
    steps = (
        Step("x", Call(".flatten", {}, (Ref("image"), 1)), "flat"),
        apply("inner"),
        apply("again"),
        apply("scores"),
    )
    ties = (("again.weight", "inner.weight"),)
    plan = Plan("Tied", (PlanInput("image", (1, 8, 8)),), modules, steps, (("digit", Ref("x")),), ties)
    _, last, _ = trained(plan, tmp_path)
    assert torch.equal(last["again.weight"], last["inner.weight"])
    event = onnx_export.export(Onnx(plan, str(tmp_path / "x.onnx"), str(tmp_path / "best.safetensors")))
    assert isinstance(event, Exported), event


# Weights from a file


def loading(path: Path, *names: str) -> Plan:
    return with_plan(digits_mlp(), loads=tuple((name, str(path)) for name in names))


def loaded(plan: Plan) -> Network:
    network = Network(plan)
    load_begun(network, plan)
    return network


def test_a_layer_begins_with_the_weights_of_a_run_of_an_export_or_of_a_layer_alone(tmp_path: Path) -> None:
    other = Network(digits_mlp()).state_dict()
    path = tmp_path / "weights.safetensors"
    bare = {name.removeprefix("hidden."): weight for name, weight in other.items() if name.startswith("hidden.")}
    for state in (other, bare):
        save_file(state, path)
        network = loaded(loading(path, "hidden"))
        assert torch.equal(network.get_parameter("hidden.weight"), other["hidden.weight"])
        assert not torch.equal(network.get_parameter("scores.weight"), other["scores.weight"])


def test_a_run_and_an_export_begin_with_the_loaded_weights(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    other = Network(digits_mlp()).state_dict()
    save_file(other, path)
    plan = with_plan(loading(path, "hidden"), frozen=("hidden",))
    _, last, _ = trained(plan, tmp_path / "run")
    assert torch.equal(last["hidden.weight"], other["hidden.weight"])
    weights.export(plan, str(tmp_path / "fresh.safetensors"), None, 0)
    assert torch.equal(load_file(tmp_path / "fresh.safetensors")["hidden.bias"], other["hidden.bias"])


def test_a_group_and_the_rounds_of_one_find_their_weights_by_full_id(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    other = Network(digits_residual()).state_dict()
    save_file(other, path)
    network = loaded(with_plan(digits_residual(), loads=(("block1", str(path)), ("norm", str(path)))))
    for name in ("block1.0.conv1.weight", "block1.1.conv1.weight"):
        assert torch.equal(network.get_parameter(name), other[name])
    assert torch.equal(network.get_buffer("norm.running_var"), other["norm.running_var"])
    rounds = tuple(with_plan(each, loads=(("conv1", str(path)),)) for each in digits_residual().modules["block1"])  # type: ignore[union-attr,arg-type]
    plan = digits_residual()
    network = loaded(with_plan(plan, modules={**plan.modules, "block1": rounds}))
    assert torch.equal(network.get_parameter("block1.1.conv1.weight"), other["block1.1.conv1.weight"])


def test_a_file_that_does_not_serve_is_a_problem_at_its_node(tmp_path: Path) -> None:
    state = Network(digits_mlp(8)).state_dict()
    files = {name: tmp_path / name for name in ("none", "torch.pt", "other", "small", "half")}
    torch.save(state, files["torch.pt"])
    save_file({"else": torch.zeros(1)}, files["other"])
    save_file(state, files["small"])
    save_file({"hidden.weight": state["hidden.weight"]}, files["half"])
    words = {
        "none": "could not be read from .*none: there is no such file",
        "torch.pt": "could not be read from", "other": "has no weight for hidden",
        "small": "The weight of hidden is 32 x 64, but in", "half": "has no bias for hidden",
    }  # fmt: skip
    for name, path in files.items():
        with pytest.raises(Failure, match=words[name]) as caught:
            loaded(loading(path, "hidden"))
        problem = caught.value.problem
        assert (problem.node, problem.setting) == ("hidden", "learning.load")
        assert problem.fixes == (Fix("Load no weights", "change_learning", {"node": "hidden", "unset": ("load",)}),)
        (event,) = run(loading(path, "hidden"), tmp_path / "run")
        assert isinstance(event, Failed)
        assert replace(event.problem, fixes=()) == replace(problem, fixes=())
