"""From an empty canvas to a trained network in a file, as a newcomer does it: by mouse and keyboard, nothing faked."""

from __future__ import annotations

import os
import signal
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hand import Hand
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QFileDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from designer.graph import files
from designer.graph.document import Document
from designer.gui.runner import State
from designer.gui.workspace import LAYER_MIME
from designer.protocol import Finished

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow

PATIENCE = 180_000
"""Milliseconds that the worker may take to start and train two epochs on a busy machine."""


class Newcomer:
    """What a newcomer does with the window."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot
        self.hand = Hand(window.canvas)
        self.palette = window.docks.layers

    @property
    def document(self) -> Document:
        return self.window.workspace.document

    def click(self, button: QWidget) -> None:
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def press(self, action: str) -> None:
        QTest.keySequence(self.window, self.window.all_actions[action].shortcut())

    def drag_from_palette(self, layer: str, x: float, y: float) -> str:
        """Search a layer and drag it to a place of the canvas; returns the new node's id."""
        before = set(self.document.nodes)
        self.palette.search.clear()
        QTest.keyClicks(self.palette.search, layer)
        data = self.palette.model.mimeData([self._found(layer)])
        assert self.hand.drop_data(data, self.hand.at(x, y))
        (new,) = set(self.document.nodes) - before
        return new

    def _found(self, layer: str) -> QModelIndex:
        """Where the palette shows a layer for what was searched."""
        model, top = self.palette.model, QModelIndex()
        parents = [top, *(model.index(row, 0) for row in range(model.rowCount()))]
        rows = [model.index(row, 0, parent) for parent in parents for row in range(model.rowCount(parent))]
        return next(index for index in rows if bytes(model.mimeData([index]).data(LAYER_MIME)) == layer.encode())

    def connect(self, source: str, target: str) -> None:
        """Drag from the first output of a node to the first input of another."""
        self.hand.drag(self.hand.port(source, "outputs"), self.hand.port(target, "inputs"))

    def field(self, panel: str, name: str) -> QWidget:
        """The field of a panel by the name that a screen reader says."""
        self.window.show_panel(panel)

        def found() -> list[QWidget]:
            fields = self.window.docks.panels[panel].findChildren(QWidget)
            return [field for field in fields if field.accessibleName() == name and field.isVisible()]

        self.qtbot.waitUntil(lambda: bool(found()))
        return found()[0]

    def set(self, node: str, name: str, text: str) -> None:
        """Click a node and type into a field of the inspector."""
        self.hand.click(self.hand.node(node))
        self.type_into("inspector", name, text)

    def type_into(self, panel: str, name: str, text: str) -> None:
        """Type into a field of a panel and press Enter."""
        field = self.field(panel, name)
        line = field if isinstance(field, QLineEdit) else field.findChild(QLineEdit)
        assert isinstance(line, QLineEdit)
        line.setFocus()
        line.selectAll()
        QTest.keyClicks(line, text)
        QTest.keyClick(line, Qt.Key.Key_Return)

    def choose(self, panel: str, name: str, words: str) -> None:
        """Choose an entry of a list by typing its first letters, as with any list."""
        field = self.field(panel, name)
        combo = field if isinstance(field, QComboBox) else field.findChild(QComboBox)
        assert isinstance(combo, QComboBox)
        combo.setFocus()
        QTest.keyClicks(combo, words)
        QTest.keyClick(combo, Qt.Key.Key_Return)

    def sentences(self) -> list[str]:
        """What the problems panel says."""
        self.window.show_panel("problems")
        labels = self.window.docks.problems.findChildren(QLabel)
        return [label.text() for label in labels if label.isVisible() and label.text()]

    def reads(self, *words: str) -> None:
        """Wait until the problems panel says a sentence with all these words."""
        self.qtbot.waitUntil(lambda: any(all(word in text for word in words) for text in self.sentences()))

    def press_fix(self, label: str) -> None:
        """Press the button of the problems panel that mends something."""
        self.window.show_panel("problems")

        def found() -> list[QAbstractButton]:
            buttons = self.window.docks.problems.findChildren(QAbstractButton)
            return [button for button in buttons if button.text() == label and button.isVisible()]

        self.qtbot.waitUntil(lambda: bool(found()))
        self.click(found()[0])


@pytest.fixture
def newcomer(window: MainWindow, qtbot: QtBot) -> Newcomer:
    window.resize(1600, 1000)
    return Newcomer(window, qtbot)


def draw(newcomer: Newcomer) -> dict[str, str]:
    """A small convolutional network for the digits, from nothing; returns the ids by layer."""
    newcomer.press("new")
    newcomer.choose("data", "Data set", "Handwritten")
    ids = {}
    for place, layer in enumerate(("Input", "Conv2d", "ReLU", "Linear", "Output")):
        ids[layer] = newcomer.drag_from_palette(layer, -440 + 220 * place, 0)
    for one, other in pairwise(ids.values()):
        newcomer.connect(one, other)
    return ids


def test_a_newcomer_draws_mends_trains_saves_and_opens_again(
    newcomer: Newcomer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    window = newcomer.window
    ids = draw(newcomer)
    assert len(newcomer.document.links) == 4
    assert newcomer.document.nodes[ids["Input"]].settings["shape"] == (1, 8, 8)

    # Shapes follow every edit.
    newcomer.set(ids["Conv2d"], "kernel_size", "5")
    on_node = window.canvas.design.nodes[ids["Conv2d"]].description
    assert "N x 16 x 4 x 4" in on_node()
    newcomer.set(ids["Conv2d"], "kernel_size", "3")
    assert "N x 16 x 6 x 6" in on_node()

    # Too large a window is said in the newcomer's own numbers, at the node and in the panel.
    newcomer.set(ids["Conv2d"], "kernel_size", "9")
    newcomer.reads("9x9", "8x8")
    assert not window.workspace.report.sound
    newcomer.press("undo")

    # The Output says what it needs; its fixes make the network sound.
    newcomer.choose("training", "loss", "Cross")
    newcomer.press_fix(f"Insert Flatten before {ids['Linear']}")
    newcomer.press_fix(f"Set out_features of {ids['Linear']} to 10")
    assert window.workspace.report.problems == ()

    # Two epochs by the real worker; both curves grow.
    newcomer.type_into("training", "epochs", "2")
    train_and_wait(newcomer)
    run = window.runs.current
    assert run is not None
    first, second = (epoch.metrics for epoch in run.epochs)
    assert (second["train_loss"] or 9) < (first["train_loss"] or 0)
    assert (run.folder / "best.safetensors").is_file()
    window.show_panel("curves")

    def drawn() -> dict[str, int]:
        # A curve that waits for its first point has no data at all.
        curves = {
            line.name(): line.getOriginalDataset()[0] for line in window.docks.curves.loss.getPlotItem().listDataItems()
        }
        return {name: len(steps) for name, steps in curves.items() if steps is not None}

    qtbot.waitUntil(
        lambda: {"training": 2, "validation": 2, "each step": run.step}.items() <= drawn().items(), timeout=PATIENCE
    )

    # Saved, opened again, the same; and undone to the very start.
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
    newcomer.press("save")
    made = newcomer.document
    assert files.read(tmp_path / "mine.netwright") == made
    while window.workspace.history.undo_label is not None:
        newcomer.press("undo")
    assert newcomer.document == Document()
    assert not window.canvas.design.nodes
    while window.workspace.history.redo_label is not None:
        newcomer.press("redo")
    assert newcomer.document == made
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "mine.netwright"), ""))
    newcomer.press("open")
    assert newcomer.document == made
    assert set(window.canvas.design.nodes) == set(made.nodes)
    assert set(window.canvas.design.links) == set(made.links)


def test_the_window_outlives_its_worker_and_trains_again(newcomer: Newcomer, qtbot: QtBot, file: Path) -> None:
    window = newcomer.window
    window.open(file)
    newcomer.type_into("training", "epochs", "100000")
    newcomer.press("train")
    qtbot.waitUntil(lambda: window.runs.current is not None and window.runs.current.step > 0, timeout=PATIENCE)
    os.kill(window.runner.process_id, signal.SIGKILL)
    qtbot.waitUntil(lambda: window.runner.state is State.IDLE, timeout=PATIENCE)
    newcomer.reads("training process ended")
    newcomer.type_into("training", "epochs", "2")
    train_and_wait(newcomer)
    assert window.runs.current is not None
    assert len(window.runs.current.epochs) == 2


def train_and_wait(newcomer: Newcomer) -> None:
    """Press Train and wait until the run is done."""
    with newcomer.qtbot.waitSignal(
        newcomer.window.runner.told, timeout=PATIENCE, check_params_cb=lambda event: isinstance(event, Finished)
    ):
        newcomer.press("train")
