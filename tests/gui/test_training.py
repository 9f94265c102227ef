"""Training in the window, with the real worker: a run from the first key to the exported weights, and its mishaps."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from designer.graph import edits, files
from designer.gui.runner import State

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow

Press = Callable[[str], None]
LONG = 180_000
"""Milliseconds that a run may take on a busy machine, torch's start included."""


def set_training(window: MainWindow, **values: object) -> None:
    window.workspace.commit_whole(lambda document: edits.change_training(document, values), "Change the training")


def done(window: MainWindow) -> bool:
    run = window.runs.current
    return run is not None and run.finished is not None and not window.runs.busy


def begun(qtbot: QtBot, window: MainWindow, press: Press, file: Path) -> None:
    """A run without end, under way."""
    window.open(file)
    set_training(window, epochs=100_000)
    press("train")
    qtbot.waitUntil(lambda: window.runs.current is not None and window.runs.current.losses.count > 0, timeout=LONG)


def test_a_run_from_the_key_to_the_weights(
    qtbot: QtBot,
    window: MainWindow,
    press: Press,
    file: Path,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window.open(file)
    press("train")
    assert not window.all_actions["train"].isEnabled()
    assert "A training is under way." in window.all_actions["train"].toolTip()
    qtbot.waitUntil(lambda: done(window), timeout=LONG)
    run = window.runs.current
    assert run is not None
    assert run.folder.is_relative_to(home)
    assert run.folder.name.startswith("Iris-")
    assert files.read(run.folder / "design.netwright").nodes == window.workspace.document.nodes
    assert run.started is not None
    assert run.losses.count == 3 * run.started.steps_per_epoch
    assert "Done after" in window.docks.training.status.progress.text()
    qtbot.waitUntil(lambda: "validation" in window.docks.curves.loss.values_at(1))
    qtbot.waitUntil(lambda: window.docks.curves.chosen.currentText() == "accuracy")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "iris.safetensors"), ""))
    press("export_weights")
    assert (tmp_path / "iris.safetensors").read_bytes() == (run.folder / "best.safetensors").read_bytes()


def test_the_weights_of_an_earlier_run_are_not_those_of_the_next(
    qtbot: QtBot, window: MainWindow, press: Press, file: Path
) -> None:
    window.open(file)
    press("train")
    qtbot.waitUntil(lambda: done(window), timeout=LONG)
    assert window.runs.weights is not None
    press("train")
    assert window.runs.weights is None
    qtbot.waitUntil(lambda: done(window), timeout=LONG)
    assert window.runs.current is not None
    assert window.runs.weights == window.runs.current.folder / "best.safetensors"


def test_one_epoch_more_goes_on_with_the_last_run(qtbot: QtBot, window: MainWindow, press: Press, file: Path) -> None:
    window.open(file)
    assert not window.all_actions["more"].isEnabled()
    press("train")
    qtbot.waitUntil(lambda: done(window), timeout=LONG)
    QTest.mouseClick(window.docks.training.status.more, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: done(window), timeout=LONG)
    run = window.runs.current
    assert run is not None
    assert [epoch.epoch for epoch in run.epochs] == [1, 2, 3, 4]
    assert run.losses.count == run.epochs[-1].step


def test_pause_resume_and_stop_from_the_keys(qtbot: QtBot, window: MainWindow, press: Press, file: Path) -> None:
    begun(qtbot, window, press, file)
    press("pause")
    qtbot.waitUntil(lambda: window.runner.state is State.PAUSED, timeout=LONG)
    assert window.all_actions["pause"].text() == "&Resume"
    assert window.docks.training.status.pause.text() == "Resume"
    assert "paused" in window.docks.training.status.progress.text()
    press("pause")
    qtbot.waitUntil(lambda: window.runner.state is State.TRAINING, timeout=LONG)
    press("stop")
    qtbot.waitUntil(lambda: done(window), timeout=LONG)
    assert "Stopped after" in window.docks.training.status.progress.text()
    assert window.runs.weights is not None


def test_a_worker_killed_in_training_is_one_sentence_and_the_next_run_trains(
    qtbot: QtBot, window: MainWindow, press: Press, file: Path
) -> None:
    begun(qtbot, window, press, file)
    os.kill(window.runner.process_id, signal.SIGKILL)
    qtbot.waitUntil(lambda: bool(window.messages.text), timeout=LONG)
    assert window.messages.text.startswith("The training process ended unexpectedly")
    assert [row.problem.code for row in window.docks.problems.rows if row.problem] == ["worker-died"]
    qtbot.waitUntil(lambda: window.runner.state is State.IDLE, timeout=LONG)
    set_training(window, epochs=2)
    press("train")
    qtbot.waitUntil(lambda: done(window), timeout=LONG)
    assert window.messages.text == ""


def test_the_design_stays_editable_and_the_run_is_marked_as_of_an_earlier_one(
    qtbot: QtBot, window: MainWindow, press: Press, file: Path
) -> None:
    begun(qtbot, window, press, file)
    window.workspace.commit(lambda document: edits.move(document, {"relu": (500.0, 90.0)}), "Move relu")
    assert not window.runs.outdated, "where a layer stands changes nothing"
    window.workspace.commit(lambda document: edits.change_settings(document, "hidden", {"out_features": 9}), "Change")
    assert window.runs.outdated
    assert not window.docks.training.status.earlier.isHidden()
    qtbot.waitUntil(lambda: not window.docks.curves.earlier.isHidden())
    press("undo")
    assert not window.runs.outdated
    press("stop")
    qtbot.waitUntil(lambda: done(window), timeout=LONG)


def test_what_keeps_from_training_is_said_with_its_mend(window: MainWindow, press: Press, file: Path) -> None:
    window.open(file)
    window.workspace.commit(lambda document: edits.change_settings(document, "species", unset=("loss",)), "No loss")
    press("train")
    assert not window.runs.busy
    assert "species has no loss" in window.messages.text
    row = window.docks.training.status.problems[0]
    assert row.problem is not None
    assert row.problem.code == "no-loss"
    QTest.mouseClick(row.fixes.buttons[0], Qt.MouseButton.LeftButton)
    assert window.workspace.document.nodes["species"].settings["loss"] == "CrossEntropyLoss"
    assert window.runs.problems == ()
    assert row.isHidden()


def test_without_data_the_bar_leads_to_the_data_panel(window: MainWindow, press: Press, file: Path) -> None:
    window.open(file)
    window.workspace.commit_whole(lambda document: edits.change_data(document, {"source": None}), "No data")
    press("train")
    assert "No data is chosen." in window.messages.text
    QTest.mouseClick(window.messages.button, Qt.MouseButton.LeftButton)
    assert window.docks.data.isAncestorOf(window.focusWidget())


def test_a_run_that_becomes_infinite_names_the_layer(
    qtbot: QtBot, window: MainWindow, press: Press, file: Path
) -> None:
    window.open(file)
    set_training(window, optimizer={"kind": "SGD", "lr": 1e30}, epochs=50)
    press("train")
    qtbot.waitUntil(lambda: bool(window.messages.text), timeout=LONG)
    assert "no longer a finite number" in window.messages.text
    problem = window.runs.current.problem if window.runs.current else None
    assert problem is not None
    if problem.node is not None:
        QTest.mouseClick(window.messages.button, Qt.MouseButton.LeftButton)
        assert window.workspace.selection == {problem.node}


def test_onnx_is_written_by_the_worker(
    qtbot: QtBot, window: MainWindow, press: Press, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("onnxscript")
    window.open(file)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "iris.onnx"), ""))
    press("export_onnx")
    qtbot.waitUntil(lambda: "iris.onnx is written" in window.messages.text, timeout=LONG)
    assert (tmp_path / "iris.onnx").stat().st_size > 0


def test_closing_the_window_in_training_ends_the_worker(
    qtbot: QtBot, window: MainWindow, press: Press, file: Path
) -> None:
    begun(qtbot, window, press, file)
    process = window.runner.process_id
    window.workspace.save(file)
    assert window.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_mend_made_elsewhere_takes_the_bar_away(window: MainWindow, press: Press, file: Path) -> None:
    window.open(file)
    window.workspace.commit(lambda document: edits.change_settings(document, "species", unset=("loss",)), "No loss")
    press("train")
    assert window.messages.text
    press("undo")
    assert window.messages.text == ""


def test_a_worker_that_dies_while_it_writes_onnx_is_told(
    qtbot: QtBot, window: MainWindow, press: Press, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.open(file)
    qtbot.waitUntil(lambda: window.runner.state is State.IDLE, timeout=LONG)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "iris.onnx"), ""))
    press("export_onnx")
    os.kill(window.runner.process_id, signal.SIGKILL)
    qtbot.waitUntil(lambda: "ended unexpectedly" in window.messages.text, timeout=LONG)


def test_another_design_shows_nothing_of_the_run_before(
    qtbot: QtBot, window: MainWindow, press: Press, file: Path
) -> None:
    window.open(file)
    window.show_panel("parameters")
    press("train")
    qtbot.waitUntil(lambda: done(window), timeout=LONG)
    assert window.runs.live.now.layers
    other = file.with_name("other.netwright")
    other.write_bytes(file.read_bytes())
    window.open(other)
    assert window.runs.current is None
    assert not window.runs.live.now.layers
    assert not window.all_actions["more"].isEnabled()
    assert not window.all_actions["export_weights"].isEnabled()
    assert not window.docks.training.status.progress.isVisibleTo(window)
    window.open(file)
    assert window.runs.current is not None
    assert window.all_actions["more"].isEnabled()


def test_a_run_that_outlives_its_design_says_so_and_leaves_it_no_weights(
    qtbot: QtBot, window: MainWindow, press: Press, file: Path
) -> None:
    begun(qtbot, window, press, file)
    window.workspace.open(file)
    assert "another design" in window.docks.training.status.earlier.text()
    press("stop")
    qtbot.waitUntil(lambda: done(window), timeout=LONG)
    assert window.runs.weights is None
    assert not window.all_actions["more"].isEnabled()
    press("train")
    qtbot.waitUntil(lambda: window.runner.state is State.TRAINING, timeout=LONG)
    assert not window.docks.training.status.earlier.isVisibleTo(window)


def test_training_brings_the_curves_forward_unless_the_live_figures_are_watched(
    qtbot: QtBot, window: MainWindow, press: Press, file: Path
) -> None:
    begun(qtbot, window, press, file)
    assert window.docks.is_in_front("curves")
    press("stop")
    qtbot.waitUntil(lambda: done(window), timeout=LONG)
    window.show_panel("parameters")
    press("train")
    assert window.docks.is_in_front("parameters")
    assert not window.docks.is_in_front("curves")


def test_a_held_run_takes_one_step_and_another_learning_rate(
    qtbot: QtBot, window: MainWindow, press: Press, file: Path
) -> None:
    begun(qtbot, window, press, file)
    press("pause")
    qtbot.waitUntil(lambda: window.runner.state is State.PAUSED, timeout=LONG)
    run, steering = window.runs.current, window.docks.training.status.steering
    assert run is not None
    before = run.step
    steering.step.click()
    qtbot.waitUntil(lambda: run.step > before, timeout=LONG)
    steering.rate.setText("minus one")
    steering.rate.returnPressed.emit()
    assert "must be a number" in steering.refusal.text()
    steering.rate.setText("0.25")
    steering.rate.returnPressed.emit()
    qtbot.waitUntil(lambda: run.progress is not None and run.progress.learning_rate == 0.25, timeout=LONG)
    assert window.runner.state is State.PAUSED
    press("stop")
    qtbot.waitUntil(lambda: done(window), timeout=LONG)
    window.docks.training.status.epochs.setValue(2)
    epochs = run.finished.epochs if run.finished is not None else 0
    window.docks.training.status.more.click()
    qtbot.waitUntil(lambda: done(window), timeout=LONG)
    assert run.finished is not None
    assert run.finished.epochs == epochs + 2


def test_a_learning_rate_is_found_by_the_worker(qtbot: QtBot, window: MainWindow, file: Path) -> None:
    window.open(file)
    finder = window.docks.training.finder
    finder.button.click()
    assert finder.searching
    qtbot.waitUntil(lambda: not finder.searching, timeout=LONG)
    assert finder.found is not None
    assert finder.found.problem is None
    assert len(finder.found.rates) > 10
