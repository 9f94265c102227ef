"""What the canvas's tests share: a small network on a canvas of known size, and a hand that uses it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hand import Hand
from PySide6.QtWidgets import QApplication

from designer.graph.document import Document, Link, Node
from designer.gui.canvas.view import Canvas
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
    """image -> conv1 -> relu1 -> sum <- conv1; an LSTM, a group and a linear layer stand alone below."""
    inside = Document(
        {"input": Node("input", "Input"), "fc": Node("fc", "Linear"), "output": Node("output", "Output")},
        (Link("input", "fc"), Link("fc", "output")),
        {"input": (0.0, 0.0), "fc": (220.0, 0.0), "output": (440.0, 0.0)},
    )
    nodes = [
        Node("image", "Input", {"shape": (1, 8, 8)}),
        Node("conv1", "Conv2d", {"padding": 1}),
        Node("relu1", "ReLU"),
        Node("sum", "Add"),
        Node("lstm1", "LSTM"),
        Node("block1", "Group", {"repeat": 2}, inside),
        Node("fc1", "Linear"),
    ]
    links = (Link("image", "conv1"), Link("conv1", "relu1"), Link("relu1", "sum"), Link("conv1", "sum"))
    places = {"image": (0, 0), "conv1": (220, 0), "relu1": (440, 0), "sum": (660, 0),
              "lstm1": (0, 200), "block1": (220, 200), "fc1": (440, 200)}  # fmt: skip
    return Document({node.id: node for node in nodes}, links, {k: (float(x), float(y)) for k, (x, y) in places.items()})


@pytest.fixture
def workspace(design: Document) -> Workspace:
    workspace = Workspace()
    workspace.commit_whole(lambda _: design, "Open the design")
    return workspace


@pytest.fixture
def canvas(workspace: Workspace, appearance: Appearance) -> Iterator[Canvas]:
    canvas = Canvas(workspace, appearance)
    canvas.resize(1100, 600)
    canvas.show()
    canvas.setFocus()
    QApplication.processEvents()
    yield canvas
    canvas.close()
    canvas.deleteLater()


@pytest.fixture
def hand(canvas: Canvas) -> Hand:
    return Hand(canvas)
