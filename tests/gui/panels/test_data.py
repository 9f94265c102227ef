"""The data panel as a person uses it: every choice is an edit, every edit can be undone, and it shows what is so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from designer.catalogue import DATASETS
from designer.graph import edits
from designer.graph.document import Node
from designer.gui.data_looks import DataLooks
from designer.gui.panels.data import DataPanel
from designer.gui.panels.setting_fields import TextField
from designer.gui.runner import Runner
from designer.gui.theme import Appearance
from designer.gui.workspace import Workspace


@pytest.fixture
def panel(qtbot: QtBot, workspace: Workspace, appearance: Appearance) -> Iterator[DataPanel]:
    looks, runner = DataLooks(workspace), Runner()
    panel = DataPanel(workspace, appearance, looks, runner)
    qtbot.addWidget(panel)
    panel.resize(340, 700)
    panel.show()
    yield panel
    looks.shutdown()
    runner.shutdown()


def choose(panel: DataPanel, key: str) -> None:
    """Choose a data set as the combo box tells it."""
    panel.source.setCurrentIndex(panel.source.findData(key))
    panel.source.activated.emit(panel.source.currentIndex())


def type_into(form: object, name: str, text: str) -> None:
    """Put a text in the place of another in a field."""
    field = form.rows[name].field  # type: ignore[attr-defined]
    assert isinstance(field, TextField)
    field.line.selectAll()
    QTest.keyClicks(field.line, text)


def test_without_data_there_is_only_the_choice(panel: DataPanel) -> None:
    assert panel.source.currentText() == "No data"
    assert not panel.split.isVisible()


@pytest.mark.parametrize("key", DATASETS)
def test_every_data_set_can_be_chosen_and_says_what_is_in_it(panel: DataPanel, workspace: Workspace, key: str) -> None:
    choose(panel, key)
    assert workspace.document.data == {"source": key}
    assert panel.lesson.text().replace("\u200b", "") == DATASETS[key].lesson()
    assert f"{DATASETS[key]().facts().examples:,} examples" in panel.facts.text()
    workspace.undo()
    assert workspace.document.data == {}
    assert panel.source.currentText() == "No data"


def test_a_setting_is_one_undo_step_however_many_keys_it_takes(panel: DataPanel, workspace: Workspace) -> None:
    choose(panel, "moons")
    assert panel.form is not None
    type_into(panel.form, "samples", "250")
    assert workspace.document.data == {"source": "moons", "samples": 250}
    assert "250 examples" in panel.facts.text()
    workspace.undo()
    assert workspace.document.data == {"source": "moons"}


def test_a_setting_at_its_default_is_not_written(panel: DataPanel, workspace: Workspace) -> None:
    choose(panel, "moons")
    assert panel.form is not None
    type_into(panel.form, "samples", "250")
    QTest.mouseClick(panel.form.rows["samples"].reset, Qt.MouseButton.LeftButton)
    assert workspace.document.data == {"source": "moons"}


def test_a_value_out_of_range_stays_in_the_field_and_is_explained(panel: DataPanel, workspace: Workspace) -> None:
    choose(panel, "moons")
    assert panel.form is not None
    type_into(panel.form, "samples", "3")
    assert "samples" not in workspace.document.data
    assert "at least 10" in panel.form.rows["samples"].note.sentence.text().replace("\u200b", "")


def test_another_data_set_keeps_the_split_and_drops_the_rest(panel: DataPanel, workspace: Workspace) -> None:
    choose(panel, "moons")
    assert panel.form is not None
    type_into(panel.form, "samples", "250")
    type_into(panel.split, "validation", "0.2")
    choose(panel, "iris")
    assert workspace.document.data == {"source": "iris", "split": {"validation": 0.2}}
    assert "About 98 to learn from, 30 to validate, 22 to test." in panel.shares.text()


def test_a_split_that_leaves_nothing_says_so(panel: DataPanel) -> None:
    choose(panel, "iris")
    type_into(panel.split, "validation", "0.9")
    assert "hardly any are left to learn from" in panel.shares.text()


def test_what_an_output_is_compared_with_can_be_chosen(panel: DataPanel, workspace: Workspace) -> None:
    choose(panel, "digits")
    field = panel.wires["targets", "digit"]
    texts = [field.combo.itemText(place) for place in range(field.combo.count())]
    assert texts == ["image (1 x 8 x 8, float32)", "digit (10 classes: 0, 1, 2, 3, …)"]
    assert field.combo.currentIndex() == 1
    field.combo.setCurrentIndex(0)
    field.combo.activated.emit(0)
    assert workspace.document.data == {"source": "digits", "targets": {"digit": "image"}}


def test_each_of_several_inputs_can_be_wired_though_the_data_has_one_feature(
    panel: DataPanel, workspace: Workspace
) -> None:
    choose(panel, "tagging")
    assert ("inputs", "image") not in panel.wires
    second = Node("right", "Input", {"shape": (12,), "dtype": "int64"})
    workspace.commit(lambda document: edits.add_node(document, second), "Add")
    field = panel.wires["inputs", "right"]
    field.combo.setCurrentIndex(1)
    field.combo.activated.emit(1)
    assert workspace.document.data["inputs"] == {"right": "tags"}


def test_an_output_that_is_compared_with_nothing_has_no_target_to_choose(
    panel: DataPanel, workspace: Workspace
) -> None:
    choose(panel, "digits")
    assert ("targets", "digit") in panel.wires
    workspace.commit(lambda document: edits.change_settings(document, "digit", {"loss": "ValueLoss"}), "Set")
    assert ("targets", "digit") not in panel.wires


def test_a_file_with_an_unknown_data_set_is_shown_as_it_is(panel: DataPanel, workspace: Workspace) -> None:
    workspace.commit_whole(lambda document: edits.change_data(document, {"source": "martians"}), "From a file")
    assert panel.source.currentText() == "martians"
    assert not panel.split.isVisible()


def test_broken_parts_of_a_file_do_not_break_the_panel(panel: DataPanel, workspace: Workspace) -> None:
    values = {"source": "digits", "split": 7, "inputs": ["image"], "targets": 3}
    workspace.commit_whole(lambda document: edits.change_data(document, values), "From a file")
    type_into(panel.split, "test", "0.1")
    assert workspace.document.data["split"] == {"test": 0.1}


def test_one_press_fits_the_design_to_the_data_and_one_undo_takes_it_back(
    panel: DataPanel, workspace: Workspace
) -> None:
    assert not panel.state.isVisible()
    workspace.commit(lambda document: edits.change_settings(document, "image", {"shape": (3, 20, 20)}), "Set")
    workspace.commit(lambda document: edits.change_settings(document, "fc1", {"out_features": 4}), "Set")
    before = workspace.document
    choose(panel, "digits")
    chosen = workspace.document
    assert panel.state.fit.isVisible()
    QTest.mouseClick(panel.state.fit, Qt.MouseButton.LeftButton)
    nodes = workspace.document.nodes
    assert nodes["image"].settings["shape"] == (1, 8, 8)
    assert nodes["fc1"].settings["out_features"] == 10
    assert nodes["digit"].settings["loss"] == "CrossEntropyLoss"
    assert workspace.report.sound
    assert not panel.state.isVisible()
    assert workspace.history.undo_label == "Fit the design to the data"
    workspace.undo()
    assert workspace.document is chosen
    workspace.undo()
    assert workspace.document is before


def test_rows_with_gaps_are_counted_shown_and_left_out_by_choice(
    qtbot: QtBot, panel: DataPanel, workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    path.write_text("age,height,label\n20,1.5,no\n,1.6,yes\n40,?,no\n50,1.25,yes\n60,1.75,no\n30,1.5,yes\n", "utf-8")
    values = {"source": "file", "path": str(path)}
    workspace.commit_whole(lambda document: edits.change_data(document, values), "From a file")
    qtbot.waitUntil(lambda: panel.state.show_rows.isVisible())
    assert "people.csv lacks 1 value of age and 1 value of height, in 2 rows." in panel.facts.text()
    qtbot.waitUntil(lambda: panel.examples.survey is not None, timeout=60_000)
    panel.widget().adjustSize()
    QTest.mouseClick(panel.state.show_rows, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.examples.shown is not None and panel.examples.shown.rows == (1, 2), timeout=60_000)
    drop, fill = panel.state.remedies.buttons
    assert "Leave out" in drop.text()
    assert "Fill" in fill.text()
    QTest.mouseClick(drop, Qt.MouseButton.LeftButton)
    assert workspace.document.data["missing"] == "drop"
    assert "2 rows that lack a value are left out." in panel.facts.text()
    assert "4 examples" in panel.facts.text()
    assert not panel.state.remedies.isVisible()
    assert panel.state.show_rows.isVisible()
    workspace.undo()
    assert "missing" not in workspace.document.data


def test_a_setting_that_names_a_column_offers_those_of_the_file(
    qtbot: QtBot, panel: DataPanel, workspace: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "walks.csv").write_text("walk,x,kind\na,1,u\na,2,u\nb,3,v\nb,4,v\n", "utf-8")
    values = {"source": "series", "path": str(tmp_path / "walks.csv"), "predict": "step"}
    workspace.commit_whole(lambda document: edits.change_data(document, values), "From a file")
    qtbot.waitUntil(lambda: bool(workspace.looks.known))
    assert panel.form is not None
    combo = panel.form.rows["sequence"].field.combo  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: combo.count() == 4)
    combo.setCurrentIndex(combo.findText("walk"))
    combo.activated.emit(combo.currentIndex())
    assert workspace.document.data["sequence"] == "walk"
    qtbot.waitUntil(lambda: workspace.report.facts is not None and workspace.report.facts.examples == 2)
    assert combo.currentText() == "walk"
