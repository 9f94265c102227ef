"""What the panels' tests share: the light appearance, and a workspace with a small sound network."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtWidgets import QApplication

from designer.graph.document import Document, Link, Node
from designer.gui.theme import LIGHT, Appearance
from designer.gui.workspace import Workspace


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    qapp.setStyle("Fusion")
    appearance = Appearance(qapp, LIGHT)
    yield appearance
    appearance.deleteLater()


@pytest.fixture
def design() -> Document:
    """image -> conv1 -> relu1 -> block1 (conv, twice) -> flatten1 -> fc1 -> digit."""
    inside = {
        "input": Node("input", "Input"),
        "conv": Node("conv", "Conv2d", {"padding": "same"}),
        "output": Node("output", "Output"),
    }
    group = Document(inside, (Link("input", "conv"), Link("conv", "output")))
    nodes = [
        Node("image", "Input", {"shape": (1, 8, 8)}),
        Node("conv1", "Conv2d", {"padding": 1}),
        Node("relu1", "ReLU"),
        Node("block1", "Group", {"repeat": 2}, group),
        Node("flatten1", "Flatten"),
        Node("fc1", "Linear", {"out_features": 10}),
        Node("digit", "Output"),
    ]
    links = tuple(Link(one.id, other.id) for one, other in pairwise(nodes))
    places = {node.id: (220.0 * place, 0.0) for place, node in enumerate(nodes)}
    return Document({node.id: node for node in nodes}, links, places, name="Digit reader")


@pytest.fixture
def workspace(qapp: QApplication, design: Document) -> Workspace:
    workspace = Workspace(qapp)
    workspace.commit_whole(lambda _: design, "Open the design")
    return workspace
