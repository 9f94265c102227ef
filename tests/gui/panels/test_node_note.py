"""What is noted at a node is written in the inspector."""

from __future__ import annotations

from PySide6.QtTest import QTest

from designer.gui.panels.inspector import InspectorPanel
from designer.gui.theme import Appearance
from designer.gui.workspace import Workspace


def test_a_note_is_typed_as_one_undo_step_and_checks_nothing(qtbot, appearance: Appearance, workspace: Workspace):
    name = workspace.add("Linear")
    report = workspace.report
    panel = InspectorPanel(workspace, appearance)
    qtbot.addWidget(panel)
    panel.show()
    panel.page.note.setFocus()
    low = panel.page.note.height()
    QTest.keyClicks(panel.page.note, "Too wide?")
    assert workspace.shown.nodes[name].note == "Too wide?"
    assert workspace.report.nodes[name].layer is report.nodes[name].layer
    panel.page.note.left.emit()
    workspace.undo()
    assert workspace.shown.nodes[name].note == ""
    assert panel.page.note.toPlainText() == ""
    panel.page.note.setPlainText("one\ntwo\nthree")
    assert panel.page.note.height() > low
