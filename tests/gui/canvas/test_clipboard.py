"""Copies that go through a chat and back, with all that belongs to them, and with what they read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication

from designer.graph import edits
from designer.graph.blocks import make_block
from designer.graph.document import Link, Sticky
from designer.graph.frames import add_frame
from designer.graph.routes import add_dot
from designer.graph.stickies import add_sticky
from designer.graph.writing import dumps
from designer.gui.canvas.view import Canvas
from designer.gui.workspace import Workspace

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def other(appearance) -> Iterator[Canvas]:
    """The canvas of another window, with an empty design."""
    canvas = Canvas(Workspace(), appearance)
    yield canvas
    canvas.close()
    canvas.deleteLater()


def test_a_copy_with_links_reads_what_the_original_reads(workspace, canvas, hand):
    workspace.select(("relu1", "sum"))
    hand.key(Qt.Key.Key_C, CONTROL)
    canvas.commands.paste(QPointF(500, 400), linked=True)
    links = {link for link in workspace.document.links if link.target in workspace.selection}
    assert links == {Link("conv1", "relu2"), Link("relu2", "sum2"), Link("conv1", "sum2")}
    assert workspace.history.undo_label == "Paste with links"
    workspace.undo()
    canvas.commands.paste(QPointF(500, 400))
    assert Link("conv1", "relu2") not in workspace.document.links


def test_duplicate_with_links_is_one_step(workspace, canvas):
    workspace.select(("relu1",))
    before = workspace.document
    canvas.commands.duplicate(linked=True)
    assert workspace.selection == {"relu2"}
    assert workspace.document.links == (*before.links, Link("conv1", "relu2"))
    workspace.undo()
    assert workspace.document is before


def test_a_design_that_was_quoted_in_a_chat_is_pasted_whole(workspace, other):
    way = Link("conv1", "sum")
    workspace.commit_whole(lambda whole: make_block(whole, (), "block1"), "Make a block")
    workspace.commit(lambda document: add_frame(document, ("relu1",), "Bend"), "Frame")
    workspace.commit(lambda document: add_sticky(document, Sticky("Hello", (0.0, 400.0))), "Note")
    workspace.commit(lambda document: add_dot(document, way, 0, (500.0, 90.0)), "Dot")
    workspace.commit(lambda document: edits.set_variable(document, "width", 8), "Variable")
    workspace.commit(lambda document: edits.change_settings(document, "fc1", {"out_features": "=width"}), "Set")
    quoted = dumps(workspace.document).replace("\n", "\n> ")
    QGuiApplication.clipboard().setText(f"Here is mine:\n\n```json\n{quoted}\n```\nWhat do you think?")
    other.paste()
    found, was = other.workspace.document, workspace.document
    assert found.nodes == was.nodes
    assert found.links == was.links
    assert (set(found.blocks), found.variables) == ({"block1"}, was.variables)
    assert [frame.title for frame in found.frames.values()] == ["Bend"]
    assert [note.text for note in found.stickies.values()] == ["Hello"]
    assert found.routes.keys() == {way}


@pytest.mark.parametrize(
    "text",
    [
        'Look: {"format": "netwright/1", "nodes": [{"id": "a"',
        "```\n{}\n```",
        '{"format": "netwright/1"',
        "}{",
        "{" * 9999,
    ],
)
def test_a_design_that_was_cut_short_is_refused_in_one_sentence(workspace, canvas, qtbot, text):
    QGuiApplication.clipboard().setText(text)
    before = workspace.document
    with qtbot.waitSignal(workspace.refused) as refused:
        canvas.paste(linked=True)
    assert refused.args[0].startswith("The clipboard is")
    assert refused.args[0].endswith(".")
    assert workspace.document is before
