"""From data to a training, as a person goes: a file dropped or chosen, a network taken, Train pressed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from designer.gui.start_from_data import StartFromData
from designer.protocol import Finished

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow

PATIENCE = 180_000


@pytest.fixture
def people(tmp_path: Path) -> Path:
    rows = "".join(
        f"{20 + n % 40},{n % 9},{'red' if n % 3 else 'blue'},{'yes' if n % 2 else 'no'}\n" for n in range(80)
    )
    path = tmp_path / "people.csv"
    path.write_text(f"age,height,colour,label\n{rows}", "utf-8")
    return path


def drop(window: MainWindow, path: Path) -> bool:
    """Drag a file over the window and let it fall."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    move, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    at = QPointF(window.rect().center())
    enter = QDragEnterEvent(at.toPoint(), move, data, left, none)
    enter.ignore()
    window.dragEnterEvent(enter)
    if enter.isAccepted():
        window.dropEvent(QDropEvent(at, move, data, left, none))
    return enter.isAccepted()


def opened(window: MainWindow) -> StartFromData:
    dialog = window.findChild(StartFromData)
    assert dialog is not None
    assert dialog.isVisible()
    return dialog


def trained(qtbot: QtBot, window: MainWindow, press: Callable[[str], None]) -> None:
    """Nothing but Train is pressed."""
    assert not window.workspace.report.problems
    qtbot.waitUntil(window.isActiveWindow)
    press("train")
    run = window.runs.current
    assert not window.messages.text
    assert run is not None
    qtbot.waitUntil(lambda: run.finished is not None or run.problem is not None, timeout=PATIENCE)
    assert isinstance(run.finished, Finished), run.problem


def test_a_table_dropped_on_the_start_page_is_trained_on_after_two_presses(
    qtbot: QtBot, window: MainWindow, press: Callable[[str], None], people: Path
) -> None:
    assert drop(window, people)
    dialog = opened(window)
    qtbot.waitUntil(lambda: bool(dialog.cards), timeout=PATIENCE)
    titles = [card.text() for card in dialog.cards]
    assert titles[:2] == ["Small MLP", "Embeddings of the categories"]
    qtbot.waitUntil(lambda: dialog.panel.examples.shown is not None, timeout=PATIENCE)
    QTest.mouseClick(dialog.cards[1], Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()
    assert window.drawing
    assert window.workspace.document.data["path"] == str(people)
    assert window.workspace.document.name == "Embeddings of the categories for people"
    assert window.workspace.modified
    trained(qtbot, window, press)


def test_the_target_chosen_in_the_dialog_decides_what_is_proposed(
    qtbot: QtBot, window: MainWindow, people: Path
) -> None:
    window.start_from_data(people)
    dialog = opened(window)
    qtbot.waitUntil(lambda: bool(dialog.cards), timeout=PATIENCE)
    for name, text in (("label", "feature"), ("age", "target, as numbers")):
        role = dialog.panel.file.roles[name].combo
        place = next(place for place in range(role.count()) if role.itemText(place).startswith(text))
        role.setCurrentIndex(place)
        role.activated.emit(place)
    facts = dialog.workspace.report.facts
    assert facts is not None
    assert facts.target == "age"
    qtbot.waitUntil(lambda: bool(dialog.cards) and "age" in dialog.cards[0].proposal.document.nodes)
    assert dialog.cards[0].proposal.document.nodes["age"].settings["loss"] == "MSELoss"


def test_a_table_with_gaps_is_proposed_for_once_it_is_said_what_becomes_of_them(
    qtbot: QtBot, window: MainWindow, people: Path
) -> None:
    people.write_text(people.read_text("utf-8").replace("20,", "?,", 1), "utf-8")
    window.start_from_data(people)
    dialog = opened(window)
    qtbot.waitUntil(lambda: bool(dialog.remedies.buttons), timeout=PATIENCE)
    assert "people.csv lacks 1 value of age" in dialog.note.text().replace("\u200b", "")
    QTest.mouseClick(dialog.remedies.buttons[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(dialog.cards))
    assert dialog.cards[0].proposal.document.data["missing"] == "drop"
    assert not dialog.remedies.isVisible()


def test_a_ready_data_set_is_begun_with_by_keyboard(
    qtbot: QtBot, window: MainWindow, press: Callable[[str], None]
) -> None:
    press("start_from_data")
    dialog = opened(window)
    assert not dialog.cards
    combo = dialog.panel.source
    combo.setFocus()
    QTest.keyClicks(combo, "Two moons")
    combo.activated.emit(combo.currentIndex())
    qtbot.waitUntil(lambda: len(dialog.cards) == 3)
    dialog.cards[0].setFocus()
    QTest.keyClick(dialog.cards[0], Qt.Key.Key_Return)
    assert window.workspace.document.data == {"source": "moons"}
    trained(qtbot, window, press)
    press("start_from_data")
    assert not opened(window).cards


def test_a_folder_of_images_is_chosen_and_seen(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = np.random.default_rng(0)
    for number in range(20):
        place = tmp_path / "pets" / ("cat", "dog")[number % 2]
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(generator.integers(0, 256, (16, 16, 3), dtype=np.uint8)).save(place / f"{number}.png")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args, **_more: str(tmp_path / "pets"))
    window.start_from_data()
    dialog = opened(window)
    QTest.mouseClick(dialog.folder, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(dialog.cards), timeout=PATIENCE)
    assert dialog.cards[0].text() == "Small CNN"
    qtbot.waitUntil(lambda: dialog.panel.examples.shown is not None, timeout=PATIENCE)
    assert {dialog.panel.examples.grid.item(place).text() for place in range(20)} == {"cat", "dog"}


def test_what_is_no_data_is_one_sentence(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "letter.docx").write_bytes(b"Dear reader")
    window.start_from_data(tmp_path / "letter.docx")
    dialog = opened(window)
    qtbot.waitUntil(lambda: "letter.docx is no data file" in dialog.note.text().replace("\u200b", ""))
    assert not dialog.cards
