"""The training panel as a person uses it; what a run shows in it is tested with the window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from designer import protocol
from designer.catalogue import LOSSES, OPTIMIZERS, SCHEDULES
from designer.graph import edits
from designer.graph.document import Node
from designer.gui.panels.run_status import duration, figure
from designer.gui.panels.setting_fields import ChoiceField, TextField
from designer.gui.panels.training import TrainingPanel
from designer.gui.runner import Runner
from designer.gui.runs import Losses, Run, Runs, free_folder, make_folder, metric_parts
from designer.gui.theme import Appearance
from designer.gui.workspace import Workspace
from designer.problems import Problem, UserError


@pytest.fixture
def runs(workspace: Workspace, tmp_path: Path) -> Iterator[Runs]:
    runner = Runner()
    yield Runs(workspace, runner, tmp_path / "runs")
    runner.shutdown()


@pytest.fixture
def panel(qtbot: QtBot, workspace: Workspace, appearance: Appearance, runs: Runs) -> TrainingPanel:
    panel = TrainingPanel(workspace, appearance, runs)
    qtbot.addWidget(panel)
    panel.resize(340, 900)
    panel.show()
    return panel


def choose(field: object, place: int) -> None:
    """Choose an entry of a field's combo box."""
    assert isinstance(field, ChoiceField)
    field.combo.setCurrentIndex(place)
    field.combo.activated.emit(place)


def type_into(field: object, text: str) -> None:
    """Put a text in the place of another in a field."""
    assert isinstance(field, TextField)
    field.line.selectAll()
    QTest.keyClicks(field.line, text)


def test_epochs_are_one_undo_step_however_many_keys_they_take(panel: TrainingPanel, workspace: Workspace) -> None:
    type_into(panel.rows["epochs"].field, "125")
    assert workspace.document.training == {"epochs": 125}
    workspace.undo()
    assert workspace.document.training == {}


@pytest.mark.parametrize("place", range(len(OPTIMIZERS)))
def test_every_optimizer_can_be_chosen_and_set(panel: TrainingPanel, workspace: Workspace, place: int) -> None:
    name = list(OPTIMIZERS)[place]
    workspace.commit_whole(
        lambda document: edits.change_training(document, {"optimizer": {"kind": "SGD" if name != "SGD" else "Adam"}}),
        "Another one",
    )
    choose(panel.optimizer.field, place)
    assert workspace.document.training["optimizer"] == {"kind": name}
    assert panel.optimizer.lesson.text().replace("\u200b", "") == OPTIMIZERS[name].lesson()
    assert set(panel.optimizer.rows) == set(OPTIMIZERS[name].settings)
    type_into(panel.optimizer.rows["lr"].field, "0.5")
    assert workspace.document.training["optimizer"] == {"kind": name, "lr": 0.5}
    QTest.mouseClick(panel.optimizer.rows["lr"].reset, Qt.MouseButton.LeftButton)
    assert workspace.document.training["optimizer"] == {"kind": name}


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_can_be_chosen_is_drawn_and_can_be_left_again(
    panel: TrainingPanel, workspace: Workspace, name: str
) -> None:
    panel.sections["Learning rate"].head.click()
    choose(panel.schedule.field, 1 + list(SCHEDULES).index(name))
    assert workspace.document.training == {"schedule": {"kind": name}}
    assert set(panel.schedule.rows) == set(SCHEDULES[name].settings)
    assert panel.curve.isVisible()
    assert panel.curve.words.text()
    type_into(panel.rows["warmup"].field, "50")
    assert 0 < panel.curve.line.points[0][1] <= 1e-5
    choose(panel.schedule.field, 0)
    assert workspace.document.training == {"warmup": 50}


def test_a_folded_section_says_what_differs_from_the_defaults(panel: TrainingPanel, workspace: Workspace) -> None:
    section = panel.sections["Gradients"]
    assert not section.body.isVisible()
    workspace.commit_whole(
        lambda document: edits.change_training(document, {"clip_norm": 1.0, "accumulate": 4}), "Change"
    )
    assert section.summary.text() == "clip_norm 1, accumulate 4"
    section.head.click()
    assert section.body.isVisible()
    assert not section.summary.isVisible()


def test_a_schedule_that_cannot_be_read_is_not_drawn(panel: TrainingPanel, workspace: Workspace) -> None:
    panel.sections["Learning rate"].head.click()
    broken = {"schedule": {"kind": "StepLR", "step_size": "many"}, "epochs": 3}
    workspace.commit_whole(lambda document: edits.change_training(document, broken), "Change")
    assert not panel.curve.isVisible()
    workspace.undo()


def test_the_loss_is_the_outputs_own_setting(panel: TrainingPanel, workspace: Workspace) -> None:
    assert list(panel.losses) == ["digit"]
    choose(panel.losses["digit"].field, 1)
    assert workspace.document.nodes["digit"].settings == {"loss": "CrossEntropyLoss"}
    choose(panel.losses["digit"].field, 0)
    assert workspace.document.nodes["digit"].settings == {}
    workspace.undo()
    assert panel.losses["digit"].field.combo.currentText() == "Cross-entropy"


def test_a_loss_has_settings_of_its_own_which_go_with_another_loss(panel: TrainingPanel, workspace: Workspace) -> None:
    form = panel.losses["digit"]
    choose(form.field, 1 + list(LOSSES).index("FocalLoss"))
    type_into(form.rows["gamma"].field, "3")
    workspace.settle()
    assert workspace.document.nodes["digit"].settings == {"loss": "FocalLoss", "loss_settings": {"gamma": 3.0}}
    QTest.mouseClick(form.rows["gamma"].reset, Qt.MouseButton.LeftButton)
    assert workspace.document.nodes["digit"].settings == {"loss": "FocalLoss"}
    workspace.undo()
    choose(form.field, 1)
    assert workspace.document.nodes["digit"].settings == {"loss": "CrossEntropyLoss"}
    assert set(form.rows) == {"label_smoothing", "balanced"}


def test_the_weight_of_a_loss_can_be_set_where_there_are_several_outputs(
    panel: TrainingPanel, workspace: Workspace
) -> None:
    assert panel.weights == {}
    second = Node("copy", "Output", {"loss": "MSELoss", "target": "image"})
    workspace.commit(lambda document: edits.add_node(document, second), "Add")
    assert list(panel.weights) == ["digit", "copy"]
    type_into(panel.weights["copy"], "0.25")
    assert workspace.document.nodes["copy"].settings["weight"] == 0.25
    type_into(panel.weights["copy"], "-1")
    assert workspace.document.nodes["copy"].settings["weight"] == 0.25
    workspace.undo()
    assert "weight" not in workspace.document.nodes["copy"].settings
    field = panel.weights["copy"]
    assert isinstance(field, TextField)
    assert field.line.text() == "1.0"


def test_the_losses_follow_the_outputs_of_the_design(panel: TrainingPanel, workspace: Workspace) -> None:
    workspace.commit(lambda document: edits.rename(document, "digit", "answer"), "Rename")
    assert list(panel.losses) == ["answer"]
    workspace.commit(lambda document: edits.remove(document, ("answer",)), "Delete")
    assert panel.losses == {}


def test_the_devices_are_those_that_the_worker_found(panel: TrainingPanel, runs: Runs) -> None:
    devices = (protocol.Device("cpu", "CPU"), protocol.Device("cuda:0", "H200", 140 * 2**30))
    runs.runner.ready = protocol.Ready("2.13", devices, "a note")
    runs.runner.told.emit(runs.runner.ready)
    field = panel.rows["device"].field
    assert isinstance(field, ChoiceField)
    texts = [field.combo.itemText(place) for place in range(field.combo.count())]
    assert texts == ["automatic (default)", "CPU", "H200 (cuda:0, 140 GB)"]
    assert panel.note.text() == "a note"


def test_what_keeps_from_training_is_listed(panel: TrainingPanel, workspace: Workspace) -> None:
    shown = [row.problem.code for row in panel.status.problems if row.problem is not None and row.isVisible()]
    assert shown == ["no-data"]
    workspace.commit_whole(lambda document: edits.change_data(document, {"source": "digits"}), "Choose the data")
    shown = [row.problem.code for row in panel.status.problems if row.problem is not None and row.isVisible()]
    assert shown == ["no-loss"]


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path, workspace: Workspace) -> None:
    (tmp_path / "runs").write_text("a file stands here", encoding="utf-8")
    with pytest.raises(UserError, match="cannot be made"):
        make_folder(tmp_path / "runs" / "one", workspace.document)


def test_a_runs_folder_has_a_name_of_its_own(tmp_path: Path) -> None:
    first = free_folder(tmp_path, "../odd name: /x")
    assert first.parent == tmp_path
    first.mkdir()
    assert free_folder(tmp_path, "../odd name: /x") != first


def test_losses_that_are_not_finite_leave_the_smoothed_course_alone() -> None:
    losses = Losses()
    losses.add((4.0, None, 2.0))
    losses.add(tuple(1.0 for _ in range(5000)))
    assert losses.count == 5003
    assert losses.values[0] == 4.0
    assert losses.values[1] != losses.values[1]
    assert losses.smooth[1] == 4.0
    assert losses.smooth[-1] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("train_loss", ("train", "loss")),
        ("validation_accuracy", ("validation", "accuracy")),
        ("digit.test_accuracy", ("test", "digit accuracy")),
        ("best_epoch", ("", "best_epoch")),
    ],
)
def test_a_metric_is_a_split_and_a_name(name: str, parts: tuple[str, str]) -> None:
    assert metric_parts(name) == parts


def test_figures_and_times_are_written_as_people_say_them() -> None:
    assert figure("accuracy", 0.9731) == "97.3%"
    assert figure("loss", 0.01234) == "0.0123"
    assert figure("loss", None) == "not finite"
    assert [duration(seconds) for seconds in (1.25, 59.2, 200, 7500)] == ["1.2 s", "59 s", "3 min 20 s", "2 h 5 min"]


def test_the_rate_that_was_found_is_taken_in_one_step(panel: TrainingPanel, workspace: Workspace, runs: Runs) -> None:
    panel.sections["Learning rate"].head.click()
    rates = tuple(1e-7 * 1.2**place for place in range(100))
    losses = tuple(2.3 - 2 * place / 80 if place < 80 else 0.3 + place - 80 for place in range(100))
    runs.runner.told.emit(protocol.RateFound(rates, losses, 0.0042))
    assert panel.finder.plot.isVisible()
    assert panel.finder.take.text() == "Take 0.0042 as lr"
    panel.finder.take.click()
    assert workspace.document.training == {"optimizer": {"kind": "Adam", "lr": 0.0042}}
    workspace.undo()
    assert workspace.document.training == {}


def test_a_search_that_finds_nothing_says_so(panel: TrainingPanel, runs: Runs) -> None:
    panel.sections["Learning rate"].head.click()
    runs.runner.told.emit(protocol.RateFound((0.1, 0.2), (1.0, None)))
    assert "no rate can be suggested" in panel.finder.words.text()
    assert not panel.finder.take.isVisible()
    problem = Problem("data", "The file is gone.", "Choose another one.")
    runs.runner.told.emit(protocol.RateFound(problem=problem))
    assert panel.finder.words.text() == problem.sentence
    assert not panel.finder.plot.isVisible()


def test_a_design_that_is_not_ready_is_not_searched(qtbot: QtBot, panel: TrainingPanel, runs: Runs) -> None:
    with qtbot.waitSignal(runs.refused):
        panel.finder.button.click()
    assert not panel.finder.searching


def test_a_run_that_ended_by_itself_says_why(panel: TrainingPanel, runs: Runs, tmp_path: Path) -> None:
    run = Run(tmp_path, runs.workspace.document, 32)
    run.finished = protocol.Finished(
        80, 1.0, {"best_epoch": 3}, str(tmp_path), 8, True, "no better validation loss for 5 epochs"
    )
    runs.current = run
    runs.changed.emit()
    assert panel.status.progress.text() == ("Stopped: no better validation loss for 5 epochs. The best was epoch 3.")
