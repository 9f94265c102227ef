"""The engine on an NVIDIA GPU. A machine without one says so, here and in the summary of skipped tests."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from small_plans import digits_mlp, digits_residual, digits_run

from designer.engine.control import Control
from designer.engine.devices import devices, why_no_gpu
from designer.engine.training.loop import train
from designer.protocol import Epoch, Event, Failed, Finished, Progress, Started

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="This machine has no GPU that torch can use.")


def test_the_gpu_is_listed_with_its_memory() -> None:
    gpu = devices()[1]
    assert gpu.key == "cuda:0"
    assert gpu.name
    assert gpu.memory is not None
    assert gpu.memory > 2**30
    assert why_no_gpu() == ""


@pytest.mark.parametrize("device", ["auto", "cuda", "cuda:0"])
def test_digits_are_learned_on_the_gpu(device: str, tmp_path: Path) -> None:
    events = list(train(digits_run(tmp_path, digits_residual(), epochs=5, device=device), Control()))
    assert isinstance(events[0], Started)
    assert events[0].device == "cuda:0"
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert (finished.metrics["test_accuracy"] or 0) > 0.9
    figures = next(event.layers for event in reversed(events) if isinstance(event, Progress) and event.layers)
    assert set(figures) == {"stem", "block1.0.conv1", "block1.1.conv1", "norm", "scores"}
    assert all(layer.gradient_norm is not None and layer.gradient_norm > 0 for layer in figures.values())


def test_the_gpu_and_the_processor_learn_alike(tmp_path: Path) -> None:
    curves = [
        _validation(train(digits_run(tmp_path / device, epochs=2, device=device), Control()))
        for device in ("cpu", "cuda:0")
    ]
    assert curves[0] == pytest.approx(curves[1], rel=0.02)


def test_steps_do_not_wait_for_the_gpu(tmp_path: Path) -> None:
    """Only messages, and what is measured between epochs, may wait; there are many more steps than those."""
    request = digits_run(tmp_path, epochs=3, device="cuda:0", batch_size=2)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        torch.cuda.set_sync_debug_mode("warn")
        try:
            events = list(train(request, Control()))
        finally:
            torch.cuda.set_sync_debug_mode("default")
    waits = sum("synchroniz" in str(warning.message) for warning in told)
    messages = sum(isinstance(event, Progress | Epoch | Finished) for event in events)
    steps = events[-1].steps if isinstance(events[-1], Finished) else 0
    assert steps > 1500
    assert waits < 20 * messages
    assert waits < steps / 2


def test_a_network_too_large_for_the_gpu_is_told_and_the_engine_lives_on(tmp_path: Path) -> None:
    torch.cuda.set_per_process_memory_fraction(0.001)
    try:
        failed = list(train(digits_run(tmp_path, digits_mlp(hidden=2**20), device="cuda:0"), Control()))[-1]
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    assert isinstance(failed, Failed)
    assert failed.problem.code == "out-of-memory"
    assert isinstance(list(train(digits_run(tmp_path, epochs=1, device="cuda:0"), Control()))[-1], Finished)


def _validation(events: Iterator[Event]) -> list[float | None]:
    return [event.metrics["validation_loss"] for event in events if isinstance(event, Epoch)]
