"""Well-known networks as they were published: their counts, their shapes, and the source that is left with."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from printed import last_class

from designer.catalogue.tensor import TensorSpec
from designer.compiler.checking.report import Report
from designer.compiler.lowering.lower import lower
from designer.compiler.printing.source import source
from designer.compiler.project import examine, open_design
from designer.engine.network import Network
from designer.graph.document import Document
from designer.graph.writing import dumps
from designer.plan import Plan
from designer.resources import networks

PUBLISHED = {
    "alexnet": 61_100_840, "bert_base": 109_482_240, "convnext_tiny": 28_589_128, "densenet121": 7_978_856,
    "efficientnet_b0": 5_288_548, "googlenet": 6_998_552, "gpt2": 124_439_808, "mobilenet_v2": 3_504_872,
    "resnet18": 11_689_512, "resnet50": 25_557_032, "unet": 31_037_633, "vgg16": 138_357_544, "vit_b16": 86_567_656,
}  # fmt: skip
"""Parameters, as the widely used PyTorch forms of these networks have them."""
COLUMN, ROW = 220, 110

every_network = pytest.mark.parametrize("path", networks(), ids=lambda path: path.stem)


def report_of(path: Path) -> Report:
    return examine(open_design(path))


def test_all_networks_are_there() -> None:
    assert {path.stem for path in networks()} == set(PUBLISHED)


@every_network
def test_a_network_has_its_published_count_and_no_problem(path: Path) -> None:
    report = report_of(path)
    assert report.problems == ()
    assert report.parameters == PUBLISHED[path.stem]


@every_network
def test_its_notes_name_it_and_give_something_to_try(path: Path) -> None:
    document = open_design(path)
    assert document.name
    assert document.notes.startswith("# ")
    assert "## Try" in document.notes


@every_network
def test_it_stands_in_its_file_as_the_program_would_write_it(path: Path) -> None:
    assert dumps(open_design(path)) == path.read_text("utf-8")


def shown(document: Document) -> list[Document]:
    """The design, its blocks, and all networks inside its groups."""
    inside = [node.inside for node in document.nodes.values() if node.inside is not None]
    return [document, *(each for network in (*document.blocks.values(), *inside) for each in shown(network))]


@every_network
def test_its_nodes_stand_on_a_grid_and_apart(path: Path) -> None:
    for each in shown(open_design(path)):
        places = list(each.positions.values())
        assert all(x % COLUMN == 0 and y % ROW == 0 for x, y in places)
        assert len(set(places)) == len(each.nodes)


def made_by(text: str) -> torch.nn.Module:
    """The network of a printed source, on torch's device without numbers."""
    with torch.device("meta"):
        network = last_class(text)()
    assert isinstance(network, torch.nn.Module)
    return network.eval()


def empty_inputs(plan: Plan) -> list[torch.Tensor]:
    return [
        torch.empty(2, *map(int, given.shape), dtype=getattr(torch, given.dtype), device="meta")
        for given in plan.inputs
    ]


@every_network
def test_its_source_has_the_weights_and_the_outputs_of_the_engine(path: Path) -> None:
    """On torch's device without numbers, since half a gigabyte of weights says no more than their shapes do."""
    report = report_of(path)
    plan = lower(report)
    with torch.device("meta"):
        ours = Network(plan).eval()
    theirs = made_by(source(plan))
    shapes = [{name: tuple(each.shape) for name, each in made.state_dict().items()} for made in (ours, theirs)]
    assert shapes[0] == shapes[1]
    given = empty_inputs(plan)
    out, printed = ours(*given), theirs(*given)
    declared = [report.nodes[name].shape for name, _ in plan.outputs]
    for one, other, spec in zip(out, printed if len(out) > 1 else (printed,), declared, strict=True):
        assert one.shape == other.shape
        assert isinstance(spec, TensorSpec)
        assert one.shape[1:] == spec.shape
