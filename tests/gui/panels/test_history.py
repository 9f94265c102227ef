"""The history as a list: it follows every edit, and a click or Enter goes to any of them."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from designer.graph import edits, history
from designer.graph.document import Document
from designer.gui.panels.history import BEGINNING, HistoryPanel
from designer.gui.theme import Appearance
from designer.gui.workspace import Workspace


@pytest.fixture
def workspace(iris: Document) -> Workspace:
    workspace = Workspace()
    workspace.commit_whole(lambda _: iris, "Open")
    for name in ("one", "two", "three"):
        note(workspace, name)
    return workspace


@pytest.fixture
def panel(qtbot: QtBot, workspace: Workspace, appearance: Appearance) -> HistoryPanel:
    panel = HistoryPanel(workspace, appearance)
    qtbot.addWidget(panel)
    panel.resize(250, 400)
    panel.show()
    return panel


def note(workspace: Workspace, text: str) -> None:
    workspace.commit(lambda document: edits.describe(document, notes=text), f"Write {text}")


def labels(panel: HistoryPanel) -> list[str]:
    return [str(panel.steps.index(row).data()) for row in range(panel.steps.rowCount())]


def grey(panel: HistoryPanel) -> list[str]:
    return [str(index.data()) for row in range(panel.steps.rowCount())
            if (index := panel.steps.index(row)).data(Qt.ItemDataRole.ForegroundRole) is not None]  # fmt: skip


def middle(panel: HistoryPanel, row: int) -> QPoint:
    return panel.visualRect(panel.steps.index(row)).center()


def test_it_lists_every_step_and_where_the_design_stands(workspace: Workspace, panel: HistoryPanel) -> None:
    assert labels(panel) == [BEGINNING, "Open", "Write one", "Write two", "Write three"]
    assert panel.currentIndex().row() == 4
    workspace.undo()
    workspace.undo()
    assert panel.currentIndex().row() == 2
    assert grey(panel) == ["Write two", "Write three"]
    note(workspace, "else")
    assert labels(panel) == [BEGINNING, "Open", "Write one", "Write else"]
    workspace.new()
    assert labels(panel) == [BEGINNING]


def test_a_click_goes_back_and_enter_goes_forth(workspace: Workspace, panel: HistoryPanel) -> None:
    QTest.mouseClick(panel.viewport(), Qt.MouseButton.LeftButton, pos=middle(panel, 2))
    assert workspace.document.notes == "one"
    assert workspace.history.redo_label == "Write two"
    panel.setFocus()
    QTest.keyClick(panel, Qt.Key.Key_Down)
    QTest.keyClick(panel, Qt.Key.Key_Down)
    assert workspace.document.notes == "one"
    QTest.keyClick(panel, Qt.Key.Key_Return)
    assert workspace.document.notes == "three"
    QTest.keyClick(panel, Qt.Key.Key_Home)
    QTest.keyClick(panel, Qt.Key.Key_Enter)
    assert workspace.document == Document()


def test_the_saved_step_is_marked(workspace: Workspace, panel: HistoryPanel) -> None:
    workspace.go_to_step(2)
    workspace._saved = workspace.document
    workspace.go_to_step(4)
    marked = [row for row in range(5) if panel.steps.index(row).data(Qt.ItemDataRole.DecorationRole) is not None]
    assert marked == [2]


def test_a_thousand_steps_cost_little(workspace: Workspace, panel: HistoryPanel) -> None:
    for number in range(history.LONGEST):
        note(workspace, str(number))
    began = time.perf_counter()
    for place in range(0, history.LONGEST, 50):
        workspace.go_to_step(place)
        panel.grab()
    assert panel.steps.rowCount() == history.LONGEST
    assert (time.perf_counter() - began) / 20 < 0.05
