"""The table of kept runs: what it says of folders whole and broken, and what can be done with their runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QFile, QItemSelectionModel, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer import run_folder
from designer.compiler.lowering.recipe import train_request
from designer.gui.panels.curves import CurvesPanel
from designer.gui.panels.runs.model import COLUMNS, RunsModel
from designer.gui.panels.runs.overlays import Overlays
from designer.gui.panels.runs.panel import ALL, RunsPanel
from designer.gui.panels.runs.summary import RunState, Summary, summarize
from designer.gui.run_differences import differences
from designer.gui.runner import Runner
from designer.gui.runs import Runs, load, make_folder
from designer.gui.theme import Appearance, light
from designer.gui.workspace import Workspace
from designer.problems import Problem
from designer.protocol import Failed, Finished

Making = Callable[..., Path]
FIGURES = {"train_loss": 0.5, "validation_loss": 0.25, "validation_accuracy": 0.9, "best_epoch": 2.0}


@pytest.fixture
def workspace(qapp: QApplication, file: Path) -> Workspace:
    made = Workspace(qapp)
    made.open(file)
    return made


@pytest.fixture
def make(workspace: Workspace, tmp_path: Path) -> Making:
    """Makes the folder of a run as the engine leaves it."""

    def make(name: str, result: object = None, begun: str = "2026-01-02T03:04:05+00:00", **training: object) -> Path:
        folder = tmp_path / "kept" / name
        request = train_request(workspace.report, str(folder), epochs=3)
        recipe = msgspec.structs.replace(request.recipe, **training)
        make_folder(folder, workspace.document)
        facts = {"plan": request.plan, "recipe": recipe, "begun": begun, "parameters": 67, "result": result}
        (folder / run_folder.FACTS).write_bytes(msgspec.json.encode(facts))
        lines = [{"epoch": epoch, "step": 7 * epoch, **FIGURES, "validation_loss": loss}
                 for epoch, loss in ((1, 0.5), (2, 0.25))]  # fmt: skip
        (folder / run_folder.METRICS).write_text("".join(json.dumps(line) + "\n" for line in lines))
        np.linspace(1.0, 0.1, 14, dtype="<f4").tofile(folder / run_folder.LOSSES)
        return folder

    return make


@pytest.fixture
def panel(qtbot: QtBot, workspace: Workspace, runner: Runner, tmp_path: Path, qapp: QApplication) -> RunsPanel:
    runs = Runs(workspace, runner, tmp_path / "kept")
    made = RunsPanel(Appearance(qapp), runs, Overlays(), differences)
    qtbot.addWidget(made)
    made.resize(1000, 300)
    made.show()
    return made


def ended(folder: str, **given: object) -> Finished:
    return Finished(14, 1.5, {**FIGURES, "test_accuracy": 0.8}, folder, 2, **given)  # type: ignore[arg-type]


def names(panel: RunsPanel) -> list[str]:
    return [row.folder.name for row in panel.model.rows]


def shown(qtbot: QtBot, panel: RunsPanel, *wanted: str) -> None:
    panel.shelf.look()
    qtbot.waitUntil(lambda: sorted(names(panel)) == sorted(wanted), timeout=10_000)


def select(panel: RunsPanel, *wanted: str) -> None:
    flag = QItemSelectionModel.SelectionFlag
    panel.table.clearSelection()
    for name in wanted:
        place = names(panel).index(name)
        panel.table.selectionModel().select(panel.model.index(place, 0), flag.Select | flag.Rows)


def cell(panel: RunsPanel, name: str, title: str) -> str:
    column = next(place for place, each in enumerate(COLUMNS) if each.title == title)
    return panel.model.data(panel.model.index(names(panel).index(name), column))


def test_each_way_to_end_is_a_state_of_its_own(make: Making) -> None:
    failed = Failed(Problem("nan-loss", "The loss is not finite.", "Take a smaller lr."), "x")
    assert summarize(make("whole", ended("x"))).state is RunState.FINISHED
    assert summarize(make("stopped", ended("x", stopped=True))).state is RunState.STOPPED
    assert summarize(make("patient", ended("x", stopped=True, reason="no better"))).state is RunState.FINISHED
    assert summarize(make("failed", failed)).sentence == "The loss is not finite. Take a smaller lr."
    cut = make("cut")
    assert summarize(cut).state is RunState.INTERRUPTED
    assert (summarize(cut).epochs, summarize(cut).planned, summarize(cut).figure("validation_loss")) == (2, 3, 0.25)
    hold = run_folder.Hold(cut)
    assert hold.take()
    assert summarize(cut).state is RunState.RUNNING
    hold.release()
    (cut / run_folder.FACTS).unlink()
    assert summarize(cut).state is RunState.NEVER_BEGUN


def test_the_table_shows_the_figures_of_each_run_and_a_broken_one_is_a_row(
    qtbot: QtBot, panel: RunsPanel, make: Making
) -> None:
    make("one", ended("one"))
    broken = make("broken")
    (broken / run_folder.FACTS).write_text('{"recipe": 5')
    (panel.shelf._homes[0] / "no run").mkdir()
    shown(qtbot, panel, "one", "broken")
    assert [cell(panel, "one", title) for title in ("epochs", "validation loss", "test accuracy", "parameters")] == [
        "2 of 3", "0.25", "80.0%", "67",
    ]  # fmt: skip
    assert cell(panel, "broken", "state") == "unreadable"
    select(panel, "broken")
    assert "is not what a run leaves" in panel.detail.toPlainText()
    assert not panel.actions_of_runs["resume"].isEnabled()


def test_runs_come_and_go_with_their_folders(qtbot: QtBot, panel: RunsPanel, make: Making) -> None:
    assert not panel.model.rows
    make("one", ended("one"))
    make("two", ended("two"))
    shown(qtbot, panel, "one", "two")
    select(panel, "two")
    make("three")
    qtbot.waitUntil(lambda: len(panel.model.rows) == 3, timeout=10_000)
    assert [row.folder.name for row in panel.selected] == ["two"]


def test_a_name_and_a_note_are_kept_beside_the_run(qtbot: QtBot, panel: RunsPanel, make: Making) -> None:
    folder = make("one", ended("one"))
    shown(qtbot, panel, "one")
    panel.model.setData(panel.model.index(0, 0), "First try")
    qtbot.waitUntil(lambda: panel.model.rows[0].name == "First try", timeout=10_000)
    panel.model.setData(panel.model.index(0, len(COLUMNS) - 1), "too slow")
    qtbot.waitUntil(lambda: summarize(folder).note == "too slow", timeout=10_000)
    assert summarize(folder).name == "First try"
    panel.search.setText("slow try")
    qtbot.waitUntil(lambda: names(panel) == ["one"])
    panel.search.setText("fast")
    assert names(panel) == []


def test_runs_of_other_designs_are_shown_when_all_are_asked_for(qtbot: QtBot, panel: RunsPanel, make: Making) -> None:
    folder = make("other", ended("other"))
    design = folder / run_folder.DESIGN
    design.write_text(design.read_text().replace('"Iris"', '"Wine"'))
    make("own", ended("own"))
    shown(qtbot, panel, "own")
    panel.scope.setCurrentText(ALL)
    assert sorted(names(panel)) == ["other", "own"]


def test_a_deleted_run_is_in_the_trash_and_comes_back(
    qtbot: QtBot, panel: RunsPanel, make: Making, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trash = tmp_path / "trash" / "files"
    trash.mkdir(parents=True)

    class Thrown(QFile):
        def moveToTrash(self) -> bool:
            target = trash / Path(self.fileName()).name
            Path(self.fileName()).rename(target)
            self.setFileName(str(target))
            return True

    monkeypatch.setattr("designer.gui.panels.runs.trash.QFile", Thrown)
    folder = make("one", ended("one"))
    make("held")
    hold = run_folder.Hold(panel.shelf._homes[0] / "held")
    assert hold.take()
    shown(qtbot, panel, "one", "held")
    said: list[tuple[str, str, Callable[[], None]]] = []
    panel.said.connect(lambda *words: said.append(words))
    select(panel, "held")
    assert not panel.actions_of_runs["delete"].isEnabled()
    select(panel, "one")
    panel.actions_of_runs["delete"].trigger()
    qtbot.waitUntil(lambda: names(panel) == ["held"], timeout=10_000)
    assert not folder.exists()
    ((sentence, button, undo),) = said
    assert (sentence, button) == ("one is in the trash.", "Undo")
    undo()
    shown(qtbot, panel, "one", "held")
    assert folder.is_dir()
    hold.release()


def test_what_differs_between_two_runs_is_said_from_the_older_to_the_newer(
    qtbot: QtBot, panel: RunsPanel, make: Making
) -> None:
    make("new", ended("new"), "2026-02-02T03:04:05+00:00", batch_size=4)
    make("old", ended("old"), "2026-01-02T03:04:05+00:00")
    shown(qtbot, panel, "new", "old")
    select(panel, "new", "old")
    qtbot.waitUntil(lambda: "batch_size" in panel.detail.toPlainText(), timeout=10_000)
    assert "From old to new" in panel.detail.toPlainText()
    assert "batch_size: 32 \u2192 4" in panel.detail.toPlainText()


def test_curves_of_kept_runs_are_laid_over_each_in_its_colour(qtbot: QtBot, panel: RunsPanel, make: Making) -> None:
    make("one", ended("one"))
    make("two", ended("two"))
    shown(qtbot, panel, "one", "two")
    curves = CurvesPanel(panel._appearance, panel._runs, panel._overlays)
    qtbot.addWidget(curves)
    curves.show()
    for place in (0, 1):
        index = panel.model.index(place, 0)
        panel.model.setData(index, Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
        qtbot.waitUntil(lambda place=place: len(panel._overlays.laid) == place + 1, timeout=10_000)
    qtbot.waitUntil(lambda: {"one", "two", "one, validation"} <= set(curves.loss._lines), timeout=10_000)
    assert len(curves.loss._lines["one"].steps) == 14
    qtbot.waitUntil(lambda: "one" in curves.other._lines, timeout=10_000)
    assert len({colour.name() for colour in panel.model.overlaid.values()}) == 2
    panel.model.setData(panel.model.index(0, 0), Qt.CheckState.Unchecked.value, Qt.ItemDataRole.CheckStateRole)
    qtbot.waitUntil(lambda: len({"one", "two"} & set(curves.loss._lines)) == 1, timeout=10_000)


def test_a_run_that_goes_on_forgets_what_came_after_its_checkpoint(make: Making) -> None:
    run = load(make("one"))
    assert (run.losses.count, len(run.epochs)) == (14, 2)
    run.go_back(7, 1)
    assert (run.losses.count, len(run.epochs)) == (7, 1)
    assert run.series["validation", "loss"].values.tolist() == [0.5]
    again = load(make("two"))
    run.losses.add(tuple(again.losses.values[7:]))
    assert run.losses.smooth == pytest.approx(again.losses.smooth)


def test_ten_thousand_runs_are_sorted_and_narrowed_without_a_row_lost() -> None:
    model = RunsModel(light())
    rows = [
        Summary(Path(f"/runs/{place}"), f"run {place}", RunState.FINISHED, metrics={"validation_loss": place / 7 % 1})
        for place in range(10_000)
    ]
    model.take(rows, ())
    assert model.rowCount() == 10_000
    column = next(place for place, each in enumerate(COLUMNS) if each.title == "validation loss")
    model.sort(column)
    losses = [row.figure("validation_loss") for row in model.rows]
    assert losses == sorted(losses)
    model.restrict(lambda row: row.name.endswith("99"))
    assert model.rowCount() == 100
    model.take((), {row.folder for row in rows[:5_000]})
    assert model.rowCount() == 50
    assert model.known == 5_000


def test_layers_begin_with_the_weights_of_a_run_where_name_and_shape_are_the_same(
    qtbot: QtBot, panel: RunsPanel, make: Making
) -> None:
    folder = make("one", ended("one"))
    head = {
        name: {"dtype": "F32", "shape": shape, "data_offsets": [0, 0]}
        for name, shape in (("hidden.weight", [8, 4]), ("hidden.bias", [8]), ("scores.weight", [5, 8]),
                            ("scores.bias", [5]))
    }  # fmt: skip
    text = json.dumps(head).encode()
    (folder / run_folder.BEST).write_bytes(len(text).to_bytes(8, "little") + text)
    shown(qtbot, panel, "one")
    select(panel, "one")
    with qtbot.waitSignal(panel.said, timeout=10_000) as said:
        panel.actions_of_runs["begin"].trigger()
    assert said.args[0] == (
        "1 of 2 layers with weights begin with those of the run. "
        "Not those of scores: its weight is 3 x 8 here and 5 x 8 there."
    )
    nodes = panel._runs.workspace.document.nodes
    assert nodes["hidden"].learning == {"load": str(folder / run_folder.BEST)}
    assert not nodes["scores"].learning
