"""The runner with the real worker: it starts, trains, pauses, stops, dies and comes back."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from designer import protocol
from designer.compiler.checking.check import check
from designer.compiler.checking.facts import data_facts
from designer.compiler.lowering.recipe import train_request
from designer.graph.document import Document
from designer.gui.runner import Runner, State

STARTING = 60_000
"""Milliseconds that a worker may take to load torch on a busy machine."""


class Events:
    """All that the runner told."""

    def __init__(self, runner: Runner) -> None:
        self.all: list[object] = []
        runner.told.connect(self.all.append)

    def of(self, kind: type) -> list:  # type: ignore[type-arg]
        return [event for event in self.all if isinstance(event, kind)]


def request(design: Document, folder: Path, epochs: int) -> protocol.Train:
    facts, _ = data_facts(design)
    return train_request(check(design, facts), str(folder), epochs=epochs)


def started(qtbot: QtBot, runner: Runner) -> Events:
    events = Events(runner)
    runner.start()
    qtbot.waitUntil(lambda: runner.state is State.IDLE, timeout=STARTING)
    return events


def in_training(qtbot: QtBot, runner: Runner, events: Events) -> None:
    qtbot.waitUntil(lambda: bool(events.of(protocol.Progress)), timeout=STARTING)
    assert runner.state is State.TRAINING


def test_a_run_asked_for_before_the_worker_is_up_begins_when_it_is(
    qtbot: QtBot, runner: Runner, iris: Document, tmp_path: Path
) -> None:
    events = Events(runner)
    runner.train(request(iris, tmp_path / "run", 2))
    assert runner.state is State.TRAINING
    qtbot.waitUntil(lambda: bool(events.of(protocol.Finished)), timeout=STARTING)
    assert runner.state is State.IDLE
    assert runner.can_go_on
    assert len(events.of(protocol.Epoch)) == 2
    assert (tmp_path / "run" / "best.safetensors").is_file()


def test_a_run_goes_on_for_one_epoch_more(qtbot: QtBot, runner: Runner, iris: Document, tmp_path: Path) -> None:
    events = started(qtbot, runner)
    runner.more()
    assert runner.state is State.IDLE, "there is no run to go on with yet"
    runner.train(request(iris, tmp_path / "run", 1))
    qtbot.waitUntil(lambda: len(events.of(protocol.Finished)) == 1, timeout=STARTING)
    runner.more()
    qtbot.waitUntil(lambda: len(events.of(protocol.Finished)) == 2, timeout=STARTING)
    assert [event.epoch for event in events.of(protocol.Epoch)] == [1, 2]


def test_pause_holds_the_run_and_resume_lets_it_go_on(
    qtbot: QtBot, runner: Runner, iris: Document, tmp_path: Path
) -> None:
    events = started(qtbot, runner)
    runner.train(request(iris, tmp_path / "run", 100_000))
    in_training(qtbot, runner, events)
    runner.pause()
    qtbot.waitUntil(lambda: runner.state is State.PAUSED, timeout=STARTING)
    told = len(events.all)
    runner.resume()
    qtbot.waitUntil(lambda: runner.state is State.TRAINING and len(events.all) > told + 1, timeout=STARTING)
    runner.stop()
    assert runner.state is State.STOPPING
    qtbot.waitUntil(lambda: bool(events.of(protocol.Finished)), timeout=STARTING)
    assert events.of(protocol.Finished)[0].stopped
    assert runner.state is State.IDLE


def test_a_worker_killed_in_a_run_is_told_in_one_sentence_and_replaced(
    qtbot: QtBot, runner: Runner, iris: Document, tmp_path: Path
) -> None:
    events = started(qtbot, runner)
    runner.train(request(iris, tmp_path / "first", 100_000))
    in_training(qtbot, runner, events)
    first = runner.process_id
    os.kill(first, signal.SIGKILL)
    qtbot.waitUntil(lambda: bool(events.of(protocol.Failed)), timeout=STARTING)
    (failed,) = events.of(protocol.Failed)
    assert failed.problem.code == "worker-died"
    assert failed.run == str(tmp_path / "first")
    qtbot.waitUntil(lambda: runner.state is State.IDLE, timeout=STARTING)
    assert runner.process_id not in (0, first)
    runner.train(request(iris, tmp_path / "second", 1))
    qtbot.waitUntil(lambda: bool(events.of(protocol.Finished)), timeout=STARTING)


def test_a_worker_that_does_not_listen_to_stop_is_killed_and_replaced(
    qtbot: QtBot, runner: Runner, iris: Document, tmp_path: Path
) -> None:
    events = started(qtbot, runner)
    runner.train(request(iris, tmp_path / "run", 100_000))
    in_training(qtbot, runner, events)
    first = runner.process_id
    os.kill(first, signal.SIGSTOP)
    runner.stop()
    qtbot.waitUntil(lambda: bool(events.of(protocol.Finished)), timeout=10_000)
    assert events.of(protocol.Finished)[0].stopped
    assert not events.of(protocol.Failed)
    qtbot.waitUntil(lambda: runner.state is State.IDLE and runner.process_id != first, timeout=STARTING)


def test_stop_before_the_worker_is_up_takes_the_run_back(
    qtbot: QtBot, runner: Runner, iris: Document, tmp_path: Path
) -> None:
    events = Events(runner)
    runner.train(request(iris, tmp_path / "run", 100_000))
    runner.stop()
    assert runner.state is State.STARTING
    assert [event.stopped for event in events.of(protocol.Finished)] == [True]
    qtbot.waitUntil(lambda: runner.state is State.IDLE, timeout=STARTING)
    assert not (tmp_path / "run").exists()


def test_a_worker_that_ends_while_starting_is_told_and_not_started_for_ever(
    qtbot: QtBot, runner: Runner, iris: Document, tmp_path: Path
) -> None:
    events = Events(runner)
    runner.train(request(iris, tmp_path / "run", 1))
    qtbot.waitUntil(lambda: runner.process_id != 0, timeout=STARTING)
    os.kill(runner.process_id, signal.SIGKILL)
    qtbot.waitUntil(lambda: bool(events.of(protocol.Failed)), timeout=STARTING)
    assert events.of(protocol.Failed)[0].problem.code == "worker-start"
    assert runner.state is State.OFF
    runner.train(request(iris, tmp_path / "again", 1))
    qtbot.waitUntil(lambda: bool(events.of(protocol.Finished)), timeout=STARTING)
    assert events.of(protocol.Finished)[0].run == str(tmp_path / "again")


def test_the_worker_ends_with_the_window(qtbot: QtBot, runner: Runner) -> None:
    started(qtbot, runner)
    process = runner.process_id
    runner.shutdown()
    assert runner.state is State.OFF
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_run_that_cannot_be_trained_ends_in_a_problem(
    qtbot: QtBot, runner: Runner, iris: Document, tmp_path: Path
) -> None:
    events = started(qtbot, runner)
    asked = request(iris, tmp_path / "run", 1)
    runner.train(protocol.Train(asked.plan, replace_device(asked.recipe), asked.folder))
    qtbot.waitUntil(lambda: bool(events.of(protocol.Failed)), timeout=STARTING)
    assert events.of(protocol.Failed)[0].problem.code == "device"
    assert runner.state is State.IDLE


def replace_device(recipe: protocol.Recipe) -> protocol.Recipe:
    fields = {name: getattr(recipe, name) for name in recipe.__struct_fields__}
    return protocol.Recipe(**{**fields, "device": "cuda:77"})
