"""The problems panel: what is wrong, worst first; a click goes there, a button mends it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from designer.graph import edits
from designer.graph.document import Document, Link, Node
from designer.gui.panels.problem_row import ProblemRow
from designer.gui.panels.problems import MOST_ROWS, ProblemsPanel
from designer.gui.theme import Appearance
from designer.gui.workspace import Workspace
from designer.problems import Problem, Severity


@pytest.fixture
def panel(qtbot: QtBot, workspace: Workspace, appearance: Appearance) -> ProblemsPanel:
    panel = ProblemsPanel(workspace, appearance)
    qtbot.addWidget(panel)
    panel.resize(300, 500)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def rows(panel: ProblemsPanel) -> list[ProblemRow]:
    return [row for row in panel.rows if row.isVisible()]


def break_it(workspace: Workspace) -> None:
    """A lonely node (a warning) and a window that is too large (an error)."""
    workspace.commit(lambda document: edits.add_node(document, Node("alone", "ReLU")), "Add a node")
    workspace.commit(lambda document: edits.change_settings(document, "conv1", {"kernel_size": 21}), "Break it")


def test_a_sound_network_is_called_sound(panel: ProblemsPanel) -> None:
    assert panel.empty.isVisible()
    assert panel.empty.text() == "No problems. The network is sound."
    assert panel.counts() == (0, 0, 0)


def test_an_empty_design_is_not_called_sound(panel: ProblemsPanel, workspace: Workspace) -> None:
    workspace.new()
    assert "empty" in panel.empty.text()


def test_errors_come_first_and_are_counted(qtbot: QtBot, panel: ProblemsPanel, workspace: Workspace) -> None:
    with qtbot.waitSignal(panel.counts_changed, check_params_cb=lambda *counts: counts == (1, 1, 0)):
        break_it(workspace)
    severities = [row.problem.severity for row in rows(panel) if row.problem is not None]
    assert severities == [Severity.ERROR, Severity.WARNING]
    assert panel.counts() == (1, 1, 0)


def test_a_click_shows_the_node(qtbot: QtBot, panel: ProblemsPanel, workspace: Workspace) -> None:
    break_it(workspace)
    qtbot.mouseClick(rows(panel)[1], Qt.MouseButton.LeftButton)
    assert workspace.selection == {"alone"}
    rows(panel)[0].setFocus()
    qtbot.keyClick(rows(panel)[0], Qt.Key.Key_Return)
    assert workspace.selection == {"conv1"}


def test_a_click_goes_into_a_group(qtbot: QtBot, panel: ProblemsPanel, workspace: Workspace) -> None:
    def inside(document: Document) -> Document:
        return edits.change_settings(document, "conv", {"groups": 3})

    workspace.commit_whole(lambda document: edits.within(document, ("block1",), inside), "Break it")
    qtbot.mouseClick(rows(panel)[0], Qt.MouseButton.LeftButton)
    assert workspace.place == ("block1",)
    assert workspace.selection == {"conv"}


def test_a_button_mends_the_design_in_one_undo_step(qtbot: QtBot, panel: ProblemsPanel, workspace: Workspace) -> None:
    break_it(workspace)
    before = workspace.document
    button = rows(panel)[1].fixes.buttons[0]
    assert button.prominent
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert "alone" not in workspace.document.nodes
    workspace.undo()
    assert workspace.document is before


def test_a_mended_design_is_sound_again(qtbot: QtBot, panel: ProblemsPanel, workspace: Workspace) -> None:
    break_it(workspace)
    while rows(panel):
        qtbot.mouseClick(rows(panel)[0].fixes.buttons[0], Qt.MouseButton.LeftButton)
    assert workspace.report.sound
    assert panel.empty.isVisible()


def test_a_problem_of_a_run_is_shown_until_it_is_cleared(panel: ProblemsPanel) -> None:
    problem = Problem("nan-loss", "The loss is not a number.", "Take a smaller learning rate.", node="fc1")
    panel.add_run_problem(problem)
    panel.add_run_problem(problem)
    (row,) = rows(panel)
    assert "The loss is not a number." in row.sentence.text()
    assert "in the run" in row.place.text()
    assert panel.counts() == (1, 0, 0)
    panel.clear_run_problems()
    assert panel.empty.isVisible()


def test_more_problems_than_anybody_reads_are_counted(panel: ProblemsPanel, workspace: Workspace) -> None:
    alone = {f"alone{number}": Node(f"alone{number}", "ReLU") for number in range(MOST_ROWS + 20)}
    workspace.commit(lambda document: replace(document, nodes={**document.nodes, **alone}), "Add many")
    assert len(rows(panel)) == MOST_ROWS
    assert "20 more problems" in panel.more.text()
    assert panel.counts() == (0, MOST_ROWS + 20, 0)


def test_a_long_sentence_fits_a_narrow_dock(panel: ProblemsPanel, workspace: Workspace) -> None:
    name = "a_very_long_name_for_a_node_that_nobody_should_ever_give_to_anything"
    panel.resize(240, 400)
    workspace.commit(lambda document: edits.rename(document, "conv1", name), "Rename it")
    workspace.commit(lambda document: edits.remove(document, links=[Link("image", name)]), "Cut a link")
    for row in rows(panel):
        assert row.minimumSizeHint().width() <= 240


def test_another_theme_changes_the_icons(panel: ProblemsPanel, workspace: Workspace, appearance: Appearance) -> None:
    break_it(workspace)
    before = rows(panel)[0].icon.pixmap().toImage()
    appearance.choose("dark")
    assert rows(panel)[0].icon.pixmap().toImage() != before
