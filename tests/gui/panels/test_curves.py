"""The curves panel: it draws what a run tells, not more often than the eye sees, and not at all unseen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from designer import protocol
from designer.gui.loss_curve import Losses
from designer.gui.panels.curves import CurvesPanel
from designer.gui.panels.plot import MOST_POINTS
from designer.gui.runner import Runner
from designer.gui.runs import Run, Runs
from designer.gui.theme import DARK, Appearance
from designer.gui.workspace import Workspace


@pytest.fixture
def runs(workspace: Workspace, tmp_path: Path) -> Iterator[Runs]:
    runner = Runner()
    runs = Runs(workspace, runner, tmp_path)
    runs.current = Run(tmp_path / "run", workspace.document, 32)
    yield runs
    runner.shutdown()


@pytest.fixture
def panel(qtbot: QtBot, appearance: Appearance, runs: Runs) -> CurvesPanel:
    panel = CurvesPanel(appearance, runs)
    qtbot.addWidget(panel)
    panel.resize(900, 320)
    panel.show()
    return panel


def told(runs: Runs, event: protocol.Progress | protocol.Epoch) -> None:
    """What the worker tells of the run under way."""
    runs.runner.told.emit(event)


def progress(runs: Runs, count: int, loss: float = 1.0) -> protocol.Progress:
    assert runs.current is not None
    step = runs.current.losses.count + count
    return protocol.Progress(str(runs.current.folder), step, 1, tuple(loss / (k + 1) for k in range(count)))


def epoch(runs: Runs, number: int) -> protocol.Epoch:
    assert runs.current is not None
    metrics = {
        "train_loss": 1 / number,
        "validation_loss": 2 / number,
        "train_accuracy": 0.5,
        "validation_accuracy": 0.4,
    }
    return protocol.Epoch(str(runs.current.folder), number, 10 * number, metrics, best=True)


def test_it_draws_the_losses_and_the_points_of_the_epochs(qtbot: QtBot, panel: CurvesPanel, runs: Runs) -> None:
    told(runs, progress(runs, 10))
    told(runs, epoch(runs, 1))
    qtbot.waitUntil(lambda: "validation 2" in panel.loss.values_at(10))
    assert panel.loss.values_at(1).startswith("step 1: each step 1, smoothed 1")
    qtbot.waitUntil(lambda: panel.chosen.currentText() == "accuracy")
    qtbot.waitUntil(lambda: panel.other.values_at(10) == "step 10: training 0.5, validation 0.4")


def test_it_does_not_draw_at_every_message(qtbot: QtBot, panel: CurvesPanel, runs: Runs) -> None:
    before = panel.drawn
    for _ in range(500):
        told(runs, progress(runs, 10))
    assert panel.drawn - before <= 1
    qtbot.waitUntil(lambda: len(panel.loss.values_at(5000)) > 0 and panel.drawn > before)


def test_it_does_not_draw_while_nobody_looks(qtbot: QtBot, panel: CurvesPanel, runs: Runs) -> None:
    panel.hide()
    before = panel.drawn
    told(runs, progress(runs, 10))
    panel.show()
    qtbot.waitUntil(lambda: panel.drawn == before + 1)
    panel.set_in_front(False)
    told(runs, progress(runs, 10))
    assert panel.drawn == before + 1
    panel.set_in_front(True)
    assert panel.drawn == before + 2


def test_a_logarithmic_scale_leaves_out_what_has_no_logarithm(panel: CurvesPanel, runs: Runs) -> None:
    told(runs, progress(runs, 5, loss=0.0))
    told(runs, progress(runs, 5))
    panel.logarithmic.click()
    panel.grab()
    panel.logarithmic.click()
    panel.grab()


def test_the_pointer_shows_the_values(qtbot: QtBot, panel: CurvesPanel, runs: Runs) -> None:
    told(runs, progress(runs, 100))
    qtbot.waitUntil(lambda: panel.loss.values_at(5) != "")
    panel.grab()
    view = panel.loss.viewport()
    with qtbot.waitSignal(panel.loss.pointed, check_params_cb=lambda text: "smoothed" in text):
        QTest.mouseMove(view, QPoint(view.width() // 2, view.height() // 2))
    panel.loss.leave()
    assert panel.values.text() == ""


def test_a_run_of_a_million_steps_is_drawn_in_a_moment(qtbot: QtBot, panel: CurvesPanel, runs: Runs) -> None:
    assert runs.current is not None
    losses = runs.current.losses
    losses._room = np.random.default_rng(0).random((2, 1_000_000))
    losses.count = 1_000_000
    told(runs, progress(runs, 1))
    qtbot.waitUntil(lambda: "step 1,000,001" in panel.loss.values_at(1_000_001))
    panel.grab()


def test_it_says_where_curves_will_be_when_there_are_none(qtbot: QtBot, appearance: Appearance, runs: Runs) -> None:
    runs.current = None
    panel = CurvesPanel(appearance, runs)
    qtbot.addWidget(panel)
    panel.show()
    assert not panel.loss.isVisible()


def test_the_smoothed_loss_follows_from_the_first_steps(runs: Runs) -> None:
    assert runs.current is not None
    losses = runs.current.losses
    losses.add((2.0, 1.0))
    assert losses.smooth[0] == 2.0
    assert 1.4 < losses.smooth[1] < 1.5
    losses.add((None, *[0.0] * 40))
    assert losses.smooth[2] == losses.smooth[1]
    assert losses.smooth[-1] < 0.03


def test_the_legend_stands_above_the_plot_and_takes_the_theme(
    qtbot: QtBot, panel: CurvesPanel, runs: Runs, appearance: Appearance
) -> None:
    told(runs, progress(runs, 10))
    told(runs, epoch(runs, 1))
    qtbot.waitUntil(lambda: "validation" in panel.loss.legend.text())
    before = panel.loss.legend.text()
    appearance.choose(DARK)
    assert panel.loss.legend.text() != before
    assert panel.loss.legend.geometry().bottom() <= panel.loss.geometry().top()


def test_no_step_before_the_first_is_shown(qtbot: QtBot, panel: CurvesPanel, runs: Runs) -> None:
    told(runs, epoch(runs, 1))
    qtbot.waitUntil(lambda: panel.other.values_at(10) != "")
    panel.grab()
    assert panel.other.getPlotItem().viewRange()[0][0] >= 0


def test_it_can_be_made_narrow(panel: CurvesPanel, runs: Runs) -> None:
    told(runs, progress(runs, 10))
    told(runs, epoch(runs, 1))
    assert panel.minimumSizeHint().width() <= 420


def test_a_long_title_ends_in_dots_where_there_is_no_room(qtbot: QtBot, panel: CurvesPanel, runs: Runs) -> None:
    assert runs.current is not None
    runs.current.folder = runs.current.folder.with_name("A-network-with-a-name-that-goes-on-and-on-20260101-120000")
    runs.changed.emit()
    panel.resize(500, 320)
    qtbot.waitUntil(lambda: panel.title.shown.endswith("…"))
    panel.resize(2000, 320)
    qtbot.waitUntil(lambda: panel.title.shown == panel.title.text())


def test_smoothing_is_a_slider_and_one_step_is_the_loss_itself(qtbot: QtBot, panel: CurvesPanel, runs: Runs) -> None:
    told(runs, progress(runs, 50))
    qtbot.waitUntil(lambda: "step 50" in panel.loss.values_at(50))
    before = panel.loss.values_at(50)
    panel.smoothing.setValue(0)
    qtbot.waitUntil(lambda: panel.loss.values_at(50) != before)
    assert panel.loss.values_at(50) == "step 50: each step 0.02, smoothed 0.02"


def test_learning_rate_throughput_and_memory_are_among_the_metrics(
    qtbot: QtBot, panel: CurvesPanel, runs: Runs
) -> None:
    for step in (1, 2):
        assert runs.current is not None
        name = str(runs.current.folder)
        event = protocol.Progress(
            name, step, 1, (0.5,), steps_per_second=10.0, learning_rate=0.1 / step, memory=step * 2**20
        )
        told(runs, event)
    told(runs, epoch(runs, 1))
    qtbot.waitUntil(lambda: panel.chosen.currentText() == "accuracy")
    for name, said in (("learning rate", "0.05"), ("examples/s", "320"), ("memory (MiB)", "2")):
        panel.chosen.setCurrentText(name)
        panel.chosen.activated.emit(panel.chosen.currentIndex())
        qtbot.waitUntil(lambda name=name, said=said: panel.other.values_at(2) == f"step 2: {name} {said}")
    told(runs, epoch(runs, 2))
    assert panel.chosen.currentText() == "memory (MiB)", "what was chosen by hand stays"


def test_a_million_points_keep_their_peaks_and_a_part_shows_more(qtbot: QtBot, panel: CurvesPanel, runs: Runs) -> None:
    assert runs.current is not None
    losses = np.ones(1_000_000)
    losses[777_776] = 9.0
    told(runs, protocol.Progress(str(runs.current.folder), 1_000_000, 1, tuple(losses.tolist())))
    plot = panel.loss
    qtbot.waitUntil(lambda: "step 777,777: each step 9" in plot.values_at(777_777))
    drawn = plot._items["each step"]
    assert len(drawn.xData) <= 2 * MOST_POINTS
    assert np.nanmax(drawn.yData) == 9.0
    plot.getViewBox().setXRange(777_700, 777_900, padding=0)
    assert 777_777 in drawn.xData, "every step is drawn in so small a part"
    assert len(drawn.xData) < 300
    plot.show_all()
    assert drawn.xData[0] == 1
    assert plot.shows_all


def test_the_smoothed_course_is_right_from_the_first_step_and_over_what_is_not_finite() -> None:
    values = [3.0, 1.0, None, 2.0, 5.0]
    losses, mean, weight, wanted = Losses(), 0.0, 0.0, []
    losses.add(tuple(values[:2]))
    losses.add(tuple(values[2:]))
    for value in values:
        if value is not None:
            mean, weight = mean + (value - mean) / 10, weight + (1 - weight) / 10
        wanted.append(mean / weight)
    assert losses.smooth.tolist() == pytest.approx(wanted)
    losses.smooth_over(1)
    assert losses.smooth.tolist() == pytest.approx([3.0, 1.0, np.nan, 2.0, 5.0], nan_ok=True)
