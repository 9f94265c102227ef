"""Well-known networks whose attention is drawn by hand: windows, distances, shared heads, experts."""

from __future__ import annotations

from drawing import Drawing

from designer.graph.document import Document

WINDOWS_APART, PATCHES_APART = (0, 1, 3, 2, 4, 5), (0, 1, 3, 4, 2, 5)


def strangers(net: Drawing) -> str:
    """A mask for windows that were shifted around the edge: -100 between places that are no neighbours.

    Each place has the number of its region, from three parts of the rows and of the columns.
    """
    lines = []
    for step in (1.0, 3.0):
        lengths = ("=side-7", 4, 3)
        parts = [net.add("Constant", None, shape=(n,), value=step * part) for part, n in enumerate(lengths)]
        lines.append(net.add("Concat", parts, dim=0))
    net.add("Unsqueeze", lines[0])
    net.add("Add", [net.last, lines[1]])
    net.row(("Reshape", {"shape": ("=side//7", 7, "=side//7", 7)}), ("Permute", {"dims": (0, 2, 1, 3)}))
    region = net.add("Reshape", shape=("=(side//7)**2", 49))
    rows, columns = net.add("Unsqueeze", region, dim=1), net.add("Unsqueeze", region, dim=2)
    net.add("Subtract", rows, ports={"y": columns})
    net.row(("Compare", {"comparison": "!="}), "Cast", ("Scale", {"scale": -100.0}), "Unsqueeze")
    return net.last


def window_block(*, shifted: bool) -> Document:
    """Swin's block: attention within windows of 7 x 7, shifted in every second block."""
    net = Drawing((56, 56, 96), width=96, side=56)
    net.add("LayerNorm")
    if shifted:
        net.add("Roll", shifts=(-3, -3), dims=(1, 2))
    net.add("Reshape", shape=("=side//7", 7, "=side//7", 7, "=width"))
    net.add("Permute", dims=WINDOWS_APART)
    net.add("Reshape", shape=("=(side//7)**2", 49, "=width"))
    net.add("Linear", out_features="=3*width")
    net.add("Unflatten", dim=-1, unflattened_size=(3, "=width//32", 32))
    heads = net.add("Permute", dims=(0, 3, 1, 4, 2, 5))
    query, key, value = (net.add("Select", heads, index=which) for which in range(3))
    bias = net.add("WindowPositionBias", None, num_heads="=width//32")
    if shifted:
        bias = net.add("Add", [strangers(net), bias])
    net.add("ScaledDotProductAttention", query, ports={"key": key, "value": value, "attn_mask": bias})
    net.row(
        ("Transpose", {"dim0": 2, "dim1": 3}), ("Flatten", {"start_dim": 3}), ("Linear", {"out_features": "=width"})
    )
    net.add("Reshape", shape=("=side//7", "=side//7", 7, 7, "=width"))
    net.add("Permute", dims=WINDOWS_APART)
    net.add("Reshape", shape=("=side", "=side", "=width"))
    if shifted:
        net.add("Roll", shifts=(3, 3), dims=(1, 2))
    net.add("DropPath")
    middle = net.add("Add", ["x", net.last])
    net.row("LayerNorm", ("Linear", {"out_features": "=4*width"}), "GELU", ("Linear", {"out_features": "=width"}))
    net.add("DropPath")
    net.add("Add", [middle, net.last])
    return net.done()


def swin_tiny() -> Document:
    """Swin-T; in its last stage there is one window alone, and nothing to shift."""
    net = Drawing((3, 224, 224))
    net.blocks = {"windows": window_block(shifted=False), "shifted": window_block(shifted=True)}
    net.row(("Conv2d", {"out_channels": 96, "kernel_size": 4, "stride": 4}), "Permute", "LayerNorm")
    for width, pairs, side in ((96, 1, 56), (192, 1, 28), (384, 3, 14), (768, 1, 7)):
        if width > 96:
            net.add("Reshape", shape=(side, 2, side, 2, width // 2))
            net.row(("Permute", {"dims": PATCHES_APART}), ("Reshape", {"shape": (side, side, 2 * width)}))
            net.row("LayerNorm", ("Linear", {"out_features": width, "bias": False}))
        pair = Drawing((side, side, width))
        pair.group("windows", width=width, side=side)
        pair.group("shifted" if side > 7 else "windows", width=width, side=side)
        net.group(pair, repeat=pairs)
    net.row("LayerNorm", ("Mean", {"dim": (1, 2)}), ("Linear", {"out_features": 1000}))
    return net.done()


def heads_of(net: Drawing, source: str, count: int) -> str:
    """A projection without bias, cut into heads of 64 features."""
    net.add("Linear", source, out_features=64 * count, bias=False)
    net.row(("Unflatten", {"dim": -1, "unflattened_size": (count, 64)}), "Transpose")
    return net.last


def attend(net: Drawing, query: str, key: str, value: str, width: int, mask: str = "", **settings: object) -> str:
    """Attention over heads, joined and projected."""
    ports = {"key": key, "value": value, **({"attn_mask": mask} if mask else {})}
    net.add("ScaledDotProductAttention", query, ports=ports, **settings)
    net.row("Transpose", ("Flatten", {"start_dim": 2}), ("Linear", {"out_features": width, "bias": False}))
    return net.last


def t5_attention(net: Drawing, x: str, memory: str = "", mask: str = "") -> str:
    """T5's attention with its norm and its sum; scores are not divided by the root of the width."""
    norm = net.add("RMSNorm", x, eps=1e-6)
    query, key, value = (heads_of(net, source, 8) for source in (norm, memory or norm, memory or norm))
    return net.add("Add", [x, attend(net, query, key, value, 512, mask, scale=1.0)])


def t5_block(*, decodes: bool) -> Drawing:
    """A block of T5; the bias of positions, and what was read, are passed on to the next round."""
    net = Drawing()
    passed = ("bias", "memory") if decodes else ("bias",)
    net.add("Input", None, "x", shape=("T", 512))
    net.add("Input", None, "bias", shape=(8, "T", "T"))
    if decodes:
        net.add("Input", None, "memory", shape=("S", 512))
    middle = t5_attention(net, "x", mask="bias")
    if decodes:
        middle = t5_attention(net, middle, "memory")
    net.row(("RMSNorm", {"eps": 1e-6}), ("Linear", {"out_features": 2048, "bias": False}), "ReLU", after=middle)
    net.add("Linear", out_features=512, bias=False)
    net.add("Add", [middle, net.last])
    net.add("Output", name="y")
    for name in passed:
        net.add("Output", name, f"{name}_on")
    return net


def t5_small() -> Document:
    """T5 small: one matrix for both texts and the scores, one bias of positions for each stack."""
    net = Drawing()
    net.add("Input", None, "text", shape=("S",), dtype="int64")
    words = net.add("Embedding", name="words", num_embeddings=32128, embedding_dim=512)
    net.group(t5_block(decodes=False), words, repeat=6, ports={"bias": net.add("RelativePositionBias", words)})
    memory = net.add("RMSNorm", eps=1e-6)
    net.add("Input", None, "answer", shape=("T",), dtype="int64")
    start = net.add("Embedding", num_embeddings=32128, embedding_dim=512, shared_with=words)
    far = net.add("RelativePositionBias", start, bidirectional=False)
    bias = net.add("Add", [net.add("CausalMask", start), far])
    net.group(t5_block(decodes=True), start, repeat=6, ports={"bias": bias, "memory": memory})
    net.row(("RMSNorm", {"eps": 1e-6}), ("Scale", {"scale": 512**-0.5}))
    net.add("Linear", out_features=32128, bias=False, shared_with=words)
    return net.done()


def tiny_llama() -> Document:
    """TinyLlama 1.1B: rotary positions, 32 heads that share 4 of keys and values, a gated dense network."""
    net = Drawing(("T",), "int64")
    net.add("Embedding", num_embeddings=32000, embedding_dim=2048)
    block = Drawing(("T", 2048))
    norm = block.add("RMSNorm", eps=1e-5)
    heads_of(block, norm, 32)
    query = block.add("RotaryEmbedding")
    heads_of(block, norm, 4)
    key = block.add("RotaryEmbedding")
    attend(block, query, key, heads_of(block, norm, 4), 2048, is_causal=True, enable_gqa=True)
    middle = block.add("Add", ["x", block.last])
    norm = block.add("RMSNorm", eps=1e-5)
    gate = block.row(("Linear", {"out_features": 5632, "bias": False}), "SiLU")
    block.add("Linear", norm, out_features=5632, bias=False)
    block.add("Multiply", [gate, block.last])
    block.add("Linear", out_features=2048, bias=False)
    block.add("Add", [middle, block.last])
    net.group(block, repeat=22)
    net.row(("RMSNorm", {"eps": 1e-5}), ("Linear", {"out_features": 32000, "bias": False}))
    return net.done()


def experts(count: int = 8, width: int = 512) -> Document:
    """A mixture of experts: the two that suit a word best are weighed, all are reckoned at once."""
    net = Drawing(("T", width))
    net.add("Linear", out_features=count, bias=False)
    best = net.add("TopK", k=2)
    shares = net.add("Softmax", f"{best}.values")
    net.add("OneHot", f"{best}.indices", num_classes=count)
    share = net.add("Einsum", shares, equation="btk,btke->bte", ports={"y": net.add("Cast")})
    into = net.add("LearnedTensor", None, shape=(count, width, 4 * width))
    out = net.add("LearnedTensor", None, shape=(count, 4 * width, width))
    net.add("Einsum", "x", equation="btd,edh->bteh", ports={"y": into})
    net.add("GELU")
    net.add("Einsum", equation="bteh,ehd->bted", ports={"y": out})
    net.add("Einsum", equation="bted,bte->btd", ports={"y": share})
    return net.done()
