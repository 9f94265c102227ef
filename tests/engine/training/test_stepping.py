"""What a recipe can ask of a training step, held to what torch does where it is written by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from small_plans import ADAM, digits_mlp, digits_run
from torch import Tensor, nn

from designer.engine.control import Control
from designer.engine.training.loop import Trainer, more, train
from designer.engine.training.stepping import shares
from designer.plan import Call, Ref
from designer.protocol import (
    ChangeRate,
    Epoch,
    Event,
    Failed,
    Finished,
    Pause,
    Paused,
    Progress,
    Resume,
    Schedule,
    Split,
    StepOnce,
    Stop,
    Train,
)

SGD = Call("torch.optim.SGD", {"lr": 0.1})


def events_of(request: Train) -> list[Event]:
    return list(train(request, Control()))


def losses_of(events: list[Event]) -> list[float]:
    assert isinstance(events[-1], Finished), events[-1]
    return [loss for event in events if isinstance(event, Progress) for loss in event.losses if loss is not None]


def last_weights(folder: Path) -> dict[str, Tensor]:
    from safetensors.torch import load_file

    return load_file(folder / "last.safetensors")


def test_gradients_of_several_batches_make_the_update_of_one(tmp_path: Path) -> None:
    for name, size, together in (("small", 50, 4), ("large", 200, 1)):
        events_of(digits_run(tmp_path / name, epochs=2, batch_size=size, accumulate=together, optimizer=SGD))
    small, large = last_weights(tmp_path / "small"), last_weights(tmp_path / "large")
    for name, weight in small.items():
        torch.testing.assert_close(weight, large[name], rtol=1e-4, atol=1e-6)


def test_every_batch_has_its_share_of_an_update_and_the_last_update_of_an_epoch_is_smaller() -> None:
    assert shares([3, 3, 3, 1], 3) == [(True, 1 / 3, False), (False, 1 / 3, False), (False, 1 / 3, True),
                                       (True, 1.0, True)]  # fmt: skip


def trained_by_hand(update: Callable[[nn.Module, Tensor, int], None], tmp_path: Path) -> list[float]:
    """The digits by plain SGD, where `update` does what follows the forward pass."""
    trainer = Trainer(digits_run(tmp_path / "hand", optimizer=SGD))
    examples = trainer.bench.examples["train"]
    torch.manual_seed(0)
    network = nn.Sequential(nn.Flatten(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    order, losses = torch.Generator().manual_seed(0), []
    for inputs, wanted in examples.shuffled(trainer.sizes, order):
        loss = nn.functional.cross_entropy(network(*inputs), *wanted)
        network.zero_grad()
        update(network, loss, len(examples))
        torch.optim.SGD(network.parameters(), lr=0.1).step()
        losses.append(loss.item())
    return losses


def clipped(network: nn.Module, loss: Tensor, _examples: int) -> None:
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 0.3)


def clamped(network: nn.Module, loss: Tensor, _examples: int) -> None:
    loss.backward()
    nn.utils.clip_grad_value_(network.parameters(), 0.01)


def test_gradients_are_clipped_by_their_norm_and_by_their_value(tmp_path: Path) -> None:
    for update, setting in ((clipped, {"clip_norm": 0.3}), (clamped, {"clip_value": 0.01})):
        told = losses_of(events_of(digits_run(tmp_path / "run", epochs=1, optimizer=SGD, **setting)))
        assert told == pytest.approx(trained_by_hand(update, tmp_path), rel=1e-4)


def test_l1_and_l2_count_for_each_training_example(tmp_path: Path) -> None:
    def weighed(network: nn.Module, loss: Tensor, examples: int) -> None:
        matrices = [weight for weight in network.parameters() if weight.dim() == 2]
        held = sum(0.5 * weight.abs().sum() + 3.0 / 2 * weight.square().sum() for weight in matrices) / examples
        loss += held
        loss.backward()

    told = losses_of(events_of(digits_run(tmp_path / "run", epochs=1, optimizer=SGD, l1=0.5, l2=3.0)))
    assert told == pytest.approx(trained_by_hand(weighed, tmp_path), rel=1e-4)


def test_the_running_mean_of_the_weights_is_measured_and_kept_as_the_best(tmp_path: Path) -> None:
    from safetensors.torch import load_file

    trainer = Trainer(digits_run(tmp_path, epochs=2, ema=0.99))
    means = [weight.detach().clone() for weight in trainer.bench.weights]
    updates = 0
    step = trainer.stepper.step

    def watched(batch: object, place: int, forward: object = None) -> Tensor:
        nonlocal updates
        loss = step(batch, place, forward)  # type: ignore[arg-type]
        updates += 1
        for mean, weight in zip(means, trainer.bench.weights, strict=True):
            mean.lerp_(weight.detach(), 1 - min(0.99, (1 + updates) / (10 + updates)))
        return loss

    trainer.stepper.step = watched  # type: ignore[method-assign]
    events = list(trainer.run(2, Control()))
    best = load_file(tmp_path / "best.safetensors")
    torch.testing.assert_close(list(best.values()), [means[1], means[0], means[3], means[2]], check_stride=False)
    assert not torch.equal(best["hidden.weight"], last_weights(tmp_path)["hidden.weight"])
    assert events[-1].metrics["test_accuracy"] > 0.85  # type: ignore[union-attr]


def test_bfloat16_learns_like_float32_and_keeps_its_weights_whole(tmp_path: Path) -> None:
    plain, fewer = (
        losses_of(events_of(digits_run(tmp_path / kind, epochs=2, precision=kind))) for kind in ("float32", "bfloat16")
    )
    assert plain != fewer
    assert fewer[-1] == pytest.approx(plain[-1], rel=0.2)
    assert {weight.dtype for weight in last_weights(tmp_path / "bfloat16").values()} == {torch.float32}


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"precision": "float16"}, "precision", "float16 needs a GPU, but this run is on cpu."),
        ({"optimizer": Call("torch.optim.LBFGS"), "accumulate": 2}, "accumulate", "LBFGS looks at each batch"),
        ({"accumulate": 0}, "accumulate", "at least one batch"),
        ({"schedule": Schedule(Call("nn.Linear"))}, "schedule", "nn.Linear is no schedule"),
        ({"schedule": Schedule(Call("torch.optim.lr_scheduler.StepLR"))}, "schedule", "StepLR cannot be used"),
    ],
)
def test_what_does_not_go_together_is_told_before_the_first_step(
    changes: dict[str, object], code: str, words: str, tmp_path: Path
) -> None:
    (told,) = events_of(digits_run(tmp_path, **changes))
    assert isinstance(told, Failed)
    assert told.problem.code == code
    assert words in told.problem.message
    assert "\n" not in told.problem.sentence


COSINE = Schedule(Call("torch.optim.lr_scheduler.CosineAnnealingLR", {"T_max": Ref("updates")}), "update")


def test_the_rate_follows_the_schedule_after_the_warm_up(tmp_path: Path) -> None:
    trainer = Trainer(digits_run(tmp_path, epochs=2, schedule=COSINE, warmup=10))
    rates, step = [], trainer.stepper.step

    def watched(batch: object, place: int, forward: object = None) -> Tensor:
        rates.append(trainer.stepper.rates.rate)
        return step(batch, place, forward)  # type: ignore[arg-type]

    trainer.stepper.step = watched  # type: ignore[method-assign]
    events = list(trainer.run(2, Control()))
    left = 2 * len(trainer.sizes) - 10
    warm = [0.01 * (0.01 + 0.99 * place / 10) for place in range(10)]
    assert rates == pytest.approx(warm + [0.005 * (1 + math.cos(math.pi * place / left)) for place in range(left)])
    told = [event.learning_rate for event in events if isinstance(event, Progress | Epoch)]
    assert told[-1] == pytest.approx(0, abs=1e-9)


def test_a_plateau_lowers_the_rate_where_the_validation_loss_gets_no_better(tmp_path: Path) -> None:
    plateau = Schedule(Call("torch.optim.lr_scheduler.ReduceLROnPlateau", {"factor": 0.5, "patience": 0}), "loss")
    hopeless = Call("torch.optim.SGD", {"lr": 1e-6})
    events = events_of(digits_run(tmp_path, epochs=4, schedule=plateau, optimizer=hopeless))
    assert [event.learning_rate for event in events if isinstance(event, Epoch)][-1] < 1e-6  # type: ignore[operator]


def test_a_run_ends_when_no_epoch_is_better_for_long_enough(tmp_path: Path) -> None:
    idle = Call("torch.optim.SGD", {"lr": 0.0})
    finished = events_of(digits_run(tmp_path, epochs=20, patience=3, optimizer=idle))[-1]
    assert isinstance(finished, Finished)
    assert (finished.epochs, finished.stopped) == (4, True)
    assert finished.reason == "no better validation loss for 3 epochs"
    assert finished.metrics["best_epoch"] == 1


def test_a_paused_run_does_one_step_at_a_time(tmp_path: Path) -> None:
    control = Control()
    events = train(digits_run(tmp_path, epochs=1), control)
    next(events)
    control.put(Pause())
    assert isinstance(next(events), Paused)
    for wanted in (1, 2):
        control.put(StepOnce())
        progress = next(events)
        assert isinstance(progress, Progress)
        assert (progress.step, len(progress.losses)) == (wanted, 1)
        assert isinstance(next(events), Paused)
    control.put(Resume())
    assert isinstance(list(events)[-1], Finished)


def test_a_run_held_between_two_epochs_does_one_step_too(tmp_path: Path) -> None:
    control = Control()
    events = train(digits_run(tmp_path, epochs=2), control)
    ended = next(event for event in events if isinstance(event, Epoch))
    control.put(Pause())
    assert isinstance(next(events), Paused)
    control.put(StepOnce())
    progress = next(events)
    assert isinstance(progress, Progress)
    assert progress.step == ended.step + 1
    assert isinstance(next(events), Paused)
    control.put(Stop())
    assert isinstance(list(events)[-1], Finished)


def test_one_step_asked_for_while_nothing_is_paused_changes_nothing(tmp_path: Path) -> None:
    control = Control()
    events = train(digits_run(tmp_path, epochs=1), control)
    next(events)
    control.put(StepOnce())
    assert not any(isinstance(event, Paused) for event in events)


def test_the_rate_can_be_changed_while_it_trains_and_the_schedule_follows(tmp_path: Path) -> None:
    halving = Schedule(Call("torch.optim.lr_scheduler.StepLR", {"step_size": 1, "gamma": 0.5}))
    control, rates = Control(), []
    for event in train(digits_run(tmp_path, epochs=4, schedule=halving), control):
        if isinstance(event, Epoch):
            rates.append(event.learning_rate)
            if event.epoch == 2:
                control.put(ChangeRate(0.2))
    assert rates == pytest.approx([0.01, 0.005, 0.2, 0.1])


def test_a_rate_that_has_come_down_to_nothing_can_be_raised_again(tmp_path: Path) -> None:
    trainer = Trainer(digits_run(tmp_path, epochs=1, schedule=COSINE))
    list(trainer.run(1, Control()))
    assert trainer.stepper.rates.rate == pytest.approx(0, abs=1e-12)
    trainer.stepper.rates.change(0.5)
    list(trainer.run(1, Control()))
    assert trainer.stepper.rates.rate == 0.5


def test_a_deterministic_run_leaves_torch_as_it_was(tmp_path: Path) -> None:
    first, second = (losses_of(events_of(digits_run(tmp_path / name, deterministic=True))) for name in "ab")
    assert first == second
    assert not torch.are_deterministic_algorithms_enabled()


RESUMED: dict[str, dict[str, object]] = {
    "plain": {},
    "schedule": {"schedule": COSINE, "warmup": 5, "ema": 0.9},
    "accumulated": {"accumulate": 3, "clip_norm": 1.0, "precision": "bfloat16"},
    "muon": {"optimizer": Call("torch.optim.Muon", {"lr": 0.01, "weight_decay": 0.0})},
}


@pytest.mark.parametrize("name", RESUMED)
def test_a_run_put_back_to_where_it_was_goes_on_as_if_never_stopped(name: str, tmp_path: Path) -> None:
    request = digits_run(tmp_path / "whole", digits_mlp(dropout=0.2), epochs=4, **RESUMED[name])
    whole = losses_of(list(Trainer(request).run(4, Control())))
    begun = Trainer(digits_run(tmp_path / "begun", digits_mlp(dropout=0.2), epochs=4, **RESUMED[name]))
    first = losses_of(list(begun.run(2, Control())))
    again = Trainer(digits_run(tmp_path / "again", digits_mlp(dropout=0.2), epochs=4, **RESUMED[name]))
    again.load_state_dict(begun.state_dict())
    assert first + losses_of(list(again.run(2, Control()))) == whole


def test_more_epochs_after_a_cosine_keep_its_last_rate(tmp_path: Path) -> None:
    trainer = Trainer(digits_run(tmp_path, epochs=1, schedule=COSINE))
    list(trainer.run(1, Control()))
    rates = [event.learning_rate for event in more(trainer, 2, Control()) if isinstance(event, Epoch)]
    assert rates == pytest.approx([0, 0], abs=1e-12)


def stop_soon(events: Iterator[Event], control: Control) -> list[Event]:
    told = []
    for event in events:
        told.append(event)
        if isinstance(event, Progress) and len(told) == 2:
            control.put(Stop())
    return told


def test_a_stop_between_two_batches_of_an_update_ends_the_run(tmp_path: Path) -> None:
    control = Control()
    told = stop_soon(train(digits_run(tmp_path, epochs=50, accumulate=7, split=Split(0, 0)), control), control)
    assert isinstance(told[-1], Finished)
    assert (told[-1].stopped, told[-1].reason) == (True, "")


@pytest.mark.slow
def test_a_compiled_network_learns_as_it_does_by_itself(tmp_path: Path) -> None:
    plain, compiled = (
        losses_of(events_of(digits_run(tmp_path / str(on), epochs=1, compile=on, optimizer=ADAM)))
        for on in (False, True)
    )
    assert compiled == pytest.approx(plain, rel=1e-3)


def test_a_network_that_cannot_be_compiled_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler")
    torch._inductor.config.cpp.cxx = ("no-such-compiler",)
    torch._dynamo.reset()
    told = events_of(digits_run(tmp_path, epochs=1, compile=True))[-1]
    assert isinstance(told, Failed)
    assert told.problem.code == "compile"
    assert "\n" not in told.problem.sentence
