"""What torch's multi-head attention and its transformers keep for the gradients, on the CPU.

Without dropout the scores are never laid down: one fused kernel keeps their sums alone.
"""

from __future__ import annotations

from designer.catalogue.tensor import TensorSpec


def attention(
    query: TensorSpec,
    key: TensorSpec,
    value: TensorSpec,
    heads: int,
    *,
    dropout: bool,
    padded: bool = False,
    masked: bool = False,
) -> tuple[TensorSpec, ...]:
    """Of `nn.MultiheadAttention`: `key` and `value` are the same object as what they are taken from.

    `padded` says whether padding of the key is masked, `masked` whether pairs of positions are.
    """
    width = query.shape[-1]
    answers = key.with_shape((*key.shape[:-1], width))
    alike = key is value and key.shape[-1] == width
    if alike and query is key:
        own = [query, query, query, query]  # what is read, and the three projections in one piece
    elif alike:
        own = [query, key, answers, answers]
    else:
        own = [query, key, value, answers]
    pairs = query.with_shape((*query.shape[:-2], heads, query.shape[-2], key.shape[-2]))
    if dropout:
        own += [query, answers, pairs, pairs, pairs]
    else:
        own += [query.with_shape((*query.shape[:-2], heads, query.shape[-2]))]
        if not alike:
            own += [query, answers]
        elif query is not key:
            own += [query]
        if masked:
            own += [pairs]
        elif padded:
            own += [key.with_shape((*query.shape[:-2], heads, key.shape[-2]))]
    return (*own, query)


def block(
    x: TensorSpec,
    memory: TensorSpec | None,
    heads: int,
    inner: int,
    *,
    dropout: bool,
    gelu: bool,
    masked: bool = False,
) -> tuple[TensorSpec, ...]:
    """Of one block of a transformer, wherever its norms stand; `masked` of its look at itself."""
    rows, wide = x.with_shape(x.shape[:-1]), x.with_shape((*x.shape[:-1], inner))
    summed = [x, rows, rows, *((x,) if dropout else ())]  # what a norm reads, its figures, and what was dropped
    own = [*attention(x, x, x, heads, dropout=dropout, masked=masked), *summed]
    if memory is not None:
        own += [*attention(x, memory, memory, heads, dropout=dropout), *summed]
    fed = [x, *(3 * (wide,) if dropout else (1 + gelu) * (wide,))]
    return (*own, *fed, *summed)
