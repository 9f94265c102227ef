from __future__ import annotations

import torch

from designer.engine.modules.gaussian_noise import GaussianNoise


def test_noise_of_the_given_spread_is_added_while_training() -> None:
    torch.manual_seed(0)
    y = GaussianNoise(0.5)(torch.full((20_000,), 3.0))
    assert abs(y.mean().item() - 3) < 0.02
    assert abs(y.std().item() - 0.5) < 0.01


def test_in_use_nothing_is_added() -> None:
    x = torch.randn(4, 3)
    assert GaussianNoise(0.5).eval()(x) is x


def test_the_gradient_passes_unchanged() -> None:
    x = torch.zeros(3, requires_grad=True)
    GaussianNoise(0.5)(x).sum().backward()
    assert x.grad is not None
    assert x.grad.tolist() == [1.0, 1.0, 1.0]
