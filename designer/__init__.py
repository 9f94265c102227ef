"""Netwright: draw a neural network, see it checked, train it, and leave with plain PyTorch code."""

__version__ = "0.1.0"
