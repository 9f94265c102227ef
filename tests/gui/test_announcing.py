"""What is said aloud of edits and of the selection."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from designer.graph import edits
from designer.graph.document import Document, Link, Node
from designer.gui.announcing import Announcer
from designer.gui.workspace import Workspace


class Listener(Announcer):
    """Keeps what would be said."""

    def say(self, text: str) -> None:
        self.said = [*getattr(self, "said", []), text]


@pytest.fixture
def workspace() -> Workspace:
    nodes = [Node("image", "Input", {"shape": (1, 8, 8)}), Node("conv", "Conv2d", {"padding": 1})]
    workspace = Workspace()
    document = Document({node.id: node for node in nodes}, (Link("image", "conv"),))
    workspace.commit_whole(lambda _: document, "Open")
    return workspace


@pytest.fixture
def listener(workspace: Workspace, qtbot: QtBot) -> Iterator[Listener]:
    # Any widget with the focus stands for the canvas.
    canvas = QLineEdit()
    canvas.show()
    canvas.setFocus()
    qtbot.waitUntil(canvas.hasFocus)
    yield Listener(workspace, canvas)
    canvas.close()
    canvas.deleteLater()


def test_an_edit_is_said_with_what_came_of_it_and_so_is_its_undoing(workspace, listener):
    workspace.commit(lambda document: edits.rename(document, "conv", "first"), "Rename conv")
    workspace.commit(lambda document: edits.remove(document, links=[Link("image", "first")]), "Disconnect")
    workspace.undo()
    workspace.redo()
    assert listener.said == [
        "Rename conv.",
        "Disconnect. 1 error, 2 warnings.",
        "Undone: Disconnect. 1 error.",
        "Done again: Disconnect. 1 error, 2 warnings.",
    ]


def test_the_selected_node_is_said_with_all_that_is_known(workspace, listener):
    workspace.select(("conv",))
    workspace.select(("conv", "image"))
    assert listener.said == ["conv, Convolution 2D, 16 x 8 x 8, 160 parameters", "2 layers: conv, image"]


def test_who_types_elsewhere_hears_of_problems_alone(workspace, listener):
    listener.parent().clearFocus()
    workspace.commit(lambda document: edits.rename(document, "conv", "first"), "Rename conv")
    workspace.select(("first",))
    workspace.commit(lambda document: edits.change_settings(document, "first", {"kernel_size": 30}), "Set kernel_size")
    assert listener.said == ["Set kernel_size. 2 errors."]
