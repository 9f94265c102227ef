from __future__ import annotations

import math

import pytest
import torch

from designer.engine.modules.positional_encoding import PositionalEncoding


def by_the_paper(position: int, feature: int, width: int, base: float) -> float:
    """Section 3.5 of Vaswani et al., 2017, letter by letter."""
    i = feature // 2
    angle = position / base ** (2 * i / width)
    return math.sin(angle) if feature % 2 == 0 else math.cos(angle)


@pytest.mark.parametrize("width", [1, 2, 5, 8])
@pytest.mark.parametrize("base", [1.0, 100.0, 10000.0])
def test_each_number_is_that_of_the_paper(width: int, base: float) -> None:
    added = PositionalEncoding(base)(torch.zeros(2, 7, width))
    expected = torch.tensor([[by_the_paper(p, f, width, base) for f in range(width)] for p in range(7)])
    torch.testing.assert_close(added, expected.expand(2, 7, width))


def test_it_adds_to_what_comes_in_and_keeps_its_type() -> None:
    x = torch.randn(1, 4, 6, dtype=torch.float64)
    made = PositionalEncoding()
    torch.testing.assert_close(made(x) - x, made(torch.zeros_like(x)))
    assert made(x).dtype == torch.float64
    assert made(x.half()).dtype == torch.float16
