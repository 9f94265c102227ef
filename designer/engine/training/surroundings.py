"""What torch is set to while a run is under way, and put back to afterwards: other work shares the process."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

RandomState = tuple[Any, ...]
"""Where the generators stand that a layer may draw from: torch's, its GPU's if there is one, Python's and NumPy's."""


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
    name, keys, *rest = np.random.get_state(legacy=True)
    gpu = torch.cuda.get_rng_state(device) if device.type == "cuda" else None
    return torch.get_rng_state(), gpu, random.getstate(), (name, np.asarray(keys).tolist(), *rest)


def set_random_state(state: RandomState, device: torch.device) -> None:
    """Takes back what `random_state` gave."""
    own, gpu, plain, (name, keys, *rest) = state
    torch.set_rng_state(own)
    if gpu is not None and device.type == "cuda":
        torch.cuda.set_rng_state(gpu, device)
    random.setstate(plain)
    np.random.set_state((name, np.array(keys, dtype=np.uint32), *rest))
