"""The learning section of the inspector, used as a person would: each choice is a change of the design."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from designer.graph import edits
from designer.graph.document import Document, Link, Node
from designer.gui.panels.inspector import InspectorPanel
from designer.gui.panels.learning_form import LearningForm
from designer.gui.panels.many_page import ManyPage
from designer.gui.panels.node_page import NodePage
from designer.gui.panels.parameters import ParametersPanel
from designer.gui.panels.setting_fields import ChoiceField, SwitchField, TextField
from designer.gui.panels.settings_form import SettingRow
from designer.gui.runner import Runner
from designer.gui.theme import Appearance
from designer.gui.workspace import Workspace


@pytest.fixture
def design(design: Document) -> Document:
    """The small network, with a twin of its last layer beside it."""
    document = edits.add_node(design, Node("fc2", "Linear", {"out_features": 10}), (0.0, 110.0))
    document = edits.add_node(document, Node("twin", "Output"), (220.0, 110.0))
    return edits.connect(edits.connect(document, Link("flatten1", "fc2")), Link("fc2", "twin"))


@pytest.fixture
def inspector(qtbot: QtBot, workspace: Workspace, appearance: Appearance) -> InspectorPanel:
    panel = InspectorPanel(workspace, appearance)
    qtbot.addWidget(panel)
    panel.resize(300, 900)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def section(inspector: InspectorPanel) -> LearningForm:
    assert isinstance(inspector.page, NodePage)
    return inspector.page.learning


def unfolded(qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace, node: str) -> LearningForm:
    """The section of a node, unfolded by the keyboard."""
    workspace.select((node,))
    found = section(inspector)
    if not found.fold.unfolded:
        found.fold.setFocus()
        qtbot.keyClick(found.fold, Qt.Key.Key_Space)
    return found


def learning(workspace: Workspace, node: str) -> dict[str, object]:
    return dict(workspace.document.nodes[node].learning)


def choose(row: SettingRow, text: str) -> None:
    """Choose an entry by its text."""
    assert isinstance(row.field, ChoiceField)
    combo = row.field.combo
    combo.setCurrentIndex(combo.findText(text))
    combo.activated.emit(combo.currentIndex())


def type_into(qtbot: QtBot, row: SettingRow, text: str) -> None:
    assert isinstance(row.field, TextField)
    row.field.editor.setFocus()
    row.field.line.selectAll()
    qtbot.keyClicks(row.field.editor, text)


def init_row(form: LearningForm, name: str) -> SettingRow:
    assert form.inits is not None
    return form.inits.rows[name]


def test_the_section_is_folded_while_all_is_usual_and_away_where_there_is_nothing_to_learn(
    inspector: InspectorPanel, workspace: Workspace
) -> None:
    workspace.select(("fc1",))
    assert section(inspector).isVisible()
    assert not section(inspector).body.isVisible()
    workspace.select(("relu1",))
    assert not section(inspector).isVisible()
    workspace.commit(lambda document: edits.change_learning(document, "fc1", {"l2": 0.1}), "Set l2")
    workspace.select(("fc1",))
    assert section(inspector).body.isVisible()
    assert section(inspector).short.text() == "l2 0.\u200b1"


def test_freezing_a_layer_is_one_step_and_is_seen_in_its_cost(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace
) -> None:
    form = unfolded(qtbot, inspector, workspace, "fc1")
    field = form.form.rows["trainable"].field
    assert isinstance(field, SwitchField)
    steps = len(workspace.history.states)
    field.box.click()
    assert learning(workspace, "fc1") == {"trainable": False}
    assert len(workspace.history.states) == steps + 1
    assert form.short.text() == "frozen"
    assert isinstance(inspector.page, NodePage)
    assert "trainable" in inspector.page.facts.text()
    field.box.click()
    assert learning(workspace, "fc1") == {}
    workspace.undo()
    assert not field.box.isChecked()


def test_penalties_are_typed_and_a_wrong_one_says_why(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace
) -> None:
    form = unfolded(qtbot, inspector, workspace, "fc1")
    row = form.form.rows["l2"]
    type_into(qtbot, row, "0.01")
    assert learning(workspace, "fc1") == {"l2": 0.01}
    assert workspace.history.undo_label == "Set l2"
    type_into(qtbot, row, "-1")
    assert "at least 0" in row.note.sentence.text()
    row.reset.click()
    assert learning(workspace, "fc1") == {}


def test_only_nodes_that_fit_are_offered_to_share_with(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace
) -> None:
    form = unfolded(qtbot, inspector, workspace, "fc2")
    row = form.form.rows["shared_with"]
    assert isinstance(row.field, ChoiceField)
    texts = [row.field.combo.itemText(place) for place in range(row.field.combo.count())]
    assert texts == ["none (default)", "fc1"]
    before = workspace.report.parameters
    choose(row, "fc1")
    assert learning(workspace, "fc2") == {"shared_with": "fc1"}
    assert workspace.report.parameters == before - workspace.report.nodes["fc1"].parameters
    assert form.inits is None
    workspace.commit(lambda document: edits.rename(document, "fc1", "head"), "Rename")
    assert form.short.text() == "weights of head"


def test_a_problem_stands_at_its_field_with_its_mend(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace
) -> None:
    workspace.commit(lambda document: edits.change_learning(document, "fc2", {"shared_with": "gone"}), "Share")
    form = unfolded(qtbot, inspector, workspace, "fc2")
    note = form.form.rows["shared_with"].note
    assert "is not there" in note.sentence.text()
    assert isinstance(inspector.page, NodePage)
    assert not any(row.isVisible() for row in inspector.page.problems)
    form.fold.click()
    assert [row.isVisible() for row in inspector.page.problems] == [True]
    form.fold.click()
    note.fixes.chosen.emit(workspace.report.problems_by_node["fc2"][0].fixes[-1])
    assert learning(workspace, "fc2") == {}
    assert not note.isVisible()


def test_first_values_are_chosen_by_weight_with_their_numbers(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace
) -> None:
    form = unfolded(qtbot, inspector, workspace, "conv1")
    init_row(form, "weight").field.setFocus()
    choose(init_row(form, "weight"), "Truncated normal")
    assert learning(workspace, "conv1") == {"init": {"weight": "trunc_normal_"}}
    qtbot.waitUntil(lambda: init_row(form, "weight").field.isAncestorOf(inspector.focusWidget()))
    type_into(qtbot, init_row(form, "weight std"), "0.02")
    assert learning(workspace, "conv1") == {"init": {"weight": {"kind": "trunc_normal_", "std": 0.02}}}
    choose(init_row(form, "bias"), "Zeros")
    assert learning(workspace, "conv1")["init"] == {"weight": {"kind": "trunc_normal_", "std": 0.02}, "bias": "zeros_"}
    assert form.short.text() == "init of weight, bias"
    choose(init_row(form, "bias"), "Orthogonal")
    assert "needs at least 2 axes" in init_row(form, "bias").note.sentence.text()
    init_row(form, "bias").reset.click()
    init_row(form, "weight").reset.click()
    assert learning(workspace, "conv1") == {}


def test_a_file_of_weights_is_named_from_the_design_s_own_folder(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.save(tmp_path / "design.netwright")
    form = unfolded(qtbot, inspector, workspace, "fc1")
    for chosen, written in (
        (str(tmp_path / "runs" / "best.safetensors"), "runs/best.safetensors"),
        ("/elsewhere/best.safetensors", "/elsewhere/best.safetensors"),
    ):
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, chosen=chosen: (chosen, ""))
        qtbot.mouseClick(form.browse, Qt.MouseButton.LeftButton)
        assert learning(workspace, "fc1") == {"load": written}
    form.form.rows["load"].reset.click()
    assert learning(workspace, "fc1") == {}


def test_a_group_has_no_first_values_of_its_own(qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace) -> None:
    form = unfolded(qtbot, inspector, workspace, "block1")
    assert form.inits is None
    field = form.form.rows["trainable"].field
    assert isinstance(field, SwitchField)
    field.box.click()
    workspace.enter(("block1",))
    workspace.select(("conv",))
    assert isinstance(inspector.page, NodePage)
    assert "trainable" in inspector.page.facts.text()


def test_the_section_follows_the_theme(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace, appearance: Appearance
) -> None:
    form = unfolded(qtbot, inspector, workspace, "fc1")
    choose(init_row(form, "bias"), "Orthogonal")
    sentence = init_row(form, "bias").note.sentence
    before = sentence.palette().color(sentence.foregroundRole())
    appearance.choose("dark")
    assert sentence.palette().color(sentence.foregroundRole()) != before


def test_several_layers_are_frozen_at_once(inspector: InspectorPanel, workspace: Workspace) -> None:
    workspace.commit(lambda document: edits.change_learning(document, "fc1", {"l2": 0.1}), "Set l2")
    workspace.select(("conv1", "relu1", "fc1"))
    page = inspector.page
    assert isinstance(page, ManyPage)
    assert page.learning is not None
    field, l2 = (page.learning.rows[name].field for name in ("trainable", "l2"))
    assert isinstance(field, SwitchField)
    assert isinstance(l2, TextField)
    assert l2.line.placeholderText() == "mixed"
    steps = len(workspace.history.states)
    field.box.click()
    assert len(workspace.history.states) == steps + 1
    assert learning(workspace, "conv1") == {"trainable": False}
    assert learning(workspace, "fc1") == {"l2": 0.1, "trainable": False}
    assert learning(workspace, "relu1") == {}
    workspace.select(("relu1", "flatten1"))
    assert isinstance(inspector.page, ManyPage)
    assert inspector.page.learning is None


def test_the_table_says_what_is_frozen_and_shares_of_shared_weights_count_once(
    workspace: Workspace, appearance: Appearance, qtbot: QtBot, qapp: QApplication
) -> None:
    runner = Runner(qapp)
    panel = ParametersPanel(workspace, appearance, runner)
    qtbot.addWidget(panel)
    workspace.commit(lambda document: edits.change_learning(document, "fc2", {"shared_with": "fc1"}), "Share")
    workspace.commit(lambda document: edits.change_learning(document, "conv1", {"trainable": False}), "Freeze")
    total = workspace.report.parameters
    assert f"{total - 160:,} trainable, 160 frozen" in panel.totals.text()
    shares = {row.id: row.counted for row in panel.model.rows}
    assert sum(shares.values()) == total
    assert shares["fc2"] == 0
    runner.shutdown()
