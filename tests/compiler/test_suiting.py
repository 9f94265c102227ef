"""All mends of a design and its data at once: they end, and what they leave is ready to train."""

from __future__ import annotations

from itertools import pairwise

import pytest

from designer.catalogue import DATASETS
from designer.compiler.lowering.recipe import training_problems
from designer.compiler.project import examine
from designer.compiler.suiting import misfits, suit
from designer.graph.document import Document, Link, Node

PLAIN = [Node("x", "Input", {"shape": (7,)}), Node("flat", "Flatten"), Node("fc", "Linear", {"out_features": 99}),
         Node("y", "Output")]  # fmt: skip


def design(key: str) -> Document:
    links = tuple(Link(one.id, other.id) for one, other in pairwise(PLAIN))
    return Document({node.id: node for node in PLAIN}, links, data={"source": key})


@pytest.mark.parametrize("key", ["digits", "iris", "wine", "breast_cancer", "diabetes", "moons", "blobs"])
def test_a_plain_network_suits_any_data_of_one_feature(key: str) -> None:
    suited = suit(design(key), examine)
    report = examine(suited.document)
    assert len(suited.mends) == 3
    assert report.sound
    assert not training_problems(report)


@pytest.mark.parametrize("key", DATASETS)
def test_mending_always_ends_and_a_suited_design_stays_as_it_is(key: str) -> None:
    once = suit(design(key), examine).document
    twice = suit(once, examine)
    if not list(misfits(examine(once))):
        assert twice.document is once
