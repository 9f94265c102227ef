"""Where a network can be trained on this machine, and how many threads a small one is best trained with."""

from __future__ import annotations

import os
import warnings
from contextlib import suppress
from pathlib import Path

import torch
from torch import Tensor

from designer.engine.failures import fail
from designer.engine.network import Network, layers, watch
from designer.protocol import Device

SMALL = 5_000_000
"""Multiply-adds of a forward pass below which one thread is faster: sharing out the work then costs more than it
saves. Measured on two cores per training step: 64-64-10 MLP, batch 32 (0.15 million): 268 us with one thread, 316
with two; two convolutions on 8x8 images, batch 32 (2.8 million): 1,230 and 1,375; a 512 wide MLP (9.6 million): 1,287
and 1,084."""


def devices() -> tuple[Device, ...]:
    """The processor, and every NVIDIA GPU that torch can use."""
    found = [Device("cpu", "CPU")]
    for number in range(torch.cuda.device_count()):
        about = torch.cuda.get_device_properties(number)
        found.append(Device(f"cuda:{number}", about.name, about.total_memory))
    return tuple(found)


def why_no_gpu() -> str:
    """One sentence for people who expect a GPU here and find none; empty where there is one."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        if torch.cuda.is_available():
            return ""
    if torch.version.cuda is None:
        return (
            "This torch is the build for the CPU; to train on an NVIDIA GPU, install the CUDA build from pytorch.org."
        )
    if told:
        return f"torch cannot use the GPU: {str(told[0].message).splitlines()[0]}"
    return f"torch is built for CUDA {torch.version.cuda}, but finds no NVIDIA GPU with a driver on this machine."


def choose(key: str) -> torch.device:
    """The device called `key`; "auto" is a GPU where there is one. Raises Failure where there is no such device."""
    if key == "auto":
        return torch.device("cuda:0" if torch.cuda.is_available() else "cpu")
    known = {device.key for device in devices()}
    if key not in known and not (key == "cuda" and "cuda:0" in known):
        reason = why_no_gpu() if key.startswith("cuda") else ""
        hint = reason or f"Choose auto or one of {', '.join(sorted(known))}."
        raise fail("device", f"There is no device called {key} here.", hint)
    return torch.device("cuda:0" if key == "cuda" else key)


def memory_taken(device: torch.device) -> int | None:
    """Bytes that tensors take of a GPU, or the whole process of the machine's memory; None where that is not told."""
    if device.type == "cuda":
        return torch.cuda.memory_allocated(device)
    with suppress(OSError, AttributeError, ValueError, IndexError):  # Linux alone says it in a file
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return None


def suitable_threads(network: Network, inputs: tuple[Tensor, ...], batch_size: int) -> int:
    """One thread for a small network, one less than torch's own number otherwise, so that a core is left to the window:
    with a thread for every core, each waits for the one whose core is busy painting (measured: a step of 1.7 ms took 80
    ms beside a busy process). It runs the network once, on a few examples.

    It depends on the network and the batch size alone, never on a measurement: with another number of threads sums come
    out in another order, and the same seed would not give the same curve.
    """
    count = 0
    parts = layers(network)

    def see(node: str, value: object) -> None:
        nonlocal count
        output = value[0] if isinstance(value, tuple) and value else value
        if node in parts and isinstance(output, Tensor):
            matrices = [weight for weight in parts[node].parameters() if weight.dim() > 1]
            count += sum(weight.numel() * output.numel() // weight.shape[0] for weight in matrices)

    with watch(network, see):
        network(*inputs)
    return 1 if count * batch_size < SMALL * len(inputs[0]) else max(1, torch.get_num_threads() - 1)
