"""Nodes coloured by what a run tells of them: where a gradient vanishes is seen, and only what differs is painted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer.gui.canvas.floating.heat import DEAD, GRADIENT, SPREAD, UPDATE
from designer.gui.canvas.floating.scale import HEAT_FIRST, LAST
from designer.gui.canvas.view import Canvas
from designer.gui.live_figures import FIGURE, LiveFigures
from designer.gui.runner import Runner, State
from designer.gui.workspace import Workspace
from designer.protocol import Activation, Layer, Progress


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[Runner]:
    runner = Runner(qapp)
    yield runner
    runner.shutdown()


@pytest.fixture(autouse=True)
def live(canvas: Canvas, workspace: Workspace, runner: Runner) -> LiveFigures:
    live = LiveFigures(workspace, runner, canvas)
    canvas.colouring.follow_run(live)
    runner.run = "run"
    runner.state_changed.emit(State.TRAINING)
    return live


def tell(runner: Runner, step: int = 1, **gradients: float | None) -> None:
    layers = {name.replace("__", "."): Layer(1.0, norm, 1e-3) for name, norm in gradients.items()}
    outputs = {"relu1": Activation(0.1, 0.5, 0.25), "conv1": Activation(0.0, 1.0)}
    runner.told.emit(Progress("run", step, 1, (0.7,), layers, activations=outputs))


def at(**steps: int) -> dict[str, int]:
    """Steps from too little to too much."""
    return {name: HEAT_FIRST + step for name, step in steps.items()}


def test_a_vanishing_gradient_is_seen_where_it_vanishes(qtbot: QtBot, canvas: Canvas, runner: Runner) -> None:
    canvas.colouring.choose(GRADIENT)
    assert canvas.colouring.legend.text == "Gradient norm: none"
    tell(runner, conv1=1e-12, lstm1=1e-3, fc1=None)
    qtbot.waitUntil(lambda: canvas.design.look.steps == at(conv1=0, lstm1=3, fc1=LAST))
    assert canvas.design.nodes["relu1"].hue == "#", "it has no weights"
    assert canvas.colouring.legend.text == "Gradient norm: 1e-9, vanished to 1e5, exploding"
    canvas.colouring.choose(UPDATE)
    assert set(canvas.design.look.steps or ()) == {"conv1", "lstm1", "fc1"}
    canvas.colouring.choose(DEAD)
    assert canvas.design.look.steps == {"relu1": 2}
    canvas.colouring.choose(SPREAD)
    assert set(canvas.design.look.steps or ()) == {"relu1", "conv1"}


def test_a_group_shows_what_is_inside_and_inside_each_layer_shows_its_own(
    qtbot: QtBot, canvas: Canvas, workspace: Workspace, runner: Runner
) -> None:
    tell(runner, block1__0__fc=1e-9, block1__1__fc=1e3, fc1=1e-3)
    canvas.colouring.choose(GRADIENT)
    assert canvas.design.look.steps == at(block1=3, fc1=3)
    workspace.enter(("block1",))
    qtbot.waitUntil(lambda: canvas.design.look.steps == at(fc=0))


def test_only_what_differs_is_painted_again(
    qtbot: QtBot, canvas: Canvas, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(runner, conv1=1.0, fc1=1.0)
    canvas.colouring.choose(GRADIENT)
    painted: list[set[str]] = []
    before = canvas.design.recolour
    monkeypatch.setattr(canvas.design, "recolour", lambda steps, which: painted.append(which) or before(steps, which))
    for step in range(2, 50):
        tell(runner, step, conv1=1.0, fc1=1.0 + step / 100)
    tell(runner, 50, conv1=1.0, fc1=1e-6)
    qtbot.waitUntil(lambda: bool(painted))
    assert painted == [{"fc1"}]


def test_the_past_of_a_layer_is_kept_thinner_the_longer_it_is(live: LiveFigures, runner: Runner) -> None:
    for step in range(1, 3001):
        tell(runner, step, conv1=float(step))
    steps, values = live.series(FIGURE["gradient_norm"], "conv1")
    assert 250 < len(steps) < 1000
    assert (steps[0], steps[-1]) == (1.0, 3000.0)
    assert values.tolist() == steps.tolist()
