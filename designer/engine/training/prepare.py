"""Makes ready all that a run needs, and finds before the first step whatever would make it fail."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from designer.engine.data.load import Data, load
from designer.engine.data.splitting import SPLITS
from designer.engine.devices import choose, suitable_threads
from designer.engine.failures import fail
from designer.engine.learning import WeightPenalty, load_begun, penalty
from designer.engine.network import Network, OnNodes, StepError, watch
from designer.engine.training.examples import Batch, Examples, WholeExamples
from designer.engine.training.goals import Goals, balance, make_goal
from designer.engine.training.optimizers import Optimizers, make_optimizers
from designer.plan import Plan, PlanInput
from designer.problems import Problem
from designer.protocol import Recipe


@dataclass(frozen=True, slots=True)
class Bench:
    """A network on its device, the examples it learns from and the optimizer that moves its weights."""

    device: torch.device
    network: Network
    weights: list[Tensor]
    """Those that are learned."""
    data: Data
    examples: Mapping[str, Examples]
    goals: Goals
    penalty: WeightPenalty
    optimizers: Optimizers
    threads: int

    def facts(self) -> dict[str, object]:
        """What run.json says of it: where it ran, on how many examples, and what is known of its fields."""
        scales = {
            name: {"mean": scale.mean.tolist(), "deviation": scale.deviation.tolist()}
            for name, scale in self.data.scales.items()
        }
        device = str(self.device)
        return {
            "torch": str(torch.__version__),
            "device": device,
            "parameters": sum(weight.numel() for weight in self.network.parameters()),
            "examples": self.data.counts,
            "scales": scales,
            "columns": self.data.columns,
        }


def prepare(plan: Plan, recipe: Recipe, allowed: Collection[str] = ()) -> Bench:
    """All that a run needs, the weights drawn from the recipe's seed; raises Failure, or one of `failures.EXPECTED`."""
    if recipe.batch_size < 1:
        raise fail("batch-size", "A batch needs at least one example.", "Choose a batch_size of 1 or more.")
    if all(target.compares == "labels" for target in recipe.targets):
        raise fail("no-loss", "There is nothing to train towards.", "Choose a loss at an Output.")
    device = choose(recipe.device)
    data = load(recipe.source, recipe.split)
    torch.manual_seed(recipe.seed)
    network = OnNodes(plan, _places(plan, recipe), allowed) if data.whole else Network(plan, allowed)
    load_begun(network, plan)
    try:
        fields = {name: values.to(device) for name, values in data.fields.items()}
        network.to(device)
    except RuntimeError as error:  # a GPU that is full, busy or broken
        raise StepError("", error) from error
    weights: list[Tensor] = [weight for weight in network.parameters() if weight.requires_grad]
    if not weights and any(True for _ in network.parameters()):
        raise fail("all-frozen", "All weights of this network are frozen.", "Switch trainable on at a layer.")
    if not weights:
        raise fail("no-weights", "This network has no weights to train.", "Add a layer that learns, such as Linear.")
    inputs = _inputs(plan, recipe, fields, data.whole)
    few = (*inputs, torch.arange(2, device=device)) if data.whole else tuple(values[:2] for values in inputs)
    network.eval()
    with torch.random.fork_rng([device] if device.type == "cuda" else []), torch.no_grad():
        threads = suitable_threads(network, few, len(inputs[0]) if data.whole else recipe.batch_size)
        goals, targets = _goals(plan, recipe, fields, data, network(*few))
    part = _part_of_whole if data.whole else _part
    examples = {split: part(inputs, targets, data.rows[split].to(device)) for split in SPLITS}
    m = max(1, len(examples["train"]))
    held = penalty(network, plan, recipe.l1 / m, recipe.l2 / (2 * m))
    optimizers = make_optimizers(recipe.optimizer, network)
    return Bench(device, network, weights, data, examples, goals, held, optimizers, threads)


def blame(bench: Bench, batch: Batch, step: int) -> Problem:
    """The problem of a loss that is not finite: the batch is run once more to find the first node that overflows.

    No node is named where the weights are not finite either, since every node shows it then.
    """
    hint = "Take a smaller learning rate, or standardize the data."
    message = f"The loss is no longer a finite number at step {step}."
    if not all(bool(torch.isfinite(values).all()) for values in batch[0] if values.is_floating_point()):
        return Problem("nan-data", f"{message} The data itself holds numbers that are not finite.", "Mend the data.")
    if not all(bool(weight.isfinite().all()) for weight in bench.weights):
        return Problem("nan-loss", f"{message} The weights grew beyond all bounds.", hint)
    found: dict[str, str] = {}

    def see(node: str, value: object) -> None:
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Tensor) and part.is_floating_point():
                if bool(part.isnan().any()):
                    found.setdefault("nan", node)
                if bool(part.isinf().any()):
                    found.setdefault("inf", node)

    rng = [bench.device] if bench.device.type == "cuda" else []
    with torch.random.fork_rng(rng), torch.no_grad(), watch(bench.network, see):
        bench.network.train()
        bench.network(*batch[0])
    # An infinity alone is often meant (the mask of an attention), so a node that gives NaN is blamed first.
    path = found.get("nan") or found.get("inf")
    if path is None:
        return Problem("nan-loss", message, hint)
    node = ".".join(part for part in path.split(".") if not part.isdigit())
    return Problem("nan-loss", f"{message} The first values to go wrong are those of {path}.", hint, node=node)


def _inputs(plan: Plan, recipe: Recipe, fields: Mapping[str, Tensor], whole: bool) -> tuple[Tensor, ...]:
    if len(plan.inputs) != len(recipe.inputs):
        message = f"The network has {len(plan.inputs)} inputs, but data is chosen for {len(recipe.inputs)}."
        raise fail("data", message, "Choose a field for each Input.")
    return tuple(_input(given, name, fields, whole) for given, name in zip(plan.inputs, recipe.inputs, strict=True))


def _input(given: PlanInput, name: str, fields: Mapping[str, Tensor], whole: bool) -> Tensor:
    if given.batch != (None if whole else 0):
        takes, comes = ("in batches", "as one whole") if whole else ("without a batch", "in batches")
        message = f"{given.name} takes data {takes}, but {name} comes {comes}."
        raise fail("data-batch", message, f"Switch its batched {'off' if whole else 'on'}.", given.name)
    values = _field(name, fields, given.name)
    shape = tuple(values.shape if whole else values.shape[1:])
    fits = len(shape) == len(given.shape) and all(
        isinstance(wanted, str) or wanted == length for wanted, length in zip(given.shape, shape, strict=True)
    )
    if not fits:
        here, there = (" x ".join(map(str, lengths)) or "a single number" for lengths in (given.shape, shape))
        message = f"{given.name} takes {here}, but {name} is {there}."
        raise fail("data-shape", message, f"Set the shape of {given.name} to {there}.", given.name)
    return values.to(getattr(torch, given.dtype))


def _field(name: str, fields: Mapping[str, Tensor], node: str) -> Tensor:
    if name not in fields:
        hint = f"Choose one of {', '.join(fields)}."
        raise fail("data-field", f"The data has no field called {name}, which {node} needs.", hint, node)
    return fields[name]


def _places(plan: Plan, recipe: Recipe) -> list[int]:
    """Where the output of each target stands among the network's outputs."""
    outputs = [output for output, _ in plan.outputs]
    for target in recipe.targets:
        if target.output not in outputs:
            raise fail("target", f"The network has no output called {target.output}.", "Choose another one.")
    return [outputs.index(target.output) for target in recipe.targets]


def _goals(
    plan: Plan, recipe: Recipe, fields: Mapping[str, Tensor], data: Data, outputs: tuple[Tensor, ...]
) -> tuple[Goals, tuple[Tensor, ...]]:
    goals, targets = [], []
    for target, place in zip(recipe.targets, _places(plan, recipe), strict=True):
        if target.compares == "nothing":
            field = torch.empty((sum(data.counts.values()), 0), device=next(iter(fields.values())).device)
        else:
            field = _field(target.field, fields, target.output)
        goal, wanted = make_goal(target, place, outputs[place], field, data.scales.get(target.field))
        if target.balanced:
            balance(goal, wanted[data.rows["train"].to(wanted.device)])
        try:
            goal.value(outputs[place], wanted[:2])
        except (RuntimeError, ValueError, IndexError) as error:
            raise StepError(target.output, error) from error
        goals.append(goal)
        targets.append(wanted)
    return Goals(goals), tuple(targets)


def _part(inputs: tuple[Tensor, ...], targets: tuple[Tensor, ...], rows: Tensor) -> Examples:
    return Examples(tuple(values[rows] for values in inputs), tuple(values[rows] for values in targets))


def _part_of_whole(inputs: tuple[Tensor, ...], targets: tuple[Tensor, ...], rows: Tensor) -> Examples:
    return WholeExamples((*inputs, rows), tuple(values[rows] for values in targets))
