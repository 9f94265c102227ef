"""The CRF against brute force: every path of tags is written out and scored by hand."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from designer.engine.modules.crf import CRF

SIZES = {"count": st.integers(2, 4), "length": st.integers(1, 5), "seed": st.integers(0, 2**31)}


def made(count: int, seed: int) -> tuple[CRF, torch.Generator]:
    """A CRF with weights as large as the emissions, so that they matter."""
    generator = torch.Generator().manual_seed(seed)
    crf = CRF(count).double()
    for weight in crf.parameters():
        nn.init.normal_(weight, generator=generator)
    return crf, generator


def score(crf: CRF, emissions: Tensor, path: list[int], steps: list[int]) -> Tensor:
    """The score of one path of one example, whose steps stand at the given places."""
    total = crf.start_transitions[path[0]] + crf.end_transitions[path[-1]]
    for tag, step in zip(path, steps, strict=True):
        total = total + emissions[step, tag]
    for one, next_one in pairwise(path):
        total = total + crf.transitions[one, next_one]
    return total


def brute(crf: CRF, emissions: Tensor, tags: Tensor, steps: list[int]) -> tuple[list[int], Tensor]:
    """The best path and the negative log-likelihood of `tags`, by looking at every path."""
    count = emissions.shape[1]
    paths = [list(path) for path in product(range(count), repeat=len(steps))]
    scores = torch.stack([score(crf, emissions, path, steps) for path in paths])
    best = paths[int(scores.argmax())]
    return best, torch.logsumexp(scores, 0) - score(crf, emissions, tags[steps].tolist(), steps)


@settings(max_examples=60, deadline=None)
@given(**SIZES)
def test_path_and_likelihood_are_those_found_by_looking_at_every_path(count: int, length: int, seed: int) -> None:
    crf, generator = made(count, seed)
    emissions = torch.randn(3, length, count, generator=generator, dtype=torch.float64)
    tags = torch.randint(count, (3, length), generator=generator)
    path, nll = crf(emissions, tags)
    assert nll is not None
    for example in range(3):
        best, wanted = brute(crf, emissions[example], tags[example], list(range(length)))
        assert path[example].tolist() == best
        torch.testing.assert_close(nll[example], wanted)


@settings(max_examples=60, deadline=None)
@given(**SIZES)
def test_steps_that_a_mask_leaves_out_count_nowhere(count: int, length: int, seed: int) -> None:
    crf, generator = made(count, seed)
    emissions = torch.randn(4, length, count, generator=generator, dtype=torch.float64)
    tags = torch.randint(count, (4, length), generator=generator)
    mask = torch.rand(4, length, generator=generator) < 0.6
    path, nll = crf(emissions, tags.masked_fill(~mask & (torch.arange(length) > 0), -100), mask)
    assert nll is not None
    for example in range(4):
        steps = [step for step in range(length) if step == 0 or mask[example, step]]
        best, wanted = brute(crf, emissions[example], tags[example], steps)
        assert [int(path[example, step]) for step in steps] == best
        assert int(path[example].sum()) == sum(best)
        torch.testing.assert_close(nll[example], wanted)


def test_the_likelihoods_of_all_paths_add_up_to_one() -> None:
    crf, generator = made(3, 0)
    paths = torch.tensor(list(product(range(3), repeat=4)))
    emissions = torch.randn(4, 3, generator=generator, dtype=torch.float64).expand(len(paths), 4, 3)
    _, nll = crf(emissions, paths)
    assert nll is not None
    torch.testing.assert_close((-nll).exp().sum(), torch.ones((), dtype=torch.float64))


def test_gradients_are_those_of_finite_differences() -> None:
    crf, generator = made(3, 1)
    emissions = torch.randn(2, 4, 3, generator=generator, dtype=torch.float64, requires_grad=True)
    tags = torch.randint(3, (2, 4), generator=generator)
    mask = torch.tensor([[True, True, True, True], [True, True, False, False]])
    weights = dict(crf.named_parameters())

    def nll(emissions: Tensor, *values: Tensor) -> Tensor:
        given = dict(zip(weights, values, strict=True))
        found: Tensor = torch.func.functional_call(crf, given, (emissions, tags, mask))[1]
        return found

    assert torch.autograd.gradcheck(nll, (emissions, *weights.values()))


def test_without_tags_it_decodes_and_gives_no_likelihood() -> None:
    crf, _ = made(3, 2)
    emissions = torch.randn(2, 5, 3)
    path, nll = crf(emissions)
    assert nll is None
    assert path.shape == (2, 5)
    assert path.equal(crf(emissions, torch.zeros(2, 5, dtype=torch.int64))[0])
    assert not path.requires_grad


def test_training_by_the_likelihood_learns_which_tag_follows_which() -> None:
    """The emissions say nothing; the tags alternate, and the first is always 1."""
    torch.manual_seed(0)
    crf = CRF(2)
    tags = torch.tensor([[1, 0, 1, 0, 1]])
    optimizer = torch.optim.Adam(crf.parameters(), lr=0.1)
    for _ in range(60):
        optimizer.zero_grad()
        _, nll = crf(torch.zeros(1, 5, 2), tags)
        assert nll is not None
        nll.mean().backward()
        optimizer.step()
    assert crf(torch.zeros(1, 5, 2))[0].equal(tags)


@pytest.mark.parametrize(
    ("emissions", "tags", "mask"),
    [
        (torch.zeros(4, 3), None, None),
        (torch.zeros(2, 4, 3, dtype=torch.int64), None, None),
        (torch.zeros(2, 4, 3), torch.zeros(2, 4), None),
        (torch.zeros(2, 4, 3), torch.zeros(2, 1, dtype=torch.int64), None),
        (torch.zeros(2, 4, 3), None, torch.ones(2, 4)),
        (torch.zeros(2, 4, 3), None, torch.ones(1, 4, dtype=torch.bool)),
    ],
)
def test_what_does_not_fit_is_refused(emissions: Tensor, tags: Tensor | None, mask: Tensor | None) -> None:
    with pytest.raises(ValueError, match="must be"):
        CRF(3)(emissions, tags, mask)


def test_a_lone_tag_is_refused() -> None:
    with pytest.raises(ValueError, match="two tags or more"):
        CRF(1)
