"""What torch's stacks make of the one block that they are given."""

from __future__ import annotations

import pytest
import torch
from truth import Case, ask

from designer.catalogue import LAYERS
from designer.catalogue.tensor import TensorSpec

SEQUENCE = TensorSpec((3, 4))


@pytest.mark.parametrize("name", ["TransformerEncoder", "TransformerDecoder"])
def test_the_blocks_of_a_stack_are_copies_that_learn_apart(name: str) -> None:
    layer = LAYERS[name](nhead=2, dim_feedforward=3, num_layers=2)
    needed = {port.name: SEQUENCE for port in layer.inputs if not port.optional}
    network = ask(Case(layer, needed)).network
    assert network is not None
    first = dict(network.get_submodule("node.layers.0").named_parameters())
    second = dict(network.get_submodule("node.layers.1").named_parameters())
    for each, weight in first.items():
        assert weight is not second[each]
        assert torch.equal(weight, second[each])


def test_the_blocks_of_a_whole_transformer_begin_different() -> None:
    layer = LAYERS["Transformer"](nhead=2, dim_feedforward=3, num_encoder_layers=2, norm_first=True)
    network = ask(Case(layer, {"src": SEQUENCE, "tgt": SEQUENCE})).network
    assert network is not None
    first = network.get_parameter("node.encoder.layers.0.linear1.weight")
    assert not torch.equal(first, network.get_parameter("node.encoder.layers.1.linear1.weight"))
