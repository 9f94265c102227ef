from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from safetensors.torch import load_file
from small_plans import digits_mlp, digits_run
from worker_child import Child

from designer.engine.network import Network
from designer.protocol import (
    Epoch,
    Exported,
    Failed,
    Finished,
    More,
    Onnx,
    Pause,
    Paused,
    Progress,
    Ready,
    Resume,
    Stop,
)


@pytest.fixture(scope="module")
def worker() -> Iterator[Child]:
    """One process for all tests that leave it idle, since each takes seconds to import torch."""
    child = Child()
    yield child
    assert child.end() == 0


def test_the_worker_says_what_it_has_to_train_on(worker: Child) -> None:
    ready = worker.until(Ready)
    assert ready.torch.startswith("2.13")
    assert ready.devices[0].key == "cpu"
    assert bool(ready.note) == (len(ready.devices) == 1)


def test_a_run_over_real_pipes_and_one_epoch_more(worker: Child, tmp_path: Path) -> None:
    worker.say(digits_run(tmp_path, epochs=2))
    assert worker.until(Finished).epochs == 2
    worker.say(More())
    assert worker.until(Finished).epochs == 3


def test_a_run_is_paused_resumed_and_stopped(worker: Child, tmp_path: Path) -> None:
    worker.say(digits_run(tmp_path, epochs=100_000))
    worker.until(Epoch)
    worker.say(Pause())
    worker.until(Paused)
    worker.say(Resume())
    worker.until(Progress)
    worker.say(Stop())
    assert worker.until(Finished).stopped


def test_a_stop_that_comes_too_late_does_not_stop_the_next_run(worker: Child, tmp_path: Path) -> None:
    worker.say(digits_run(tmp_path, epochs=1))
    worker.until(Finished)
    worker.say(Stop())
    worker.say(digits_run(tmp_path, epochs=2))
    assert not worker.until(Finished).stopped


def test_a_line_that_is_no_request_is_told_and_the_worker_goes_on(worker: Child, tmp_path: Path) -> None:
    for line in (b"garbage\n", b"\xff\xfe\n", b'{"request": "fly"}\n', b"[" * 100_000 + b"\n", b"\n"):
        worker.say_line(line)
        assert worker.until(Failed).problem.code == "protocol"
    worker.say(digits_run(tmp_path, epochs=1))
    assert worker.until(Finished)


def test_a_failed_run_leaves_the_worker_alive(worker: Child, tmp_path: Path) -> None:
    worker.say(digits_run(tmp_path, device="cuda:9"))
    assert worker.until(Failed).problem.code == "device"
    worker.say(More())
    assert worker.until(Failed).problem.code == "no-run"
    worker.say(digits_run(tmp_path, epochs=1))
    assert worker.until(Finished)


def test_onnx_is_written_by_the_worker(worker: Child, tmp_path: Path) -> None:
    worker.say(Onnx(digits_mlp(), str(tmp_path / "x.onnx")))
    assert worker.until(Exported).path == str(tmp_path / "x.onnx")


def test_the_worker_ends_at_once_with_its_stdin_in_the_middle_of_a_run(tmp_path: Path) -> None:
    child = Child()
    child.say(digits_run(tmp_path, epochs=1_000_000))
    child.until(Epoch)
    assert child.end() == 0
    assert child.errors == ""


def test_a_killed_worker_leaves_whole_files(tmp_path: Path) -> None:
    child = Child()
    child.say(digits_run(tmp_path, epochs=1_000_000))
    child.until(Epoch)
    child.process.kill()
    assert child.end() == -signal.SIGKILL
    network = Network(digits_mlp())
    network.load_state_dict(load_file(tmp_path / "best.safetensors"))


SPOILED = """
import os
from designer.engine import worker

def noisy(request, control):
    print("a library prints")
    os.system("echo a child prints")
    raise ZeroDivisionError("a bug of ours")
    yield

worker.train = noisy
worker.main()
"""


def test_prints_go_to_stderr_and_a_bug_of_ours_leaves_the_worker_alive(tmp_path: Path) -> None:
    child = Child("-c", SPOILED)
    for _ in range(2):
        child.say(digits_run(tmp_path))
        failed = child.until(Failed)
        assert (failed.problem.code, failed.run) == ("internal", str(tmp_path))
    assert child.end() == 0
    assert "a library prints" in child.errors
    assert "a child prints" in child.errors
    assert "ZeroDivisionError: a bug of ours" in child.errors
