"""Sticky notes: placed, written on, moved, resized, copied, deleted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest

from designer.graph.document import Sticky
from designer.graph.stickies import add_sticky
from designer.gui.canvas.items.marks import STICKY
from designer.gui.canvas.view import Canvas
from designer.gui.workspace import Workspace

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def noted(workspace: Workspace) -> Workspace:
    """A note below the first row of nodes."""
    sticky = Sticky("# Why\n\n*Two* convolutions", (600.0, 200.0), (200.0, 120.0), "yellow")
    workspace.commit(lambda document: add_sticky(document, sticky), "Note")
    return workspace


def corner(canvas: Canvas) -> QPointF:
    return QPointF(canvas.mapFromScene(canvas.design.marks.stickies["note1"].rect.bottomRight() - QPointF(5, 5)))


def test_a_note_is_added_and_written_on_at_once(canvas, workspace):
    report = workspace.report
    canvas.marks.add_sticky(QPointF(603, 198))
    QTest.keyClicks(canvas.marks.field, "Read me")
    QTest.keyClick(canvas.marks.field, Qt.Key.Key_Escape)
    assert canvas.marks.field is None
    assert workspace.document.stickies == {"note1": Sticky("Read me", (600.0, 200.0), (220.0, 130.0), "yellow")}
    assert workspace.report.nodes is report.nodes


def test_a_note_added_by_key_covers_no_layer_and_no_other_note(canvas):
    canvas.centerOn(canvas.design.nodes["conv1"].sceneBoundingRect().center())
    for _ in range(2):
        canvas.viewport().setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)  # the pointer is elsewhere
        canvas.marks.add_sticky_at_pointer()
    first, second = (item.rect for item in canvas.design.marks.stickies.values())
    assert not first.intersects(second)
    for item in canvas.design.nodes.values():
        body = item.body.translated(item.pos())
        assert not body.intersects(first)
        assert not body.intersects(second)


def test_a_double_click_writes_and_a_press_elsewhere_keeps_what_was_written(canvas, noted, hand):
    hand.double_click(hand.at(700, 260))
    canvas.marks.field.setPlainText("Other")
    hand.click(hand.at(330, 120))
    assert noted.document.stickies["note1"].text == "Other"
    noted.undo()
    assert noted.document.stickies["note1"].text.startswith("# Why")


def test_a_note_is_dragged_on_the_grid_and_by_its_corner_made_larger(canvas, noted, hand):
    hand.drag(hand.at(700, 260), hand.at(733, 299))
    assert noted.document.stickies["note1"].position == (630.0, 240.0)
    start = corner(canvas)
    hand.drag(start, start + hand.at(48, -22) - hand.at(0, 0))
    assert noted.document.stickies["note1"].size == (250.0, 100.0)
    hand.pull(corner(canvas), corner(canvas) + QPointF(90, 90))
    hand.key(Qt.Key.Key_Escape)
    assert canvas.design.marks.stickies["note1"].size == (250.0, 100.0)


def test_a_note_is_copied_deleted_and_nudged_by_keys(canvas, noted, hand):
    hand.click(hand.at(700, 260))
    hand.key(Qt.Key.Key_C, CONTROL)
    hand.key(Qt.Key.Key_V, CONTROL)
    assert set(noted.document.stickies) == {"note1", "note2"}
    assert canvas.design.marks.chosen == {(STICKY, "note2")}
    hand.key(Qt.Key.Key_Delete)
    assert set(noted.document.stickies) == {"note1"}


def test_the_rubber_band_selects_notes_and_they_move_with_the_nodes(canvas, noted, hand):
    hand.drag(hand.at(400, 180), hand.at(620, 330))
    assert noted.selection == {"fc1"}
    assert canvas.design.marks.chosen == {(STICKY, "note1")}
    steps = len(noted.history.states)
    hand.drag(hand.node("fc1"), hand.node("fc1") + hand.at(20, 90) - hand.at(0, 0))
    assert noted.document.stickies["note1"].position == (620.0, 290.0)
    assert noted.document.positions["fc1"] == (460.0, 290.0)
    assert len(noted.history.states) == steps + 1
    hand.key(Qt.Key.Key_Escape)
    assert not canvas.design.marks.chosen


def test_a_note_loads_nothing_and_shows_no_markup_of_the_web(canvas, noted):
    text = '![x](file:///etc/passwd) <img src="http://example.org/a.png"> <b>bold</b>'
    noted.commit(lambda document: add_sticky(document, Sticky(text, (0.0, 300.0))), "Note")
    canvas.grab()
    page = canvas.design.marks.stickies["note2"].page(200)
    assert page.loadResource(QTextDocument.ResourceType.ImageResource, QUrl("file:///etc/passwd")) is None
    assert "<img" in page.toPlainText()
