"""What the canvas shows of how layers learn."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication

from designer.compiler.checking.check import check
from designer.graph import edits
from designer.graph.document import Document, Link, Node
from designer.gui.canvas.picture import write_svg
from designer.gui.canvas.scene import DesignScene
from designer.gui.theme import light


def twins() -> Document:
    nodes = [Node("x", "Input", {"shape": (6,)}), Node("fc1", "Linear"), Node("fc2", "Linear"), Node("sum", "Add"),
             Node("out", "Output")]  # fmt: skip
    links = [Link("x", "fc1"), Link("x", "fc2"), Link("fc1", "sum"), Link("fc2", "sum"), Link("sum", "out")]
    return Document({each.id: each for each in nodes}, tuple(links))


def test_a_frozen_and_a_sharing_node_say_so(qapp: QApplication) -> None:
    assert qapp is not None
    scene = DesignScene(light())
    plain = check(twins())
    scene.show_whole(plain)
    document = edits.change_learning(twins(), "fc2", {"shared_with": "fc1", "trainable": False})
    scene.show_whole(check(document, previous=plain))
    assert scene.nodes["fc2"].description().endswith("448 parameters, frozen, shares the weights of fc1")
    assert scene.nodes["fc1"].description().endswith("448 parameters, frozen")
    assert not scene.nodes["sum"].frozen


def test_the_picture_shows_the_marks(qapp: QApplication, tmp_path: Path) -> None:
    assert qapp is not None
    document = edits.change_learning(twins(), "fc2", {"shared_with": "fc1", "trainable": False})
    sizes = []
    for each in (twins(), document):
        path = tmp_path / "design.svg"
        write_svg(check(each), path, light())
        sizes.append(path.read_text("utf-8").count("<path") + path.read_text("utf-8").count("<circle"))
    assert sizes[0] < sizes[1]
