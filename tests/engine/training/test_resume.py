"""A run that was cut short goes on, and comes to what one that was never stopped comes to."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from small_plans import digits_mlp, digits_recipe, digits_residual, digits_run
from worker_child import Child

from designer import run_folder
from designer.engine.control import Control
from designer.engine.training import loop, record
from designer.engine.training.loop import Trainer, train
from designer.plan import Call, Ref
from designer.protocol import Epoch, Event, Failed, Finished, Progress, Schedule, Started, Stop, Train

ADAM = Call("torch.optim.AdamW", {"lr": 0.01, "amsgrad": True})
OPTIMIZERS = (
    ADAM,
    Call("torch.optim.SGD", {"lr": 0.05, "momentum": 0.9, "nesterov": True}),
    Call("torch.optim.RMSprop", {"lr": 0.002, "centered": True}),
)


def dropping(folder: Path, epochs: int = 3, optimizer: Call = ADAM) -> Train:
    """A run that draws in every step."""
    return digits_run(folder, digits_mlp(dropout=0.3), epochs=epochs, optimizer=optimizer)


def told(request: Train, control: Control | None = None) -> list[Event]:
    return list(train(request, control or Control()))


def losses(folder: Path) -> list[float]:
    return np.fromfile(folder / run_folder.LOSSES, "<f4").tolist()


def assert_alike(one: Path, other: Path) -> None:
    """Two runs left the same curve, figures and weights."""
    assert losses(one) == losses(other)
    for name in (run_folder.METRICS, run_folder.BEST, run_folder.LAST):
        assert (one / name).read_bytes() == (other / name).read_bytes(), name
    results = [json.loads((folder / run_folder.FACTS).read_text())["result"] for folder in (one, other)]
    assert results[0]["metrics"] == results[1]["metrics"]
    assert results[0]["steps"] == results[1]["steps"]


@pytest.fixture
def every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step is told and leaves a checkpoint."""
    monkeypatch.setattr(loop, "SECONDS_BETWEEN_MESSAGES", 0.0)
    monkeypatch.setattr(record, "SECONDS_BETWEEN_WRITES", 0.0)
    monkeypatch.setattr(record, "SHARE_OF_WRITING", 1e9)


def cut_short(request: Train, steps: int) -> None:
    """Trains for so many steps, and goes away."""
    events = train(request, Control())
    for event in events:
        if isinstance(event, Progress) and event.step == steps:
            events.close()
            return
    raise AssertionError("the run ended before")


@pytest.mark.usefixtures("every_step")
@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda call: call.target.rpartition(".")[2])
def test_a_run_cut_short_twice_comes_to_the_same_as_one_never_stopped(optimizer: Call, tmp_path: Path) -> None:
    whole, parts = dropping(tmp_path / "whole", optimizer=optimizer), dropping(tmp_path / "parts", optimizer=optimizer)
    told(whole)
    cut_short(parts, 7)
    cut_short(replace(parts, resume="last"), 33)
    rest = told(replace(parts, resume="last"))
    assert isinstance(rest[0], Started)
    assert (rest[0].step, rest[0].epoch) == (33, 1)
    assert_alike(tmp_path / "whole", tmp_path / "parts")


COSINE = Schedule(Call("torch.optim.lr_scheduler.CosineAnnealingLR", {"T_max": Ref("updates")}), "update")
RECIPES: dict[str, dict[str, object]] = {
    "schedule": {"schedule": COSINE, "warmup": 5, "ema": 0.9},
    "accumulated": {"accumulate": 3, "clip_norm": 1.0},
    "lbfgs": {"optimizer": Call("torch.optim.LBFGS", {"lr": 0.1, "max_iter": 4}), "batch_size": 256},
    "muon": {"optimizer": Call("torch.optim.Muon", {"lr": 0.01})},
}


@pytest.mark.usefixtures("every_step")
@pytest.mark.parametrize("name", RECIPES)
def test_all_that_a_recipe_remembers_goes_on(name: str, tmp_path: Path) -> None:
    whole, parts = (
        digits_run(tmp_path / each, digits_mlp(dropout=0.3), epochs=3, **RECIPES[name]) for each in ("whole", "parts")
    )
    told(whole)
    cut_short(parts, 7)
    told(replace(parts, resume="last"))
    assert_alike(tmp_path / "whole", tmp_path / "parts")


@pytest.mark.usefixtures("every_step")
@pytest.mark.parametrize("steps", [1, 19, 20, 21, 40])
def test_it_goes_on_from_any_step_of_an_epoch(steps: int, tmp_path: Path) -> None:
    whole, parts = (
        digits_run(tmp_path / name, digits_residual(), epochs=2, optimizer=ADAM) for name in ("whole", "parts")
    )
    told(whole)
    assert len(losses(tmp_path / "whole")) == 40
    cut_short(parts, steps)
    told(replace(parts, resume="last"))
    assert_alike(tmp_path / "whole", tmp_path / "parts")


def test_a_worker_killed_in_the_middle_of_an_epoch_is_taken_up_by_another(tmp_path: Path) -> None:
    # Epochs long enough that checkpoints lie within them.
    request = digits_run(tmp_path / "parts", digits_mlp(512, dropout=0.3), epochs=100_000, batch_size=2)
    child = Child()
    child.say(request)
    begun = child.until(Started)
    assert isinstance(begun, Started)
    while not run_folder.position(tmp_path / "parts").get("step", 0) % begun.steps_per_epoch:
        child.until(Progress)
    child.process.kill()
    assert child.end() == -signal.SIGKILL
    place = run_folder.position(tmp_path / "parts")
    assert not run_folder.is_held(tmp_path / "parts")
    request = replace(request, recipe=replace(request.recipe, epochs=place["epochs_done"] + 1))
    child = Child()
    child.say(replace(request, resume="last"))
    begun = child.until(Started)
    assert isinstance(begun, Started)
    assert begun.step == place["step"]
    assert isinstance(child.until(Finished), Finished)
    child.say(replace(request, folder=str(tmp_path / "whole")))
    child.until(Finished)
    assert child.end() == 0
    assert_alike(tmp_path / "whole", tmp_path / "parts")


def test_a_finished_run_goes_on_for_more_epochs_as_if_it_had_been_longer(tmp_path: Path) -> None:
    told(dropping(tmp_path / "whole", epochs=4))
    told(dropping(tmp_path / "parts", epochs=2))
    told(replace(dropping(tmp_path / "parts", epochs=4), resume="last"))
    assert_alike(tmp_path / "whole", tmp_path / "parts")


def test_a_stopped_run_ends_the_epoch_it_was_in(tmp_path: Path) -> None:
    told(dropping(tmp_path / "whole", epochs=2))
    control = Control()
    events = train(dropping(tmp_path / "parts", epochs=2), control)
    next(events)
    next(events)
    control.put(Stop())
    assert [type(event) for event in events][-1] is Finished
    assert len(losses(tmp_path / "parts")) == 1
    told(replace(dropping(tmp_path / "parts", epochs=2), resume="last"))
    assert_alike(tmp_path / "whole", tmp_path / "parts")


def test_a_run_goes_back_to_its_best_epoch(tmp_path: Path) -> None:
    wild = Call("torch.optim.Adam", {"lr": 0.3})
    events = told(dropping(tmp_path / "run", epochs=8, optimizer=wild))
    epochs = [event for event in events if isinstance(event, Epoch)]
    best = [event for event in epochs if event.best][-1]
    assert best.epoch < 8
    again = told(replace(dropping(tmp_path / "run", epochs=8, optimizer=wild), resume="best"))
    assert isinstance(again[0], Started)
    assert again[0].epoch == best.epoch
    assert [event for event in again if isinstance(event, Epoch)] == epochs[best.epoch :]


def refusal(request: Train) -> str:
    (failed,) = told(request)
    assert isinstance(failed, Failed)
    return failed.problem.sentence


def test_what_cannot_go_on_is_told_and_stays_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    request = dropping(folder, epochs=1)
    assert "is not the folder of a run" in refusal(replace(request, folder=str(tmp_path), resume="last"))
    told(request)
    again = replace(request, resume="last")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert "no epochs to train after 1. Choose at least 2" in refusal(again)
    assert "The network of the design is no longer" in refusal(replace(again, plan=digits_mlp(8)))
    assert "The training of the design" in refusal(replace(again, recipe=digits_recipe(epochs=2, batch_size=7)))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    (folder / "last.checkpoint").write_bytes(before["last.checkpoint"][:-100])
    more = dropping(folder, epochs=2)
    assert "is no whole checkpoint" in refusal(replace(more, resume="last"))
    (folder / "last.checkpoint").unlink()
    assert "has no checkpoint to go on from" in refusal(replace(more, resume="last"))
    (folder / "run.json").write_text("{")
    assert "is not what a run leaves" in refusal(replace(more, resume="last"))


def test_two_processes_do_not_train_in_one_folder(tmp_path: Path) -> None:
    first = train(dropping(tmp_path), Control())
    next(first)
    assert run_folder.is_held(tmp_path)
    assert "is being trained by another process" in refusal(dropping(tmp_path))
    assert isinstance(list(first)[-1], Finished)
    assert not run_folder.is_held(tmp_path)


def test_half_a_line_of_metrics_is_cut_away(tmp_path: Path) -> None:
    told(dropping(tmp_path / "whole", epochs=3))
    told(dropping(tmp_path / "parts", epochs=2))
    with (tmp_path / "parts" / "metrics.jsonl").open("ab") as file:
        file.write(b'{"epoch": 3, "st')
    assert [line.epoch for line in run_folder.read_epochs(tmp_path / "parts")] == [1, 2]
    told(replace(dropping(tmp_path / "parts", epochs=3), resume="last"))
    assert_alike(tmp_path / "whole", tmp_path / "parts")


def test_the_folder_says_what_ended_the_run(tmp_path: Path) -> None:
    request = digits_run(tmp_path / "run", epochs=1, optimizer=Call("torch.optim.SGD", {"lr": 1e30}))
    failed = told(request)[-1]
    assert run_folder.read_facts(tmp_path / "run").result == failed
    never = replace(request, recipe=digits_recipe(batch_size=0), folder=str(tmp_path / "never"))
    (tmp_path / "never").mkdir()
    failed = told(never)[-1]
    assert isinstance(failed, Failed)
    assert run_folder.read_facts(tmp_path / "never").result == failed


def test_writing_is_given_a_share_of_the_time_however_long_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(record.time, "monotonic", lambda: now[0])
    trainer = Trainer(dropping(tmp_path))
    trainer.record.begin()
    assert not trainer.record.due

    def slow_write(*_: object) -> None:
        now[0] += 10.0

    monkeypatch.setattr(record, "write", slow_write)
    trainer.record.last(loop.checkpoint.take(trainer))
    now[0] += 10.0 / record.SHARE_OF_WRITING - 1
    assert not trainer.record.due
    now[0] += 1
    assert trainer.record.due
