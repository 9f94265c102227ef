from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.distributions import Normal, kl_divergence

from designer.engine.modules.reparameterize import Reparameterize


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**31), shape=st.lists(st.integers(1, 4), max_size=3))
def test_the_divergence_is_that_of_torchs_distributions(seed: int, shape: list[int]) -> None:
    generator = torch.Generator().manual_seed(seed)
    mean, log_variance = torch.randn(2, 5, *shape, generator=generator, dtype=torch.float64)
    _, divergence = Reparameterize()(mean, log_variance)
    wanted = kl_divergence(Normal(mean, (0.5 * log_variance).exp()), Normal(0.0, 1.0))
    torch.testing.assert_close(divergence, wanted.reshape(5, -1).sum(1))


def test_the_divergence_is_the_mean_log_ratio_of_many_draws() -> None:
    torch.manual_seed(0)
    mean, log_variance = torch.tensor([[0.8, -0.3]]), torch.tensor([[-1.0, 0.4]])
    many = Reparameterize()(mean.expand(200_000, 2), log_variance.expand(200_000, 2))[0]
    ratio = Normal(mean, (0.5 * log_variance).exp()).log_prob(many) - Normal(0.0, 1.0).log_prob(many)
    _, divergence = Reparameterize()(mean, log_variance)
    assert float(ratio.sum(1).mean()) == pytest.approx(float(divergence), abs=0.01)


def test_draws_have_the_mean_and_the_variance_they_are_told() -> None:
    torch.manual_seed(0)
    draws, _ = Reparameterize()(torch.full((100_000,), 3.0), torch.full((100_000,), 0.25).log())
    assert float(draws.mean()) == pytest.approx(3, abs=0.01)
    assert float(draws.var()) == pytest.approx(0.25, abs=0.01)


def test_gradients_flow_through_the_draw_to_both() -> None:
    mean, log_variance = torch.zeros(4, 2, requires_grad=True), torch.zeros(4, 2, requires_grad=True)
    torch.manual_seed(0)
    sample, _ = Reparameterize()(mean, log_variance)
    sample.sum().backward()
    assert mean.grad is not None
    assert log_variance.grad is not None
    torch.testing.assert_close(mean.grad, torch.ones(4, 2))
    torch.testing.assert_close(log_variance.grad, 0.5 * sample.detach())


def test_in_use_it_gives_the_mean_unless_told_to_draw_always() -> None:
    mean, log_variance = torch.ones(3, 2), torch.zeros(3, 2)
    assert Reparameterize().eval()(mean, log_variance)[0] is mean
    assert not Reparameterize(always_sample=True).eval()(mean, log_variance)[0].equal(mean)


def test_shapes_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="the same shape"):
        Reparameterize()(torch.zeros(3, 2), torch.zeros(3, 1))
