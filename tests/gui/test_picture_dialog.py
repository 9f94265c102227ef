"""The small dialog before a picture is written or printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow


@pytest.fixture
def drawn(window: MainWindow) -> MainWindow:
    window.file.new()
    for layer in ("Input", "ReLU", "Output"):
        window.workspace.add(layer)
    return window


def shown(window: MainWindow) -> QDialog:
    from designer.gui.picture_dialog import PictureDialog

    return next(dialog for dialog in window.findChildren(PictureDialog) if dialog.isVisible())


def test_a_picture_of_the_selection_is_written_at_the_scale_that_the_dialog_tells(
    drawn: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "part.png"
    monkeypatch.setattr(drawn.file, "ask_save", lambda *_: path)
    drawn.workspace.select(("relu1",))
    drawn.all_actions["export_picture"].trigger()
    dialog = shown(drawn)
    whole = dialog.size_told.text()
    dialog.kind.setCurrentText("PNG: for everything else")
    dialog.part.setCurrentText("What is selected")
    dialog.scale.setCurrentText("Other")
    assert dialog.own.isVisible()
    dialog.own.setValue(1.5)
    dialog.clear.setChecked(True)
    told = dialog.size_told.text()
    dialog.accept_button.click()
    image = QImage(str(path))
    assert told == f"{image.width():,} x {image.height():,} pixels" != whole
    assert image.pixelColor(0, 0).alpha() == 0
    assert drawn.messages.text == "part.png is written."


@pytest.mark.parametrize(("kind", "begins"), [("SVG: for web pages and drawing programs", b"<?xml"),
                                              ("PDF: for papers and print", b"%PDF")])  # fmt: skip
def test_every_kind_is_written(
    drawn: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, begins: bytes
) -> None:
    path = tmp_path / "drawing"
    monkeypatch.setattr(drawn.file, "ask_save", lambda *_: path)
    drawn.all_actions["export_picture"].trigger()
    dialog = shown(drawn)
    dialog.kind.setCurrentText(kind)
    assert not dialog.scale.isVisible()
    dialog.accept_button.click()
    assert path.read_bytes().startswith(begins)


def test_print_shows_the_drawing_on_paper_first(drawn: MainWindow, press: Callable[[str], None], qtbot: QtBot) -> None:
    from PySide6.QtPrintSupport import QPrintPreviewDialog

    press("print")
    dialog = shown(drawn)
    assert not dialog.kind.isVisible()
    assert dialog.look.currentText() == "Light"
    dialog.accept_button.click()
    preview = drawn.findChild(QPrintPreviewDialog)
    assert preview is not None
    qtbot.waitUntil(preview.isVisible)
    preview.close()
