"""The start page: what it offers, without samples, with broken ones, and in both appearances."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer.gui import start_page
from designer.gui.recent import MOST, Recent
from designer.gui.start_page import StartPage
from designer.gui.theme import DARK, LIGHT, Appearance


def made(qtbot: QtBot, settings: QSettings, mode: str = LIGHT) -> StartPage:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    page = StartPage(Recent(settings), Appearance(application, mode))
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.show()
    return page


def test_it_works_without_samples_and_recent_files(
    qtbot: QtBot, settings: QSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start_page, "samples", lambda: ())
    monkeypatch.setattr(start_page, "networks", lambda: ())
    page = made(qtbot, settings)
    assert page.cards == []
    assert page.rows == []
    with qtbot.waitSignal(page.new_wanted):
        QTest.keyClick(page._new, Qt.Key.Key_Space)


def test_a_sample_that_cannot_be_read_is_left_out(
    qtbot: QtBot, settings: QSettings, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken.netwright"
    broken.write_text("{", encoding="utf-8")
    monkeypatch.setattr(start_page, "samples", lambda: (broken, file))
    monkeypatch.setattr(start_page, "networks", lambda: ())
    page = made(qtbot, settings)
    assert [card.text() for card in page.cards] == ["Iris"]
    with qtbot.waitSignal(page.sample_wanted, check_params_cb=lambda path: path == file):
        QTest.mouseClick(page.cards[0], Qt.MouseButton.LeftButton)


def test_a_card_says_what_the_sample_teaches(qtbot: QtBot, settings: QSettings) -> None:
    page = made(qtbot, settings)
    assert all(card.text() for card in page.cards)
    assert all(card.accessibleName() == f"Open the sample {card.text()}" for card in page.cards)


def test_it_takes_the_colours_of_its_appearance(qtbot: QtBot, settings: QSettings) -> None:
    light, dark = made(qtbot, settings).grab().toImage(), made(qtbot, settings, DARK).grab().toImage()
    assert light.pixelColor(5, 5).lightness() > 200
    assert dark.pixelColor(5, 5).lightness() < 60


def test_the_recent_list_does_not_grow_for_ever(settings: QSettings, tmp_path: Path) -> None:
    recent = Recent(settings)
    paths = [tmp_path / f"{number}.netwright" for number in range(MOST + 5)]
    for path in paths:
        path.touch()
        recent.add(path)
    assert recent.paths() == tuple(reversed(paths[-MOST:]))


def test_a_single_recent_file_survives_the_settings_file(settings: QSettings, tmp_path: Path) -> None:
    path = tmp_path / "one, with a comma.netwright"
    path.touch()
    Recent(settings).add(path)
    settings.sync()
    again = Recent(QSettings(settings.fileName(), QSettings.Format.IniFormat))
    assert again.paths() == (path,)


def test_samples_stand_in_the_order_in_which_one_would_teach_them(qtbot: QtBot, settings: QSettings) -> None:
    page = made(qtbot, settings)
    names = [card.path.stem for card in page.cards]
    assert names.index("digits_mlp") < names.index("digits_cnn") < names.index("digits_residual")
    assert names.index("resnet18") < names.index("resnet50")
    assert names[0] == "iris"
