"""The application around the window: its own faults, Ctrl+C, and how it starts and ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow


def raised(message: str) -> BaseException:
    """An exception with a traceback, always from the same line."""
    try:
        raise ZeroDivisionError(message)
    except ZeroDivisionError as error:
        return error


def test_a_fault_of_our_own_is_shown_once_with_a_report_to_copy(
    qtbot: QtBot, window: MainWindow, caplog: pytest.LogCaptureFixture
) -> None:
    from designer.gui.application import Faults

    faults = Faults(window)
    for message in ("first", "second"):
        error = raised(message)
        faults.take(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: len(window.findChildren(QMessageBox)) == 1)
    (box,) = window.findChildren(QMessageBox)
    assert "Your design is still open" in box.text()
    copy = next(button for button in box.buttons() if button.text() == "Copy report")
    QTest.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert "ZeroDivisionError: first" in QGuiApplication.clipboard().text()
    assert len([record for record in caplog.records if record.levelname == "CRITICAL"]) == 2
    assert window.isVisible()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send to another process")
def test_ctrl_c_in_the_terminal_closes_the_window(home: Path, file: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from designer import app; from designer.gui import application\n"
        "class Telling(application.MainWindow):\n"
        "    def showEvent(self, event):\n"
        "        super().showEvent(event); print('open', flush=True)\n"
        "application.MainWindow = Telling\n"
        f"sys.exit(app.open_window(Path({str(file)!r})))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "HOME": str(home)},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0, told
    assert "Traceback" not in told
