"""Well-known networks for images, drawn as their papers and torchvision have them."""

from __future__ import annotations

from collections.abc import Sequence

from drawing import After, Drawing

from designer.graph.document import Document

IMAGE = (3, 224, 224)
CHANNELS_LAST, CHANNELS_FIRST = (0, 2, 3, 1), (0, 3, 1, 2)


def conv(
    net: Drawing, channels: object, side: object = 1, stride: object = 1, after: After = "", groups: object = 1,
    then: str = "ReLU", eps: float = 1e-5,
) -> str:  # fmt: skip
    """A convolution without bias that keeps the size (at stride 1), a batch norm, and an activation if any."""
    padding = side // 2 if isinstance(side, int) else f"={side[1:]}//2" if isinstance(side, str) else 0
    settings = {"stride": stride, "padding": padding, "groups": groups, "bias": False}
    net.add("Conv2d", after, out_channels=channels, kernel_size=side, **settings)
    net.add("BatchNorm2d", eps=eps)
    return net.add(then) if then else net.last


def head(net: Drawing, *between: tuple[str, dict[str, object]], classes: int = 1000) -> Document:
    """The mean of each channel, and a score for each class."""
    net.row("AdaptiveAvgPool2d", "Flatten", *between, ("Linear", {"out_features": classes}))
    return net.done()


def vgg(*stages: int, norm: bool = False) -> Document:
    """VGG: stages of 3 x 3 convolutions, each followed by a pooling."""
    net = Drawing(IMAGE)
    for rounds, channels in zip(stages, (64, 128, 256, 512, 512), strict=True):
        inside = Drawing(IMAGE, channels=channels)
        inside.add("Conv2d", out_channels="=channels", padding=1)
        inside.row(*(["BatchNorm2d"] if norm else []), "ReLU")
        net.group(inside, repeat=rounds)
        net.add("MaxPool2d")
    net.add("Flatten")
    for _ in range(2):
        net.row(("Linear", {"out_features": 4096}), "ReLU", "Dropout")
    net.add("Linear", out_features=1000)
    return net.done()


def fire() -> Document:
    """SqueezeNet's module: few channels, then two widths of window side by side."""
    net = Drawing((96, 54, 54), squeeze=16, expand=64)
    net.add("Conv2d", out_channels="=squeeze", kernel_size=1)
    squeezed = net.add("ReLU")
    net.add("Conv2d", squeezed, out_channels="=expand", kernel_size=1)
    narrow = net.add("ReLU")
    net.add("Conv2d", squeezed, out_channels="=expand", padding=1)
    net.add("Concat", [narrow, net.add("ReLU")])
    return net.done()


def squeezenet(channels: int, side: int, *squeezes: int) -> Document:
    """SqueezeNet; a squeeze of 0 stands for a pooling."""
    net = Drawing(IMAGE)
    net.blocks["fire"] = fire()
    net.row(("Conv2d", {"out_channels": channels, "kernel_size": side, "stride": 2}), "ReLU")
    for squeeze in (0, *squeezes):
        if squeeze:
            net.group("fire", squeeze=squeeze, expand=4 * squeeze)
        else:
            net.add("MaxPool2d", kernel_size=3, stride=2, ceil_mode=True)
    net.row("Dropout", ("Conv2d", {"out_channels": 1000, "kernel_size": 1}), "ReLU", "AdaptiveAvgPool2d", "Flatten")
    return net.done()


def bottleneck(*, first: bool) -> Document:
    """ResNet's block of 1 x 1, 3 x 3, 1 x 1; the first of a stage brings the shortcut to the new size."""
    net = Drawing((64, 56, 56), width=64, channels=256, stride=1, groups=1)
    conv(net, "=width", 1, after="x")
    conv(net, "=width", 3, "=stride" if first else 1, groups="=groups")
    long = conv(net, "=channels", 1, then="")
    short = conv(net, "=channels", 1, "=stride", after="x", then="") if first else "x"
    net.add("Add", [long, short])
    net.add("ReLU")
    return net.done()


def resnet(rounds: Sequence[int], widths: Sequence[int] = (64, 128, 256, 512), groups: int = 1) -> Document:
    """ResNet of bottlenecks, with more groups (ResNeXt) or wider windows (Wide ResNet)."""
    net = Drawing(IMAGE)
    net.blocks = {"first": bottleneck(first=True), "further": bottleneck(first=False)}
    conv(net, 64, 7, 2)
    net.add("MaxPool2d", kernel_size=3, stride=2, padding=1)
    for stage, (count, width) in enumerate(zip(rounds, widths, strict=True)):
        settings = {"width": width, "channels": 256 << stage, "groups": groups}
        net.group("first", stride=2 if stage else 1, **settings)
        net.group("further", repeat=count - 1, **settings)
    return head(net)


def densenet121() -> Document:
    """DenseNet-121: each layer adds 32 channels to all that came before; a group's rounds grow."""
    net = Drawing(IMAGE)
    conv(net, 64, 7, 2)
    net.add("MaxPool2d", kernel_size=3, stride=2, padding=1)
    for channels, rounds in zip((128, 256, 512, 0), (6, 12, 24, 16), strict=True):
        dense = Drawing((64, 56, 56))
        dense.row("BatchNorm2d", "ReLU", ("Conv2d", {"out_channels": 128, "kernel_size": 1, "bias": False}))
        dense.row("BatchNorm2d", "ReLU", ("Conv2d", {"out_channels": 32, "padding": 1, "bias": False}))
        dense.add("Concat", ["x", dense.last])
        net.group(dense, repeat=rounds)
        net.row("BatchNorm2d", "ReLU")
        if channels:
            net.row(("Conv2d", {"out_channels": channels, "kernel_size": 1, "bias": False}), "AvgPool2d")
    return head(net)


def shuffle_unit(*, first: bool) -> Document:
    """ShuffleNet V2: half of the channels pass as they are, then both halves are mixed."""
    net = Drawing((116, 28, 28), half=58, incoming=24)
    if first:
        conv(net, "=incoming", 3, 2, "x", "=incoming", then="")
        short = conv(net, "=half")
        start = "x"
    else:
        halves = net.add("Chunk")
        short, start = f"{halves}.part1", f"{halves}.part2"
    conv(net, "=half", after=start)
    conv(net, "=half", 3, 2 if first else 1, groups="=half", then="")
    net.add("Concat", [short, conv(net, "=half")])
    net.add("ChannelShuffle")
    return net.done()


def shufflenet() -> Document:
    """ShuffleNet V2 x1.0."""
    net = Drawing(IMAGE)
    net.blocks = {"down": shuffle_unit(first=True), "unit": shuffle_unit(first=False)}
    conv(net, 24, 3, 2)
    net.add("MaxPool2d", kernel_size=3, stride=2, padding=1)
    for incoming, half, rounds in ((24, 58, 3), (116, 116, 7), (232, 232, 3)):
        net.group("down", half=half, incoming=incoming)
        net.group("unit", half=half, repeat=rounds)
    conv(net, 1024)
    net.add("Mean", dim=(2, 3))
    net.add("Linear", out_features=1000)
    return net.done()


def inverted(
    then: str, squeeze: str = "", gate: str = "Sigmoid", *, widens: bool = True, adds: bool = False, drop: float = 0.0,
    eps: float = 1e-5,
) -> Document:  # fmt: skip
    """Widen, look at each channel alone, weigh the channels (where `squeeze` names an activation), narrow."""
    net = Drawing((16, 56, 56), inner=96, channels=24, side=3, stride=1, few=4)
    if widens:
        conv(net, "=inner", then=then, eps=eps)
    looked = conv(net, "=inner", "=side", "=stride", groups="=inner", then=then, eps=eps)
    if squeeze:
        net.row("AdaptiveAvgPool2d", ("Conv2d", {"out_channels": "=few", "kernel_size": 1}), squeeze)
        net.row(("Conv2d", {"out_channels": "=inner", "kernel_size": 1}), gate)
        net.add("Multiply", [looked, net.last])
    conv(net, "=channels", then="", eps=eps)
    if adds:
        if drop:
            net.add("DropPath", p=drop)
        net.add("Add", [net.last, "x"])
    return net.done()


def mnasnet() -> Document:
    """MNASNet 1.0."""
    net = Drawing(IMAGE)
    net.blocks = {"first": inverted("ReLU"), "further": inverted("ReLU", adds=True)}
    conv(net, 32, 3, 2)
    conv(net, 32, 3, groups=32)
    incoming = conv(net, 16, then="") and 16
    rows = (
        (24, 3, 2, 3, 3),
        (40, 5, 2, 3, 3),
        (80, 5, 2, 6, 3),
        (96, 3, 1, 6, 2),
        (192, 5, 2, 6, 4),
        (320, 3, 1, 6, 1),
    )
    for channels, side, stride, times, rounds in rows:
        net.group("first", channels=channels, side=side, stride=stride, inner=times * incoming)
        if rounds > 1:
            net.group("further", channels=channels, side=side, inner=times * channels, repeat=rounds - 1)
        incoming = channels
    conv(net, 1280)
    net.add("Mean", dim=(2, 3))
    net.row(("Dropout", {"p": 0.2}), ("Linear", {"out_features": 1000}))
    return net.done()


def efficientnet_b0() -> Document:
    """EfficientNet-B0."""
    net = Drawing(IMAGE)
    net.blocks = {
        "plain": inverted("SiLU", "SiLU", widens=False),
        "first": inverted("SiLU", "SiLU"),
        "further": inverted("SiLU", "SiLU", adds=True, drop=0.1),
    }
    incoming = conv(net, 32, 3, 2, then="SiLU") and 16
    net.group("plain", inner=32, channels=16, few=8)
    rows = ((24, 3, 2, 2), (40, 5, 2, 2), (80, 3, 2, 3), (112, 5, 1, 3), (192, 5, 2, 4), (320, 3, 1, 1))
    for channels, side, stride, rounds in rows:
        first = {"inner": 6 * incoming, "few": incoming // 4, "stride": stride}
        net.group("first", channels=channels, side=side, **first)
        if rounds > 1:
            net.group("further", channels=channels, side=side, inner=6 * channels, few=channels // 4, repeat=rounds - 1)
        incoming = channels
    conv(net, 1280, then="SiLU")
    return head(net, ("Dropout", {"p": 0.2}))


def mobilenet_v3_small() -> Document:
    """MobileNetV3, the small one."""
    net = Drawing(IMAGE)
    conv(net, 16, 3, 2, then="Hardswish", eps=1e-3)
    incoming = 16
    for inner, channels, side, stride, few, then in (
        (16, 16, 3, 2, 8, "ReLU"), (72, 24, 3, 2, 0, "ReLU"), (88, 24, 3, 1, 0, "ReLU"),
        (96, 40, 5, 2, 24, "Hardswish"),
        (240, 40, 5, 1, 64, "Hardswish"), (240, 40, 5, 1, 64, "Hardswish"), (120, 48, 5, 1, 32, "Hardswish"),
        (144, 48, 5, 1, 40, "Hardswish"), (288, 96, 5, 2, 72, "Hardswish"), (576, 96, 5, 1, 144, "Hardswish"),
        (576, 96, 5, 1, 144, "Hardswish"),
    ):  # fmt: skip
        adds = stride == 1 and incoming == channels
        squeeze = "ReLU" if few else ""
        name = f"{then}_{squeeze}_{inner == incoming}_{adds}".lower()
        net.blocks[name] = inverted(then, squeeze, "Hardsigmoid", widens=inner != incoming, adds=adds, eps=1e-3)
        net.group(name, inner=inner, channels=channels, side=side, stride=stride, **({"few": few} if few else {}))
        incoming = channels
    conv(net, 576, then="Hardswish", eps=1e-3)
    return head(net, ("Linear", {"out_features": 1024}), ("Hardswish", {}), ("Dropout", {"p": 0.2}))


def norm_of_channels(net: Drawing) -> str:
    """A layer norm over the channels of an image."""
    return net.row(
        ("Permute", {"dims": CHANNELS_LAST}), ("LayerNorm", {"eps": 1e-6}), ("Permute", {"dims": CHANNELS_FIRST})
    )


def convnext_tiny() -> Document:
    """ConvNeXt-Tiny."""
    net = Drawing(IMAGE)
    net.add("Conv2d", out_channels=96, kernel_size=4, stride=4)
    norm_of_channels(net)
    for width, rounds in ((96, 3), (192, 3), (384, 9), (768, 3)):
        if width > 96:
            norm_of_channels(net)
            net.add("Conv2d", out_channels=width, kernel_size=2, stride=2)
        block = Drawing((96, 56, 56), width=96)
        block.add("Conv2d", out_channels="=width", kernel_size=7, padding=3, groups="=width")
        block.row(("Permute", {"dims": CHANNELS_LAST}), ("LayerNorm", {"eps": 1e-6}))
        block.row(("Linear", {"out_features": "=4*width"}), "GELU", ("Linear", {"out_features": "=width"}))
        block.row(("Permute", {"dims": CHANNELS_FIRST}), ("LayerScale", {"dim": 1, "init": 1e-6}), "DropPath")
        block.add("Add", ["x", block.last])
        net.group(block, width=width, repeat=rounds)
    net.add("AdaptiveAvgPool2d")
    norm_of_channels(net)
    net.row("Flatten", ("Linear", {"out_features": 1000}))
    return net.done()
