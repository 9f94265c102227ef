"""Transformers that read: one block, and a stack of them."""

from __future__ import annotations

from typing import ClassVar

from designer.catalogue import attention_masks
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Sample, Saved, Site, Step, Weights, sample
from designer.catalogue.layers.transformer_block import SRC, Block, hint, line, mask_keywords, padding_mask, pair_mask
from designer.catalogue.tensor import Specs, TensorSpec
from designer.plan import Value


def encoder(layer: Call, layers: int, norm: Call | None, *, nested: bool) -> Call:
    """A stack of blocks that read; without torch's nested tensors where it would warn of them."""
    ending: dict[str, Value] = {"norm": norm} if norm is not None else {}
    plain: dict[str, Value] = {} if nested else {"enable_nested_tensor": False}
    return Call("nn.TransformerEncoder", {"encoder_layer": layer, "num_layers": layers, **ending, **plain})


def encoder_layer(block: Block, src: TensorSpec) -> Call:
    """One block that reads."""
    return block.block("TransformerEncoderLayer", src)


class Reader(Block):
    """What a block that reads and a stack of them have in common; itself no layer."""

    stacked: ClassVar[bool] = False

    is_causal = Setting(False, "Whether each position sees only itself and those before it.")

    def output(self, src: Specs, mask: Specs | None = None, src_key_padding_mask: Specs | None = None) -> TensorSpec:
        src = self._sequence(src, "src")
        attention_masks.check_mask(self, src, src, mask, self.nhead, self.inputs[1].name)
        attention_masks.check_padding(self, src, src_key_padding_mask, "src_key_padding_mask", "src")
        return self._reach(src)

    def forward(
        self, site: Site, src: TensorSpec, mask: TensorSpec | None = None, src_key_padding_mask: Specs | None = None
    ) -> tuple[Step, ...]:
        port = self.inputs[1].name
        passed = attention_masks.passed(
            site, port, mask, src, self.nhead, causal=self.is_causal, between=("src", "src")
        )
        keywords = mask_keywords(site, {port: passed}, {"src_key_padding_mask": mask})
        told = hint("is_causal", mask, causal=self.is_causal, stacked=self.stacked)
        return line(site, ("src",), {**keywords, **told})

    def _is_masked(self, mask: Specs | None = None, padding: Specs | None = None) -> bool:
        """Whether torch lays down a mask over pairs of positions; alone, the causal one is part of its kernel."""
        return mask is not None or (self.is_causal and padding is not None)


class TransformerEncoderLayer(Reader):
    """One block that reads: attention among all positions, then a small network at each."""

    title = "Transformer encoder layer"
    aliases = ("encoder block", "BERT", "ViT block", "self-attention", "pre-norm", "post-norm")
    inputs = (SRC, pair_mask("src_mask"), padding_mask("src_key_padding_mask"))
    samples = (
        sample((5, 8), port="src", nhead=2, dim_feedforward=6),
        sample(("T", 6), port="src", nhead=3, dim_feedforward=4, is_causal=True, bias=False, activation="gelu"),
        Sample(
            {"nhead": 2, "dim_feedforward": 3, "norm_first": True, "dropout": 0.0},
            {
                "src": TensorSpec((3, 4)),
                "src_mask": TensorSpec((3, 3), "bool", None),
                "src_key_padding_mask": TensorSpec((3,), "bool"),
            },
        ),
        Sample(
            {"nhead": 2, "dim_feedforward": 3, "is_causal": True},
            {"src": TensorSpec((3, 4)), "src_mask": TensorSpec((3, 3))},
        ),
    )

    def weights(self, src: TensorSpec, *masks: Specs | None) -> Weights:
        return self._block_weights(src, "", writes=False)

    def macs(self, src: TensorSpec, *masks: Specs | None) -> int:
        return self._block_macs(src)

    def call(self, src: TensorSpec, *masks: Specs | None) -> Call:
        return encoder_layer(self, src)

    def saved(self, src: TensorSpec, *masks: Specs | None) -> Saved:
        return Saved(own=self._block_saved(src, masked=self._is_masked(*masks)))


class TransformerEncoder(Reader):
    """A stack of blocks that read: each position learns more of all others from layer to layer."""

    title, stacked = "Transformer encoder", True
    aliases = ("BERT", "ViT", "GPT", "self-attention stack", "language model")
    inputs = (SRC, pair_mask("mask"), padding_mask("src_key_padding_mask"))
    samples = (
        sample((5, 8), port="src", nhead=2, dim_feedforward=6, num_layers=2, norm=True),
        sample(("T", 6), port="src", nhead=3, dim_feedforward=4, num_layers=1, is_causal=True, bias=False, norm=True),
        Sample(
            {"nhead": 2, "dim_feedforward": 3, "num_layers": 2},
            {"src": TensorSpec((3, 4)), "src_key_padding_mask": TensorSpec((3,), "bool")},
        ),
        Sample(
            {"nhead": 2, "dim_feedforward": 3, "num_layers": 1, "norm_first": True, "is_causal": True},
            {"src": TensorSpec((3, 4)), "mask": TensorSpec((3, 3), "bool", None)},
        ),
    )

    num_layers = Setting(6, "How many blocks are stacked.", minimum=1, maximum=100)
    norm = Setting(False, "Whether a LayerNorm ends the stack; switch it on together with norm_first.")

    def weights(self, src: TensorSpec, *masks: Specs | None) -> Weights:
        return self._stack_weights(src, "", self.num_layers, self.norm, writes=False)

    def macs(self, src: TensorSpec, *masks: Specs | None) -> int:
        return self.num_layers * self._block_macs(src)

    def call(self, src: TensorSpec, mask: Specs | None = None, src_key_padding_mask: Specs | None = None) -> Call:
        norm = self.norm_of(src) if self.norm else None
        nested = self.nests and src_key_padding_mask is None
        return encoder(encoder_layer(self, src), self.num_layers, norm, nested=nested)

    def badge(self) -> str:
        return f"x{self.num_layers}, {super().badge()}"

    def saved(self, src: TensorSpec, *masks: Specs | None) -> Saved:
        return Saved(own=self._block_saved(src, None, self.num_layers, norm=self.norm, masked=self._is_masked(*masks)))
