"""Several designs in tabs: each keeps its history, its place, its run and its recovery file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QTabBar
from pytestqt.qtbot import QtBot

from designer import protocol
from designer.graph import edits, files
from designer.graph.document import Document, Node
from designer.graph.recovery import lost
from designer.gui.recovery import Recovery
from designer.gui.runs import Run
from designer.gui.session import OPENING
from designer.gui.workspace import Workspace
from designer.problems import Problem

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow

Press = Callable[[str], None]
Answer = Callable[[QMessageBox.StandardButton], None]
Button = QMessageBox.StandardButton
INSIDE = Document({"a": Node("a", "ReLU"), "b": Node("b", "ReLU")}, (), {"a": (0.0, 0.0), "b": (300.0, 0.0)})


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A second design in a file, with a group."""
    nodes = {"relu": Node("relu", "ReLU"), "block": Node("block", "Group", {}, INSIDE)}
    path = tmp_path / "other.netwright"
    files.write(Document(nodes, (), {"relu": (0.0, 0.0), "block": (400.0, 0.0)}), path)
    return path


@pytest.fixture
def both(window: MainWindow, file: Path, other: Path) -> MainWindow:
    """The iris design and another one, which is shown."""
    window.open(file)
    window.open(other)
    return window


def note(window: MainWindow, text: str) -> None:
    window.workspace.commit_whole(lambda document: edits.describe(document, notes=text), "Change the notes")


def titles(window: MainWindow) -> list[str]:
    tabs = window.docks.tabs
    return [tabs.tabText(place) for place in range(tabs.count())]


def told(window: MainWindow) -> list[Problem]:
    return [row.problem for row in window.docks.problems.rows if not row.isHidden()]


def same(window: MainWindow) -> bool:
    """Whether the canvas shows what the workspace says is shown."""
    return set(window.canvas.design.nodes) == set(window.workspace.shown.nodes)


def test_a_second_file_opens_beside_the_first_and_tabs_appear(window: MainWindow, file: Path, other: Path) -> None:
    window.open(file)
    assert not window.docks.tabs.isVisible()
    window.open(other)
    assert window.docks.tabs.isVisible()
    assert titles(window) == ["iris", "other"]
    assert set(window.canvas.design.nodes) == {"relu", "block"}
    window.open(file)
    assert titles(window) == ["iris", "other"]
    assert window.docks.tabs.currentIndex() == 0
    assert set(window.canvas.design.nodes) == set(files.read(file).nodes)


def test_each_design_keeps_its_history_its_place_its_selection_and_its_view(both: MainWindow, press: Press) -> None:
    workspace, canvas = both.workspace, both.canvas
    note(both, "of the other")
    workspace.enter(("block",))
    workspace.select(("b",))
    canvas.set_zoom(2.0)
    canvas.centerOn(120.0, 40.0)
    before = canvas.viewpoint
    press("next_tab")
    assert workspace.path is not None
    assert workspace.path.stem == "iris"
    assert workspace.place == ()
    assert workspace.history.undo_label is None
    assert same(both)
    note(both, "of the iris")
    press("previous_tab")
    assert (workspace.place, workspace.selection) == (("block",), {"b"})
    assert workspace.history.undo_label == "Change the notes"
    assert canvas.viewpoint.zoom == before.zoom
    assert canvas.viewpoint.middle == pytest.approx(before.middle, abs=2)
    assert same(both)
    assert titles(both) == ["• iris", "• other"]
    press("undo")
    assert titles(both) == ["• iris", "other"]
    workspace.enter(())
    press("next_tab")
    assert workspace.document.notes == "of the iris"


def test_a_new_tab_begins_empty_and_the_next_file_takes_its_place(
    window: MainWindow, press: Press, file: Path, other: Path
) -> None:
    window.open(file)
    press("new_tab")
    assert titles(window) == ["iris", "Untitled"]
    assert window.canvas.design.nodes == {}
    window.open(other)
    assert titles(window) == ["iris", "other"]


def test_a_bad_file_leaves_no_tab_behind(window: MainWindow, file: Path, tmp_path: Path) -> None:
    window.open(file)
    bad = tmp_path / "bad.netwright"
    bad.write_text("nothing", encoding="utf-8")
    assert not window.open(bad)
    assert titles(window) == ["iris"]
    assert same(window)


def test_closing_asks_for_what_is_unsaved_and_shows_the_neighbour(
    both: MainWindow, press: Press, answer: Answer, file: Path
) -> None:
    note(both, "unsaved")
    answer(Button.Cancel)
    press("close")
    assert len(both.file.sheets.all) == 2
    answer(Button.Discard)
    both.all_actions["close"].trigger()
    assert both.workspace.path == file
    assert both.drawing
    assert not both.docks.tabs.isVisible()
    both.all_actions["close"].trigger()
    assert not both.drawing


def test_a_middle_click_closes_a_tab_and_asks_about_the_design_that_it_shows(
    both: MainWindow, press: Press, answer: Answer
) -> None:
    note(both, "unsaved")
    press("next_tab")

    def middle_click(place: int) -> None:
        tabs, at = both.docks.tabs, QPointF(both.docks.tabs.tabRect(place).center())
        for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
            middle, none = Qt.MouseButton.MiddleButton, Qt.KeyboardModifier.NoModifier
            everywhere = QPointF(tabs.mapToGlobal(QPoint(int(at.x()), int(at.y()))))
            QApplication.sendEvent(tabs, QMouseEvent(kind, at, everywhere, middle, middle, none))

    answer(Button.Cancel)
    middle_click(1)
    assert both.workspace.document.notes == "unsaved"
    middle_click(0)
    assert titles(both) == ["• other"]
    assert both.workspace.document.notes == "unsaved"


def test_the_cross_of_a_tab_closes_its_design(qtbot: QtBot, both: MainWindow) -> None:
    cross = both.docks.tabs.tabButton(0, QTabBar.ButtonPosition.RightSide)
    QTest.mouseClick(cross, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: titles(both) == ["other"])
    assert same(both)


def test_quitting_asks_about_every_unsaved_design(
    both: MainWindow, press: Press, answer: Answer, file: Path, other: Path
) -> None:
    note(both, "one")
    press("next_tab")
    note(both, "two")
    answer(Button.Save)
    answer(Button.Save)
    assert both.close()
    assert files.read(file).notes == "two"
    assert files.read(other).notes == "one"


def test_every_open_design_with_unsaved_changes_is_kept_against_a_crash(
    qtbot: QtBot, tmp_path: Path, file: Path
) -> None:
    workspace = Workspace()
    recovery = Recovery(workspace, tmp_path / "recovery", workspace)

    def kept() -> set[str]:
        return {files.read(each).notes for each in recovery.folder.glob("*.netwright")}

    def change(text: str) -> None:
        workspace.commit_whole(lambda document: edits.describe(document, notes=text), "Change the notes")

    workspace.open(file)
    change("one")
    first = workspace.sheet
    workspace.new(beside=True)
    change("two")
    second = workspace.sheet
    qtbot.waitUntil(lambda: kept() == {"one", "two"})
    workspace.show_sheet(first)
    change("one and more")
    workspace.show_sheet(second)
    qtbot.waitUntil(lambda: kept() == {"one and more", "two"})
    assert lost(recovery.folder) == ((), ())  # all are held by this process
    workspace.show_sheet(first, keep=False)
    qtbot.waitUntil(lambda: kept() == {"one and more"})
    workspace.undo()
    workspace.undo()
    qtbot.waitUntil(lambda: kept() == set())
    change("last")
    workspace.new(beside=True)
    qtbot.waitUntil(lambda: kept() == {"last"})
    recovery.close()
    assert list(recovery.folder.iterdir()) == []


def test_a_file_that_another_program_changed_while_its_tab_was_behind_is_told_of(
    qtbot: QtBot, both: MainWindow, press: Press, file: Path, iris: Document
) -> None:
    files.write(edits.describe(iris, notes="theirs"), file)
    press("next_tab")
    qtbot.waitUntil(lambda: "changed by another program" in both.messages.text)
    press("save")
    assert files.read(file).notes == "theirs"


def test_a_tab_is_dragged_and_moved_by_key_to_another_place(both: MainWindow, press: Press) -> None:
    tabs = both.docks.tabs
    start, end = tabs.tabRect(1).center(), tabs.tabRect(0).center() - QPoint(20, 0)
    QTest.mousePress(tabs, Qt.MouseButton.LeftButton, pos=start)
    for share in (0.3, 0.7, 1.0):
        QTest.mouseMove(tabs, start + (end - start) * share)
    QTest.mouseRelease(tabs, Qt.MouseButton.LeftButton, pos=end)
    assert titles(both) == ["other", "iris"]
    assert [sheet.title for sheet in both.file.sheets.all] == ["other", "iris"]
    assert tabs.currentIndex() == 0
    assert both.workspace.path is not None
    assert both.workspace.path.stem == "other"
    press("tab_right")
    assert titles(both) == ["iris", "other"]
    press("next_tab")
    assert both.workspace.path.stem == "iris"
    cross = tabs.tabButton(1, QTabBar.ButtonPosition.RightSide)
    QTest.mouseClick(cross, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert [sheet.title for sheet in both.file.sheets.all] == ["iris"]


def test_the_tabs_are_there_again_at_the_next_start(
    qtbot: QtBot, both: MainWindow, open_window: Callable[[], MainWindow], press: Press, file: Path, other: Path,
    tmp_path: Path, iris: Document
) -> None:  # fmt: skip
    gone = tmp_path / "gone.netwright"
    files.write(iris, gone)
    both.open(gone)
    press("new_tab")
    both.open(other)
    press("tab_left")
    assert titles(both) == ["other", "iris", "gone", "Untitled"]
    both.close()
    gone.unlink()
    again = open_window()
    again.begin()
    assert again.drawing
    assert titles(again) == ["other", "iris"]
    assert again.workspace.path == other
    assert same(again)
    # What another program did to the file of one that was opened behind is noticed.
    files.write(edits.describe(iris, notes="theirs"), file)
    again.file.sheets.step(1)
    assert same(again)
    qtbot.waitUntil(lambda: "changed by another program" in again.messages.text)
    again.file.sheets.drop(again.workspace.sheet)
    again.close()
    third = open_window()
    third.begin(file)
    assert titles(third) == ["other", "iris"]
    assert third.workspace.path == file


def test_a_start_that_ended_while_it_opened_the_tabs_is_not_tried_again(
    both: MainWindow, open_window: Callable[[], MainWindow], settings: QSettings
) -> None:
    both.close()
    settings.setValue(OPENING, True)
    again = open_window()
    again.begin()
    assert not again.drawing
    assert not settings.value(OPENING, True, bool)


def test_after_a_crash_the_tabs_come_with_what_is_recovered(
    qtbot: QtBot, window: MainWindow, open_window: Callable[[], MainWindow], file: Path, other: Path
) -> None:
    window.open(file)
    window.open(other)
    note(window, "unsaved")
    recovery = window.safety.recovery
    qtbot.waitUntil(lambda: recovery.file is not None and recovery.file.exists())
    held = recovery.file
    assert held is not None
    copy = held.with_name("crashed.netwright")
    copy.write_bytes(held.read_bytes())
    again = open_window()
    again.begin()
    assert not again.drawing
    (found,) = again.safety._lost
    assert again.safety.recover(found)
    assert titles(again) == ["iris", "• other"]
    assert again.workspace.document.notes == "unsaved"


def test_a_failed_run_of_another_tab_leads_to_the_node_there(window: MainWindow, file: Path, other: Path) -> None:
    window.open(file)
    run = window.runs.current = Run(file.parent / "run", window.workspace.document, 1, sheet=window.workspace.sheet)
    window.runner.run = str(run.folder)
    window.open(other)
    run.left, window.runs.current = True, run
    problem = Problem("loss-nan", "The loss is not a number.", node="hidden")
    window.runner.told.emit(protocol.Failed(problem, str(run.folder)))
    assert "not a number" in window.messages.text
    assert problem not in told(window)
    button = window.messages.buttons[0]
    assert button.text() == "Show hidden of iris"
    button.click()
    assert window.workspace.path == file
    assert window.workspace.selection == {"hidden"}
    assert problem in told(window)


def test_a_run_belongs_to_the_design_that_it_was_begun_from(
    qtbot: QtBot, window: MainWindow, press: Press, file: Path, other: Path
) -> None:
    window.open(file)
    qtbot.waitUntil(lambda: window.runner.ready is not None, timeout=60_000)
    assert window.runs.train()
    run = window.runs.current
    assert run is not None
    window.open(other)
    assert run.left
    assert window.runs.outdated
    qtbot.waitUntil(lambda: run.finished is not None, timeout=60_000)
    assert window.runs.weights is None
    assert not window.runs.can_go_on
    press("next_tab")
    assert window.runs.current is run
    assert not run.left
    assert not window.runs.outdated
    assert window.runs.weights == run.folder / "best.safetensors"
    qtbot.waitUntil(lambda: window.runs.can_go_on)
    press("next_tab")
    assert window.runs.current is None
    assert window.runs.weights is None
