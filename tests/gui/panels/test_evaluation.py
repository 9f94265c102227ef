"""The evaluation panel by what the worker tells: classes, numbers, several outputs, and a worker that is gone."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from designer import protocol
from designer.gui.panels.evaluation.matrix import SMALLEST, MatrixView
from designer.gui.panels.evaluation.panel import EvaluationPanel
from designer.gui.panels.evaluation.pictures import inputs_of
from designer.gui.panels.evaluation.run_choice import RunChoice
from designer.gui.runner import Runner
from designer.gui.runs import Run, Runs
from designer.gui.theme import DARK, Appearance
from designer.gui.workspace import Workspace
from designer.problems import Problem


@pytest.fixture
def runs(workspace: Workspace, tmp_path: Path) -> Iterator[Runs]:
    runner = Runner()
    yield Runs(workspace, runner, tmp_path)
    runner.shutdown()


@pytest.fixture
def panel(qtbot: QtBot, workspace: Workspace, appearance: Appearance, runs: Runs) -> EvaluationPanel:
    panel = EvaluationPanel(workspace, appearance, runs)
    qtbot.addWidget(panel)
    panel.resize(900, 320)
    panel.show()
    return panel


def told(panel: EvaluationPanel, runs: Runs, *verdicts: protocol.Verdict, problem: Problem | None = None) -> None:
    """The worker's answer to a question that was asked."""
    panel.run.chosen = Path("run")
    panel._asked = protocol.Evaluate("run", "test")
    runs.runner.told.emit(protocol.Evaluated("run", "test", 9, verdicts, problem))


CLASSES = protocol.Verdict(
    "digit", "classes", {"loss": 0.5, "accuracy": 0.75, "auc": 0.99951}, ("a", "b"), ((3, 1), (0, 5)),
    (protocol.ClassFigures("a", 4, 1.0, 0.75, 0.857, None), protocol.ClassFigures("b", 5, 0.8, 1.0, 0.889, 0.8)),
    (), (protocol.Case(7, 2.0, "a", "b", 0.9), protocol.Case(3, None, "b", "b", 0.8)),
)  # fmt: skip
NUMBERS = protocol.Verdict(
    "price", "numbers", {"mae": 2.0, "r2": None}, pairs=((1.0, 2.0), (2.0, None), (3.0, 3.5)),
    cases=(protocol.Case(1, 4.0, "1", "2"),),
)  # fmt: skip


def titles(panel: EvaluationPanel) -> list[str]:
    return [panel.tabs.tabText(place) for place in range(panel.tabs.count())]


def test_several_outputs_are_chosen_between(panel: EvaluationPanel, runs: Runs, appearance: Appearance) -> None:
    told(panel, runs, CLASSES, NUMBERS)
    assert panel.output.isVisible()
    assert titles(panel) == ["Report", "Confusion", "Worst first"]
    assert panel.report.values["auc"].text() == "1.000"
    table = panel.worst.model_
    assert [table.text(0, column) for column in range(5)] == ["a", "b", "90.0%", "2", "7"]
    assert table.text(1, 3) == "not finite"
    panel.tabs.setCurrentIndex(1)
    (mistake,) = (panel.examples.confused.item(row) for row in range(panel.examples.confused.count()))
    assert mistake.text() == "once: a taken for b"
    panel.examples.confused.itemClicked.emit(mistake)
    assert panel.matrix.current == (0, 1)
    assert panel.examples.title.text() == "a taken for b: 1 of 4 (25%)."
    panel.examples.back.click()
    assert panel.examples.pages.currentWidget() is panel.examples.confused
    panel.output.setCurrentIndex(1)
    panel.output.activated.emit(1)
    assert titles(panel) == ["Report", "Predicted and true", "Worst first"]
    assert panel.scatter.wanted.tolist() == [1.0, 3.0]
    assert panel.report.values["r2"].text() == "not finite"
    assert table.columns == ("is", "answer", "loss", "row")
    appearance.choose(DARK)


def test_what_cannot_be_done_is_said_and_can_be_asked_again(panel: EvaluationPanel, runs: Runs) -> None:
    told(panel, runs, problem=Problem("weights", "The weights are gone.", "Train again."))
    assert panel.note.text() == "The weights are gone. Train again."
    assert panel.evaluate.isEnabled()


def test_figures_of_another_run_say_whose_they_are(panel: EvaluationPanel, runs: Runs) -> None:
    told(panel, runs, CLASSES)
    assert panel.note.text() == "9 examples of the test split."
    panel.run.choose(Path("other"))
    assert "These are the figures of run; press Evaluate" in panel.note.text()


def test_questions_of_a_worker_that_is_gone_are_answered_with_a_problem(qtbot: QtBot, runs: Runs) -> None:
    heard: list[object] = []
    runner = runs.runner
    runner.told.connect(heard.append)
    runner.start()
    qtbot.waitUntil(lambda: runner.ready is not None, timeout=60_000)
    heard.clear()
    runner._process.kill()
    runner.ask(protocol.Evaluate("run", "test"))
    runner.ask(protocol.Predict("run"))
    qtbot.waitUntil(lambda: len(heard) >= 2, timeout=60_000)
    first, second = heard[:2]
    assert isinstance(first, protocol.Evaluated)
    assert first.problem is not None
    assert isinstance(second, protocol.Predicted)
    assert second.problem is not None


@pytest.mark.parametrize("count", [2, 10, 100, 200])
def test_the_names_of_a_matrix_stay_readable_and_every_cell_can_be_gone_to(
    qtbot: QtBot, appearance: Appearance, count: int
) -> None:
    view = MatrixView(appearance.theme)
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.show()
    classes = tuple(f"class number {place}" for place in range(count))
    matrix = tuple(tuple(int(row == column) * 3 for column in range(count)) for row in range(count))
    view.show_matrix(classes, matrix)
    assert view.side >= SMALLEST >= view.fontMetrics().height()
    chosen: list[tuple[int, int]] = []
    view.chosen.connect(lambda row, column: chosen.append((row, column)))
    view.choose(count - 1, count - 1)
    box = view.cell_rect(count - 1, count - 1)
    assert view.viewport().rect().contains(box.center())
    assert view.cell_at(box.center()) == (count - 1, count - 1)
    QTest.keyClick(view, Qt.Key.Key_Left)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert chosen == [(count - 1, count - 1), (count - 1, count - 2)]
    assert view.sentence(1, 1) == "class number 1 found: 3 of 3 (100%)"
    assert view.sentence(1, 0) == "class number 1 taken for class number 0: 0 of 3 (0%)"
    view.grab()


@pytest.mark.usefixtures("qapp")
def test_pictures_of_one_example_stand_side_by_side_and_rows_beside_them() -> None:
    pixels = base64.b64encode(bytes(range(8))).decode()
    image = protocol.Seen("left", "feature", "image", (2, 2, 1), pixels=pixels)
    row = protocol.Seen("row", "feature", "numbers", columns=("age", "kind"), values=((1.23456789, "x"), (None, "y")))
    words = protocol.Seen("words", "feature", "sequence", values=((0, 1), (1, 1)), names=("a", "b"))
    inputs = inputs_of((image, image, row, words), 20)
    picture = inputs.picture(0)
    assert picture is not None
    assert (picture.width(), picture.height()) == (42, 20)
    assert inputs.columns == ("age", "kind", "words")
    assert inputs.row(0) == ("1.2346", "x", "ab")
    assert inputs.row(1) == ("", "y", "bb")
    assert inputs.picture(5) is None
    assert inputs.row(5) == ("", "", "")


def test_kept_runs_are_offered_and_one_elsewhere_can_be_chosen(qtbot: QtBot, runs: Runs, tmp_path: Path) -> None:
    for name in ("one", "two", "no run"):
        (tmp_path / name).mkdir()
    for name in ("one", "two"):
        (tmp_path / name / "run.json").write_text("{}")
        (tmp_path / name / "best.safetensors").write_bytes(b"")
    choice = RunChoice(runs)
    qtbot.addWidget(choice)
    picked: list[Path | None] = []
    choice.picked.connect(lambda: picked.append(choice.chosen))
    choice.look()
    offered = [choice.itemText(place) for place in range(choice.count())]
    assert sorted(offered[:-1]) == ["one", "two"]
    assert choice.chosen is not None
    assert choice.currentText() == choice.chosen.name
    other = next(tmp_path / name for name in ("one", "two") if name != choice.chosen.name)
    runs.current = Run(other, runs.workspace.document, 32)
    runs.changed.emit()
    assert picked[-1] == other
    far = tmp_path / "far" / "away"
    choice.choose(far)
    assert choice.currentText() == "away"
    assert picked[-1] == far


def test_without_any_run_none_is_chosen(qtbot: QtBot, runs: Runs) -> None:
    choice = RunChoice(runs)
    qtbot.addWidget(choice)
    choice.look()
    assert choice.currentIndex() == -1
    assert choice.chosen is None
