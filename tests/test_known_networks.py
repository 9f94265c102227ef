"""What the field builds can be drawn: well-known networks have their published counts, and run as drawn."""

from __future__ import annotations

from collections.abc import Callable

import known_attention
import known_images
import known_sequences
import pytest
import torch
from printed import last_class

from designer.compiler.checking.check import check
from designer.compiler.lowering.lower import lower
from designer.compiler.printing.source import source
from designer.engine.network import Network
from designer.graph import files
from designer.graph.document import Document
from designer.graph.writing import dumps
from designer.plan import Plan

RESNET50, WIDE = (3, 4, 6, 3), (128, 256, 512, 1024)

PUBLISHED: dict[str, tuple[Callable[[], Document], int, int]] = {
    "VGG-19": (lambda: known_images.vgg(2, 2, 4, 4, 4), 143_667_240, 19_632_062_464),
    "VGG-16 with batch norm": (lambda: known_images.vgg(2, 2, 3, 3, 3, norm=True), 138_365_992, 15_470_264_320),
    "SqueezeNet 1.0": (
        lambda: known_images.squeezenet(96, 7, 16, 16, 32, 0, 32, 48, 48, 64, 0, 64), 1_248_424, 818_924_576,
    ),
    "SqueezeNet 1.1": (
        lambda: known_images.squeezenet(64, 3, 16, 16, 0, 32, 32, 0, 48, 48, 64, 64), 1_235_496, 349_151_936,
    ),
    "ResNet-152": (lambda: known_images.resnet((3, 8, 36, 3)), 60_192_808, 11_513_626_624),
    "ResNeXt-50 32x4d": (lambda: known_images.resnet(RESNET50, WIDE, 32), 25_028_904, 4_230_479_872),
    "Wide ResNet-50-2": (lambda: known_images.resnet(RESNET50, WIDE), 68_883_240, 11_398_021_120),
    "DenseNet-121": (known_images.densenet121, 7_978_856, 2_834_161_664),
    "ShuffleNet V2 x1.0": (known_images.shufflenet, 2_278_604, 144_907_992),
    "MNASNet 1.0": (known_images.mnasnet, 4_383_312, 314_415_872),
    "EfficientNet-B0": (known_images.efficientnet_b0, 5_288_548, 385_814_752),
    "MobileNetV3 small": (known_images.mobilenet_v3_small, 2_542_856, 56_510_400),
    "ConvNeXt-Tiny": (known_images.convnext_tiny, 28_589_128, 4_455_531_264),
    "Swin-T": (known_attention.swin_tiny, 28_288_354, 4_490_566_656),
    "DistilBERT": (known_sequences.distilbert, 66_362_880, 24_159_191_040),
    "DCGAN's generator": (known_sequences.dcgan_generator, 3_576_704, 104_628_224),
    "DCGAN's discriminator": (known_sequences.dcgan_discriminator, 2_765_568, 103_817_216),
}  # fmt: skip
"""Parameters and multiply-adds, as torchvision, transformers and torch's examples have them."""

FREE: dict[str, tuple[Callable[[], Document], int]] = {
    "the transformer of 2017": (known_sequences.translator, 63_084_544),
    "the transformer of single layers": (known_sequences.translator_of_layers, 63_084_544),
    "a language model with tied weights": (known_sequences.language_model, 7_332_078),
    "T5 small": (known_attention.t5_small, 60_506_624),
    "TinyLlama": (known_attention.tiny_llama, 1_100_048_384),
    "a mixture of experts": (known_attention.experts, 16_781_312),
    "PointNet": (known_sequences.pointnet, 3_461_707),
}
"""Networks for texts and clouds of any length: the cost of one example depends on it."""

RUN = ("MobileNetV3 small", "ShuffleNet V2 x1.0", "Swin-T")


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_network_of_fixed_lengths_has_its_published_count_and_cost(name: str) -> None:
    draw, parameters, macs = PUBLISHED[name]
    report = check(draw())
    assert report.problems == ()
    assert (report.parameters, report.macs) == (parameters, macs)


@pytest.mark.parametrize("name", FREE)
def test_a_network_of_free_lengths_has_its_published_count(name: str) -> None:
    draw, parameters = FREE[name]
    report = check(draw())
    assert report.problems == ()
    assert report.parameters == parameters


def outputs(plan: Plan, network: torch.nn.Module) -> list[tuple[int, ...]]:
    """The shapes that leave a network on torch's device without numbers, for two examples."""
    given = [
        torch.empty(2, *(9 if isinstance(each, str) else each for each in end.shape),
                    dtype=getattr(torch, end.dtype), device="meta")
        for end in plan.inputs
    ]  # fmt: skip
    left = network.eval()(*given)
    return [tuple(each.shape) for each in (left if isinstance(left, tuple | list) else (left,))]


@pytest.mark.parametrize("name", [*RUN, *FREE])
def test_the_engine_and_the_printed_source_make_the_same_network(name: str) -> None:
    draw = PUBLISHED[name][0] if name in PUBLISHED else FREE[name][0]
    plan = lower(check(draw()))
    with torch.device("meta"):
        ours, theirs = Network(plan), last_class(source(plan))()
    weights = [{key: tuple(value.shape) for key, value in each.state_dict().items()} for each in (ours, theirs)]
    assert weights[0] == weights[1]
    assert outputs(plan, ours) == outputs(plan, theirs)


def test_a_drawn_network_comes_back_from_its_file_with_the_same_count() -> None:
    drawn = known_sequences.wavenet()
    report = check(drawn)
    assert report.problems == ()
    assert check(files.loads(dumps(drawn))).parameters == report.parameters == 558_144
