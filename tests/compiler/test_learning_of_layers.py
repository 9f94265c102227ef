"""Every layer with weights can be frozen, shared, held small and begun otherwise, and prints so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from designs import link, node
from learned import agree, counts, held_to_torch, torch_counts

from designer.catalogue import LAYERS
from designer.catalogue.layer import Layer, Sample
from designer.catalogue.tensor import TensorSpec
from designer.compiler.checking.check import check
from designer.compiler.lowering.lower import lower
from designer.graph import edits
from designer.graph.document import Document


def twins_of(layer: type[Layer], sample: Sample) -> Document | None:
    """Two nodes of a sample side by side, fed by the same Inputs; None where an Input cannot give what it needs."""
    nodes, links = [], []
    for port, given in sample.inputs.items():
        for spec in given if isinstance(given, list) else [given]:
            if not isinstance(spec, TensorSpec) or spec.batch not in (0, None):
                return None
            name = f"in{len(nodes)}"
            nodes.append(node(name, "Input", shape=spec.shape, dtype=spec.dtype, batched=spec.batch == 0))
            links += [link(name, f"{twin}.{port}") for twin in ("one", "two")]
    for twin in ("one", "two"):
        nodes += [node(twin, layer.__name__, **sample.settings), node(f"{twin}_out", "Output")]
        links.append(link(twin, f"{twin}_out"))
    return Document({each.id: each for each in nodes}, tuple(links))


def designs(layer: type[Layer]) -> Iterator[Document]:
    """The samples that have weights, as designs."""
    for sample in layer.samples:
        document = twins_of(layer, sample)
        if document is not None and check(document).sound and check(document).nodes["one"].parameters:
            yield document


LEARNING = {name: found for name, layer in LAYERS.items() if layer.role == "" and (found := list(designs(layer)))}


def test_the_layers_that_learn_are_found() -> None:
    assert len(LEARNING) > 20


@pytest.mark.parametrize("name", LEARNING)
def test_a_layer_is_frozen_shared_held_small_and_begun_otherwise(name: str) -> None:
    for document in LEARNING[name]:
        whole, trained = counts(held_to_torch(document))
        assert whole == trained
        shared = held_to_torch(edits.change_learning(document, "two", {"shared_with": "one"}))
        assert 2 * shared.parameters == whole
        plan = lower(shared)
        assert "two" not in plan.modules
        agree(plan)
        frozen = edits.change_learning(document, "two", {"trainable": False, "l2": 0.5})
        assert 2 * held_to_torch(frozen).trainable_parameters == whole
        agree(lower(check(frozen)))
        table = {weight: {"kind": "constant_", "val": 0.25} for weight in check(document).nodes["one"].weights}
        plan = lower(check(edits.change_learning(document, "one", {"init": table, "l1": 0.5})))
        agree(plan)
        assert torch_counts(plan) == (whole, whole)
