from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
import torch
from safetensors.torch import load_file
from small_plans import (
    ADAM,
    IMAGE,
    apply,
    dense,
    digits_mlp,
    digits_recipe,
    digits_residual,
    digits_run,
    linear,
)  # fmt: skip
from torch import nn

from designer.engine.control import Control
from designer.engine.data.load import load
from designer.engine.network import Network
from designer.engine.training.examples import Examples, batch_sizes
from designer.engine.training.loop import Trainer, more, train
from designer.plan import Call, Plan, PlanInput, Ref, Step
from designer.problems import Problem
from designer.protocol import (
    Epoch,
    Event,
    Failed,
    Finished,
    Onnx,
    Pause,
    Paused,
    Progress,
    Recipe,
    Resume,
    Resumed,
    Source,
    Split,
    Started,
    Stop,
    Stopping,
    Target,
    Train,
    decode_event,
    encode,
)


@dataclass
class Run:
    """All that a run told, and what it leaves to go on with."""

    events: list[Event]
    trainer: Trainer | None

    def of(self, kind: type) -> list:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def losses(self) -> list[float | None]:
        return [loss for event in self.of(Progress) for loss in event.losses]

    @property
    def finished(self) -> Finished:
        assert isinstance(self.events[-1], Finished), self.events[-1]
        return self.events[-1]

    @property
    def problem(self) -> Problem:
        assert isinstance(self.events[-1], Failed), self.events[-1]
        return self.events[-1].problem


def drain(events: Iterator[Event]) -> Run:
    told = []
    while True:
        try:
            told.append(next(events))
        except StopIteration as end:
            return Run(told, end.value)


def run(request: Train) -> Run:
    return drain(train(request, Control()))


def table_run(folder: Path, source: Source, plan: Plan, target: Target, **changes: object) -> Train:
    given: dict[str, object] = {"epochs": 5, "batch_size": 16, "device": "cpu", "optimizer": ADAM, **changes}
    feature = "point" if source.key in {"moons", "circles", "blobs", "spiral"} else "measures"
    return Train(plan, Recipe(source, (feature,), (target,), **given), str(folder))  # type: ignore[arg-type]


def test_a_run_tells_a_loss_for_every_step_and_the_metrics_of_every_epoch(tmp_path: Path) -> None:
    told = run(digits_run(tmp_path, epochs=3))
    assert isinstance(told.events[0], Started)
    assert told.events[0].examples == {"train": 1257, "validation": 270, "test": 270}
    assert len(told.losses) == told.finished.steps == 3 * told.events[0].steps_per_epoch
    assert [event.epoch for event in told.of(Epoch)] == [1, 2, 3]
    assert set(told.of(Epoch)[0].metrics) == {
        "train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "validation_f1",
    }  # fmt: skip
    assert told.finished.metrics["test_accuracy"] > 0.85
    assert told.finished.epochs == 3
    assert 0 < told.finished.seconds < 60


def test_every_event_of_a_run_survives_the_pipe(tmp_path: Path) -> None:
    for event in run(digits_run(tmp_path, epochs=1)).events:
        assert decode_event(encode(event)) == event


def test_a_run_equals_the_loop_written_by_hand(tmp_path: Path) -> None:
    told = run(digits_run(tmp_path, digits_mlp(dropout=0.2), epochs=2))
    data = load(Source("digits"), Split())
    rows = data.rows["train"]
    images, digits = data.fields["image"][rows], data.fields["digit"][rows]
    torch.manual_seed(0)
    network = nn.Sequential(nn.Flatten(), nn.Linear(64, 32), nn.ReLU(), nn.Dropout(0.2), nn.Linear(32, 10))
    optimizer = torch.optim.Adam(network.parameters(), lr=0.01, fused=True)
    order = torch.Generator().manual_seed(0)
    losses = []
    for _ in range(2):
        for batch in torch.randperm(len(rows), generator=order).split(64):
            loss = nn.functional.cross_entropy(network(images[batch]), digits[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    assert told.losses == pytest.approx(losses, rel=1e-5)


def test_the_same_seed_gives_the_same_curve_and_another_seed_another(tmp_path: Path) -> None:
    plan = digits_mlp(dropout=0.3)
    first, second, other = (run(digits_run(tmp_path, plan, seed=seed)) for seed in (5, 5, 6))
    assert first.losses == second.losses
    assert first.finished.metrics == second.finished.metrics
    assert first.losses != other.losses


def test_more_epochs_give_the_curve_of_one_longer_run(tmp_path: Path) -> None:
    plan = digits_mlp(dropout=0.3)
    long = run(digits_run(tmp_path / "long", plan, epochs=4))
    short = run(digits_run(tmp_path / "short", plan, epochs=2))
    assert short.trainer is not None
    torch.rand(7)
    rest = drain(more(short.trainer, 2, Control()))
    assert short.losses + rest.losses == long.losses
    assert rest.finished.metrics == long.finished.metrics
    assert (rest.finished.epochs, rest.finished.steps) == (4, long.finished.steps)
    assert (tmp_path / "short" / "last.safetensors").read_bytes() == (
        tmp_path / "long" / "last.safetensors"
    ).read_bytes()


def test_the_folder_holds_weights_metrics_and_the_recipe(tmp_path: Path) -> None:
    plan = digits_residual()
    told = run(digits_run(tmp_path / "new" / "run", plan, epochs=2))
    folder = tmp_path / "new" / "run"
    assert sorted(file.name for file in folder.iterdir()) == [
        "best.checkpoint", "best.safetensors", "last.checkpoint", "last.safetensors", "losses.f32", "metrics.jsonl",
        "run.json",
    ]  # fmt: skip
    network = Network(plan)
    for name in ("best", "last"):
        network.load_state_dict(load_file(folder / f"{name}.safetensors"))
    facts = json.loads((folder / "run.json").read_text())
    assert facts["recipe"]["source"]["key"] == "digits"
    assert facts["result"]["metrics"] == told.finished.metrics
    lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == [1, 2]
    assert lines[1]["validation_loss"] == told.of(Epoch)[1].metrics["validation_loss"]


def test_the_best_weights_are_those_of_the_epoch_called_best_and_are_the_ones_tested(tmp_path: Path) -> None:
    told = run(digits_run(tmp_path, epochs=6, optimizer=Call("torch.optim.Adam", {"lr": 0.3}), batch_size=16))
    best = [event for event in told.of(Epoch) if event.best][-1]
    assert best.metrics["validation_loss"] == min(event.metrics["validation_loss"] for event in told.of(Epoch))
    assert told.finished.metrics["best_epoch"] == best.epoch
    network = Network(digits_mlp())
    network.load_state_dict(load_file(tmp_path / "best.safetensors"))
    data = load(Source("digits"), Split())
    rows = data.rows["test"]
    right = network.eval()(data.fields["image"][rows])[0].argmax(1) == data.fields["digit"][rows]
    assert told.finished.metrics["test_accuracy"] == pytest.approx(right.float().mean().item())


def test_the_figures_of_a_layer_are_its_norms_before_and_after_a_step(tmp_path: Path) -> None:
    plain = Call("torch.optim.SGD", {"lr": 0.5})
    told = run(digits_run(tmp_path, digits_residual(), epochs=1, optimizer=plain, batch_size=2000))
    (progress,) = told.of(Progress)
    assert set(progress.layers) == {"stem", "block1.0.conv1", "block1.1.conv1", "norm", "scores"}
    weights = load_file(tmp_path / "last.safetensors")
    for name, layer in progress.layers.items():
        own = [value for key, value in weights.items() if key.startswith(f"{name}.") and "running" not in key]
        norm = math.sqrt(sum(float(value.float().square().sum()) for value in own if value.dim()))
        assert layer.weight_norm == pytest.approx(norm, rel=1e-4)
        assert layer.update_ratio * layer.weight_norm == pytest.approx(0.5 * layer.gradient_norm, rel=1e-3)


def test_messages_come_at_most_thirty_times_a_second(tmp_path: Path) -> None:
    begun = time.perf_counter()
    told = run(digits_run(tmp_path, epochs=20, batch_size=16))
    seconds = time.perf_counter() - begun
    assert 1 < len(told.of(Progress)) <= 2 + 30 * seconds


def test_a_paused_run_holds_still_until_it_goes_on(tmp_path: Path) -> None:
    control = Control()
    events = train(digits_run(tmp_path, epochs=1), control)
    assert isinstance(next(events), Started)
    control.put(Pause())
    told = []
    for event in events:
        told.append(event)
        if isinstance(event, Paused):
            control.put(Pause())
            control.put(Resume())
    assert [type(event) for event in told[:2]] == [Paused, Resumed]
    assert isinstance(told[-1], Finished)
    unpaused = run(digits_run(tmp_path, epochs=1))
    assert Run(told, None).losses == unpaused.losses


def test_a_stopped_run_ends_with_what_it_has_and_can_go_on(tmp_path: Path) -> None:
    control = Control()
    told = []
    events = train(digits_run(tmp_path, epochs=1000), control)
    while True:
        try:
            event = next(events)
        except StopIteration as end:
            trainer = end.value
            break
        told.append(event)
        if isinstance(event, Epoch) and event.epoch == 2:
            control.put(Stop())
    finished = Run(told, None).finished
    assert finished.stopped
    assert sum(isinstance(event, Stopping) for event in told) == 1
    assert finished.epochs == 2
    assert "test_accuracy" in finished.metrics
    assert (tmp_path / "best.safetensors").exists()
    assert drain(more(trainer, 1, Control())).finished.epochs == 3


def test_a_run_stopped_in_its_first_epoch_keeps_the_weights_it_has(tmp_path: Path) -> None:
    control = Control()
    events = train(digits_run(tmp_path), control)
    next(events)
    next(events)
    control.put(Stop())
    finished = drain(events).finished
    assert (finished.steps, finished.epochs, finished.stopped) == (1, 0, True)
    assert finished.metrics["train_loss"] > 1
    assert (tmp_path / "best.safetensors").read_bytes() == (tmp_path / "last.safetensors").read_bytes()


def test_a_paused_run_can_be_stopped(tmp_path: Path) -> None:
    control = Control()
    events = train(digits_run(tmp_path), control)
    next(events)
    control.put(Pause())
    assert isinstance(next(events), Paused)
    control.put(Stop())
    assert drain(events).finished.stopped


def test_other_work_waits_for_the_end_of_the_run(tmp_path: Path) -> None:
    control = Control()
    later = Onnx(digits_mlp(), "x.onnx")
    events = train(digits_run(tmp_path, epochs=1), control)
    next(events)
    control.put(later)
    drain(events)
    control.put(Stop())
    assert control.take() is later


def test_numbers_are_told_in_their_own_units(tmp_path: Path) -> None:
    target = Target("answer", "progression", Call("nn.MSELoss"), "numbers")
    told = run(table_run(tmp_path, Source("diabetes"), dense(10, 1), target, epochs=15))
    metrics = told.finished.metrics
    assert 35 < metrics["test_mae"] < 60
    assert 45 < metrics["test_rmse"] < 75
    assert 0.2 < metrics["test_r2"] < 0.7
    assert metrics["test_loss"] < 1
    scales = json.loads((tmp_path / "run.json").read_text())["scales"]
    assert metrics["test_rmse"] == pytest.approx(
        math.sqrt(metrics["test_loss"]) * scales["progression"]["deviation"][0], rel=1e-4
    )


def test_yes_or_no_is_measured_by_the_sign_of_the_logit(tmp_path: Path) -> None:
    target = Target("answer", "diagnosis", Call("nn.BCEWithLogitsLoss"), "binary")
    told = run(table_run(tmp_path, Source("breast_cancer"), dense(30, 1), target))
    assert told.finished.metrics["test_accuracy"] > 0.93


@pytest.mark.parametrize("optimizer", [
    Call("torch.optim.SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.001}),
    Call("torch.optim.AdamW", {"lr": 0.01, "weight_decay": 0.01}),
    Call("torch.optim.RMSprop", {"lr": 0.01, "alpha": 0.99, "momentum": 0.0, "weight_decay": 0.0}),
], ids=lambda call: call.target)  # fmt: skip
def test_every_optimizer_learns(optimizer: Call, tmp_path: Path) -> None:
    target = Target("answer", "class", Call("nn.CrossEntropyLoss"), "classes")
    told = run(
        table_run(tmp_path, Source("moons", {"samples": 400}), dense(2, 2), target, epochs=20, optimizer=optimizer)
    )
    assert told.finished.metrics["test_accuracy"] > 0.85


def two_headed() -> Plan:
    modules = {"flatten": Call("nn.Flatten"), "code": linear(64, 16), "scores": linear(16, 10), "back": linear(16, 64)}
    steps = (
        apply("flatten", "image"), apply("code"), apply("scores", to="digit"), apply("back"),
        Step("x", Call(".reshape", {}, (Ref("x"), -1, 1, 8, 8)), "fold"),
    )  # fmt: skip
    return Plan("TwoHeaded", (IMAGE,), modules, steps, (("digit", Ref("digit")), ("copy", Ref("x"))))


def test_several_outputs_add_up_their_losses_and_prefix_their_metrics(tmp_path: Path) -> None:
    copy = Target("copy", "image", Call("nn.MSELoss"), "numbers")
    recipe = digits_recipe()
    recipe = Recipe(recipe.source, recipe.inputs, (*recipe.targets, copy), recipe.optimizer, epochs=2, device="cpu")
    metrics = run(Train(two_headed(), recipe, str(tmp_path))).finished.metrics
    assert metrics["validation_loss"] == pytest.approx(
        metrics["digit.validation_loss"] + metrics["copy.validation_loss"]
    )
    assert metrics["digit.test_accuracy"] > 0.5
    assert metrics["copy.test_mae"] < 0.3


def test_one_output_of_two_can_be_trained_alone(tmp_path: Path) -> None:
    copy = Target("copy", "image", Call("nn.L1Loss"), "numbers")
    recipe = Recipe(Source("digits"), ("image",), (copy,), ADAM, epochs=1, device="cpu")
    assert "test_mae" in run(Train(two_headed(), recipe, str(tmp_path))).finished.metrics


def test_a_run_without_validation_and_test_takes_the_training_loss_for_the_best(tmp_path: Path) -> None:
    told = run(digits_run(tmp_path, split=Split(0, 0)))
    assert set(told.finished.metrics) == {"train_loss", "train_accuracy", "best_epoch"}
    assert told.of(Epoch)[-1].best


def test_a_loss_that_is_not_finite_ends_the_run_and_names_the_node(tmp_path: Path) -> None:
    modules = {"flatten": Call("nn.Flatten"), "hidden": linear(64, 8), "scores": linear(8, 10)}
    steps = (
        apply("flatten", "image"), apply("hidden"), Step("x", Call("torch.log", {}, (Ref("x"),)), "log1"),
        apply("scores"),
    )  # fmt: skip
    plan = Plan("Log", (IMAGE,), modules, steps, (("digit", Ref("x")),))
    told = run(digits_run(tmp_path, plan))
    assert told.problem.code == "nan-loss"
    assert told.problem.node == "log1"
    assert "step 1." in told.problem.message
    assert told.losses[0] is None


def test_a_loss_that_explodes_ends_the_run(tmp_path: Path) -> None:
    target = Target("answer", "progression", Call("nn.MSELoss"), "numbers")
    wild = Call("torch.optim.SGD", {"lr": 3.0})
    modules = {"hidden": linear(10, 8), "answer": linear(8, 1)}
    plan = Plan(
        "Line", (PlanInput("row", (10,)),), modules, (apply("hidden", "row"), apply("answer")), (("answer", Ref("x")),)
    )
    told = run(table_run(tmp_path, Source("diabetes"), plan, target, epochs=50, optimizer=wild))
    assert told.problem.code == "nan-loss"
    assert "smaller learning rate" in told.problem.hint
    assert None in told.losses


def changed(**changes: object) -> Recipe:
    recipe = digits_recipe()
    fields = {name: changes.get(name, getattr(recipe, name)) for name in recipe.__struct_fields__}
    return Recipe(**fields)


DIGIT = Target("digit", "digit", Call("nn.CrossEntropyLoss"), "classes")


@pytest.mark.parametrize(
    ("recipe", "code", "words"),
    [
        (changed(device="cuda:7"), "device", "no device called cuda:7"),
        (changed(device="abacus"), "device", "no device called abacus"),
        (changed(batch_size=0), "batch-size", "at least one example"),
        (changed(epochs=0), "epochs", "no epochs"),
        (changed(targets=()), "no-loss", "nothing to train towards"),
        (changed(source=Source("martians")), "data", "no data set called martians"),
        (changed(inputs=("picture",)), "data-field", "no field called picture"),
        (changed(inputs=("digit",)), "data-shape", "image takes 1 x 8 x 8, but digit is a single number"),
        (changed(inputs=("image", "image")), "data", "has 1 inputs"),
        (changed(targets=(Target("colour", "digit", DIGIT.loss, "classes"),)), "target", "no output called colour"),
        (changed(targets=(Target("digit", "image", DIGIT.loss, "classes"),)), "target-type", "holds numbers"),
        (changed(targets=(Target("digit", "image", Call("nn.MSELoss"), "numbers"),)), "target-shape", "1 x 8 x 8"),
        (changed(optimizer=Call("torch.optim.SGD", {"lr": 0.1, "nesterov": True})), "optimizer", "Nesterov"),
        (changed(optimizer=Call("nn.Linear")), "optimizer", "no optimizer"),
        (changed(source=Source("iris"), inputs=("measures",)), "data-shape", "image takes 1 x 8 x 8"),
    ],
)  # fmt: skip
def test_what_cannot_be_trained_is_told_before_the_first_step(
    recipe: Recipe, code: str, words: str, tmp_path: Path
) -> None:
    told = run(Train(digits_mlp(), recipe, str(tmp_path)))
    assert (told.problem.code, told.events[-1].run) == (code, str(tmp_path))
    assert words in told.problem.message
    assert "\n" not in told.problem.sentence
    assert told.trainer is None


def test_a_label_without_a_score_is_told_with_the_numbers(tmp_path: Path) -> None:
    plan = Plan(
        "Few", (IMAGE,), {"flatten": Call("nn.Flatten"), "scores": linear(64, 5)},
        (apply("flatten", "image"), apply("scores")), (("digit", Ref("x")),),
    )  # fmt: skip
    problem = run(digits_run(tmp_path, plan)).problem
    assert (problem.code, problem.node) == ("label-range", "digit")
    assert problem.message == "digit has classes up to 9, but digit has scores for 5 only."


def test_an_output_without_scores_is_told(tmp_path: Path) -> None:
    plan = Plan("Flat", (IMAGE,), {"flatten": Call("nn.Flatten"), "one": linear(64, 1)},
                (apply("flatten", "image"), apply("one"), Step("x", Call(".squeeze", {}, (Ref("x"), 1)), "squeeze")),
                (("digit", Ref("x")),))  # fmt: skip
    assert run(digits_run(tmp_path, plan)).problem.code == "target-shape"


def test_classes_for_a_loss_of_yes_or_no_are_told(tmp_path: Path) -> None:
    target = Target("answer", "species", Call("nn.BCEWithLogitsLoss"), "binary")
    assert run(table_run(tmp_path, Source("iris"), dense(4, 1), target)).problem.code == "label-range"


def test_a_network_that_torch_refuses_is_told_with_its_node(tmp_path: Path) -> None:
    plan = Plan("Bad", (IMAGE,), {"scores": linear(9, 10)}, (apply("scores", "image"),), (("digit", Ref("x")),))
    problem = run(digits_run(tmp_path, plan)).problem
    assert (problem.code, problem.node) == ("torch", "scores")


def test_a_module_that_cannot_be_made_is_told_with_its_node(tmp_path: Path) -> None:
    inner = Plan("Inner", (PlanInput("x", (4,)),), {"bad": Call("nn.Linear")}, (apply("bad"),), (("y", Ref("x")),))
    plan = Plan("Bad", (IMAGE,), {"block": inner}, (apply("block", "image"),), (("digit", Ref("x")),))
    problem = run(digits_run(tmp_path, plan)).problem
    assert (problem.code, problem.node) == ("plan", "block.bad")


def test_a_network_that_learns_nothing_is_told(tmp_path: Path) -> None:
    plan = Plan("Dry", (IMAGE,), {"flatten": Call("nn.Flatten")}, (apply("flatten", "image"),), (("digit", Ref("x")),))
    assert run(digits_run(tmp_path, plan)).problem.code == "no-weights"


def test_a_network_too_large_for_the_memory_is_told_with_its_node(tmp_path: Path) -> None:
    modules = {"flatten": Call("nn.Flatten"), "huge": linear(64, 2**40)}
    plan = Plan("Huge", (IMAGE,), modules, (apply("flatten", "image"), apply("huge")), (("digit", Ref("x")),))
    problem = run(digits_run(tmp_path, plan)).problem
    assert (problem.code, problem.node) == ("out-of-memory", "huge")


def test_a_batch_of_one_before_a_batch_norm_is_told_with_the_node(tmp_path: Path) -> None:
    modules = {
        "flatten": Call("nn.Flatten"),
        "norm": Call("nn.BatchNorm1d", {"num_features": 64}),
        "scores": linear(64, 10),
    }
    plan = Plan(
        "Norm", (IMAGE,), modules, (apply("flatten", "image"), apply("norm"), apply("scores")), (("digit", Ref("x")),)
    )
    problem = run(digits_run(tmp_path, plan, batch_size=1)).problem
    assert (problem.code, problem.node) == ("batch-of-one", "norm")
    assert 1257 % 157 == 1
    assert run(digits_run(tmp_path, plan, batch_size=157)).finished.steps == 2 * 8


def test_a_word_that_the_table_lacks_is_told_with_the_node(tmp_path: Path) -> None:
    modules = {"table": Call("nn.Embedding", {"num_embeddings": 4, "embedding_dim": 10})}
    given = PlanInput("word", (), "int64")
    plan = Plan("Words", (given,), modules, (apply("table", "word"),), (("digit", Ref("x")),))
    problem = run(Train(plan, changed(inputs=("digit",)), str(tmp_path))).problem
    assert (problem.code, problem.node) == ("index-range", "table")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert run(digits_run(tmp_path / "file" / "run")).problem.code == "folder"


def test_a_folder_that_goes_away_during_the_run_is_told(tmp_path: Path) -> None:
    events = train(digits_run(tmp_path / "run"), Control())
    next(events)
    for file in (tmp_path / "run").iterdir():
        file.unlink()
    (tmp_path / "run").rmdir()
    assert drain(events).problem.code == "folder"


def test_a_run_that_is_ended_from_outside_leaves_its_best_weights_and_its_record(tmp_path: Path) -> None:
    request = digits_run(tmp_path, epochs=50)
    events = train(request, Control())
    epochs = []
    for event in events:
        if isinstance(event, Epoch):
            epochs.append(event)
        if len(epochs) == 5:
            break
    events.close()
    best = [event for event in epochs if event.best][-1]
    network = Network(request.plan)
    network.load_state_dict(load_file(tmp_path / "best.safetensors"))
    validation = Trainer(digits_run(tmp_path / "other")).bench.examples["validation"]
    (inputs, wanted) = next(iter(validation.batches(len(validation))))
    with torch.no_grad():
        loss = nn.functional.cross_entropy(network.eval()(*inputs)[0], wanted[0])
    assert loss.item() == pytest.approx(best.metrics["validation_loss"], rel=1e-4)


def test_a_run_in_the_folder_of_another_does_not_keep_its_weights(tmp_path: Path) -> None:
    drain(train(digits_run(tmp_path), Control()))
    assert (tmp_path / "best.safetensors").is_file()
    Trainer(digits_run(tmp_path))
    assert not (tmp_path / "best.safetensors").exists()
    assert not (tmp_path / "last.safetensors").exists()


def test_weights_are_as_readable_as_any_new_file(tmp_path: Path) -> None:
    drain(train(digits_run(tmp_path), Control()))
    (tmp_path / "plain").touch()
    modes = {path.stat().st_mode for path in (tmp_path / "plain", tmp_path / "best.safetensors", tmp_path / "run.json")}
    assert len(modes) == 1


def test_an_input_without_a_batch_cannot_be_trained(tmp_path: Path) -> None:
    plan = msgspec.structs.replace(digits_mlp(), inputs=(PlanInput("image", (1, 8, 8), batch=None),))
    assert drain(train(digits_run(tmp_path, plan), Control())).problem.code == "data-batch"


def test_in_place_changes_that_torch_cannot_differentiate_are_told(tmp_path: Path) -> None:
    modules = {"flatten": Call("nn.Flatten"), "hidden": linear(64, 10)}
    steps = (
        apply("flatten", "image"), apply("hidden"), Step("y", Call("torch.exp", {}, (Ref("x"),)), "exp1"),
        Step("_", Call(".add_", {}, (Ref("y"), 1)), "add1"),
    )  # fmt: skip
    problem = run(digits_run(tmp_path, Plan("InPlace", (IMAGE,), modules, steps, (("digit", Ref("y")),)))).problem
    assert problem.code == "torch"
    assert "inplace" in problem.message


def test_the_threads_of_the_process_are_as_before_after_a_run(tmp_path: Path) -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    run(digits_run(tmp_path, epochs=1))
    assert torch.get_num_threads() == 2
    torch.set_num_threads(before)


@pytest.mark.parametrize(
    ("examples", "size", "sizes"),
    [(10, 4, [4, 4, 2]), (9, 4, [4, 5]), (8, 4, [4, 4]), (3, 8, [3]), (1, 8, [1]), (3, 1, [1, 1, 1]), (5, 4, [5])],
)
def test_one_example_left_over_joins_the_batch_before(examples: int, size: int, sizes: list[int]) -> None:
    assert batch_sizes(examples, size) == sizes


def test_shuffled_batches_hold_every_example_once_with_its_target() -> None:
    numbers = torch.arange(1000.0)
    wide = numbers[:, None].expand(1000, 3000).contiguous()
    sizes = batch_sizes(1000, 7)
    batches = list(Examples((wide,), (numbers,)).shuffled(sizes, torch.Generator().manual_seed(1)))
    assert [len(wanted) for _, (wanted,) in batches] == sizes
    assert sorted(torch.cat([wanted for _, (wanted,) in batches]).tolist()) == numbers.tolist()
    assert all(torch.equal(inputs[:, 0], wanted) for (inputs,), (wanted,) in batches)


def test_a_stop_that_comes_while_the_last_epoch_is_measured_still_leaves_a_test(tmp_path: Path) -> None:
    control = Control()
    told = []
    for event in train(digits_run(tmp_path, epochs=1), control):
        told.append(event)
        if isinstance(event, Epoch):
            control.put(Stop())
    finished = Run(told, None).finished
    assert sum(isinstance(event, Stopping) for event in told) == 1
    assert (finished.stopped, finished.epochs) == (True, 1)
    assert "test_accuracy" in finished.metrics
    assert not control.waiting
