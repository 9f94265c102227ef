"""Transformers that write: one block, a stack of them, and both halves together."""

from __future__ import annotations

from typing import ClassVar

from designer.catalogue import attention_masks
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Sample, Saved, Site, Step, Weights
from designer.catalogue.layers.transformer_block import (
    MEMORY,
    SRC,
    TGT,
    Block,
    hint,
    line,
    mask_keywords,
    padding_mask,
    pair_mask,
)
from designer.catalogue.layers.transformer_encoder import encoder, encoder_layer
from designer.catalogue.tensor import Specs, TensorSpec
from designer.plan import Value


class Writer(Block):
    """What a block that writes and a stack of them have in common; itself no layer."""

    stacked: ClassVar[bool] = False
    inputs = (
        TGT,
        MEMORY,
        pair_mask("tgt_mask"),
        pair_mask("memory_mask"),
        padding_mask("tgt_key_padding_mask"),
        padding_mask("memory_key_padding_mask"),
    )

    tgt_is_causal = Setting(False, "Whether each position of tgt sees only itself and those before it.")

    def output(
        self,
        tgt: Specs,
        memory: Specs,
        tgt_mask: Specs | None = None,
        memory_mask: Specs | None = None,
        tgt_key_padding_mask: Specs | None = None,
        memory_key_padding_mask: Specs | None = None,
    ) -> TensorSpec:
        tgt = self._sequence(tgt, "tgt")
        memory = self._partner(tgt, memory, "memory", "tgt")
        attention_masks.check_mask(self, tgt, tgt, tgt_mask, self.nhead, "tgt_mask")
        attention_masks.check_mask(self, tgt, memory, memory_mask, self.nhead, "memory_mask")
        attention_masks.check_padding(self, tgt, tgt_key_padding_mask, "tgt_key_padding_mask", "tgt")
        attention_masks.check_padding(self, memory, memory_key_padding_mask, "memory_key_padding_mask", "memory")
        return self._reach(tgt, memory)

    def forward(
        self,
        site: Site,
        tgt: TensorSpec,
        memory: TensorSpec,
        tgt_mask: TensorSpec | None = None,
        memory_mask: TensorSpec | None = None,
        *masks: Specs | None,
    ) -> tuple[Step, ...]:
        pairs = {
            "tgt_mask": attention_masks.passed(
                site, "tgt_mask", tgt_mask, tgt, self.nhead, causal=self.tgt_is_causal, between=("tgt", "tgt")
            ),
            "memory_mask": attention_masks.passed(
                site, "memory_mask", memory_mask, tgt, self.nhead, between=("tgt", "memory")
            ),
        }
        paddings = {"tgt_key_padding_mask": tgt_mask, "memory_key_padding_mask": memory_mask}
        keywords = mask_keywords(site, pairs, paddings)
        told = hint("tgt_is_causal", tgt_mask, causal=self.tgt_is_causal, stacked=self.stacked)
        return line(site, ("tgt", "memory"), {**keywords, **told})


class TransformerDecoderLayer(Writer):
    """One block that writes: attention among its own positions, attention to a memory, then a small network."""

    title = "Transformer decoder layer"
    aliases = ("decoder block", "cross-attention", "translation", "pre-norm", "post-norm")
    samples = (
        Sample(
            {"nhead": 2, "dim_feedforward": 6, "tgt_is_causal": True},
            {"tgt": TensorSpec((5, 8)), "memory": TensorSpec((3, 8))},
        ),
        Sample(
            {"nhead": 3, "dim_feedforward": 4, "bias": False, "norm_first": True, "activation": "gelu"},
            {"tgt": TensorSpec(("T", 6)), "memory": TensorSpec(("S", 6)), "memory_mask": TensorSpec(("T", "S"))},
        ),
        Sample(
            {"nhead": 1, "dim_feedforward": 3, "tgt_is_causal": True, "dropout": 0.0},
            {
                "tgt": TensorSpec((3, 4)),
                "memory": TensorSpec((2, 4)),
                "tgt_mask": TensorSpec((3, 3), "bool", None),
                "tgt_key_padding_mask": TensorSpec((3,), "bool"),
                "memory_key_padding_mask": TensorSpec((2,), "bool"),
            },
        ),
    )

    def weights(self, tgt: TensorSpec, *others: Specs | None) -> Weights:
        return self._block_weights(tgt, "", writes=True)

    def macs(self, tgt: TensorSpec, memory: TensorSpec, *masks: Specs | None) -> int:
        return self._block_macs(tgt, memory)

    def call(self, tgt: TensorSpec, *others: Specs | None) -> Call:
        return self.block("TransformerDecoderLayer", tgt)

    def saved(self, tgt: TensorSpec, memory: TensorSpec, *masks: Specs | None) -> Saved:
        return Saved(own=self._block_saved(tgt, memory))


class TransformerDecoder(Writer):
    """A stack of blocks that write, each with another look at the memory."""

    title, stacked = "Transformer decoder", True
    aliases = ("cross-attention stack", "translation", "sequence to sequence", "caption")
    samples = (
        Sample(
            {"nhead": 2, "dim_feedforward": 6, "num_layers": 2, "tgt_is_causal": True, "norm": True},
            {"tgt": TensorSpec((5, 8)), "memory": TensorSpec((3, 8))},
        ),
        Sample(
            {"nhead": 3, "dim_feedforward": 4, "num_layers": 1, "bias": False, "norm": True},
            {"tgt": TensorSpec(("T", 6)), "memory": TensorSpec(("S", 6)), "tgt_mask": TensorSpec(("T", "T"))},
        ),
        Sample(
            {"nhead": 1, "dim_feedforward": 3, "num_layers": 1, "norm_first": True, "dropout": 0.0},
            {
                "tgt": TensorSpec((3, 4)),
                "memory": TensorSpec((2, 4)),
                "memory_mask": TensorSpec((3, 2), "bool", None),
                "memory_key_padding_mask": TensorSpec((2,), "bool"),
            },
        ),
    )

    num_layers = Setting(6, "How many blocks are stacked.", minimum=1, maximum=100)
    norm = Setting(False, "Whether a LayerNorm ends the stack; switch it on together with norm_first.")

    def weights(self, tgt: TensorSpec, *others: Specs | None) -> Weights:
        return self._stack_weights(tgt, "", self.num_layers, self.norm, writes=True)

    def macs(self, tgt: TensorSpec, memory: TensorSpec, *masks: Specs | None) -> int:
        return self.num_layers * self._block_macs(tgt, memory)

    def call(self, tgt: TensorSpec, *others: Specs | None) -> Call:
        layer = self.block("TransformerDecoderLayer", tgt)
        norm: dict[str, Value] = {"norm": self.norm_of(tgt)} if self.norm else {}
        return Call("nn.TransformerDecoder", {"decoder_layer": layer, "num_layers": self.num_layers, **norm})

    def badge(self) -> str:
        return f"x{self.num_layers}, {super().badge()}"

    def saved(self, tgt: TensorSpec, memory: TensorSpec, *masks: Specs | None) -> Saved:
        return Saved(own=self._block_saved(tgt, memory, self.num_layers, norm=self.norm))


class Transformer(Block):
    """An encoder that reads one sequence and a decoder that writes another, as in the paper of 2017."""

    title = "Transformer"
    aliases = ("encoder-decoder", "sequence to sequence", "translation", "attention is all you need", "T5")
    inputs = (
        SRC,
        TGT,
        pair_mask("src_mask"),
        pair_mask("tgt_mask"),
        pair_mask("memory_mask"),
        padding_mask("src_key_padding_mask"),
        padding_mask("tgt_key_padding_mask"),
        padding_mask("memory_key_padding_mask"),
    )
    samples = (
        Sample(
            {"nhead": 2, "dim_feedforward": 6, "num_encoder_layers": 2, "num_decoder_layers": 1, "tgt_is_causal": True},
            {"src": TensorSpec((5, 8)), "tgt": TensorSpec((3, 8))},
        ),
        Sample(
            {"nhead": 3, "dim_feedforward": 4, "num_encoder_layers": 1, "num_decoder_layers": 2, "bias": False},
            {"src": TensorSpec(("S", 6)), "tgt": TensorSpec(("T", 6)), "memory_mask": TensorSpec(("T", "S"), "bool")},
        ),
        Sample(
            {"nhead": 2, "dim_feedforward": 3, "num_encoder_layers": 1, "num_decoder_layers": 1, "norm_first": True},
            {
                "src": TensorSpec((3, 4)),
                "tgt": TensorSpec((2, 4)),
                "src_mask": TensorSpec((3, 3), batch=None),
                "tgt_mask": TensorSpec((2, 2), "bool", None),
                "src_key_padding_mask": TensorSpec((3,), "bool"),
                "tgt_key_padding_mask": TensorSpec((2,), "bool"),
                "memory_key_padding_mask": TensorSpec((3,), "bool"),
            },
        ),
    )

    num_encoder_layers = Setting(6, "How many blocks read src.", minimum=1, maximum=100)
    num_decoder_layers = Setting(6, "How many blocks write tgt.", minimum=1, maximum=100)
    tgt_is_causal = Setting(False, "Whether each position of tgt sees only itself and those before it.")

    def output(self, src: Specs, tgt: Specs, *masks: Specs | None) -> TensorSpec:
        src = self._sequence(src, "src")
        tgt = self._partner(src, tgt, "tgt", "src")
        given = self._by_port(masks)
        for port, asking, answering in (("src_mask", src, src), ("tgt_mask", tgt, tgt), ("memory_mask", tgt, src)):
            attention_masks.check_mask(self, asking, answering, given[port], self.nhead, port)
        for port, keys, of in (
            ("src_key_padding_mask", src, "src"),
            ("tgt_key_padding_mask", tgt, "tgt"),
            ("memory_key_padding_mask", src, "src"),
        ):
            attention_masks.check_padding(self, keys, given[port], port, of)
        self._reach(src)
        return tgt

    def weights(self, src: TensorSpec, *others: Specs | None) -> Weights:
        encoder = self._stack_weights(src, "encoder.", self.num_encoder_layers, True, writes=False)
        return encoder | self._stack_weights(src, "decoder.", self.num_decoder_layers, True, writes=True)

    def macs(self, src: TensorSpec, tgt: TensorSpec, *masks: Specs | None) -> int:
        reading = self.num_encoder_layers * self._block_macs(src)
        return reading + self.num_decoder_layers * self._block_macs(tgt, src)

    def call(self, src: TensorSpec, tgt: TensorSpec, *masks: Specs | None) -> Call:
        padded = self._by_port(masks)["src_key_padding_mask"] is not None
        settings: dict[str, Value] = {"d_model": self.width_of(src), "nhead": self.nhead}
        if padded or not self.nests:
            layer, norm = encoder_layer(self, src), self.norm_of(src)
            settings["custom_encoder"] = encoder(layer, self.num_encoder_layers, norm, nested=False)
        else:
            settings["num_encoder_layers"] = self.num_encoder_layers
        settings["num_decoder_layers"] = self.num_decoder_layers
        return Call("nn.Transformer", {**settings, **self._options()})

    def forward(self, site: Site, src: TensorSpec, tgt: TensorSpec, *masks: TensorSpec | None) -> tuple[Step, ...]:
        given = self._by_port(masks)
        pairs: dict[str, Value] = {}
        for port, query, between in (
            ("src_mask", src, ("src", "src")),
            ("tgt_mask", tgt, ("tgt", "tgt")),
            ("memory_mask", tgt, ("tgt", "src")),
        ):
            causal = port == "tgt_mask" and self.tgt_is_causal
            pairs[port] = attention_masks.passed(
                site, port, given[port], query, self.nhead, causal=causal, between=between
            )
        keywords = mask_keywords(site, pairs, {port.replace("_", "_key_padding_"): given[port] for port in pairs})
        hints = hint("src_is_causal", given["src_mask"], causal=False, stacked=True)
        hints |= hint("tgt_is_causal", given["tgt_mask"], causal=self.tgt_is_causal, stacked=True)
        return line(site, ("src", "tgt"), {**keywords, **hints})

    def badge(self) -> str:
        return f"{self.num_encoder_layers} + {self.num_decoder_layers}, {super().badge()}"

    def saved(self, src: TensorSpec, tgt: TensorSpec, *masks: Specs | None) -> Saved:
        reading = self._block_saved(src, None, self.num_encoder_layers, norm=True)
        return Saved(own=(*reading, *self._block_saved(tgt, src, self.num_decoder_layers, norm=True)))
