"""A newcomer takes a sample and makes it their own: a ready group, a variable, frozen and shared weights, a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hand import Hand
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from designer.graph import files
from designer.protocol import Finished

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow

PATIENCE = 180_000


class Person:
    """Whoever sits before the window."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.qtbot, self.hand = window, qtbot, Hand(window.canvas)

    def field(self, panel: str, name: str) -> QWidget:
        """A field by the name that a screen reader says."""
        self.window.show_panel(panel)
        found: list[QWidget] = []

        def look() -> bool:
            widgets = self.window.docks.panels[panel].findChildren(QWidget)
            found[:] = [each for each in widgets if each.accessibleName() == name and each.isVisible()]
            return bool(found)

        self.qtbot.waitUntil(look)
        return found[0]

    def type_into(self, panel: str, name: str, text: str) -> None:
        field = self.field(panel, name)
        line = field if isinstance(field, QLineEdit) else field.findChild(QLineEdit)
        assert isinstance(line, QLineEdit)
        line.setFocus()
        line.selectAll()
        QTest.keyClicks(line, text)
        QTest.keyClick(line, Qt.Key.Key_Return)
        # The list that completes a name was a window of its own; without a desktop nobody gives the focus back.
        self.window.activateWindow()

    def choose(self, panel: str, name: str, words: str) -> None:
        combo = self.field(panel, name)
        assert isinstance(combo, QComboBox)
        combo.setFocus()
        QTest.keyClicks(combo, words)
        QTest.keyClick(combo, Qt.Key.Key_Return)

    def click_node(self, name: str) -> None:
        self.hand.click(self.hand.node(name))
        assert self.window.workspace.selection == {name}

    def unfold_learning(self) -> None:
        fold = self.field("inspector", "Learning")
        self.qtbot.mouseClick(fold, Qt.MouseButton.LeftButton)

    def place(self, words: str) -> str:
        """Search the palette and press Enter; returns the new node's id."""
        before = set(self.window.workspace.document.nodes)
        self.window.find_layer()
        QTest.keyClicks(self.window.docks.layers.search, words)
        QTest.keyClick(self.window.docks.layers.search, Qt.Key.Key_Return)
        (new,) = set(self.window.workspace.document.nodes) - before
        return new

    def name_a_number(self, name: str, value: str) -> None:
        """Add a variable in its panel: the name, Enter, the value, Enter."""
        self.window.show_panel("variables")
        buttons = self.window.docks.panels["variables"].findChildren(QAbstractButton)
        self.qtbot.mouseClick(next(button for button in buttons if button.text() == "New"), Qt.MouseButton.LeftButton)
        for text in (name, value):
            self.qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
            editor = QApplication.focusWidget()
            QTest.keyClicks(editor, text)
            QTest.keyClick(editor, Qt.Key.Key_Return)
            self.qtbot.waitUntil(lambda editor=editor: QApplication.focusWidget() is not editor)


def test_a_sample_is_widened_frozen_shared_trained_exported_and_opened_again_the_same(
    window: MainWindow, tmp_path: Path, press: Callable[[str], None], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.resize(1600, 1000)
    person, workspace = Person(window, qtbot), window.workspace
    card = next(card for card in window.start.cards if card.path.stem == "digits_cnn")
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    usual = workspace.report.parameters

    # A ready group behind a layer takes its width, and is wired in: from the group to what came next.
    person.click_node("relu1")
    group = person.place("residual block")
    assert str(workspace.report.nodes[group].shape) == "N x 16 x 8 x 8"
    person.hand.drag(person.hand.port(group, "outputs"), person.hand.port("conv2", "inputs"))
    assert workspace.report.problems == ()

    # One number for both of them.
    person.name_a_number("width", "8")
    assert workspace.document.variables == {"width": 8}
    person.click_node("conv1")
    person.type_into("inspector", "out_channels", "=width")
    person.click_node(group)
    person.type_into("inspector", "channels", "=width")
    assert str(workspace.report.nodes[group].shape) == "N x 8 x 8 x 8"
    assert workspace.report.problems == ()

    # A frozen layer, and a second one of the same kind that shares its weights.
    person.click_node("conv2")
    person.unfold_learning()
    box = person.field("inspector", "trainable")
    assert isinstance(box, QCheckBox)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert workspace.document.nodes["conv2"].learning == {"trainable": False}
    frozen = workspace.report.nodes["conv2"].parameters
    assert workspace.report.parameters - workspace.report.trainable_parameters == frozen == 8 * 32 * 9 + 32
    person.click_node(group)
    twin = person.place("conv2d")
    person.type_into("inspector", "out_channels", "=4*width")
    person.type_into("inspector", "padding", "1")
    person.unfold_learning()
    person.choose("inspector", "shared_with", "conv2")
    assert workspace.document.nodes[twin].learning == {"shared_with": "conv2"}
    both = person.place("add")
    person.hand.drag(person.hand.port("conv2", "outputs"), person.hand.port(both, "inputs"))
    person.hand.drag(person.hand.port(both, "outputs"), person.hand.port("relu2", "inputs"))
    assert workspace.report.problems == ()
    assert workspace.report.parameters - workspace.report.trainable_parameters == frozen

    # What is trained is read on the design's own page, which is there while nothing is selected.
    press("fit_all")
    person.hand.click(QPointF(5, 5))
    assert workspace.selection == frozenset()
    trained = f"{workspace.report.trainable_parameters:,}"
    facts = " ".join(label.text() for label in window.docks.panels["inspector"].findChildren(QLabel))
    assert f">trainable</td><td>{trained}<" in facts

    # One epoch by the real worker.
    person.type_into("training", "epochs", "1")
    with qtbot.waitSignal(
        window.runner.told, timeout=PATIENCE, check_params_cb=lambda event: isinstance(event, Finished)
    ):
        press("train")
    run = window.runs.current
    assert run is not None
    assert len(run.epochs) == 1
    assert (run.folder / "best.safetensors").is_file()

    # The source says all of it.
    source = tmp_path / "own.py"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(source), ""))
    press("export_source")
    said = source.read_text(encoding="utf-8")
    for line in (
        "WIDTH = 8\n", "class Residual1(nn.Module):", "self.residual1 = Residual1(channels=WIDTH)",
        "self.conv2.requires_grad_(False)", "conv2 = self.conv2(residual1)",
        "class DigitReaderWithConvolutions(nn.Module):",
    ):  # fmt: skip
        assert line in said
    assert "self.conv3" not in said

    # Saved, taken back to the sample, and opened again: the same.
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "own.netwright"), ""))
    press("save")
    made = workspace.document
    while workspace.history.undo_label is not None:
        press("undo")
    assert workspace.report.parameters == usual
    assert files.read(tmp_path / "own.netwright") == made
    while workspace.history.redo_label is not None:
        press("redo")
    assert workspace.document == made
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "own.netwright"), ""))
    press("open")
    assert workspace.document == made
    assert workspace.report.problems == ()
    assert set(window.canvas.design.nodes) == set(made.nodes)
