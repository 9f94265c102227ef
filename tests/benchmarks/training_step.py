"""How much of a hand-written loop's speed the engine keeps, with all live figures on.

Run it as it is: `python tests/benchmarks/training_step.py`. It trains a 64-64-10 MLP with batches of 32 on one CPU
thread three ways, in turns, and compares the medians: the engine; a loop written by hand that indexes tensors by a
permutation, with fused Adam; and the usual loop over a DataLoader, with plain Adam. For the engine there are two
rows: its own `seconds`, which are those inside training steps, and all the time from the first step to the end, with
the metrics after each epoch, the files it writes and the messages it sends, none of which the other loops do.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from designer.engine.control import Control
from designer.engine.data.load import load
from designer.engine.training.loop import train
from designer.plan import Call, Plan, PlanInput, Ref, Step
from designer.protocol import Finished, Progress, Recipe, Source, Split, Target, Train, encode

EPOCHS, BATCH, ROUNDS = 40, 32, 9
SPLIT = Split(0.0, 0.0)


def engine() -> tuple[float, float, int]:
    """Seconds in training steps, seconds in all, and steps; all events are encoded as for the pipe."""
    modules = {
        "flatten": Call("nn.Flatten"),
        "hidden": Call("nn.Linear", {"in_features": 64, "out_features": 64}),
        "relu": Call("nn.ReLU"),
        "scores": Call("nn.Linear", {"in_features": 64, "out_features": 10}),
    }
    steps = [
        Step("x", Call(f"self.{name}", {}, (Ref("image" if name == "flatten" else "x"),)), name) for name in modules
    ]
    plan = Plan("Mlp", (PlanInput("image", (1, 8, 8)),), modules, tuple(steps), (("digit", Ref("x")),))
    target = Target("digit", "digit", Call("nn.CrossEntropyLoss"), "classes")
    adam = Call("torch.optim.Adam", {"lr": 0.001})
    recipe = Recipe(Source("digits"), ("image",), (target,), adam, EPOCHS, BATCH, SPLIT, device="cpu")
    with tempfile.TemporaryDirectory() as folder:
        figures, begun = 0, 0.0
        for event in train(Train(plan, recipe, folder), Control()):
            encode(event)
            begun = begun or time.perf_counter()
            figures += isinstance(event, Progress) and bool(event.layers)
    assert isinstance(event, Finished)
    assert figures > 5 * event.seconds, "the live figures were not on"
    return event.seconds, time.perf_counter() - begun, event.steps


def network() -> nn.Module:
    """The same network, written by hand."""
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10)).train()


def examples() -> tuple[torch.Tensor, torch.Tensor]:
    """All digits."""
    data = load(Source("digits"), SPLIT)
    return data.fields["image"], data.fields["digit"]


def indexed() -> tuple[float, int]:
    """The fastest loop that people write: tensors indexed by a permutation, fused Adam."""
    (images, digits), model, loss = examples(), network(), nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001, fused=True)
    steps, begun = 0, time.perf_counter()
    for _ in range(EPOCHS):
        order = torch.randperm(len(digits))
        for start in range(0, len(digits), BATCH):
            batch = order[start : start + BATCH]
            optimizer.zero_grad()
            loss(model(images[batch]), digits[batch]).backward()
            optimizer.step()
            steps += 1
    return time.perf_counter() - begun, steps


def loader() -> tuple[float, int]:
    """The loop of torch's own tutorial."""
    model, loss = network(), nn.CrossEntropyLoss()
    batches = DataLoader(TensorDataset(*examples()), batch_size=BATCH, shuffle=True)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    steps, begun = 0, time.perf_counter()
    for _ in range(EPOCHS):
        for images, digits in batches:
            optimizer.zero_grad()
            loss(model(images), digits).backward()
            optimizer.step()
            steps += 1
    return time.perf_counter() - begun, steps


def main() -> None:
    """Prints microseconds a step and the engine's throughput relative to each loop."""
    torch.set_num_threads(1)
    times: dict[str, list[float]] = {"engine": [], "engine, in all": [], "indexed": [], "DataLoader": []}
    for warm in [False] + [True] * ROUNDS:
        in_steps, in_all, steps = engine()
        found = {"engine": in_steps / steps, "engine, in all": in_all / steps}
        for name, way in (("indexed", indexed), ("DataLoader", loader)):
            seconds, steps = way()
            found[name] = seconds / steps
        if warm:
            for name, each in found.items():
                times[name].append(each * 1e6)
    for name, each in times.items():
        ratio = statistics.median(theirs / ours for ours, theirs in zip(times["engine"], each, strict=True))
        median = statistics.median(each)
        sys.stdout.write(f"{name:15} {median:8.1f} us a step   engine's throughput / this: {ratio:.3f}\n")


if __name__ == "__main__":
    main()
