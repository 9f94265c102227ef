"""Well-known networks for text, sound, points and made pictures, drawn as their papers and libraries have them."""

from __future__ import annotations

from drawing import Drawing

from designer.graph.document import Document


def encoder_block(
    heads: int, width: int, *, norm_first: bool = False, causal: bool = False, then: str = "GELU"
) -> Drawing:
    """Attention and a dense network, each with a norm before or behind."""
    net = Drawing((77, width))
    before = net.add("LayerNorm") if norm_first else "x"
    attended = net.add("MultiheadAttention", before, num_heads=heads, is_causal=causal)
    middle = net.add("Add", ["x", attended])
    net.add("LayerNorm")
    middle = middle if norm_first else net.last
    net.add("Linear", out_features=4 * width)
    if then == "QuickGELU":
        wide = net.last
        net.row(("Scale", {"scale": 1.702}), "Sigmoid")
        net.add("Multiply", [wide, net.last])
    else:
        net.add(then)
    net.add("Linear", out_features=width)
    net.add("Add", [middle, net.last])
    if not norm_first:
        net.add("LayerNorm")
    return net


def distilbert() -> Document:
    """DistilBERT, half of BERT."""
    net = Drawing((512,), "int64")
    net.add("Embedding", num_embeddings=30522, embedding_dim=768)
    net.row("PositionalEmbedding", "LayerNorm", ("Dropout", {"p": 0.1}))
    net.group(encoder_block(12, 768), repeat=6)
    return net.done()


def _two_texts(words: int) -> Drawing:
    """Both texts of a translator, as far as the embedded words with their positions."""
    net = Drawing()
    for text in ("src", "tgt"):
        net.add("Input", None, text, shape=("S" if text == "src" else "T",), dtype="int64")
        net.add("Embedding", name=f"{text}_words", num_embeddings=words, embedding_dim=512,
                shared_with="" if text == "src" else "src_words")  # fmt: skip
        net.row(("Scale", {"scale": 512**0.5}), "PositionalEncoding")
        net.add("Dropout", name=f"{text}_ready", p=0.1)
    return net


def translator(words: int = 37000) -> Document:
    """The base transformer of 2017, one matrix for both texts and the scores, as one layer of torch."""
    net = _two_texts(words)
    net.add("Transformer", "src_ready", ports={"tgt": "tgt_ready"}, tgt_is_causal=True)
    net.add("Linear", out_features=words, bias=False, shared_with="src_words")
    return net.done()


def translator_of_layers(words: int = 37000) -> Document:
    """The same of single layers: six of the encoder, six of the decoder in a group that passes the memory on."""
    net = _two_texts(words)
    inside = Drawing(("S", 512))
    inside.add("TransformerEncoderLayer")
    net.group(inside, "src_ready", repeat=6)
    memory = net.add("LayerNorm")
    inside = Drawing()
    inside.add("Input", None, "tgt", shape=("T", 512))
    inside.add("Input", None, "memory", shape=("S", 512))
    inside.add("TransformerDecoderLayer", "tgt", ports={"memory": "memory"}, tgt_is_causal=True)
    inside.add("Output", name="out")
    inside.add("Output", "memory", name="memory_on")
    net.add("Group", "tgt_ready", "decoder", inside=inside.done(), ports={"memory": memory}, repeat=6)
    net.add("LayerNorm")
    net.add("Linear", out_features=words, bias=False, shared_with="src_words")
    return net.done()


def language_model(words: int = 33278, width: int = 200) -> Document:
    """The LSTM language model of torch's examples, its scores from the matrix of words."""
    net = Drawing(("T",), "int64")
    net.add("Embedding", name="words", num_embeddings=words, embedding_dim=width)
    net.row(("Dropout", {"p": 0.2}), ("LSTM", {"hidden_size": width, "num_layers": 2, "dropout": 0.2}))
    net.row(("Dropout", {"p": 0.2}))
    net.add("Linear", out_features=words, shared_with="words")
    return net.done()


def dcgan_generator() -> Document:
    """DCGAN's generator of 64 x 64 pictures."""
    net = Drawing((100, 1, 1))
    for channels, stride, padding in ((512, 1, 0), (256, 2, 1), (128, 2, 1), (64, 2, 1)):
        net.add("ConvTranspose2d", out_channels=channels, kernel_size=4, stride=stride, padding=padding, bias=False)
        net.row("BatchNorm2d", "ReLU")
    net.add("ConvTranspose2d", out_channels=3, kernel_size=4, stride=2, padding=1, bias=False)
    net.add("Tanh")
    return net.done()


def dcgan_discriminator() -> Document:
    """Its judge."""
    net = Drawing((3, 64, 64))
    for channels in (64, 128, 256, 512):
        net.add("Conv2d", out_channels=channels, kernel_size=4, stride=2, padding=1, bias=False)
        net.row(*(["BatchNorm2d"] if channels > 64 else []), ("LeakyReLU", {"negative_slope": 0.2}))
    net.row(("Conv2d", {"out_channels": 1, "kernel_size": 4, "bias": False}), "Flatten")
    return net.done(loss="BCEWithLogitsLoss")


def alignment(size: int, given: int) -> Drawing:
    """PointNet's T-Net: a matrix that turns the points, the identity at the start."""
    net = Drawing((given, 1024))
    for width in (64, 128, 1024):
        net.row(("Conv1d", {"out_channels": width, "kernel_size": 1}), "BatchNorm1d", "ReLU")
    net.add("GlobalMaxPool")
    for width in (512, 256):
        net.row(("Linear", {"out_features": width}), "BatchNorm1d", "ReLU")
    net.row(("Linear", {"out_features": size * size}), ("Reshape", {"shape": (size, size)}))
    return net


def pointnet(classes: int = 2) -> Document:
    """PointNet with both alignments."""
    net = Drawing(("T", 3))
    points = "x"
    net.add("Transpose")
    turn = net.group(alignment(3, 3))
    net.add("MatMul", "x", ports={"y": turn})
    net.add("Transpose")
    points = net.row(("Conv1d", {"out_channels": 64, "kernel_size": 1}), "BatchNorm1d", "ReLU")
    turn = net.group(alignment(64, 64))
    points = net.add("Transpose", points)
    net.add("MatMul", points, ports={"y": turn})
    net.add("Transpose")
    net.row(("Conv1d", {"out_channels": 128, "kernel_size": 1}), "BatchNorm1d", "ReLU")
    net.row(("Conv1d", {"out_channels": 1024, "kernel_size": 1}), "BatchNorm1d", "GlobalMaxPool")
    net.row(("Linear", {"out_features": 512}), "BatchNorm1d", "ReLU")
    net.row(
        ("Linear", {"out_features": 256}),
        "Dropout",
        "BatchNorm1d",
        "ReLU",
        ("Linear", {"out_features": classes}),
        "LogSoftmax",
    )
    return net.done()


def wavenet(rounds: int = 10, stacks: int = 3, width: int = 32) -> Document:
    """Dilated causal convolutions with gates; the ways past each layer are added up."""
    block = Drawing(dilation=1, width=width)
    block.add("Input", None, "x", shape=(width, 4096))
    block.add("Input", None, "skips", shape=(256, 4096))
    padded = block.add("Pad", "x", pad=("=dilation", 0))
    block.add("Conv1d", padded, out_channels="=width", kernel_size=2, dilation="=dilation")
    value = block.add("Tanh")
    block.add("Conv1d", padded, out_channels="=width", kernel_size=2, dilation="=dilation")
    gated = block.add("Multiply", [value, block.add("Sigmoid")])
    block.add("Conv1d", gated, out_channels=256, kernel_size=1)
    skips = block.add("Add", ["skips", block.last])
    block.add("Conv1d", gated, out_channels="=width", kernel_size=1)
    block.add("Add", ["x", block.last])
    block.add("Output", name="y")
    block.add("Output", skips, name="skips_on")
    net = Drawing((4096,), "int64")
    net.blocks["layer"] = block.done()
    net.row(("Embedding", {"num_embeddings": 256, "embedding_dim": width}), "Transpose")
    way = net.last
    skips = net.row(("Conv1d", {"out_channels": 256, "kernel_size": 1}), after=way)
    for place in range(rounds * stacks):
        name = net.add("Group", way, block="layer", dilation=2 ** (place % rounds), ports={"skips": skips})
        way, skips = name, f"{name}.skips_on"
    net.row("ReLU", ("Conv1d", {"out_channels": 256, "kernel_size": 1}), after=skips)
    net.row("ReLU", ("Conv1d", {"out_channels": 256, "kernel_size": 1}))
    return net.done()
