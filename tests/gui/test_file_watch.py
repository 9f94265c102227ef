"""A file changed by another program while it is open: noticed, told, and neither version lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from designer.graph import edits, files
from designer.graph.document import Document
from designer.gui.file_watch import CALM, FileWatch
from designer.gui.workspace import Workspace

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow

Press = Callable[[str], None]


def note(workspace: Workspace, text: str) -> None:
    workspace.commit(lambda document: edits.describe(document, notes=text), "Change the notes")


def write_theirs(document: Document, file: Path, text: str = "theirs") -> Document:
    """What another program does: it writes under another name and renames, as most do."""
    written = edits.describe(document, notes=text)
    files.write(written, file)
    return written


@pytest.fixture
def workspace() -> Workspace:
    return Workspace()


@pytest.fixture
def watch(workspace: Workspace, file: Path) -> FileWatch:
    watch = FileWatch(workspace, workspace)
    workspace.open(file)
    return watch


def test_a_file_renamed_over_the_open_one_is_noticed_each_time(
    qtbot: QtBot, watch: FileWatch, iris: Document, file: Path
) -> None:
    for text in ("once", "twice"):
        with qtbot.waitSignal(watch.changed):
            write_theirs(iris, file, text)
        assert watch.differs()
        assert watch.read().notes == text


def test_a_file_written_in_place_is_noticed(qtbot: QtBot, watch: FileWatch, file: Path) -> None:
    text = file.read_text(encoding="utf-8").replace("Iris", "Theirs")
    with qtbot.waitSignal(watch.changed):
        file.write_text(text, encoding="utf-8")


def test_own_saves_touches_and_neighbours_are_no_alarm(
    qtbot: QtBot, watch: FileWatch, workspace: Workspace, iris: Document, file: Path
) -> None:
    with qtbot.assertNotEmitted(watch.changed, wait=4 * CALM):
        note(workspace, "mine")
        workspace.save(file)
        file.touch()
        files.write(iris, file.with_name("neighbour.netwright"))
    assert not watch.differs()


def test_what_another_program_broke_or_took_away_is_told(qtbot: QtBot, watch: FileWatch, file: Path) -> None:
    with qtbot.waitSignal(watch.unreadable, check_params_cb=lambda sentence: "not a Netwright design" in sentence):
        file.write_text("{", encoding="utf-8")
    with qtbot.waitSignal(watch.gone):
        file.unlink()
    assert not watch.differs()


def test_the_file_before_is_not_watched_any_more(
    qtbot: QtBot, watch: FileWatch, workspace: Workspace, iris: Document, file: Path, tmp_path: Path
) -> None:
    workspace.save(tmp_path / "other.netwright")
    with qtbot.assertNotEmitted(watch.changed, wait=2 * CALM):
        write_theirs(iris, file)


def test_reload_takes_the_other_version_and_undo_brings_mine_back(
    qtbot: QtBot, window: MainWindow, iris: Document, file: Path
) -> None:
    window.open(file)
    note(window.workspace, "mine")
    with qtbot.waitSignal(window.file.watch.changed):
        write_theirs(iris, file)
    assert window.messages.text.startswith("iris.netwright was changed by another program")
    assert [button.text() for button in window.messages.buttons] == ["Reload", "Compare", "Keep mine"]
    QTest.mouseClick(window.messages.buttons[0], Qt.MouseButton.LeftButton)
    assert window.workspace.document.notes == "theirs"
    assert not window.isWindowModified()
    window.workspace.undo()
    assert window.workspace.document.notes == "mine"
    assert window.isWindowModified()


def test_keep_mine_leaves_the_design_and_saves_over_the_other_version(
    qtbot: QtBot, window: MainWindow, press: Press, iris: Document, file: Path
) -> None:
    window.open(file)
    with qtbot.waitSignal(window.file.watch.changed):
        write_theirs(iris, file)
    QTest.mouseClick(window.messages.buttons[2], Qt.MouseButton.LeftButton)
    assert window.workspace.document.notes == ""
    assert window.isWindowModified()
    press("save")
    assert files.read(file).notes == ""
    window.workspace.undo()
    assert window.workspace.document.notes == "theirs"


def test_saving_over_a_changed_file_asks_first(window: MainWindow, press: Press, iris: Document, file: Path) -> None:
    window.open(file)
    note(window.workspace, "mine")
    write_theirs(iris, file)  # and save before the change was noticed
    press("save")
    assert files.read(file).notes == "theirs"
    assert "Saving would replace" in window.messages.text
    assert window.isWindowModified()
    QTest.mouseClick(window.messages.buttons[0], Qt.MouseButton.LeftButton)
    assert files.read(file).notes == "mine"
    assert not window.isWindowModified()
    window.workspace.undo()
    assert window.workspace.document.notes == "theirs"


def test_a_file_taken_away_is_saved_again(qtbot: QtBot, window: MainWindow, file: Path) -> None:
    window.open(file)
    with qtbot.waitSignal(window.file.watch.gone):
        file.unlink()
    assert "taken away" in window.messages.text
    QTest.mouseClick(window.messages.buttons[0], Qt.MouseButton.LeftButton)
    assert files.read(file).name == "Iris"
