"""Attention without weights, for those who build its surroundings themselves."""

from __future__ import annotations

from dataclasses import replace

from designer.catalogue import demands
from designer.catalogue.broadcast import broadcast
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Port, Sample, Saved, Site, Step
from designer.catalogue.tensor import Length, Misfit, Specs, TensorSpec, count, dims


class ScaledDotProductAttention(Layer):
    """Each query takes a mean of the values, mostly of those whose keys fit it; learns nothing by itself."""

    title, category = "Scaled dot-product attention", "Attention"
    aliases = ("SDPA", "attention function", "flash attention", "softmax(QK)V", "grouped-query attention", "GQA")
    inputs = (
        Port("query", "What is asked: positions x features, with any axes in front, such as heads."),
        Port("key", "The labels of what can be found, as wide as the query."),
        Port("value", "What can be found: one row for each key."),
        Port("attn_mask", "True where a query may look at a key, or a float to add to the score.", optional=True),
    )
    samples = (
        Sample({}, {"query": TensorSpec((5, 8)), "key": TensorSpec((3, 8)), "value": TensorSpec((3, 4))}),
        Sample(
            {"is_causal": True, "dropout_p": 0.1, "scale": 0.5},
            {name: TensorSpec((2, "T", 6)) for name in ("query", "key", "value")},
        ),
        Sample(
            {"enable_gqa": True},
            {"query": TensorSpec((4, 5, 8)), "key": TensorSpec((2, 3, 8)), "value": TensorSpec((2, 3, 8))},
        ),
        Sample(
            {},
            {
                "query": TensorSpec((2, 3, 4)),
                "key": TensorSpec((2, 3, 4)),
                "value": TensorSpec((2, 3, 4)),
                "attn_mask": TensorSpec((3, 3), batch=None),
            },
        ),
        Sample(
            {},
            {
                "query": TensorSpec((3, 4), "float64", None),
                "key": TensorSpec((2, 4), "float64", None),
                "value": TensorSpec((2, 4), "float64", None),
                "attn_mask": TensorSpec((3, 2), "bool", None),
            },
        ),
    )

    dropout_p = Setting(0.0, "The share of attention that is set to zero while training.", minimum=0.0, maximum=1.0)
    is_causal = Setting(False, "Whether each position sees only itself and those before it.")
    scale: Setting[float | None] = Setting(
        None, "What scores are multiplied with; 1 / sqrt(features) where nothing is given.", optional=True, kind=float
    )
    enable_gqa = Setting(False, "Whether several heads of the query share one head of key and value.")

    def output(self, query: Specs, key: Specs, value: Specs, attn_mask: Specs | None = None) -> TensorSpec:
        query, key, value = (self._rows(x, port) for x, port in ((query, "query"), (key, "key"), (value, "value")))
        self._check_lengths(query, key, value)
        front = self._front(query, key, value)
        if attn_mask is not None:
            self._check_mask(query, key, front, demands.tensor(self, attn_mask, "attn_mask"))
        return front.with_shape((*front.shape, query.shape[-2], value.shape[-1]))

    def macs(self, query: TensorSpec, key: TensorSpec, value: TensorSpec, attn_mask: Specs | None = None) -> int:
        front = self._front(query, key, value)
        scores = count(*front.shape, query.shape[-2], key.shape[-2], query.shape[-1])
        return scores + count(*front.shape, query.shape[-2], *value.shape[-2:])

    def call(self, *x: Specs | None) -> Call | None:
        """A module where there is dropout, which must rest outside training; else a function in `forward`."""
        names = ("dropout_p", "is_causal", "scale", "enable_gqa")
        return Call("modules.ScaledDotProductAttention", self.changed(*names)) if self.dropout_p else None

    def forward(self, site: Site, *x: Specs | None) -> tuple[Step, ...]:
        if self.dropout_p:
            return super().forward(site, *x)
        query, key, value = (site.inputs[port][0] for port in ("query", "key", "value"))
        mask = {port: values[0] for port, values in site.inputs.items() if port == "attn_mask"}
        keywords = {**mask, **self.changed("is_causal", "scale", "enable_gqa")}
        call = Call("F.scaled_dot_product_attention", keywords, (query, key, value))
        return (Step(site.first, call, site.name),)

    def badge(self) -> str:
        return "causal" if self.is_causal else ""

    def _rows(self, x: Specs, port: str) -> TensorSpec:
        x = demands.tensor(self, x, port)
        demands.batch_first(self, x, port)
        fewest = 2 if x.batch is None else 3
        hint = "Put a Reshape in front that makes positions and features."
        demands.rank(self, x, range(fewest, 20), "positions x features", hint, port)
        demands.dtype(self, x, demands.FLOATS, port)
        return x

    def _check_lengths(self, query: TensorSpec, key: TensorSpec, value: TensorSpec) -> None:
        for port, each in (("key", key), ("value", value)):
            if each.dtype != query.dtype:
                raise Misfit(
                    f"The query holds {query.dtype} numbers, but the {port} {each.dtype}.",
                    "Give all three the same dtype.",
                    code="dtype",
                    port=port,
                )
        if key.shape[-1] != query.shape[-1]:
            raise Misfit(
                f"The query has {query.shape[-1]} features, but the key has {key.shape[-1]}.",
                f"Put a Linear in front of the key that gives {query.shape[-1]}.",
                code="shapes",
                port="key",
            )
        if value.shape[-2] != key.shape[-2]:
            raise Misfit(
                f"The key has {key.shape[-2]} positions, but the value has {value.shape[-2]}.",
                "Link a value with one row for each row of the key.",
                code="shapes",
                port="value",
            )

    def _front(self, query: TensorSpec, key: TensorSpec, value: TensorSpec) -> TensorSpec:
        """The axes in front of positions x features, such as the batch and heads; the key may bring some of them."""
        front = query.with_shape(query.shape[:-2])
        for port, each in (("key", key), ("value", value)):
            other = self._shared_out(query, each, port) if self.enable_gqa else each.with_shape(each.shape[:-2])
            joined = broadcast(front, other)
            if joined is None or (port == "value" and joined != front):
                raise Misfit(
                    f"The query is {query}, but the {port} is {each}: they are not of the same examples or heads.",
                    "Link tensors with the same axes in front of positions and features.",
                    code="shapes",
                    port=port,
                )
            front = joined
        return front

    def _shared_out(self, query: TensorSpec, x: TensorSpec, port: str) -> TensorSpec:
        """The axes in front of key or value once each head has been repeated for its group of queries."""
        if len(query.full) < 3 or len(x.full) < 3:
            raise Misfit(
                f"enable_gqa shares heads, but {query if len(query.full) < 3 else x} has no axis of heads.",
                "Switch enable_gqa off, or link heads x positions x features.",
                "enable_gqa",
                suggest=False,
            )
        heads, shared = query.full[-3], x.full[-3]
        if heads != shared and not _divides(shared, heads):
            raise Misfit(
                f"The query has {heads} heads, which cannot be shared out among the {shared} of the {port}.",
                f"Link a {port} whose number of heads divides {heads}.",
                code="shapes",
                port=port,
            )
        full = (*x.full[:-3], heads)
        batch = query.batch if heads == "N" else x.batch
        return replace(x, shape=tuple(length for place, length in enumerate(full) if place != batch), batch=batch)

    def _check_mask(self, query: TensorSpec, key: TensorSpec, front: TensorSpec, mask: TensorSpec) -> None:
        if self.is_causal:
            raise Misfit(
                "is_causal is a mask by itself, but another one is linked.",
                "Switch is_causal off, and let the mask hide what comes later.",
                "is_causal",
                suggest=False,
            )
        demands.batch_first(self, mask, "attn_mask")
        demands.dtype(self, mask, ("bool", *dict.fromkeys((query.dtype, *demands.WEIGHT))), "attn_mask")
        scores = front.with_shape((*front.shape, query.shape[-2], key.shape[-2]))
        joined = broadcast(scores, replace(mask, dtype=scores.dtype)) if len(mask.full) > 1 else None
        if joined != scores:
            raise Misfit(
                f"The scores are {dims(scores.full)}, but attn_mask is {mask}.",
                "Link a mask of queries x keys, or one whose other axes are those of the query.",
                code="shapes",
                port="attn_mask",
            )

    def saved(
        self, query: TensorSpec, key: TensorSpec, value: TensorSpec, attn_mask: TensorSpec | None = None
    ) -> Saved:
        """The fused kernel, which takes heads of one width without dropout, keeps the sums of the scores alone."""
        front = self._front(query, key, value)
        if len(query.full) == 4 and query.shape[-1] == value.shape[-1] and not self.dropout_p:
            sums = query.with_shape(query.shape[:-1])
            return Saved(("query", "key", "value"), ("output",), (sums,))
        pairs = front.with_shape((*front.shape, query.shape[-2], key.shape[-2]))
        return Saved(("value",), own=(query, key, *(pairs,) * (3 if self.dropout_p else 1)))


def _divides(part: Length, whole: Length) -> bool:
    return part == 1 or (isinstance(part, int) and isinstance(whole, int) and whole % part == 0)
