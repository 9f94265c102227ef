"""The examples of one split as tensors on the device, handed out in batches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

Batch = tuple[tuple[Tensor, ...], tuple[Tensor, ...]]
"""What goes into the network, and what its outputs are compared with."""

GATHERED = 4 * 2**20
"""Bytes of shuffled examples gathered at once: one indexing for many small batches is faster than one for each."""


@dataclass(frozen=True, slots=True)
class Examples:
    """All examples of a split: a tensor for each input of the network and for each target."""

    inputs: tuple[Tensor, ...]
    targets: tuple[Tensor, ...]

    def __len__(self) -> int:
        return len(self.inputs[0])

    def first(self, count: int) -> Examples:
        """The first `count` of them."""
        return Examples(tuple(part[:count] for part in self.inputs), tuple(part[:count] for part in self.targets))

    def batches(self, size: int) -> Iterator[Batch]:
        """Batches in the order of the data; the last one may be smaller."""
        for start in range(0, len(self), size):
            stop = start + size
            yield tuple(part[start:stop] for part in self.inputs), tuple(part[start:stop] for part in self.targets)

    def shuffled(self, sizes: list[int], generator: torch.Generator) -> Iterator[Batch]:
        """Batches of `sizes`, in an order drawn afresh from `generator`, on which alone it depends."""
        order = torch.randperm(len(self), generator=generator).to(self.inputs[0].device)
        together = max(1, GATHERED // (self._bytes_each() * sizes[0]))
        start = 0
        for first in range(0, len(sizes), together):
            group = sizes[first : first + together]
            rows = order[start : start + sum(group)]
            start += sum(group)
            inputs = zip(*(part[rows].split(group) for part in self.inputs), strict=True)
            targets = zip(*(part[rows].split(group) for part in self.targets), strict=True)
            yield from zip(inputs, targets, strict=True)

    def sizes(self, size: int) -> list[int]:
        """The batches of an epoch, for batches of `size`."""
        return batch_sizes(len(self), size)

    def _bytes_each(self) -> int:
        return max(1, sum(part[:1].nbytes for part in (*self.inputs, *self.targets)))


class WholeExamples(Examples):
    """Some nodes of one whole graph: the last of the inputs are their numbers; a batch is all of the graph."""

    def __len__(self) -> int:
        return len(self.inputs[-1])

    def first(self, count: int) -> WholeExamples:
        """The first `count` of them, in the same graph."""
        *whole, rows = self.inputs
        return WholeExamples((*whole, rows[:count]), tuple(part[:count] for part in self.targets))

    def batches(self, size: int) -> Iterator[Batch]:
        """The one batch; none where there are no examples."""
        if len(self):
            yield self.inputs, self.targets

    def shuffled(self, sizes: list[int], generator: torch.Generator) -> Iterator[Batch]:
        """The one batch, whose order does not matter."""
        return self.batches(len(self))

    def sizes(self, size: int) -> list[int]:
        """One batch of all, whatever the `size`."""
        return [len(self)]


def batch_sizes(examples: int, size: int) -> list[int]:
    """The batches of an epoch; one example left over joins the batch before, since BatchNorm cannot take it alone."""
    full, rest = divmod(examples, size)
    sizes = [size] * full + [rest] * (rest > 0)
    if rest == 1 and full and size > 1:
        sizes[-2:] = [size + 1]
    return sizes
