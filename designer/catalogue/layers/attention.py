"""Layers in which each position of a sequence looks at all others."""

from __future__ import annotations

from math import gcd

from designer.catalogue import attention_masks, attention_memory, demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Port, Sample, Saved, Site, Step, Weights, sample
from designer.catalogue.tensor import Length, Misfit, Specs, TensorSpec, count
from designer.plan import UNUSED, Value


class MultiheadAttention(Layer):
    """Each position asks all others what they hold, and takes most from those that answer best."""

    title, category = "Multi-head attention", "Attention"
    usual = True
    aliases = ("attention", "self-attention", "cross-attention", "MHA", "scaled dot product", "query key value")
    inputs = (
        Port("query", "The positions that ask; alone, they ask each other."),
        Port("key", "What is asked; the query where nothing is linked.", optional=True),
        Port("value", "What the answers are made of; the key where nothing is linked.", optional=True),
        Port("key_padding_mask", "True where a position of the key is padding, to be passed over.", optional=True),
        Port("attn_mask", "True where a query may not look at a key, or a float to add to the score.", optional=True),
    )
    samples = (
        sample((5, 8), port="query", num_heads=2),
        sample(("T", 6), port="query", num_heads=3, bias=False, is_causal=True, dropout=0.1),
        Sample({"num_heads": 4}, {"query": TensorSpec((3, 8)), "key": TensorSpec(("S", 5))}),
        Sample(
            {"num_heads": 1, "is_causal": True},
            {
                "query": TensorSpec(("T", 4)),
                "key": TensorSpec((3, 4)),
                "value": TensorSpec((3, 2)),
                "key_padding_mask": TensorSpec((3,), "bool"),
            },
        ),
        Sample({"num_heads": 2}, {"query": TensorSpec((3, 4)), "key_padding_mask": TensorSpec((3,), "bool")}),
        Sample(
            {"num_heads": 2},
            {
                "query": TensorSpec((3, 4)),
                "key_padding_mask": TensorSpec((3,), "bool"),
                "attn_mask": TensorSpec((3, 3), batch=None),
            },
        ),
        Sample(
            {"num_heads": 2, "is_causal": True},
            {"query": TensorSpec((3, 4)), "key": TensorSpec(("T", 4)), "attn_mask": TensorSpec((3, "T"), "bool")},
        ),
    )

    num_heads = Setting(4, "Into how many parts the features are split, each with attention of its own.", minimum=1)
    dropout = Setting(0.0, "The share of attention that is set to zero while training.", minimum=0.0, maximum=1.0)
    bias = Setting(True, "Whether learned numbers are added in the projections.")
    is_causal = Setting(False, "Whether each position sees only itself and those before it.")

    def output(
        self,
        query: Specs,
        key: Specs | None = None,
        value: Specs | None = None,
        key_padding_mask: Specs | None = None,
        attn_mask: Specs | None = None,
    ) -> TensorSpec:
        query = self._sequence(query, "query")
        width = demands.features(self, query, "query")
        if key is None and value is not None:
            raise Misfit("A value is linked, but no key to find it by.", "Link the key too.", code="port", port="key")
        keys = query if key is None else self._sequence(key, "key")
        values = keys if value is None else self._sequence(value, "value")
        self._check_partner(query, keys, "key")
        self._check_partner(query, values, "value")
        self._check_steps(keys, values)
        if width % self.num_heads:
            raise Misfit(
                f"The {width} features of the query cannot be split among {self.num_heads} heads.",
                f"Take a num_heads that divides {width}.",
                "num_heads",
                suggest=gcd(self.num_heads, width),
            )
        attention_masks.check_padding(self, keys, key_padding_mask, "key_padding_mask")
        attention_masks.check_mask(self, query, keys, attn_mask, self.num_heads, "attn_mask")
        return demands.within_reach(self, query, self.weights(query, key, value))

    def weights(
        self,
        query: TensorSpec,
        key: Specs | None = None,
        value: Specs | None = None,
        key_padding_mask: Specs | None = None,
        attn_mask: Specs | None = None,
    ) -> Weights:
        width, keys, values = self._widths(query, key, value)
        if keys == values == width:
            weights: Weights = {"in_proj_weight": (3 * width, width)}
        else:
            weights = {
                "q_proj_weight": (width, width),
                "k_proj_weight": (width, keys),
                "v_proj_weight": (width, values),
            }
        if self.bias:
            weights |= {"in_proj_bias": (3 * width,), "out_proj.bias": (width,)}
        return weights | {"out_proj.weight": (width, width)}

    def macs(
        self,
        query: TensorSpec,
        key: TensorSpec | None = None,
        value: TensorSpec | None = None,
        key_padding_mask: Specs | None = None,
        attn_mask: Specs | None = None,
    ) -> int:
        width, keys, values = self._widths(query, key, value)
        examples, asking = query.shape[:-2], query.shape[-2]
        answering = _steps(key or query)
        projections = count(asking, 2 * width, width) + count(answering, keys + values, width)
        if not isinstance(asking, int) or not isinstance(answering, int):
            return 0
        return count(*examples, projections + 2 * asking * answering * width)

    def call(
        self,
        query: TensorSpec,
        key: Specs | None = None,
        value: Specs | None = None,
        key_padding_mask: Specs | None = None,
        attn_mask: Specs | None = None,
    ) -> Call:
        width, keys, values = self._widths(query, key, value)
        settings: dict[str, Value] = {"embed_dim": width, "num_heads": self.num_heads}
        others = {name: each for name, each in (("kdim", keys), ("vdim", values)) if each != width}
        return Call(
            "nn.MultiheadAttention", {**settings, **self.changed("dropout", "bias"), **others, "batch_first": True}
        )

    def forward(
        self,
        site: Site,
        query: TensorSpec,
        key: Specs | None = None,
        value: Specs | None = None,
        key_padding_mask: Specs | None = None,
        attn_mask: TensorSpec | None = None,
    ) -> tuple[Step, ...]:
        asking = site.inputs["query"][0]
        answering = site.inputs.get("key", (asking,))[0]
        values = site.inputs.get("value", (answering,))[0]
        keywords: dict[str, Value] = {}
        padding = attention_masks.padding(site, "key_padding_mask", attn_mask)
        if padding is not None:
            keywords["key_padding_mask"] = padding
        mask = attention_masks.passed(site, "attn_mask", attn_mask, query, self.num_heads, causal=self.is_causal)
        if mask is not None:
            keywords["attn_mask"] = mask
        if self.is_causal and attn_mask is None:
            keywords["is_causal"] = True
        call = Call(f"self.{site.name}", {**keywords, "need_weights": False}, (asking, answering, values))
        return (Step((site.first, UNUSED), call, site.name),)

    def badge(self) -> str:
        return f"{self.num_heads} heads" if self.num_heads > 1 else "1 head"

    def _widths(self, query: TensorSpec, key: Specs | None, value: Specs | None) -> tuple[int, int, int]:
        keys = query if key is None else demands.tensor(self, key, "key")
        values = keys if value is None else demands.tensor(self, value, "value")
        return (
            demands.features(self, query, "query"),
            demands.features(self, keys, "key"),
            demands.features(self, values, "value"),
        )

    def _sequence(self, x: Specs, port: str) -> TensorSpec:
        x = demands.tensor(self, x, port)
        demands.batch_first(self, x, port)
        wanted = (2, 3) if x.batch is None else (3,)
        hint = "Put a Reshape in front that makes positions and features."
        demands.rank(self, x, wanted, "a sequence of positions x features", hint, port)
        demands.features(self, x, port)
        demands.dtype(self, x, demands.WEIGHT, port)
        return x

    def _check_partner(self, query: TensorSpec, other: TensorSpec, port: str) -> None:
        if other.batch != query.batch or other.shape[:-2] != query.shape[:-2]:
            raise Misfit(
                f"The query is {query}, but the {port} is {other}: they are not of the same examples.",
                "Link tensors that both have the batch in front.",
                code="shapes",
                port=port,
            )

    def _check_steps(self, keys: TensorSpec, values: TensorSpec) -> None:
        if _steps(keys) != _steps(values):
            raise Misfit(
                f"The key has {_steps(keys)} positions, but the value has {_steps(values)}.",
                "Link a value with one row for each row of the key.",
                code="shapes",
                port="value",
            )

    def saved(
        self,
        query: TensorSpec,
        key: TensorSpec | None = None,
        value: TensorSpec | None = None,
        key_padding_mask: Specs | None = None,
        attn_mask: Specs | None = None,
    ) -> Saved:
        keys = query if key is None else key
        masked = attn_mask is not None or (self.is_causal and key_padding_mask is not None)
        own = attention_memory.attention(
            query,
            keys,
            keys if value is None else value,
            self.num_heads,
            dropout=self.dropout > 0,
            padded=key_padding_mask is not None,
            masked=masked,
        )
        return Saved(own=own)


def _steps(x: TensorSpec) -> Length:
    return x.shape[-2]
