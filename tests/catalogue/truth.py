"""What torch says of a layer: the contract that every layer of the catalogue is held to.

A case is a layer with settings and what reaches its ports. It is lowered to a plan of one node, made by the
engine, and run with batches of two and three and with other numbers for free lengths. On the CPU, since
torch's meta device takes types of numbers that no kernel takes; the costs are counted on meta.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch.fx.experimental import _config
from torch.utils.flop_counter import FlopCounterMode

from designer.catalogue.layer import Layer, Ref, Site
from designer.catalogue.tensor import Length, Misfit, Specs, TensorSpec
from designer.engine.network import Network, PlanError, StepError
from designer.plan import Plan, PlanInput, Value

NODE = "node"
GRAPH = ("edge_index", "batch")
"""Ports that take the numbers of nodes and of graphs."""
ROUNDS: tuple[tuple[int, dict[str, int]], ...] = (
    (2, {"T": 5, "S": 7, "H": 8, "W": 9, "D": 6}),
    (3, {"T": 6, "S": 8, "H": 9, "W": 7, "D": 5}),
)
"""Batches, and numbers for the free lengths; none of them equals a length that the tests write as a number."""

SHOWN_BY_TRUE = ("ScaledDotProductAttention",)
"""Layers whose mask is true for what may be seen; elsewhere true hides."""

Given = Mapping[str, Specs | list[TensorSpec]]


@dataclass(frozen=True)
class Case:
    """A layer and what reaches each of its connected ports."""

    layer: Layer
    inputs: Given

    def arguments(self) -> list[Any]:
        """As `Layer.output` and its like take them."""
        args: list[Any] = []
        for port in self.layer.inputs:
            given = self.inputs.get(port.name)
            if port.many:
                args += given if isinstance(given, list) else [given]
            else:
                args.append(given)
        while args and args[-1] is None:
            args.pop()
        return args

    def outputs(self) -> list[str]:
        """The output ports that give something."""
        return [port.name for port in self.layer.outputs if not port.needs or port.needs in self.inputs]

    def tensors(self) -> list[tuple[str, TensorSpec]]:
        """Every tensor that comes in, with a name for it."""
        return [(name, spec) for names, specs in self.links().values() for name, spec in zip(names, specs, strict=True)]

    def links(self) -> dict[str, tuple[list[str], list[TensorSpec]]]:
        """Names and specs of the tensors by port."""
        found = {}
        for port in self.layer.inputs:
            given = self.inputs.get(port.name)
            if given is not None:
                specs = list(given) if isinstance(given, (list, tuple)) else [given]
                found[port.name] = ([f"{port.name}{number}" for number in range(len(specs))], specs)
        return found

    def with_numbers(self, lengths: Mapping[str, int]) -> Case:
        """The same case with numbers in place of its free lengths."""

        def settle(given: Any) -> Any:
            if isinstance(given, TensorSpec):
                return given.with_shape(number(length, lengths) for length in given.shape)
            return type(given)(settle(each) for each in given)

        return replace(self, inputs={port: settle(given) for port, given in self.inputs.items()})

    @property
    def is_free(self) -> bool:
        return any(isinstance(length, str) for _, spec in self.tensors() for length in spec.shape)

    def __str__(self) -> str:
        return f"{self.layer} on {dict(self.inputs)}"


def number(length: Length, lengths: Mapping[str, int]) -> int:
    """A length such as "(T+1)*4" worked out."""
    return int(eval(length, {}, dict(lengths))) if isinstance(length, str) else length


def plan_of(case: Case, read: tuple[str, ...] | None = None) -> Plan:
    """The plan of one node; `read` are the output ports that something reads, by default all of them."""
    values: dict[str, tuple[Value, ...]] = {}
    for port in case.layer.inputs:
        if port.name not in case.inputs:
            continue
        names, _ = case.links()[port.name]
        refs = tuple(Ref(name) for name in names)
        values[port.name] = (refs,) if isinstance(case.inputs[port.name], tuple) else refs
    outputs = {port: f"{NODE}_{port}" for port in read or case.outputs()}
    arguments = case.arguments()
    call = case.layer.call(*arguments)
    steps = case.layer.forward(Site(NODE, values, outputs), *arguments)
    inputs = tuple(PlanInput(name, spec.shape, spec.dtype, spec.batch) for name, spec in case.tensors())
    made = {} if call is None else {NODE: call}
    return Plan("One", inputs, made, steps, tuple((port, Ref(name)) for port, name in outputs.items()))


@dataclass(frozen=True)
class Torch:
    """What torch makes of a case: the network, or why there is none."""

    network: Network | None
    refusal: str = ""
    unwritten: bool = False
    """No torch call could even be written, for lack of a number that the call needs."""


def ask(case: Case, read: tuple[str, ...] | None = None) -> Torch:
    """Makes and runs the layer in training mode, with every batch of ROUNDS."""
    try:
        plan = plan_of(case, read)
    except (Misfit, IndexError) as error:
        return Torch(None, f"{type(error).__name__}: {error}", unwritten=True)
    try:
        network = Network(plan)
        for batch, lengths in ROUNDS:
            run(network, values(case, batch, lengths))
    except (PlanError, StepError) as error:
        return Torch(None, str(error))
    return Torch(network)


def run(network: torch.nn.Module, given: list[torch.Tensor]) -> tuple[Any, ...]:
    """The outputs, with the same random numbers each time; torch's remarks on speed and style are not refusals."""
    with warnings.catch_warnings(), torch.no_grad(), torch.random.fork_rng(devices=[]):
        warnings.simplefilter("ignore")
        torch.manual_seed(0)
        return network(*given)


def values(case: Case, batch: int, lengths: Mapping[str, int], device: str = "cpu") -> list[torch.Tensor]:
    """Real tensors for a case; whole numbers stay below the count of an embedding's vectors.

    Edges lead from each node to the one before it, round and round; the last node is of the last of `batch`
    graphs. A mask hides nothing; other truths are true, since what is multiplied with zero cannot be told apart.
    """
    made = []
    for name, spec in case.tensors():
        shape = tuple(batch if length == "N" else number(length, lengths) for length in spec.full)
        dtype = getattr(torch, spec.dtype)
        if device == "meta":
            made.append(torch.empty(shape, dtype=dtype, device=device))
        elif dtype.is_floating_point:
            made.append(torch.randn(shape).to(dtype))
        elif dtype == torch.bool:
            made.append(torch.full(shape, "mask" not in name or type(case.layer).__name__ in SHOWN_BY_TRUE))
        elif name.startswith(GRAPH):
            made.append(_graph_numbers(case, name, shape, batch, lengths).to(dtype))
        else:
            made.append(torch.full(shape, highest(case.layer), dtype=dtype))
    return made


def _graph_numbers(
    case: Case, name: str, shape: tuple[int, ...], batch: int, lengths: Mapping[str, int]
) -> torch.Tensor:
    """The nodes that edges join, or the graphs that nodes are of."""
    full = next((spec.full for other, spec in case.tensors() if other.startswith("x")), ())
    axis = full[-2] if len(full) > 1 else 1
    nodes = batch if axis == "N" else number(axis, lengths)
    if not shape:
        return torch.tensor(0)
    places = torch.arange(shape[-1]).expand(shape)
    if name.startswith("batch"):
        return ((places + 1) * batch // max(1, shape[-1]) - 1).clamp(min=0)
    rows = torch.arange(shape[0]).flip(0) if len(shape) > 1 else torch.tensor(0)
    return (places + rows.reshape(-1, *(1,) * (len(shape) - 1))) % nodes


def highest(layer: Layer) -> int:
    """The largest whole number that may come in; the first place of a plane is there whatever its size."""
    if any(port.name == "indices" for port in layer.inputs):
        return 0
    return min(1, getattr(layer, "num_embeddings", getattr(layer, "num_classes", 2)) - 1)


def flat(outputs: Any) -> Iterator[torch.Tensor]:
    """All tensors of nested tuples."""
    if isinstance(outputs, torch.Tensor):
        yield outputs
    else:
        for each in outputs:
            yield from flat(each)


def kept_apart(case: Case, network: Network, axes: list[int | None]) -> bool:
    """Whether the first example's results depend on the first example alone, and stand where `axes` say."""
    network.eval()
    # What takes the larger of two numbers shows a change upwards alone, and the other way round.
    ways = (True, False) if len(case.tensors()) > 1 else (True,)
    return _stand_where(case, network, axes) and all(_same_first(case, network, axes, way) for way in ways)


def _stand_where(case: Case, network: Network, axes: list[int | None]) -> bool:
    """Whether each result has as many examples as came in, on its axis of `axes`."""
    for count, lengths in ROUNDS:
        outputs = flat(run(network, values(case, count, lengths)))
        for tensor, axis in zip(outputs, axes, strict=True):
            if axis is not None and (tensor.dim() <= axis or tensor.shape[axis] != count):
                return False
    return True


def _same_first(case: Case, network: Network, axes: list[int | None], upwards: bool) -> bool:
    """Whether the first example's results stay as they are when all others become larger, or smaller."""
    specs = [spec for _, spec in case.tensors()]
    given = values(case, *ROUNDS[0])
    if not upwards:
        names = [name for name, _ in case.tensors()]
        given = [_turned(case, name, each) for name, each in zip(names, given, strict=True)]
    other = [_with_other_examples(case, spec, each, upwards) for spec, each in zip(specs, given, strict=True)]
    before, after = flat(run(network, given)), flat(run(network, other))
    for axis, one, two in zip(axes, before, after, strict=True):
        if axis is not None:
            first, second = one.select(axis, 0).double(), two.select(axis, 0).double()
            if not torch.allclose(first, second, rtol=1e-2, atol=1e-2, equal_nan=True):
                return False
    return True


def _turned(case: Case, name: str, given: torch.Tensor) -> torch.Tensor:
    """Whole numbers and truths the other way round; a mask still hides nothing."""
    if given.is_floating_point() or name.startswith(GRAPH):
        return given
    if given.dtype == torch.bool:
        return given if "mask" in name else given.logical_not()
    return highest(case.layer) - given


def _with_other_examples(case: Case, spec: TensorSpec, given: torch.Tensor, upwards: bool) -> torch.Tensor:
    """The same first example, all other examples changed."""
    if spec.batch is None:
        return given
    changed = given.clone()
    rest = changed.narrow(spec.batch, 1, given.shape[spec.batch] - 1)
    if given.dtype.is_floating_point:
        far = 10 * torch.randn(rest.shape).abs().to(rest.dtype) + 10
        rest += far if upwards else -far
    elif given.dtype == torch.bool:
        rest.logical_not_()
    else:
        rest.copy_(highest(case.layer) - rest)
    return changed


def macs(case: Case) -> float:
    """Multiply-adds for one example, counted by torch on its meta device with numbers for free lengths.

    Not in training mode, since a mean over all batches reads a counter that meta does not have; with
    gradients, since torch would else take a shortcut through attention that it does not count. Meta does not
    know which edges lead from a node to itself, and takes it that none does; how many graphs there are, it cannot tell.
    """
    batch, lengths = ROUNDS[0]
    device = "cpu" if "batch" in case.inputs else "meta"
    with torch.device(device):
        network = Network(plan_of(case)).eval()
    with FlopCounterMode(display=False) as counter, _config.patch(meta_nonzero_assume_all_nonzero=True):
        network(*values(case, batch, lengths, device))
    batched = any(spec.batch is not None for _, spec in case.tensors())
    return counter.get_total_flops() / 2 / (batch if batched else 1)


def weights(network: Network) -> dict[str, tuple[int, ...]]:
    """Names and shapes of what is learned, below the node's name."""
    return {name.removeprefix(f"{NODE}."): tuple(weight.shape) for name, weight in network.named_parameters()}


def buffers(network: Network) -> dict[str, tuple[int, ...]]:
    """Names and shapes of the rest of the state dict."""
    learned = dict(network.named_parameters())
    state = network.state_dict()
    return {name.removeprefix(f"{NODE}."): tuple(each.shape) for name, each in state.items() if name not in learned}
