"""Sampling that gradients can flow through."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Reparameterize(nn.Module):
    """Draws from normal distributions, and measures how far they are from the standard one.

    From Kingma and Welling (2014), "Auto-Encoding Variational Bayes". Gives mean + spread * noise while training and
    the mean in use (a sample there too if `always_sample`), and for each example the Kullback-Leibler divergence to
    mean 0 and variance 1, summed over all numbers but the first axis.
    """

    def __init__(self, always_sample: bool = False) -> None:
        super().__init__()
        self.always_sample = always_sample

    def forward(self, mean: Tensor, log_variance: Tensor) -> tuple[Tensor, Tensor]:
        if mean.shape != log_variance.shape or mean.dtype != log_variance.dtype:
            raise ValueError("mean and log_variance must have the same shape and type")
        each = 0.5 * (mean.square() + log_variance.exp() - log_variance - 1)
        divergence = each.reshape(each.shape[0], -1).sum(1)
        if not (self.training or self.always_sample):
            return mean, divergence
        return mean + (0.5 * log_variance).exp() * torch.randn_like(mean), divergence

    def extra_repr(self) -> str:
        return f"always_sample={self.always_sample}"
