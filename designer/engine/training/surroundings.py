"""What torch is set to while a run is under way, and put back to afterwards: other work shares the process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

RandomState = tuple[Tensor, Tensor | None]
"""Where torch's generators stand, on the CPU and on the device of the run."""


@contextmanager
def surroundings(threads: int, deterministic: bool) -> Iterator[None]:
    """Sets torch to so many threads, and to operations that give the same numbers each time where that is asked for."""
    threads_before = torch.get_num_threads()
    torch.set_num_threads(threads)
    if not deterministic:
        try:
            yield
        finally:
            torch.set_num_threads(threads_before)
        return
    # cuBLAS reads it when it is first used.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    strict, searches = torch.are_deterministic_algorithms_enabled(), torch.backends.cudnn.benchmark
    torch.use_deterministic_algorithms(True)
    torch.backends.cudnn.benchmark = False
    try:
        yield
    finally:
        torch.set_num_threads(threads_before)
        torch.use_deterministic_algorithms(strict)
        torch.backends.cudnn.benchmark = searches


def random_state(device: torch.device) -> RandomState:
    """Kept when a run holds, so that other work in between does not change what follows."""
    return torch.get_rng_state(), torch.cuda.get_rng_state(device) if device.type == "cuda" else None


def set_random_state(state: RandomState, device: torch.device) -> None:
    """Takes back what `random_state` gave."""
    torch.set_rng_state(state[0])
    if state[1] is not None:
        torch.cuda.set_rng_state(state[1], device)
