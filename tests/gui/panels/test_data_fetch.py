"""Fetching a set in the data panel: nothing comes over the network unless it is asked for, and it can be given up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from openml_server import Answers, answering
from pytestqt.qtbot import QtBot

from designer.compiler.lowering.recipe import training_problems
from designer.graph import edits
from designer.gui.panels.data_fetch import DataFetch
from designer.gui.workspace import Workspace

PATIENCE = 20_000
ROWS = b"@RELATION points\n@ATTRIBUTE x REAL\n@ATTRIBUTE y {a,b}\n@DATA\n" + b"1.5,a\n2.5,b\n" * 50_000


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Answers]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with answering() as found:
        monkeypatch.setenv("NETWRIGHT_OPENML", found.address)
        found.offer(7, "points", ROWS, default_target_attribute="y")
        yield found


@pytest.fixture
def part(qtbot: QtBot, workspace: Workspace, server: Answers) -> Iterator[DataFetch]:
    """The part of the panel, of a design that names a set."""
    workspace.commit_whole(lambda document: edits.change_data(document, {"source": "openml", "name": "points"}), "Name")
    part = DataFetch(workspace)
    workspace.changed.connect(lambda *_: part.show_data(workspace.document.data))
    part.show_data(workspace.document.data)
    qtbot.addWidget(part)
    assert not server.asked
    yield part
    part.fetching.wait()


def told(workspace: Workspace) -> str:
    return " ".join(problem.message for problem in workspace.report.problems if problem.code.startswith("data"))


def test_a_set_comes_when_the_button_is_pressed_and_then_the_check_knows_it(
    qtbot: QtBot, workspace: Workspace, part: DataFetch, server: Answers
) -> None:
    qtbot.waitUntil(lambda: "Fetch it in the Data panel" in told(workspace), timeout=PATIENCE)
    assert not part.isHidden()
    assert not server.asked
    part.fetch.click()
    qtbot.waitUntil(lambda: workspace.report.facts is not None, timeout=PATIENCE)
    assert workspace.report.facts is not None
    assert workspace.report.facts.examples == 100_000
    assert part.isHidden()


def test_what_is_under_way_is_shown_and_can_be_given_up(
    qtbot: QtBot, workspace: Workspace, part: DataFetch, server: Answers, tmp_path: Path
) -> None:
    server.gate = threading.Event()
    part.fetch.click()
    qtbot.waitUntil(lambda: part.bar.value() > 0, timeout=PATIENCE)
    assert "MB of 0.6" in part.said.text().replace("\u200b", "")
    assert part.fetch.isHidden()
    part.cancel.click()
    server.gate.set()
    qtbot.waitUntil(lambda: not part.fetching.key, timeout=PATIENCE)
    assert part.said.isHidden()
    assert not part.fetch.isHidden()
    assert not list((tmp_path / "cache" / "netwright" / "openml").iterdir())
    assert workspace.report.facts is None


def test_a_set_that_does_not_come_says_why(qtbot: QtBot, part: DataFetch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETWRIGHT_OPENML", "http://127.0.0.1:1")
    part.fetch.click()
    said = part.said
    qtbot.waitUntil(lambda: "OpenML does not answer" in said.text().replace("\u200b", ""), timeout=PATIENCE)
    assert not part.fetching.key


def test_a_well_known_set_is_known_before_it_is_here_but_not_trained(
    qtbot: QtBot, workspace: Workspace, part: DataFetch
) -> None:
    values = {"source": "mnist", "name": None}
    workspace.commit_whole(lambda document: edits.change_data(document, values), "Choose")
    assert workspace.report.facts is not None
    assert workspace.report.facts.fields["image"].spec.shape == (1, 28, 28)
    qtbot.waitUntil(lambda: "mnist_784 of OpenML is not on this machine" in told(workspace), timeout=PATIENCE)
    assert "data-absent" in [problem.code for problem in training_problems(workspace.report)]
    assert not part.isHidden()
