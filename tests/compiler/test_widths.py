from __future__ import annotations

import torch
from drawing import Drawing
from printed import last_class

from designer.compiler.checking.check import check
from designer.compiler.lowering.lower import lower
from designer.compiler.printing.source import source
from designer.engine.network import Network
from designer.graph.document import Document


def growing(rounds: int = 3) -> Document:
    """A dense block: each round adds four channels to all that came in."""
    block = Drawing((8, 6, 6))
    block.row("BatchNorm2d", ("Conv2d", {"out_channels": 4, "padding": 1}))
    block.add("Concat", ["x", block.last])
    net = Drawing((8, 6, 6))
    net.group(block, name="dense", repeat=rounds)
    return net.done()


def printed(document: Document) -> str:
    """The source, after a look whether it makes the network that the engine makes."""
    plan = lower(check(document))
    text = source(plan)
    ours, theirs = Network(plan), last_class(text)()
    shapes = [{name: tuple(value.shape) for name, value in each.state_dict().items()} for each in (ours, theirs)]
    assert shapes[0] == shapes[1]
    theirs.load_state_dict(ours.state_dict())
    x = torch.rand(2, *(int(length) for length in plan.inputs[0].shape))
    assert torch.equal(ours.eval()(x)[0], theirs.eval()(x))
    return text


def test_rounds_of_growing_width_share_a_class_that_is_given_the_width_once() -> None:
    text = printed(growing())
    assert text.count("\nclass ") == 2
    assert "def __init__(self, in_channels: int = 8) -> None:" in text
    assert "nn.BatchNorm2d(num_features=in_channels)" in text
    assert "nn.Sequential( Dense(in_channels=8), Dense(in_channels=12), Dense(in_channels=16) )" in " ".join(
        text.split()
    )


def test_a_block_shown_at_two_widths_takes_them_beside_its_own_variables() -> None:
    net = Drawing((3, 8, 8))
    block = Drawing((3, 8, 8), channels=8)
    block.add("Conv2d", out_channels="=channels")
    net.blocks["shrink"] = block.done()
    net.group("shrink", channels=5)
    net.group("shrink", channels=7)
    text = printed(net.done())
    assert "def __init__(self, channels: int = 8, in_channels: int = 3) -> None:" in text
    assert "Shrink(channels=7, in_channels=5)" in text


def test_groups_that_differ_in_what_they_do_keep_classes_of_their_own() -> None:
    net = Drawing((3, 8, 8))
    for after in ("ReLU", "Tanh"):
        inside = Drawing((3, 8, 8))
        inside.row(("Conv2d", {"out_channels": 4}), after)
        net.group(inside)
    assert printed(net.done()).count("\nclass ") == 3


def test_groups_that_differ_in_many_numbers_keep_classes_of_their_own() -> None:
    net = Drawing((3, 9, 9))
    for place, channels in enumerate(((4, 5, 6, 7), (5, 7, 4, 8))):
        inside = Drawing((3, 9, 9))
        inside.row(*(("Conv2d", {"out_channels": each}) for each in channels))
        group = Drawing((3, 9, 9))
        group.group(inside, name="inner")
        net.group(group, "x", name=f"outer{place}")
    net.add("Concat", ["outer0", "outer1"])
    assert printed(net.done()).count("\nclass Inner") == 2
