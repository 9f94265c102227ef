"""Looks at a layer of the user's own: what it gives, what it learns and what it costs, found by running it.

It is run on the meta device, where tensors have shapes but no numbers; a layer that needs numbers (it asks
`if x.sum() > 0`) is run on the CPU. `main` is a process for this alone, so that a layer that hangs or
crashes takes no training with it.
"""

from __future__ import annotations

import signal
from collections.abc import Sequence
from typing import Any

import msgspec
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from designer.engine.custom_code import PlanError, make_custom, told
from designer.engine.voice import Voice, own_stdin
from designer.problems import Problem
from designer.protocol import Failed, Inspect, Inspected, Ready, decode_request

HINT = "Mend the code."
ANYTHING = (Exception, SystemExit, KeyboardInterrupt)
"""What the user's code may raise."""


def inspect(request: Inspect) -> Inspected:
    """The answer; with a problem where the code cannot be run, or gives what no layer gives."""
    try:
        return _inspect(request, "meta")
    except _Unfit as unfit:
        if unfit.final:
            return Inspected(request.key, problem=unfit.problem)
    except ANYTHING:  # the CPU says it in words that fit
        pass
    try:
        return _inspect(request, "cpu")
    except _Unfit as unfit:
        return Inspected(request.key, problem=unfit.problem)
    except ANYTHING as error:  # every method of the module may be the user's own, `eval` and `state_dict` too
        return Inspected(request.key, problem=_Unfit(told(error)).problem)


class _Unfit(Exception):
    """The layer cannot be used as it is; `final` where another device would change nothing."""

    def __init__(self, message: str, hint: str = HINT, *, final: bool = False) -> None:
        super().__init__(message)
        self.problem = Problem("custom-code", message, hint)
        self.final = final


def _inspect(request: Inspect, device: str) -> Inspected:
    try:
        with torch.device(device):
            module = make_custom(request.call, request.allowed).eval()
    except PlanError as error:
        raise _Unfit(str(error)) from error
    _refuse_lazy(module)
    given, flops = [], 0
    for place, shapes in enumerate(request.rounds):
        with FlopCounterMode(display=False) as counter:
            given.append(_run(module, request, shapes, device))
        flops = flops if place else int(counter.get_total_flops())
    return Inspected(
        request.key,
        shapes=tuple(tuple(tuple(each.shape) for each in tensors) for tensors in given),
        dtypes=tuple(str(each.dtype).removeprefix("torch.") for each in given[0]),
        weights={name: tuple(weight.shape) for name, weight in module.named_parameters()},
        buffers=_buffers(module),
        flops=flops,
    )


def _run(module: nn.Module, request: Inspect, shapes: Sequence[tuple[int, ...]], device: str) -> tuple[Tensor, ...]:
    """What the layer gives in one round, as so many tensors as its annotation says."""
    names = zip(request.arguments, shapes, strict=True)
    values = {argument.name: _value(argument.dtype, shape, device) for argument, shape in names}
    try:
        with torch.device(device):
            found: Any = module(**values)
    except (Exception, SystemExit) as error:  # the user's code may raise anything
        raise _Unfit(told(error)) from error
    parts = tuple(found) if isinstance(found, (tuple, list)) else (found,)
    if request.outputs == 1 and isinstance(found, (tuple, list)):
        hint = f"Annotate it with -> tuple[{', '.join(['Tensor'] * len(parts))}]."
        raise _Unfit(f"forward gives {len(parts)} values, but its annotation says one.", hint, final=True)
    if len(parts) != request.outputs:
        message = f"forward gives {len(parts)} values, but its annotation says {request.outputs}."
        raise _Unfit(message, "Let both say the same.", final=True)
    for part in parts:
        if not isinstance(part, Tensor):
            message = f"forward gives a value of type {type(part).__name__}, which is no tensor."
            raise _Unfit(message, "Return tensors alone.", final=True)
    return parts


def _value(dtype: str, shape: tuple[int, ...], device: str) -> Tensor:
    """A tensor to run on: no numbers on meta, else random ones, zeros for whole numbers and truths."""
    kind = getattr(torch, dtype)
    if device == "meta" or not kind.is_floating_point:
        return torch.zeros(shape, dtype=kind, device=device)
    return torch.randn(shape, device=device).to(kind)


def _refuse_lazy(module: nn.Module) -> None:
    """An optimizer cannot take weights that get their shape from the first data."""
    lazy = [name for name, weight in module.named_parameters() if isinstance(weight, nn.UninitializedParameter)]
    if lazy:
        raise _Unfit(f"{lazy[0]} has no shape before data comes.", "Give its size in __init__.", final=True)


def _buffers(module: nn.Module) -> dict[str, tuple[int, ...]]:
    learned = {name for name, _ in module.named_parameters(remove_duplicate=False)}
    state = module.state_dict().items()
    return {name: tuple(each.shape) for name, each in state if name not in learned and isinstance(each, Tensor)}


def _warm_up() -> None:
    """Loads what the first layer would have to wait for, before anybody measures its time."""
    with FlopCounterMode(display=False), torch.device("meta"):
        torch.zeros(1, 1) @ torch.zeros(1, 1)


def main() -> None:
    """Answers one question after the other until stdin ends; who asks ends it, on Ctrl+C too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    voice = Voice()
    _warm_up()
    voice.say(Ready(str(torch.__version__), ()))
    for line in iter(own_stdin().readline, b""):
        try:
            request = decode_request(line)
        except msgspec.DecodeError as error:
            voice.say(Failed(Problem("protocol", f"The worker was sent a line that is no request: {error}.")))
            continue
        if isinstance(request, Inspect):
            voice.say(inspect(request))


if __name__ == "__main__":
    main()
