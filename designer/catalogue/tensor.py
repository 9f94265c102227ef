"""The shape and type of what flows along a link, and what a layer says when it does not suit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import prod

Length = int | str
"""The size of an axis; a string such as "T" is a length that is free until data arrives."""


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """One tensor: `shape` per example, `dtype` as torch spells it, `batch` the place of the batch axis.

    `batch` is 0 as a rule, 1 in a recurrent state, None for what has no batch axis.
    """

    shape: tuple[Length, ...]
    dtype: str = "float32"
    batch: int | None = 0

    @property
    def rank(self) -> int:
        """The number of axes, without the batch."""
        return len(self.shape)

    @property
    def is_float(self) -> bool:
        """Whether gradients can flow through it."""
        return self.dtype.startswith(("float", "bfloat"))

    @property
    def full(self) -> tuple[Length, ...]:
        """The shape as torch sees it, the batch axis written "N"."""
        if self.batch is None:
            return self.shape
        return (*self.shape[: self.batch], "N", *self.shape[self.batch :])

    def with_shape(self, shape: Iterable[Length]) -> TensorSpec:
        """The same dtype and batch with another shape."""
        return replace(self, shape=tuple(shape))

    def __str__(self) -> str:
        text = dims(self.full)
        return text if self.dtype == "float32" else f"{text} {self.dtype}"


Specs = TensorSpec | tuple[TensorSpec, ...]
"""What a port carries: one tensor, or several that travel together (an LSTM's h and c)."""


def dims(shape: Iterable[Length]) -> str:
    """A shape as the window writes it: "3 x 32 x 32"; a lone number for no axes."""
    return " x ".join(str(length) for length in shape) or "scalar"


def size(shape: Iterable[Length]) -> Length:
    """How many numbers a shape holds: an int, or a text such as "T*16" when a length is free."""
    lengths = tuple(shape)
    known = prod(length for length in lengths if isinstance(length, int))
    free = [length for length in lengths if isinstance(length, str)]
    if not free or known == 0:
        return known
    return "*".join([*free, str(known)] if known != 1 else free)


def total(lengths: Iterable[Length]) -> Length:
    """The sum of lengths that are laid end to end: an int, or a text such as "(T+1)" when one is free."""
    every = tuple(lengths)
    known = sum(length for length in every if isinstance(length, int))
    free = [length for length in every if isinstance(length, str)]
    if not free:
        return known
    terms = [*free, str(known)] if known else free
    return terms[0] if len(terms) == 1 else f"({'+'.join(terms)})"


def count(*lengths: Length) -> int:
    """The product of lengths as a plain number for costs; 0 where a length is free, since it is not known."""
    product = size(lengths)
    return product if isinstance(product, int) else 0


class Misfit(Exception):
    """A layer cannot take what reaches it, or its settings contradict each other.

    `message` says what is wrong in the user's own numbers, `hint` the one thing to do, `setting` or
    `port` narrows the place. `code` is the problem's stable name. `rank` is the number of axes per
    example that would suit, where the number of axes is what is wrong; `suggest` is a value for
    `setting` that would mend it, where there is an obvious one.
    """

    def __init__(
        self,
        message: str,
        hint: str = "",
        setting: str | None = None,
        *,
        code: str = "misfit",
        port: str | None = None,
        rank: int | None = None,
        suggest: object = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.setting = setting
        self.code = code
        self.port = port
        self.rank = rank
        self.suggest = suggest
