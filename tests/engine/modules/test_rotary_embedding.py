from __future__ import annotations

import cmath

import pytest
import torch

from designer.engine.modules.rotary_embedding import RotaryEmbedding


@pytest.mark.parametrize("interleaved", [False, True])
@pytest.mark.parametrize(("width", "base"), [(2, 10000.0), (6, 10000.0), (8, 100.0)])
def test_each_pair_turns_by_the_angle_of_the_paper(width: int, base: float, interleaved: bool) -> None:
    x = torch.randn(2, 3, 5, width)
    turned = RotaryEmbedding(base, interleaved)(x)
    for pair in range(width // 2):
        one, other = (2 * pair, 2 * pair + 1) if interleaved else (pair, pair + width // 2)
        for position in range(5):
            turn = cmath.exp(1j * position / base ** (2 * pair / width))
            before, after = (torch.complex(t[..., position, one], t[..., position, other]) for t in (x, turned))
            torch.testing.assert_close(after, before * turn)


@pytest.mark.parametrize("interleaved", [False, True])
def test_the_score_of_two_turned_vectors_depends_on_their_distance_alone(interleaved: bool) -> None:
    layer = RotaryEmbedding(interleaved=interleaved)
    query, key = torch.randn(8).expand(10, 8), torch.randn(8).expand(10, 8)
    scores = layer(query) @ layer(key).T
    for distance in range(-9, 10):
        diagonal = scores.diagonal(distance)
        torch.testing.assert_close(diagonal, diagonal[:1].expand_as(diagonal), rtol=1e-4, atol=1e-5)


def test_the_type_of_numbers_is_kept() -> None:
    assert RotaryEmbedding()(torch.ones(3, 4, dtype=torch.float16)).dtype == torch.float16
