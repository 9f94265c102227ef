"""A look at the data as a person takes it: pages, splits, classes, columns, and a process that may die."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from designer.gui.data_looks import DIED, DataLooks
from designer.gui.panels.examples.view import CLASSES, COLUMNS, ExamplesView
from designer.gui.theme import DARK, Appearance
from designer.own_data.look import FILE
from designer.protocol import Looked, Source, Split

PATIENCE = 60_000


@pytest.fixture(scope="module")
def looks(qapp: QApplication) -> Iterator[DataLooks]:
    looks = DataLooks(qapp)
    yield looks
    looks.shutdown()


@pytest.fixture
def view(qtbot: QtBot, looks: DataLooks, appearance: Appearance) -> ExamplesView:
    view = ExamplesView(looks, appearance)
    qtbot.addWidget(view)
    view.resize(310, 420)
    view.show()
    return view


def shows(qtbot: QtBot, view: ExamplesView, source: Source, classes: tuple[str, ...] = ()) -> Looked:
    """Show a source and wait until it is seen."""
    with qtbot.waitSignal(view.looked, timeout=PATIENCE) as told:
        view.show_source(source, Split(), classes)
    return told.args[0]


def choose(qtbot: QtBot, view: ExamplesView, combo: QComboBox, text: str) -> Looked:
    with qtbot.waitSignal(view.looked, timeout=PATIENCE) as told:
        combo.setCurrentIndex(combo.findText(text))
        combo.activated.emit(combo.currentIndex())
    return told.args[0]


def go_to(view: ExamplesView, title: str) -> None:
    names = [view.tabs.tabText(place) for place in range(view.tabs.count())]
    view.tabs.setCurrentIndex(names.index(title))


def test_pictures_are_paged_through_by_class_and_mixed(
    qtbot: QtBot, view: ExamplesView, appearance: Appearance
) -> None:
    names = tuple(f"the {digit}" for digit in range(10))
    shows(qtbot, view, Source("digits"), names)
    assert view.grid.count() == 60
    assert view.grid.item(3).text() == "the 3"
    assert view.place.text() == "1 to 60 of 1,797"
    assert not view.previous.isEnabled()
    with qtbot.waitSignal(view.looked, timeout=PATIENCE):
        QTest.mouseClick(view.next, Qt.MouseButton.LeftButton)
    assert view.place.text() == "61 to 120 of 1,797"
    choose(qtbot, view, view.only, "the 7")
    assert view.place.text() == "1 to 60 of 179"
    assert {view.grid.item(place).text() for place in range(60)} == {"the 7"}
    order = [view.grid.item(place).toolTip() for place in range(60)]
    with qtbot.waitSignal(view.looked, timeout=PATIENCE):
        QTest.mouseClick(view.shuffle, Qt.MouseButton.LeftButton)
    assert [view.grid.item(place).toolTip() for place in range(60)] != order
    choose(qtbot, view, view.part, "Test")
    assert view.shown is not None
    assert view.shown.total == 27
    go_to(view, CLASSES)
    assert view.balance.list.bars[7].name == "the 7"
    assert sum(view.balance.list.bars[7].counts) == 179
    appearance.choose(DARK)
    assert view.grid.count() == 27


def test_points_are_drawn_and_can_be_read_as_a_table(qtbot: QtBot, view: ExamplesView) -> None:
    shows(qtbot, view, Source("blobs", {"samples": 300, "centers": 4}), ("a", "b", "c", "d"))
    assert view.examples.currentWidget() is view.scatter
    assert "d" in view.scatter.legend.text()
    assert not view.next.isVisible()
    view.manner.setCurrentIndex(1)
    view.manner.activated.emit(1)
    assert view.examples.currentWidget() is view.table
    assert view.table.rows.rowCount() == 60
    assert view.table.rows.columnCount() == 3


def test_columns_tell_their_range_their_gaps_and_their_histogram(
    qtbot: QtBot, view: ExamplesView, tmp_path: Path
) -> None:
    ages = "".join(f"{20 + age % 40},{'red' if age % 3 else ''},{'yes' if age % 2 else 'no'}\n" for age in range(100))
    (tmp_path / "people.csv").write_text(f"age,colour,label\n{ages}", "utf-8")
    shows(qtbot, view, Source(FILE, {"path": str(tmp_path / "people.csv")}))
    go_to(view, COLUMNS)
    first, second, _ = (view.columns.list.topLevelItem(place) for place in range(3))
    assert [first.text(place) for place in range(3)] == ["age", "whole", "20 to 59"]
    assert second.text(3) == "34"
    assert view.columns.shape.currentWidget() is view.columns.histogram
    view.columns.list.setCurrentItem(second)
    assert view.columns.shape.currentWidget() is view.columns.common
    assert [bar.counts for bar in view.columns.common.list.bars] == [(66,)]
    assert "34 of 100 are missing" in view.columns.about.text()
    view.show_part("lacking")
    qtbot.waitUntil(lambda: view.shown is not None and view.shown.total == 34, timeout=PATIENCE)
    index = view.table.rows.index(0, 2)
    assert view.table.rows.data(index) == "missing"
    assert view.table.rows.headerData(1, Qt.Orientation.Vertical) == "4"


def test_sequences_are_words_and_series_are_curves(qtbot: QtBot, view: ExamplesView, tmp_path: Path) -> None:
    shows(qtbot, view, Source("tagging", {"length": 3}), ("determiner", "adjective", "noun", "verb", "adverb"))
    texts = [view.table.rows.data(view.table.rows.index(0, place)) for place in range(2)]
    assert len(texts[0].split()) == len(texts[1].split()) == 3
    assert set(texts[1].split()) <= {"determiner", "adjective", "noun", "verb", "adverb"}
    waves = np.sin(np.arange(1200, dtype=np.float32)).reshape(20, 30, 2)
    np.savez(tmp_path / "waves.npz", wave=waves, label=np.arange(20) % 2)
    shows(qtbot, view, Source(FILE, {"path": str(tmp_path / "waves.npz")}))
    view.grab()
    assert view.table.rows.data(view.table.rows.index(0, 1)) is None
    assert view.table.verticalHeader().defaultSectionSize() > 40


def test_pictures_that_come_class_by_class_are_mixed_at_once(qtbot: QtBot, view: ExamplesView, tmp_path: Path) -> None:
    pictures = np.zeros((160, 1, 8, 8), np.float32)
    np.savez(tmp_path / "sorted.npz", picture=pictures, label=np.arange(160) // 80)
    shows(qtbot, view, Source(FILE, {"path": str(tmp_path / "sorted.npz")}))
    assert {view.grid.item(place).text() for place in range(60)} == {"0", "1"}


def test_a_text_reads_as_a_text(qtbot: QtBot, view: ExamplesView, tmp_path: Path) -> None:
    (tmp_path / "book.txt").write_text("One line.\nAnother one!\n" * 40, "utf-8")
    shows(qtbot, view, Source("text", {"path": str(tmp_path / "book.txt"), "length": 20}))
    texts = [view.table.rows.data(view.table.rows.index(0, place)) for place in range(2)]
    assert texts == ["One line.↵Another on", "ne line.↵Another one"]


def test_two_hundred_classes_are_a_list_to_scroll(qtbot: QtBot, view: ExamplesView, tmp_path: Path) -> None:
    np.savez(tmp_path / "many.npz", x=np.ones((400, 3), np.float32), label=np.arange(400) % 200)
    shows(qtbot, view, Source(FILE, {"path": str(tmp_path / "many.npz")}))
    go_to(view, CLASSES)
    view.grab()
    assert len(view.balance.list.bars) == 200
    assert view.balance.list.height() > view.balance.height()
    assert "200 classes" in view.balance_note.text()


def test_what_cannot_be_read_is_one_sentence_and_the_next_source_is_shown(
    qtbot: QtBot, view: ExamplesView, tmp_path: Path
) -> None:
    answer = shows(qtbot, view, Source(FILE, {"path": str(tmp_path / "gone.csv")}))
    assert "There is no data file" in answer.problem
    assert view.note.text().replace("\u200b", "") == answer.problem
    assert not view.pages.isVisible()
    assert not shows(qtbot, view, Source("iris")).problem
    assert view.pages.isVisible()


def test_a_process_that_dies_is_told_and_the_next_look_starts_another(
    qtbot: QtBot, view: ExamplesView, looks: DataLooks
) -> None:
    shows(qtbot, view, Source("iris"))
    process = looks._process.id
    assert process
    with qtbot.waitSignal(view.looked, timeout=PATIENCE) as told:
        os.kill(process, signal.SIGSTOP)
        view.next.click()
        os.kill(process, signal.SIGKILL)
    assert told.args[0].problem == DIED
    assert not shows(qtbot, view, Source("wine")).problem


def test_what_nobody_sees_is_not_looked_at(qtbot: QtBot, view: ExamplesView) -> None:
    view.set_in_front(False)
    view.show_source(Source("iris"), Split(), ())
    assert not view._later.isActive()
    assert view.shown is None
    with qtbot.waitSignal(view.looked, timeout=PATIENCE):
        view.set_in_front(True)


def test_a_process_that_nobody_asks_gives_its_memory_back(qtbot: QtBot, appearance: Appearance) -> None:
    looks = DataLooks(idle=1)
    view = ExamplesView(looks, appearance)
    qtbot.addWidget(view)
    view.show()
    shows(qtbot, view, Source("iris"))
    qtbot.waitUntil(lambda: not looks.running, timeout=PATIENCE)
    looks.shutdown()
