"""How a network is run in training: in fewer bits, compiled, or as it is."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from designer.engine.custom_code import first_line
from designer.engine.failures import fail
from designer.engine.network import Network
from designer.protocol import Precision

Forward = Callable[..., tuple[Any, ...]]
"""Takes a network's inputs and gives its outputs, in order."""

DTYPES = {"bfloat16": torch.bfloat16, "float16": torch.float16}


def scaler_for(precision: Precision, device: torch.device) -> torch.amp.GradScaler | None:
    """What keeps gradients of float16 from vanishing; the other precisions need none."""
    return torch.amp.GradScaler(device.type) if precision == "float16" else None


def in_precision(forward: Forward, precision: Precision, device: torch.device) -> Forward:
    """The same, with matrix products and convolutions in fewer bits; outputs come as float32 again.

    Raises Failure where the device cannot.
    """
    if precision == "float32":
        return forward
    if device.type != "cuda" and precision == "float16":
        raise fail("precision", f"float16 needs a GPU, but this run is on {device}.", "Choose bfloat16 or float32.")
    if device.type == "cuda" and precision == "bfloat16" and not torch.cuda.is_bf16_supported(False):
        raise fail("precision", "This GPU cannot compute in bfloat16.", "Choose float16 or float32.")
    dtype = DTYPES[precision]

    def run(*inputs: Any) -> tuple[Any, ...]:
        with torch.autocast(device.type, dtype):
            outputs = forward(*inputs)
        return tuple([widened(output) for output in outputs])

    def widened(output: Any) -> Any:
        return output.float() if isinstance(output, Tensor) and output.dtype == dtype else output

    return run


def compiled(network: Network) -> Forward:
    """The network in code that torch writes for it when it first runs."""
    with warnings.catch_warnings(action="ignore"):  # torch imports parts of its own that it calls outdated
        made = torch.compile(network)

    def run(*inputs: Any) -> tuple[Any, ...]:
        try:
            outputs: tuple[Any, ...] = made(*inputs)
        except torch._dynamo.exc.TorchDynamoException as error:
            reason = first_line(error.__cause__ if isinstance(error.__cause__, Exception) else error).rstrip(".:")
            message = f"torch.compile cannot be used here: {reason}."
            raise fail("compile", message, "Switch compile off.") from error
        return outputs

    return run
