"""Augmentations are chosen, set and taken away in the data panel, and seen before and after."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from designer.catalogue import AUGMENTATIONS
from designer.compiler.lowering.recipe import training_problems
from designer.graph import edits
from designer.gui.panels.augmentation.part import AugmentationPart
from designer.gui.panels.setting_fields import TextField
from designer.gui.runner import Runner
from designer.gui.theme import Appearance
from designer.gui.workspace import Workspace
from designer.problems import Problem


@pytest.fixture
def part(qtbot: QtBot, workspace: Workspace, appearance: Appearance) -> Iterator[AugmentationPart]:
    runner = Runner()
    part = AugmentationPart(workspace, appearance, runner)
    workspace.changed.connect(part.show_design)
    qtbot.addWidget(part)
    part.resize(320, 500)
    yield part
    runner.shutdown()


def use(workspace: Workspace, **data: object) -> None:
    workspace.commit_whole(lambda document: edits.change_data(document, data), "Choose the data")


def add(part: AugmentationPart, name: str) -> None:
    part.add.setCurrentIndex(part.add.findData(name))
    part.add.activated.emit(part.add.currentIndex())


def test_only_pictures_can_be_augmented_and_colours_only_where_there_are_any(
    part: AugmentationPart, workspace: Workspace
) -> None:
    use(workspace, source="iris")
    assert part.isHidden()
    use(workspace, source="digits")
    assert not part.isHidden()
    offered = {part.add.itemData(place) for place in range(1, part.add.count())}
    assert offered == {name for name, kind in AUGMENTATIONS.items() if kind.channels == 0}


def test_an_augmentation_is_added_set_and_taken_away_each_in_one_step(
    part: AugmentationPart, workspace: Workspace
) -> None:
    use(workspace, source="digits")
    add(part, "RandomRotation")
    add(part, "RandomGaussianNoise")
    assert workspace.document.data["augment"] == [{"kind": "RandomRotation"}, {"kind": "RandomGaussianNoise"}]
    field = part.rows[0].form.rows["degrees"].field
    assert isinstance(field, TextField)
    field.line.selectAll()
    QTest.keyClicks(field.line, "25")
    assert workspace.document.data["augment"][0] == {"kind": "RandomRotation", "degrees": 25.0}
    QTest.keyClick(field.line, Qt.Key.Key_Return)
    QTest.mouseClick(part.rows[0].remove, Qt.MouseButton.LeftButton)
    assert workspace.document.data["augment"] == [{"kind": "RandomGaussianNoise"}]
    for _ in range(4):
        workspace.undo()
    assert workspace.document.data == {"source": "digits"}
    assert part.rows == []


def test_what_a_file_asks_for_and_cannot_have_is_said(part: AugmentationPart, workspace: Workspace) -> None:
    use(workspace, source="digits", augment=[{"kind": "RandomHue"}])
    assert "needs colour pictures" in part.problem.text()
    use(workspace, source="digits", augment=[{"kind": "Melt"}])
    assert 'no augmentation called "Melt"' in part.problem.text()
    assert any(problem.code == "augment" for problem in training(workspace))


def test_pictures_are_shown_before_and_after(qtbot: QtBot, part: AugmentationPart, workspace: Workspace) -> None:
    use(workspace, source="digits")
    add(part, "RandomRotation")
    part.show()
    qtbot.waitUntil(lambda: len(part.preview.pictures.rows) == 2, timeout=60_000)
    before, after = part.preview.pictures.rows
    assert before.shape == after.shape
    assert before.pixels != after.pixels
    QTest.mouseClick(part.preview.again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: part.preview.pictures.rows[1].pixels != after.pixels, timeout=60_000)
    assert part.preview.pictures.rows[0] == before


def training(workspace: Workspace) -> tuple[Problem, ...]:
    return training_problems(workspace.report)
