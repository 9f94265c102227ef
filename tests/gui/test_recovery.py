"""Nothing is ever lost: what stands in the recovery file, when it goes, and what a killed window leaves behind."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from designer.graph import edits, files
from designer.graph.document import Document
from designer.graph.recovery import Lost, Origin, Slot, lost
from designer.gui.application import make_application
from designer.gui.recovered import said
from designer.gui.recovery import Recovery, recovery_folder
from designer.gui.workspace import Workspace

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow

Open = Callable[[], "MainWindow"]
EDITING = Path(__file__).parents[1] / "support" / "editing_window.py"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "recovery"


@pytest.fixture
def workspace() -> Workspace:
    return Workspace()


@pytest.fixture
def recovery(workspace: Workspace, folder: Path) -> Iterator[Recovery]:
    recovery = Recovery(workspace, folder, workspace)
    yield recovery
    recovery.close()


def note(workspace: Workspace, text: str) -> None:
    workspace.commit(lambda document: edits.describe(document, notes=text), "Change the notes")


def left_behind(folder: Path, document: Document, path: Path | None = None, place: tuple[str, ...] = ()) -> Path:
    """What a process leaves behind that ends in the middle of its work."""
    slot = Slot.begin(folder)
    slot.write(document, Origin(path, place))
    slot.release()
    return slot.file


def test_an_edit_is_in_the_file_within_a_second(
    qtbot: QtBot, workspace: Workspace, recovery: Recovery, file: Path
) -> None:
    workspace.open(file)
    began = time.perf_counter()
    with qtbot.waitSignal(recovery.written):
        note(workspace, "unsaved")
    assert time.perf_counter() - began < 1.0
    assert recovery.file is not None
    assert files.read(recovery.file).notes == "unsaved"
    assert lost(recovery.folder) == ((), ())  # its window is still there


def test_the_newest_of_many_edits_wins(qtbot: QtBot, workspace: Workspace, recovery: Recovery) -> None:
    for number in range(50):
        note(workspace, str(number))
    with qtbot.waitSignal(recovery.written, check_params_cb=lambda document: document is workspace.document):
        pass
    assert recovery.file is not None
    assert files.read(recovery.file).notes == "49"
    assert len(list(recovery.folder.iterdir())) == 2  # the design and its lock


@pytest.mark.parametrize("end", ["save", "new", "undo", "close"])
def test_what_is_saved_or_given_up_leaves_nothing_behind(
    qtbot: QtBot, workspace: Workspace, recovery: Recovery, tmp_path: Path, end: str
) -> None:
    with qtbot.waitSignal(recovery.written):
        note(workspace, "unsaved")
    note(workspace, "being written")
    endings = {"save": lambda: workspace.save(tmp_path / "saved.netwright"), "new": workspace.new,
               "undo": lambda: workspace.go_to_step(0), "close": recovery.close}  # fmt: skip
    endings[end]()
    qtbot.waitUntil(lambda: list(recovery.folder.iterdir()) == [])
    assert recovery.file is None


def test_a_folder_that_cannot_be_written_is_one_sentence_once(
    qtbot: QtBot, workspace: Workspace, recovery: Recovery, folder: Path
) -> None:
    folder.write_text("a file where the folder belongs", encoding="utf-8")
    said: list[str] = []
    recovery.failed.connect(said.append)
    with qtbot.waitSignal(recovery.failed):
        note(workspace, "one")
    note(workspace, "two")
    folder.unlink()
    with qtbot.waitSignal(recovery.written):
        note(workspace, "three")
    assert len(said) == 1
    assert "not kept against a crash" in said[0]


def test_a_bad_file_is_one_sentence_and_put_aside(folder: Path, iris: Document) -> None:
    left_behind(folder, iris)
    bad = left_behind(folder, iris)
    bad.write_text('{"format": "netwright/1", "nodes": 3}', encoding="utf-8")
    found, sentences = lost(folder)
    assert [each.name for each in found] == ["Iris"]
    assert len(sentences) == 1
    assert "could not be recovered" in sentences[0]
    assert lost(folder)[1] == ()
    assert bad.with_suffix(".unreadable").exists()


def test_what_a_recovery_file_says_of_its_origin_is_taken_only_where_it_is_sound(folder: Path, iris: Document) -> None:
    file = left_behind(folder, iris, Path("/somewhere/iris.netwright"), ("block",))
    assert lost(folder)[0][0].origin == Origin(Path("/somewhere/iris.netwright"), ("block",))
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('["block"]', '[3, {"a": "b"}]').replace('"/somewhere', '["x"], "y": "'))
    (found,) = lost(folder)[0]
    assert found.origin == Origin()
    assert found.document == iris


def test_the_start_page_offers_what_was_open_and_opens_it_as_unsaved_changes(
    open_window: Open, file: Path, iris: Document
) -> None:
    make_application()  # its name decides about the folder
    left_behind(recovery_folder(), edits.describe(iris, notes="unsaved"), file)
    left_behind(recovery_folder(), edits.describe(iris, name="Never saved"))
    window = open_window()
    cards = window.start.recovered.cards
    assert sorted(card.found.name for card in cards) == ["Never saved", "iris"]
    assert all(card.isVisible() for card in cards)
    card = next(card for card in cards if card.found.name == "iris")
    QTest.mouseClick(card.open, Qt.MouseButton.LeftButton)
    assert window.drawing
    assert window.isWindowModified()
    assert window.workspace.path == file
    assert window.workspace.document.notes == "unsaved"
    assert files.read(file).notes == ""
    assert window.safety.recovery.file == card.found.file
    assert card.found.file.exists()
    window.workspace.undo()
    assert not window.isWindowModified()
    assert window.workspace.document.notes == ""
    assert not card.found.file.exists()
    assert [card.found.name for card in window.start.recovered.cards] == ["Never saved"]


def test_discard_gives_a_lost_design_up_and_can_be_taken_back(open_window: Open, iris: Document) -> None:
    window = open_window()
    left_behind(recovery_folder(), iris)
    window.safety.offer()
    (card,) = window.start.recovered.cards
    QTest.mouseClick(card.discard, Qt.MouseButton.LeftButton)
    assert window.start.recovered.isHidden()
    QTest.mouseClick(window.messages.button, Qt.MouseButton.LeftButton)
    assert [card.found.document for card in window.start.recovered.cards] == [iris]
    QTest.mouseClick(window.start.recovered.cards[0].discard, Qt.MouseButton.LeftButton)
    assert open_window().start.recovered.isHidden()
    assert [path.suffix for path in recovery_folder().iterdir()] == []


def test_a_design_taken_by_another_window_is_not_opened_twice(open_window: Open, iris: Document) -> None:
    window = open_window()
    file = left_behind(recovery_folder(), iris)
    window.safety.offer()
    other = Slot.take(file)
    assert other is not None
    window.start.recovered.cards[0].open.click()
    assert not window.drawing
    assert "another window" in window.messages.text
    assert window.start.recovered.isHidden()
    other.end()


def test_who_opens_the_file_is_told_what_was_unsaved(open_window: Open, file: Path, iris: Document) -> None:
    window = open_window()
    left_behind(recovery_folder(), edits.describe(iris, notes="unsaved"), file)
    window.safety.offer()
    window.open(file)
    assert "without saving iris" in window.messages.text
    QTest.mouseClick(window.messages.button, Qt.MouseButton.LeftButton)
    assert window.workspace.document.notes == "unsaved"
    assert window.isWindowModified()


def test_discarding_changes_at_the_end_leaves_nothing_to_recover(
    qtbot: QtBot, window: MainWindow, file: Path, answer: Callable[[QMessageBox.StandardButton], None]
) -> None:
    window.open(file)
    with qtbot.waitSignal(window.safety.recovery.written):
        note(window.workspace, "given up")
    answer(QMessageBox.StandardButton.Discard)
    assert window.close()
    assert list(recovery_folder().iterdir()) == []


def test_a_moment_is_said_as_one_says_it() -> None:
    moment = time.mktime((2026, 11, 21, 9, 5, 0, 0, 0, -1))
    assert said(moment, date(2026, 11, 21)) == "changed today at 09:05"
    assert said(moment, date(2026, 11, 22)) == "changed yesterday at 09:05"
    assert said(moment, date(2026, 12, 1)) == "changed on 21 November 2026 at 09:05"


def killed(file: Path, home: Path, seconds: float) -> tuple[Lost, int]:
    """Kill a window that is being edited after some seconds of editing.

    Returns what it left behind, and the last edit that was more than a second old.
    """
    command = [sys.executable, str(EDITING), str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline().split()]
        while float(told[-1][1]) < float(told[0][1]) + seconds:
            told.append(process.stdout.readline().split())
        end = time.time()
        process.kill()
        told.extend(line.split() for line in process.stdout if line.endswith("\n"))
    assert process.returncode != 0
    (found,) = lost(next(home.rglob("recovery")))[0]
    return found, max((int(count) for count, moment in told if float(moment) <= end - 1.0), default=0)


def test_kill_9_at_any_moment_loses_at_most_a_second(home: Path, file: Path, open_window: Open) -> None:
    found, last = killed(file, home, 1.0 + random.random())
    assert last > 0
    assert int(found.document.notes) >= last
    window = open_window()
    (card,) = window.start.recovered.cards
    QTest.keyClick(card.open, Qt.Key.Key_Space)
    assert window.workspace.path == file
    assert int(window.workspace.document.notes) >= last


@pytest.mark.slow
@pytest.mark.parametrize("number", range(12))
def test_kill_9_at_many_moments_loses_at_most_a_second(home: Path, file: Path, number: int) -> None:
    found, last = killed(file, home, random.Random(number).uniform(0.4, 3.0))
    assert int(found.document.notes) >= last
