"""Sends one example through a network and collects what every node gives.

A run under way lends its network between two steps: nothing of it changes, neither weights nor statistics nor chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from designer.engine.data.load import Data, load
from designer.engine.failures import EXPECTED, Failure, explain, fail
from designer.engine.learning import load_begun
from designer.engine.network import Network, layers, watch
from designer.engine.values.shown import LARGE, SMALL, shown
from designer.engine.weight_file import load as load_weights
from designer.plan import Plan
from designer.protocol import Number, Probe, Source, Split, Value, Values, finite

FEW = 64
"""So many numbers of an example are told one by one."""


@dataclass(frozen=True, slots=True)
class Lent:
    """A network with weights, on its device, and the data that it learns from; `whose` they are as `Values` says it."""

    plan: Plan
    network: Network
    data: Data
    device: torch.device
    step: int
    whose: str = "run"


def answer(request: Probe, lent: Lent) -> Values:
    """What comes out of every node, or one sentence why nothing does."""
    try:
        return _pass_through(request, lent)
    except (Failure, *EXPECTED) as error:
        return Values(request.key, problem=explain(error).sentence)


class Prober:
    """Holds the data and the network of the last question, so that the next one is answered at once."""

    def __init__(self) -> None:
        self._source: tuple[Source, Split] | None = None
        self._data: Data | None = None
        self._made: tuple[object, ...] | None = None
        self._network: Network | None = None

    def answer(self, request: Probe, lent: Lent | None = None) -> Values:
        """What comes out of every node, or one sentence why nothing does."""
        if lent is not None and lent.plan == request.plan:
            return answer(request, lent)
        try:
            data, network = self._load(request), self._make(request)
        except (Failure, *EXPECTED) as error:
            return Values(request.key, problem=explain(error).sentence)
        whose = "file" if request.weights else "fresh"
        return answer(request, Lent(request.plan, network, data, torch.device("cpu"), 0, whose))

    def _load(self, request: Probe) -> Data:
        if self._data is None or self._source != (request.source, request.split):
            self._data = None
            self._data = load(request.source, request.split)
            self._source = request.source, request.split
        return self._data

    def _make(self, request: Probe) -> Network:
        file = Path(request.weights)
        stamp = file.stat().st_mtime_ns if file.is_file() else 0
        wanted = (request.plan, request.weights, stamp, request.seed, request.allowed)
        if self._network is None or self._made != wanted:
            with torch.random.fork_rng([]):
                torch.manual_seed(request.seed)
                network = Network(request.plan, request.allowed)
                if request.weights:
                    load_weights(network, request.weights)
                else:
                    load_begun(network, request.plan)
            self._network, self._made = network, wanted
        return self._network


def _pass_through(request: Probe, lent: Lent) -> Values:
    network, data, device = lent.network, lent.data, lent.device
    rows = data.rows.get(request.part)
    count = 0 if rows is None else len(rows)
    if rows is None or (not count and not request.given):
        raise fail("probe", f"There are no examples kept for {request.part}.", "Choose another part of the data.")
    row = int(rows[min(max(request.row, 0), count - 1)]) if count else 0
    inputs = _inputs(request, data, row, device)
    alone = {name: _alone(value, data.whole, row) for name, value in _all_values(request.plan, lent, inputs).items()}
    values = {name: _shown(request, name, value, SMALL) for name, value in alone.items() if value.numel()}
    large = _shown(request, request.node, alone[request.node], LARGE) if request.node in alone else None
    given = dict(zip((each.name for each in request.plan.inputs), inputs, strict=False))
    return Values(
        request.key, values, count, {} if request.given else _answers(request, data, row),
        _told(request, data, given), lent.whose, lent.step, large, _weights(network, request.node),
    )  # fmt: skip


def _all_values(plan: Plan, lent: Lent, inputs: tuple[Tensor, ...]) -> dict[str, Tensor]:
    """What goes in, what every node gives and what comes out, by full id, in evaluation; nothing of the run changes."""
    found: dict[str, Tensor] = dict(zip((each.name for each in plan.inputs), inputs, strict=False))

    def see(node: str, value: Any) -> None:
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Tensor):
                found.setdefault(node, part)

    network, training = lent.network, lent.network.training
    try:
        network.eval()
        chance = torch.random.fork_rng([lent.device] if lent.device.type == "cuda" else [])
        with chance, torch.no_grad(), watch(network, see):
            outputs = Network.forward(network, *inputs)
    finally:
        network.train(training)
    ends = zip((name for name, _ in plan.outputs), outputs, strict=True)
    return found | {name: value for name, value in ends if isinstance(value, Tensor)}


def _shown(request: Probe, name: str, value: Tensor, side: int) -> Value:
    picture = any(given.name == name for given in request.plan.inputs)
    return shown(value, side, picture=picture, scores=name in request.scores)


def _alone(value: Tensor, whole: bool, row: int) -> Tensor:
    """What belongs to the one example: of a whole graph, the row of its node where there is one a node."""
    if not whole:
        return value[0] if value.dim() else value
    return value[row] if value.dim() > 1 and len(value) > row else value


def _inputs(request: Probe, data: Data, row: int, device: torch.device) -> tuple[Tensor, ...]:
    """A batch of one, or the whole graph; the fields' scales are those of the training."""
    found = []
    for place, (given, name) in enumerate(zip(request.plan.inputs, request.inputs, strict=False)):
        if name not in data.fields:
            raise fail("probe", f"The data has no field called {name}, which {given.name} needs.", "Choose another.")
        field = data.fields[name]
        values = field if data.whole else field[row : row + 1]
        if request.given and not data.whole:
            values = _typed(request.given[place], values, data, name)
        found.append(values.to(device=device, dtype=getattr(torch, given.dtype)))
    return tuple(found)


def _typed(numbers: tuple[float, ...], like: Tensor, data: Data, name: str) -> Tensor:
    if len(numbers) != like.numel():
        raise fail("probe", f"{name} takes {like.numel()} numbers, but {len(numbers)} were given.", "Give as many.")
    values = torch.tensor(numbers, dtype=torch.float32).reshape(like.shape)
    scale = data.scales.get(name)
    return values.to(like.dtype) if scale is None else (values - scale.mean.cpu()) / scale.deviation.cpu()


def _answers(request: Probe, data: Data, row: int) -> Mapping[str, tuple[Number, ...]]:
    """What is right for the example, of all fields that no input reads, in the data's own units."""
    found = {}
    for name, field in data.fields.items():
        if name not in request.inputs and len(field) > row and field[row].numel() <= FEW:
            found[name] = _own(field[row : row + 1], data, name)
    return found


def _told(request: Probe, data: Data, inputs: Mapping[str, Tensor]) -> Mapping[str, tuple[Number, ...]]:
    if data.whole:
        return {}
    fields = dict(zip(inputs, request.inputs, strict=False))
    return {name: _own(value, data, fields[name]) for name, value in inputs.items() if value.numel() <= FEW}


def _own(values: Tensor, data: Data, name: str) -> tuple[Number, ...]:
    scale, values = data.scales.get(name), values.detach().to("cpu")
    if scale is not None:
        values = values * scale.deviation.cpu() + scale.mean.cpu()
    return tuple(map(finite, values.flatten().tolist()))


def _weights(network: Network, node: str) -> Mapping[str, Value]:
    """The weights of a node, large; filters of a convolution side by side."""
    layer = layers(network).get(node)
    if layer is None:
        return {}
    return {name: shown(weight.detach(), LARGE) for name, weight in layer.named_parameters()}
