"""Advice in the training panel: it comes while the run goes wrong, mends it by a click, and goes when it is over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from designer import protocol
from designer.graph.document import Document
from designer.gui.panels.advice import Advice
from designer.gui.runner import Runner
from designer.gui.runs import Runs
from designer.gui.theme import Appearance
from designer.gui.workspace import Workspace


@pytest.fixture
def runs(workspace: Workspace, runner: Runner, iris: Document, tmp_path: Path) -> Iterator[Runs]:
    workspace.commit_whole(lambda _: iris, "Open the design")
    runs = Runs(workspace, runner, tmp_path / "runs")
    yield runs
    runner.shutdown()


@pytest.fixture
def advice(qtbot: QtBot, workspace: Workspace, appearance: Appearance, runs: Runs) -> Advice:
    advice = Advice(workspace, appearance, runs)
    qtbot.addWidget(advice)
    return advice


def begin(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> str:
    """Press Train, with the test in place of the worker."""
    monkeypatch.setattr(runs.runner, "train", lambda _request: None)
    assert runs.train()
    assert runs.current is not None
    return str(runs.current.folder)


def tell(runs: Runs, run: str, step: int, *losses: float) -> None:
    runs.runner.told.emit(protocol.Progress(run, step, 1, losses, {}))


def test_a_loss_that_grows_is_told_mended_by_a_click_and_forgotten_by_the_next_run(
    qtbot: QtBot, advice: Advice, runs: Runs, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begin(runs, monkeypatch)
    runs.runner.told.emit(protocol.Started(run, "cpu", 10, 10, {"train": 100}))
    tell(runs, run, 5, *[1.1] * 5)
    assert advice.isHidden(), "too early to say anything"
    with qtbot.waitSignal(advice.changed):
        tell(runs, run, 60, *[50.0] * 55)
    assert [problem.code for problem in advice.found] == ["diverging"]
    (row,) = advice.rows
    qtbot.mouseClick(row.fixes.buttons[0], Qt.MouseButton.LeftButton)
    assert workspace.document.training["optimizer"] == {"kind": "Adam", "lr": 0.001}
    with qtbot.waitSignal(advice.changed):
        tell(runs, run, 200, *[0.3] * 140)
    assert advice.found == (), "it is over"
    begin(runs, monkeypatch)
    assert advice.isHidden()


def test_what_was_seen_before_the_first_step_is_told_at_once(
    qtbot: QtBot, advice: Advice, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begin(runs, monkeypatch)
    omens = protocol.Omens(balance={"species": (90, 5, 5)})
    with qtbot.waitSignal(advice.changed):
        runs.runner.told.emit(protocol.Started(run, "cpu", 10, 10, {"train": 100}, omens))
    assert "90%" in advice.rows[0].accessibleName()
    assert advice.found[0].node == "species"
