"""The masks of attention: what a layer demands of them, and how its lines of `forward` pass them.

As in `nn.MultiheadAttention`, true hides, and a float is added to the score. A mask for each example is
N x queries x keys, whatever the number of heads: the plan repeats it for each head, as torch wants it.
"""

from __future__ import annotations

from designer.catalogue import demands
from designer.catalogue.entry import Entry
from designer.catalogue.layer import Call, Site
from designer.catalogue.tensor import Misfit, Specs, TensorSpec, dims
from designer.plan import Value

HIDDEN = -1e9
"""Added to a score, it leaves a share of exactly 0."""


def check_padding(layer: Entry, keys: TensorSpec, mask: Specs | None, port: str, of: str = "key") -> None:
    """Refuses a padding mask that is not one truth for each position of `keys`, which stand at the port `of`."""
    if mask is None:
        return
    mask = demands.tensor(layer, mask, port)
    demands.dtype(layer, mask, ("bool",), port)
    if mask.batch != keys.batch or mask.shape != keys.shape[:-1]:
        raise Misfit(
            f"The {of} is {keys}, but its padding mask is {mask}.",
            f"Link a mask with one true or false for each position of the {of}.",
            code="shapes",
            port=port,
        )


def check_mask(
    layer: Entry, asking: TensorSpec, answering: TensorSpec, mask: Specs | None, heads: int, port: str
) -> None:
    """Refuses a mask that is not one truth or float for each pair of positions, for all examples or for each."""
    if mask is None:
        return
    mask = demands.tensor(layer, mask, port)
    demands.dtype(layer, mask, ("bool", *demands.WEIGHT), port)
    pairs = (asking.full[-2], answering.full[-2])
    shared = mask.batch is None and mask.full == pairs
    first = heads if len(asking.full) == 2 else asking.full[0]
    each = mask.batch == asking.batch and mask.full == (first, *pairs)
    if not shared and not each:
        raise Misfit(
            f"{pairs[0]} positions look at {pairs[1]}, but {port} is {mask}.",
            f"Link a mask of {dims(pairs)} without a batch, or of {dims((first, *pairs))}.",
            code="shapes",
            port=port,
        )


def passed(
    site: Site,
    port: str,
    mask: TensorSpec | None,
    query: TensorSpec,
    heads: int,
    *,
    causal: bool = False,
    between: tuple[str, str] = ("query", "key"),
) -> Value:
    """The mask to pass: what is linked to `port`, the later positions, both in one, or None.

    `between` names the ports whose positions it pairs, `query` is the spec of the first.
    """
    asking = site.inputs[between[0]][0]
    answering = site.inputs.get(between[1], (asking,))[0]
    hidden = _later(asking, answering, len(query.full) - 2) if causal else None
    if mask is None:
        return hidden
    linked: Value = site.inputs[port][0]
    if len(mask.full) == 3 and len(query.full) == 3 and heads > 1:
        linked = Call(".repeat_interleave", {"dim": 0}, (linked, heads))
    if hidden is None:
        return linked
    if mask.dtype == "bool":
        return Call(".logical_or", positional=(linked, hidden))
    return Call(".masked_fill", positional=(linked, hidden, HIDDEN))


def padding(site: Site, port: str, pairs: TensorSpec | None) -> Value:
    """The padding mask to pass, None where nothing is linked.

    It becomes a float where the mask over `pairs` is one: torch warns where the two differ.
    """
    linked: Value = site.inputs.get(port, (None,))[0]
    if linked is None or pairs is None or pairs.dtype == "bool":
        return linked
    return Call(".masked_fill", positional=(Call(".float", positional=(linked,)), linked, HIDDEN))


def _later(asking: Value, answering: Value, axis: int) -> Call:
    """The mask that is true where a position would look at a later one."""
    rows, columns, device = (
        Call("[]", positional=(Call(".shape", positional=(asking,)), axis)),
        Call("[]", positional=(Call(".shape", positional=(answering,)), axis)),
        Call(".device", positional=(asking,)),
    )
    pairs = Call("torch.ones", {"device": device}, (rows, columns))
    return Call(".bool", positional=(Call(".triu", {"diagonal": 1}, (pairs,)),))
