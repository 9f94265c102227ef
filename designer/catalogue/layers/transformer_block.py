"""What all transformers have in common: their settings, weights, costs and masks."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from math import gcd
from typing import Any

from designer.catalogue import attention_masks, attention_memory, demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Port, Site, Step, Weights
from designer.catalogue.layers.normalization import layer_norm
from designer.catalogue.tensor import Misfit, Specs, TensorSpec, count
from designer.plan import Value

SRC = Port("src", "The sequence to read: one row of features for each position.")
TGT = Port("tgt", "The sequence to carry on: one row of features for each position.")
MEMORY = Port("memory", "What the encoder has made of its sequence.")


def pair_mask(name: str) -> Port:
    """The port of a mask over pairs of positions."""
    return Port(name, "True where a position may not look at another, or a float to add to the score.", optional=True)


def padding_mask(name: str) -> Port:
    """The port of a mask over positions."""
    return Port(name, "True where a position is padding, to be passed over.", optional=True)


class Block(Layer):
    """What all transformers have in common; itself no layer."""

    category = "Attention"

    nhead = Setting(8, "Into how many heads the features are split, each with attention of its own.", minimum=1)
    dim_feedforward = Setting(2048, "How wide the feed-forward part is between its two Linears.", minimum=1)
    dropout = Setting(0.1, "The share of numbers set to zero while training.", minimum=0.0, maximum=1.0)
    activation = Setting("relu", "What bends the numbers in the feed-forward part.", choices=("relu", "gelu"))
    layer_norm_eps = Setting(1e-5, "A small number that keeps each LayerNorm from dividing by 0.", minimum=0.0)
    norm_first = Setting(False, "Whether to normalize before each part; deep stacks then train more easily.")
    bias = Setting(True, "Whether the projections, Linears and LayerNorms add learned numbers.")

    def badge(self) -> str:
        return f"{self.nhead} heads" if self.nhead > 1 else "1 head"

    def _sequence(self, x: Specs, port: str) -> TensorSpec:
        x = demands.tensor(self, x, port)
        demands.batch_first(self, x, port)
        wanted = (2, 3) if x.batch is None else (3,)
        hint = "Put a Reshape in front that makes positions and features."
        demands.rank(self, x, wanted, "a sequence of positions x features", hint, port)
        width = demands.features(self, x, port)
        demands.dtype(self, x, demands.WEIGHT, port)
        if width % self.nhead:
            raise Misfit(
                f"The {width} features of {port} cannot be split among {self.nhead} heads.",
                f"Take an nhead that divides {width}.",
                "nhead",
                suggest=gcd(self.nhead, width),
            )
        return x

    def _partner(self, x: TensorSpec, other: Specs, port: str, of: str) -> TensorSpec:
        """A second sequence, of the same examples and width as `x`, which stands at the port `of`."""
        other = demands.tensor(self, other, port)
        demands.batch_first(self, other, port)
        demands.dtype(self, other, demands.WEIGHT, port)
        if other.batch != x.batch or other.shape[:-2] != x.shape[:-2] or other.rank != x.rank:
            raise Misfit(
                f"{of} is {x}, but {port} is {other}: they are not of the same examples.",
                "Link two sequences of positions x features that both have the batch in front.",
                code="shapes",
                port=port,
            )
        if other.shape[-1] != x.shape[-1]:
            raise Misfit(
                f"{of} has {x.shape[-1]} features, but {port} has {other.shape[-1]}.",
                f"Put a Linear in front of {port} that gives {x.shape[-1]}.",
                code="shapes",
                port=port,
            )
        return other

    @property
    def nests(self) -> bool:
        """Whether torch can leave padding out by nested tensors; it warns where these settings forbid it."""
        return self.bias and not self.norm_first and self.nhead % 2 == 0

    def _options(self) -> dict[str, Value]:
        names = ("dim_feedforward", "dropout", "activation", "layer_norm_eps", "norm_first", "bias")
        return {**self.changed(*names), "batch_first": True}

    def width_of(self, x: TensorSpec) -> int:
        """d_model: how many features each position has."""
        return demands.features(self, x)

    def block(self, kind: str, x: TensorSpec) -> Call:
        """One block of the kind."""
        return Call(f"nn.{kind}", {"d_model": self.width_of(x), "nhead": self.nhead, **self._options()})

    def norm_of(self, x: TensorSpec) -> Call:
        """The LayerNorm behind a stack."""
        eps = self.changed("layer_norm_eps").get("layer_norm_eps")
        return layer_norm(self.width_of(x), {**({"eps": eps} if eps is not None else {}), **self.changed("bias")})

    def _block_weights(self, x: TensorSpec, prefix: str, *, writes: bool) -> Weights:
        """The weights of one block; one that writes looks at an encoder's memory too."""
        width, inner = self.width_of(x), self.dim_feedforward
        matrices = {"linear1.weight": (inner, width), "linear2.weight": (width, inner)}
        vectors = {"linear1.bias": (inner,), "linear2.bias": (width,)}
        for name in ("self_attn", "multihead_attn")[: 1 + writes]:
            matrices |= {f"{name}.in_proj_weight": (3 * width, width), f"{name}.out_proj.weight": (width, width)}
            vectors |= {f"{name}.in_proj_bias": (3 * width,), f"{name}.out_proj.bias": (width,)}
        found: Weights = {**matrices, **vectors} if self.bias else {**matrices}
        for number in range(1, 3 + writes):
            found |= self._norm_weights(x, f"norm{number}.")
        return {f"{prefix}{name}": shape for name, shape in found.items()}

    def _stack_weights(self, x: TensorSpec, prefix: str, layers: int, norm: bool, *, writes: bool) -> Weights:
        found = self._norm_weights(x, f"{prefix}norm.") if norm else {}
        for number in range(layers):
            found |= self._block_weights(x, f"{prefix}layers.{number}.", writes=writes)
        return found

    def _norm_weights(self, x: TensorSpec, prefix: str) -> Weights:
        return {f"{prefix}{name}": (self.width_of(x),) for name in ("weight", "bias")[: 1 + self.bias]}

    def _block_macs(self, x: TensorSpec, memory: TensorSpec | None = None) -> int:
        """Multiply-adds of one block for one example; with a memory, of one that writes."""
        feeding = count(x.shape[-2], 2 * self.width_of(x), self.dim_feedforward)
        crossing = _attention_macs(self.width_of(x), x, memory) if memory is not None else 0
        return count(*x.shape[:-2], _attention_macs(self.width_of(x), x, x) + crossing + feeding)

    def _reach(self, x: TensorSpec, *ports: Specs | None) -> TensorSpec:
        return demands.within_reach(self, x, self.weights(x, *ports), "dim_feedforward")

    def _by_port(self, masks: tuple[Any, ...]) -> dict[str, Any]:
        """The masks that reach the layer by the name of their port; None for a port that is left open."""
        ports = [port.name for port in self.inputs if port.optional]
        return dict(zip_longest(ports, masks))

    def _block_saved(
        self,
        x: TensorSpec,
        memory: TensorSpec | None = None,
        layers: int = 1,
        *,
        norm: bool = False,
        masked: bool = False,
    ) -> tuple[TensorSpec, ...]:
        """What blocks keep; the norm in front of the first reads what comes in, which is no copy."""
        inner = self.dim_feedforward
        one = attention_memory.block(
            x,
            memory,
            self.nhead,
            inner,
            dropout=self.dropout > 0,
            gelu=self.activation == "gelu",
            masked=masked,
        )
        rows = x.with_shape(x.shape[:-1])
        return (*one * layers, *((x, rows, rows) if norm else ()))


def mask_keywords(
    site: Site, passed: Mapping[str, Value], paddings: Mapping[str, TensorSpec | None]
) -> dict[str, Value]:
    """The keywords that pass masks: those over pairs of positions, and those of padding.

    `paddings` says for each port of padding what is linked as the mask over the same pairs.
    """
    found = {**passed, **{port: attention_masks.padding(site, port, pairs) for port, pairs in paddings.items()}}
    return {port: value for port, value in found.items() if value is not None}


def hint(name: str, mask: TensorSpec | None, *, causal: bool, stacked: bool) -> dict[str, Value]:
    """The keyword that says whether the mask passed is the causal one, where it must be said.

    A stack would else look into a linked mask at each pass to find out.
    """
    if mask is None:
        return {name: True} if causal else {}
    return {name: False} if stacked else {}


def line(site: Site, ports: tuple[str, ...], keywords: Mapping[str, Value]) -> tuple[Step, ...]:
    """The one line of `forward`."""
    values = tuple(site.inputs[port][0] for port in ports)
    return (Step(site.first, Call(f"self.{site.name}", keywords, values), site.name),)


def _attention_macs(width: int, asking: TensorSpec, answering: TensorSpec) -> int:
    """Projections and scores of multi-head attention."""
    rows, columns = asking.shape[-2], answering.shape[-2]
    if not isinstance(rows, int) or not isinstance(columns, int):
        return 0
    return 2 * width * width * (rows + columns) + 2 * rows * columns * width
