"""Live figures: what the layers' outputs, weights and gradients are like, told without slowing the run."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from small_plans import digits_mlp, digits_recipe, digits_residual, digits_run, linear

from designer.engine.control import Control
from designer.engine.network import Network
from designer.engine.training import figures
from designer.engine.training.activations import Activations, dead_share
from designer.engine.training.histograms import counted, distributions
from designer.engine.training.loop import train
from designer.plan import Call, Plan, PlanInput, Ref, Step
from designer.protocol import Distributions, Event, Finished, Histograms, Pause, Progress, Resume, Started, Train


def events_of(request: Train, control: Control | None = None) -> list[Event]:
    return list(train(request, control or Control()))


def test_every_output_has_its_mean_and_spread_and_a_relu_its_dead_units() -> None:
    torch.manual_seed(0)
    network = Network(digits_mlp(hidden=8))
    with torch.no_grad():
        network.get_parameter("hidden.bias")[:2] = -1000.0  # two of eight units can never be above zero
    image = torch.rand(16, 1, 8, 8)
    seen = Activations(network)
    outputs = seen.pass_through((image,))
    assert torch.equal(outputs[0], network(image)[0])
    numbers = seen.figures()
    assert numbers is not None
    found = seen.read(numbers.tolist())
    assert list(found) == ["flatten", "hidden", "relu", "dropout", "scores"]
    assert found["flatten"].mean == pytest.approx(image.mean().item(), rel=1e-4)
    assert found["flatten"].spread == pytest.approx(image.std(correction=0).item(), rel=1e-4)
    assert found["hidden"].dead is None
    assert found["relu"].dead is not None
    assert found["relu"].dead >= 0.25


def test_units_are_channels_of_an_image_and_numbers_of_a_vector_or_a_sequence() -> None:
    image = torch.ones(4, 5, 3, 3)
    image[:, :2] = 0
    assert dead_share(image).item() == pytest.approx(0.4)
    assert dead_share(torch.tensor([[0.0, 1.0], [0.0, 0.0]])).item() == pytest.approx(0.5)
    places = torch.ones(4, 6, 10)
    places[:, :, :3] = 0
    assert dead_share(places).item() == pytest.approx(0.3)
    assert dead_share(places.transpose(1, 2)).item() == pytest.approx(0.3)


def test_what_is_inside_groups_is_told_round_by_round_under_full_ids(tmp_path: Path) -> None:
    told = [each for each in events_of(digits_run(tmp_path, digits_residual(), epochs=1)) if isinstance(each, Progress)]
    measured = next(each for each in told if each.activations)
    assert {"stem", "block1", "block1.0.relu1", "block1.1.relu1", "block1.1.sum", "scores"} <= set(measured.activations)
    assert measured.activations["block1.0.relu1"].dead is not None
    assert set(measured.layers) == {"stem", "block1.0.conv1", "block1.1.conv1", "norm", "scores"}
    assert measured.learning_rate == pytest.approx(0.01)


def test_only_the_steps_that_tell_figures_are_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "SHARE", 1e-9)
    watched = []
    before = Activations.pass_through
    monkeypatch.setattr(Activations, "pass_through", lambda self, inputs: watched.append(1) or before(self, inputs))
    told = events_of(digits_run(tmp_path, epochs=2))
    assert len(watched) == sum(1 for each in told if isinstance(each, Progress) and each.activations) == 1


def test_histograms_come_when_they_are_asked_for_also_while_the_run_is_held(tmp_path: Path) -> None:
    control = Control()
    control.put(Histograms("hidden", bins=10))
    control.put(Pause())
    control.put(Histograms("scores"))
    control.put(Resume())
    told = events_of(digits_run(tmp_path, epochs=1), control)
    first, second = (each for each in told if isinstance(each, Distributions))
    assert [each.name for each in first.found] == ["weight", "bias"], "there is no gradient before the first step"
    assert sum(first.found[0].counts) == 32 * 64
    assert len(first.found[0].counts) == 10
    assert second.node == "scores"
    assert isinstance(told[-1], Finished)


def test_weights_out_of_bounds_are_counted_apart_and_no_layer_has_no_histogram() -> None:
    found = counted("weight", torch.tensor([1.0, torch.nan, 3.0, torch.inf]), 4)
    assert (found.low, found.high, sum(found.counts), found.not_finite) == (1.0, 3.0, 2, 2)
    assert counted("weight", torch.zeros(3), 4).counts == (3,)
    assert distributions(Network(digits_mlp()), Histograms("nowhere")) == ()


def test_weights_that_all_begin_the_same_are_an_omen_and_classes_are_counted(tmp_path: Path) -> None:
    modules = {"hidden": linear(64, 8), "relu": Call("nn.ReLU"), "scores": linear(8, 10)}
    flat = Step("x", Call(".reshape", {}, (Ref("image"), -1, 64)), "flat")
    steps = (flat, *(Step("x", Call(f"self.{name}", {}, (Ref("x"),)), name) for name in modules))
    inits = (("hidden.weight", Call("torch.nn.init.zeros_")),)
    plan = Plan(
        "Zero", (PlanInput("image", (1, 8, 8)),), modules, steps, (("digit", Ref("x")),), inits=inits
    )  # fmt: skip
    started = next(
        each for each in events_of(Train(plan, digits_recipe(epochs=1), str(tmp_path))) if isinstance(each, Started)
    )
    assert started.omens.alike == ("hidden",)
    assert sum(started.omens.balance["digit"]) == started.examples["train"]
    assert not started.omens.constant
