"""A network on one whole graph, drawn in the window from the palette and trained there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pytestqt.qtbot import QtBot

from designer.graph import edits
from designer.resources import samples

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow

Press = Callable[[str], None]
LONG = 180_000
"""Milliseconds that a run may take on a busy machine, torch's start included."""


def test_a_network_on_the_club_is_drawn_from_the_palette_and_by_fixes(window: MainWindow, press: Press) -> None:
    press("new")
    workspace = window.workspace
    workspace.commit_whole(lambda document: edits.change_data(document, {"source": "karate"}), "Choose the data")
    members = workspace.add("Input")
    for name in ("GCNConv", "ReLU", "GCNConv", "Output"):
        last = workspace.add(name)
    edges = workspace.add("Input", (0.0, 220.0))
    nodes = workspace.document.nodes
    assert nodes[members].settings == {"shape": (34, 34), "batched": False}
    assert nodes[edges].settings == {"shape": (2, 156), "dtype": "int64", "batched": False}
    assert [problem.port for problem in workspace.report.problems if problem.port] == ["edge_index"] * 2
    for _ in range(2):
        press("first_fix")
    assert workspace.report.problems == ()
    change = {"loss": "CrossEntropyLoss"}
    workspace.commit(lambda document: edits.change_settings(document, last, change), "Choose the loss")
    assert [problem.code for problem in workspace.report.problems] == ["output-width"]
    press("first_fix")
    assert workspace.report.problems == ()


def test_the_sample_learns_in_the_window(qtbot: QtBot, window: MainWindow, press: Press) -> None:
    window.open(next(path for path in samples() if path.stem == "karate_gcn"))
    press("train")
    qtbot.waitUntil(lambda: not window.runs.busy and window.runs.current is not None, timeout=LONG)
    run = window.runs.current
    assert run is not None
    assert run.finished is not None
    assert (run.finished.metrics["test_accuracy"] or 0) > 0.8
    assert "34 examples, the nodes of one graph" in window.docks.data.facts.text()
