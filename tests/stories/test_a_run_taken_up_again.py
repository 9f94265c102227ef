"""A training whose process is killed is found in the runs, taken up again, and used after the program was closed."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QToolButton
from pytestqt.qtbot import QtBot

from designer import run_folder
from designer.graph import edits
from designer.gui.runner import State

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow

PATIENCE = 180_000
"""Milliseconds that the worker may take to start on a busy machine."""


def press(window: MainWindow, action: str) -> None:
    QTest.keySequence(window, window.all_actions[action].shortcut())


def click(window: MainWindow, name: str) -> None:
    """Press a button of the runs panel."""
    panel = window.docks.runs
    (button,) = (
        each for each in panel.findChildren(QToolButton) if each.defaultAction() is panel.actions_of_runs[name]
    )
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def choose_the_run(qtbot: QtBot, window: MainWindow, state: str) -> None:
    """Go to the runs and click the only one, once it is what it should be."""
    press(window, "show_runs")
    panel = window.docks.runs
    qtbot.waitUntil(lambda: [str(row.state) for row in panel.model.rows] == [state], timeout=PATIENCE)
    at = panel.table.visualRect(panel.model.index(0, 1)).center()
    QTest.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert len(panel.selected) == 1


def test_a_killed_run_goes_on_and_its_weights_are_there_in_the_next_window(
    qtbot: QtBot,
    open_window: Callable[[], MainWindow],
    file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = open_window()
    qtbot.waitUntil(window.isActiveWindow)
    window.open(file)
    window.workspace.commit_whole(lambda document: edits.change_training(document, {"epochs": 100_000}), "Train long")
    window.workspace.save(file)
    press(window, "train")
    run = window.runs.current
    assert run is not None, window.messages.text
    qtbot.waitUntil(lambda: bool(run_folder.position(run.folder)), timeout=PATIENCE)
    os.kill(window.runner.process_id, signal.SIGKILL)
    qtbot.waitUntil(lambda: window.runner.state is State.IDLE, timeout=PATIENCE)
    before = np.fromfile(run.folder / run_folder.LOSSES, "<f4")
    step = run_folder.position(run.folder)["step"]

    choose_the_run(qtbot, window, "interrupted")
    click(window, "resume")
    again = window.runs
    qtbot.waitUntil(lambda: again.current is not run and again.current is not None, timeout=PATIENCE)
    qtbot.waitUntil(
        lambda: again.current.started is not None and again.current.losses.count > step + 7, timeout=PATIENCE
    )
    assert again.current.started.step == step
    assert again.current.folder == run.folder
    assert np.array_equal(again.current.losses.values[:step].astype("<f4"), before[:step])
    assert [epoch.epoch for epoch in again.current.epochs] == list(range(1, len(again.current.epochs) + 1))
    press(window, "stop")
    qtbot.waitUntil(lambda: window.runner.state is State.IDLE, timeout=PATIENCE)
    assert window.close()

    window = open_window()
    qtbot.waitUntil(window.isActiveWindow)
    window.open(file)
    assert window.runs.weights is None
    choose_the_run(qtbot, window, "stopped")
    click(window, "use")
    qtbot.waitUntil(lambda: window.runs.weights is not None, timeout=PATIENCE)
    assert not window.runs.outdated
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "iris.safetensors"), ""))
    press(window, "export_weights")
    assert (tmp_path / "iris.safetensors").read_bytes() == (run.folder / run_folder.BEST).read_bytes()
