"""The prediction panel: a pad to draw on, a form for a row, and the answers of the worker as bars or as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from designer import protocol
from designer.gui.panels.editors import CalmCombo
from designer.gui.panels.evaluation.pad import ERASE, DrawingPad
from designer.gui.panels.evaluation.prediction import PredictionPanel
from designer.gui.runner import Runner
from designer.gui.runs import Runs
from designer.gui.theme import DARK, Appearance
from designer.gui.workspace import Workspace
from designer.plan import Call, Plan, PlanInput
from designer.problems import Problem


@pytest.fixture
def runs(workspace: Workspace, tmp_path: Path) -> Iterator[Runs]:
    runner = Runner()
    yield Runs(workspace, runner, tmp_path)
    runner.shutdown()


@pytest.fixture
def asked(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> list[protocol.Predict]:
    """What the worker would be asked; no worker is there."""
    found: list[protocol.Predict] = []
    monkeypatch.setattr(runs.runner, "ask", found.append)
    return found


@pytest.fixture
def make(qtbot: QtBot, workspace: Workspace, appearance: Appearance, runs: Runs) -> Callable[..., PredictionPanel]:
    """Makes a panel that has chosen a kept run whose network takes an input of some shape."""

    def make(given: PlanInput, **recipe: object) -> PredictionPanel:
        target = protocol.Target("answer", "kind", Call("nn.CrossEntropyLoss"), "classes")
        plan = Plan("Net", (given,), {}, (), (("answer", None),))
        kept = protocol.Recipe(protocol.Source("file"), ("features",), (target,), Call("torch.optim.Adam"), **recipe)  # type: ignore[arg-type]
        folder = runs.folder / "run"
        folder.mkdir()
        scales = {"features": {"mean": [40.123456, 0.0, 0.0], "deviation": [2.0, 1.0, 1.0]}}
        (folder / "run.json").write_bytes(msgspec.json.encode({"plan": plan, "recipe": kept, "scales": scales}))
        (folder / "best.safetensors").write_bytes(b"")
        panel = PredictionPanel(workspace, appearance, runs)
        qtbot.addWidget(panel)
        panel.resize(800, 320)
        panel.show()
        return panel

    return make


ANSWER = protocol.Answer("answer", "cat", ("cat", "dog"), (0.75, 0.25))


def told(runs: Runs, **said: object) -> None:
    folder = str(runs.folder / "run")
    runs.runner.told.emit(protocol.Predicted(folder, **said))  # type: ignore[arg-type]


def test_without_a_run_it_says_what_it_is_for(
    qtbot: QtBot, workspace: Workspace, appearance: Appearance, runs: Runs
) -> None:
    panel = PredictionPanel(workspace, appearance, runs)
    qtbot.addWidget(panel)
    panel.show()
    assert panel.pages.currentIndex() == 0
    assert not panel.from_file.isEnabled()


def test_drawing_asks_for_the_newest_picture_only_and_shows_bars(
    make: Callable[..., PredictionPanel], runs: Runs, asked: list[protocol.Predict], appearance: Appearance
) -> None:
    panel = make(PlanInput("image", (1, 8, 8)))
    assert not asked
    pad, sheet = panel.pad, panel.pad.sheet.toRect()
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=sheet.center())
    QTest.mouseMove(pad, sheet.center() + QPoint(0, 30))
    QTest.mouseMove(pad, sheet.center() + QPoint(0, 60))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=sheet.center())
    assert len(asked) == 1
    assert len(asked[0].pixels) == 64
    assert 0 < max(asked[0].pixels) <= 1
    told(runs, answers=(ANSWER,))
    assert len(asked) == 2
    assert sum(asked[1].pixels) > sum(asked[0].pixels)
    assert asked[1].pixels == pad.pixels()
    assert panel.texts[0].text() == "cat"
    assert panel.bars[0].rows == (("cat", 0.75), ("dog", 0.25))
    told(runs, answers=(ANSWER,))
    panel.clear.click()
    assert pad.blank
    assert not panel.texts
    appearance.choose(DARK)
    panel.grab()


def test_a_pad_is_drawn_on_by_keyboard_and_rubbed_out(qtbot: QtBot, appearance: Appearance) -> None:
    pad = DrawingPad(appearance.theme)
    qtbot.addWidget(pad)
    pad.take_size(28, 20)
    pad.resize(150, 150)
    QTest.keyClick(pad, Qt.Key.Key_Left)
    QTest.keyClick(pad, Qt.Key.Key_Space)
    assert pad.ink[14, 9] == 1
    assert 0 < pad.ink.sum() < 20
    pad.stroke(QPointF(0, 14.5), QPointF(20, 14.5))
    assert (pad.ink[14] == 1).all()
    pad.stroke(QPointF(0, 14.5), QPointF(20, 14.5), ERASE)
    assert (pad.ink[14] == 0).all()
    QTest.keyClick(pad, Qt.Key.Key_Delete)
    assert pad.blank


def test_a_row_is_typed_in_with_its_categories_to_choose_from(
    make: Callable[..., PredictionPanel], runs: Runs, asked: list[protocol.Predict]
) -> None:
    columns = (protocol.Column("age"), protocol.Column("town", ("Bern", "Rome")))
    panel = make(PlanInput("row", (3,)), fields={"features": protocol.Meaning(columns=columns)})
    age, town = panel.form.fields["age"], panel.form.fields["town"]
    assert isinstance(age, QLineEdit)
    assert isinstance(town, CalmCombo)
    assert [request.row for request in asked] == [{"age": "40.12", "town": "Bern"}]
    told(runs, answers=(ANSWER,))
    town.setCurrentIndex(1)
    assert asked[-1].row == {"age": "40.12", "town": "Rome"}
    told(runs, problem=Problem("data", 'The row has "x" in age.'))
    assert panel.note.text() == 'The row has "x" in age.'
    age.clear()
    count = len(asked)
    QTest.keyClicks(age, "5")
    assert len(asked) == count + 1
    told(runs, answers=(ANSWER,))
    assert panel.note.text() == ""


def test_a_file_is_answered_in_a_table_that_can_be_saved(
    make: Callable[..., PredictionPanel],
    runs: Runs,
    asked: list[protocol.Predict],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    panel = make(PlanInput("series", ("T", 3)))
    assert not panel.inputs.isVisible()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/data/new.npz", ""))
    panel.from_file.click()
    assert asked[-1].path == "/data/new.npz"
    told(runs, path="/data/new.npz", columns=("row", "answer"), rows=(("1", "cat"), ("2", "dog")), total=5000)
    assert panel.outputs.currentWidget() is panel.table
    item = panel.table.item(1, 1)
    assert item is not None
    assert item.text() == "dog"
    assert panel.note.text() == "5,000 answers to new.npz, of which the first 2 are shown."
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "out"), ""))
    panel.save.click()
    assert (asked[-1].path, asked[-1].out) == ("/data/new.npz", str(tmp_path / "out.csv"))
    told(runs, path="/data/new.npz", out=asked[-1].out, total=5000)
    assert panel.note.text() == "out.csv is written with 5,000 answers."
