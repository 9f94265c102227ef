"""Every optimizer of the catalogue takes a step in torch, and remembers as much as it says."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from small_plans import digits_mlp, digits_run
from torch import Tensor

from designer.catalogue.optimizers import OPTIMIZERS, Optimizer
from designer.engine.control import Control
from designer.engine.network import Network
from designer.engine.training.loop import train
from designer.engine.training.optimizers import hidden_matrices, make_optimizers
from designer.protocol import Finished, Progress

SETTINGS: dict[str, dict[str, object]] = {
    "SGD": {"lr": 0.1, "momentum": 0.9, "nesterov": True},
    "Adam": {"amsgrad": True},
    "RMSprop": {"momentum": 0.9, "centered": True},
    "LBFGS": {"max_iter": 4, "history_size": 3, "line_search_fn": "strong_wolfe"},
}


def rules() -> list[Optimizer]:
    plain = [kind() for kind in OPTIMIZERS.values()]
    return plain + [OPTIMIZERS[name](**values) for name, values in SETTINGS.items()]


@pytest.mark.parametrize("rule", rules(), ids=repr)
def test_every_optimizer_trains(rule: Optimizer, tmp_path: Path) -> None:
    batch = 1257 if rule.asks_again else 64
    events = list(train(digits_run(tmp_path, epochs=1, batch_size=batch, optimizer=rule.call()), Control()))
    assert isinstance(events[-1], Finished), events[-1]
    losses = [loss for event in events if isinstance(event, Progress) for loss in event.losses]
    assert None not in losses
    assert (events[-1].metrics["test_loss"] or 9) < (losses[0] or 0)


@pytest.mark.parametrize("rule", rules(), ids=repr)
def test_every_optimizer_remembers_as_much_as_it_says(rule: Optimizer) -> None:
    network = Network(digits_mlp(hidden=64))
    weights = sum(weight.numel() for weight in network.parameters())
    optimizers = make_optimizers(rule.call(), network)

    def closure() -> Tensor:
        for weight in network.parameters():
            weight.grad = None
        loss = network(torch.randn(8, 1, 8, 8, generator=torch.Generator().manual_seed(0)))[0].square().mean()
        loss.backward()
        return loss

    for _ in range(5):
        if optimizers.asks_again:
            optimizers.repeat(closure)
        else:
            closure()
            optimizers.step()
    kept = sum(numbers(part.state_dict()["state"]) for part in optimizers.parts) / weights
    exact = not rule.asks_again and len(optimizers.parts) == 1
    assert kept == pytest.approx(rule.remembers, abs=0.02) if exact else kept <= rule.remembers + 0.2


def numbers(state: object) -> int:
    """How many numbers of tensors as large as weights there are."""
    if isinstance(state, Tensor):
        return state.numel() if state.numel() > 1 else 0
    parts = state.values() if isinstance(state, dict) else state if isinstance(state, list | tuple) else ()
    return sum(map(numbers, parts))


def test_muon_takes_the_matrices_between_the_ends_and_adamw_the_rest() -> None:
    network = Network(digits_mlp())
    assert [weight.shape for weight in hidden_matrices(network)] == [(32, 64)]
    muon, adamw = make_optimizers(OPTIMIZERS["Muon"](lr=0.02).call(), network).parts
    assert (type(muon).__name__, type(adamw).__name__) == ("Muon", "AdamW")
    assert [group["lr"] for part in (muon, adamw) for group in part.param_groups] == [0.02, 0.02]
    assert sum(len(group["params"]) for part in (muon, adamw) for group in part.param_groups) == 4
