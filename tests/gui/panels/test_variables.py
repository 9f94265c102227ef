"""The table of variables and formulas in fields, used as a person would: every key counts, one undo step a cell."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTableWidgetItem
from pytestqt.qtbot import QtBot

from designer.graph import edits
from designer.graph.document import Document, Node
from designer.gui.panels.inspector import InspectorPanel
from designer.gui.panels.many_page import ManyPage
from designer.gui.panels.node_page import NodePage
from designer.gui.panels.setting_fields import TextField
from designer.gui.panels.training import TrainingPanel
from designer.gui.panels.variables import VariablesPanel
from designer.gui.panels.variables_table import NAME, RESULT, USERS, VALUE
from designer.gui.runner import Runner
from designer.gui.runs import Runs
from designer.gui.theme import DARK, Appearance
from designer.gui.workspace import Workspace

VARIABLES = {"width": 16, "wide": "=2*width"}


@pytest.fixture
def design(design: Document) -> Document:
    """The small network with variables, one of them in a group."""
    conv = replace(design.nodes["conv1"], settings={"out_channels": "=wide", "padding": 1})
    group = design.nodes["block1"]
    assert group.inside is not None
    inner = replace(group.inside.nodes["conv"], settings={"out_channels": "=size", "padding": "same"})
    inside = replace(group.inside, nodes={**group.inside.nodes, "conv": inner}, variables={"size": 8})
    nodes = {**design.nodes, "conv1": conv, "block1": replace(group, inside=inside)}
    return replace(design, nodes=nodes, variables=VARIABLES)


@pytest.fixture
def panel(qtbot: QtBot, workspace: Workspace, appearance: Appearance) -> VariablesPanel:
    panel = VariablesPanel(workspace, appearance)
    qtbot.addWidget(panel)
    panel.resize(700, 300)
    panel.show()
    qtbot.waitActive(panel)
    return panel


@pytest.fixture
def inspector(qtbot: QtBot, workspace: Workspace, appearance: Appearance) -> InspectorPanel:
    inspector = InspectorPanel(workspace, appearance)
    qtbot.addWidget(inspector)
    inspector.resize(320, 700)
    inspector.show()
    qtbot.waitActive(inspector)
    return inspector


def cell(panel: VariablesPanel, row: int, column: int) -> QTableWidgetItem:
    item = panel.table.item(row, column)
    assert item is not None
    return item


def texts(panel: VariablesPanel, row: int) -> list[str]:
    return [cell(panel, row, column).text() for column in range(panel.table.columnCount())]


def open_cell(panel: VariablesPanel, row: int, column: int) -> QLineEdit:
    panel.table.edit_cell(row, column)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    return editor


def enter(editor: QLineEdit, key: Qt.Key = Qt.Key.Key_Return) -> None:
    """Press a key that ends typing; Qt takes the text once it is back in its loop."""
    QTest.keyClick(editor, key)
    QApplication.processEvents()


def type_in(panel: VariablesPanel, row: int, column: int, text: str) -> None:
    editor = open_cell(panel, row, column)
    editor.selectAll()
    QTest.keyClicks(editor, text)
    enter(editor)


def field(inspector: InspectorPanel, name: str) -> TextField:
    page = inspector.page
    assert isinstance(page, (NodePage, ManyPage))
    assert page.form is not None
    found = page.form.rows[name].field
    assert isinstance(found, TextField)
    return found


def note(inspector: InspectorPanel, name: str) -> str:
    page = inspector.page
    assert isinstance(page, NodePage)
    assert page.form is not None
    return page.form.rows[name].note.sentence.text().replace("\u200b", "")


def type_formula(inspector: InspectorPanel, name: str, text: str) -> None:
    found = field(inspector, name)
    found.editor.setFocus()
    found.line.selectAll()
    QTest.keyClicks(found.editor, text)


def test_the_table_says_what_each_variable_is_worth_and_who_uses_it(panel: VariablesPanel) -> None:
    assert texts(panel, 0) == ["width", "16", "", "1 variable"]
    assert texts(panel, 1) == ["wide", "=2*width", "32", "1 layer"]
    assert cell(panel, 1, USERS).toolTip() == "conv1"


def test_a_value_counts_at_every_key_and_is_one_undo_step(panel: VariablesPanel, workspace: Workspace) -> None:
    editor = open_cell(panel, 0, VALUE)
    editor.selectAll()
    QTest.keyClicks(editor, "12")
    assert workspace.document.variables["width"] == 12
    assert workspace.report.nodes["conv1"].parameters == 24 * 9 + 24
    assert texts(panel, 1)[RESULT] == "24"
    assert editor.text() == "12"
    enter(editor)
    assert texts(panel, 0)[VALUE] == "12"
    workspace.undo()
    assert workspace.document.variables == VARIABLES
    assert texts(panel, 0)[VALUE] == "16"


def test_escape_gives_up_what_was_typed(panel: VariablesPanel, workspace: Workspace) -> None:
    editor = open_cell(panel, 0, VALUE)
    QTest.keyClicks(editor, "7")
    enter(editor, Qt.Key.Key_Escape)
    assert workspace.document.variables == VARIABLES
    assert texts(panel, 0)[VALUE] == "16"


def test_a_formula_may_be_typed_without_its_sign(panel: VariablesPanel, workspace: Workspace) -> None:
    type_in(panel, 1, VALUE, "3*width")
    assert workspace.document.variables["wide"] == "=3*width"
    assert texts(panel, 1) == ["wide", "=3*width", "48", "1 layer"]


def test_a_wrong_formula_is_marked_at_its_row_and_mended_there(panel: VariablesPanel, workspace: Workspace) -> None:
    type_in(panel, 1, VALUE, "2*widht")
    assert texts(panel, 1)[RESULT] == "There is no variable called widht."
    assert not cell(panel, 1, RESULT).icon().isNull()
    assert panel.problem.isVisible()
    panel.problem.fixes.buttons[0].click()
    assert workspace.document.variables["wide"] == "=2*width"
    assert not panel.problem.isVisible()


def test_what_cannot_be_read_is_taken_only_in_the_end(panel: VariablesPanel, workspace: Workspace) -> None:
    editor = open_cell(panel, 1, VALUE)
    editor.selectAll()
    QTest.keyClicks(editor, "=2*(")
    assert workspace.document.variables["wide"] == "=2"
    enter(editor)
    assert workspace.document.variables["wide"] == "=2*("
    assert "ends too early" in texts(panel, 1)[RESULT]


def test_a_new_name_goes_everywhere_in_one_step(panel: VariablesPanel, workspace: Workspace) -> None:
    type_in(panel, 0, NAME, "channels")
    assert workspace.document.variables == {"channels": 16, "wide": "=2*channels"}
    workspace.undo()
    assert workspace.document.variables == VARIABLES


def test_a_name_that_cannot_be_had_is_refused_and_put_back(
    qtbot: QtBot, panel: VariablesPanel, workspace: Workspace
) -> None:
    with qtbot.waitSignal(workspace.refused):
        type_in(panel, 0, NAME, "wide")
    assert texts(panel, 0)[NAME] == "width"


def test_a_variable_is_added_and_its_name_waits_to_be_typed(panel: VariablesPanel, workspace: Workspace) -> None:
    panel.add.click()
    assert workspace.document.variables["width2"] == 64
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    assert editor.text() == "width2"
    QTest.keyClicks(editor, "depth")
    enter(editor)
    assert list(workspace.document.variables) == ["width", "wide", "depth"]


def test_the_value_of_a_new_variable_is_typed_after_its_name(
    panel: VariablesPanel, workspace: Workspace, qtbot: QtBot
) -> None:
    QTest.mouseClick(panel.add, Qt.MouseButton.LeftButton)
    editor = QApplication.focusWidget()
    QTest.keyClicks(editor, "depth")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.table.is_typing and panel.table.currentColumn() == VALUE)
    value = QApplication.focusWidget()
    assert isinstance(value, QLineEdit)
    QTest.keyClicks(value, "12")
    enter(value)
    assert workspace.document.variables["depth"] == 12
    type_in(panel, 0, NAME, "renamed")
    assert not panel.table.is_typing


def test_the_chosen_variable_is_removed_by_a_key(panel: VariablesPanel, workspace: Workspace) -> None:
    panel.table.setCurrentCell(1, NAME)
    QTest.keyClick(panel.table, Qt.Key.Key_Delete)
    assert list(workspace.document.variables) == ["width"]
    assert [(p.code, p.node) for p in workspace.report.problems] == [("formula", "conv1")]


def test_without_variables_the_panel_says_what_they_are_for(panel: VariablesPanel, workspace: Workspace) -> None:
    workspace.new()
    assert panel.empty.isVisible()
    assert "=2*width" in panel.empty.text()
    panel.add.click()
    assert workspace.document.variables == {"width": 64}
    assert panel.table.isVisible()


def test_a_double_click_on_its_users_selects_them(panel: VariablesPanel, workspace: Workspace) -> None:
    panel.table.cellDoubleClicked.emit(1, USERS)
    assert workspace.selection == {"conv1"}


def test_inside_a_group_its_own_variables_are_shown(panel: VariablesPanel, workspace: Workspace) -> None:
    workspace.commit(lambda document: edits.change_settings(document, "block1", {"size": "=wide"}), "Set size")
    workspace.enter(("block1",))
    assert texts(panel, 0) == ["size", "8", "32, set by block1", "1 layer"]
    type_in(panel, 0, NAME, "channels")
    assert workspace.document.nodes["block1"].settings == {"repeat": 2, "channels": "=wide"}


def test_a_change_around_a_group_is_seen_inside_it(
    panel: VariablesPanel, inspector: InspectorPanel, workspace: Workspace
) -> None:
    workspace.commit(lambda document: edits.change_settings(document, "block1", {"size": "=wide"}), "Set size")
    workspace.enter(("block1",))
    workspace.select(("conv",))
    assert field(inspector, "out_channels").line.hint == "= 32"
    workspace.commit_whole(lambda document: replace(document, variables={"width": 4, "wide": "=2*width"}), "Set width")
    assert texts(panel, 0)[RESULT] == "8, set by block1"
    assert field(inspector, "out_channels").line.hint == "= 8"


def test_a_field_shows_its_formula_and_what_it_is_worth(inspector: InspectorPanel, workspace: Workspace) -> None:
    workspace.select(("conv1",))
    assert field(inspector, "out_channels").line.text() == "=wide"
    assert field(inspector, "out_channels").line.hint == "= 32"
    assert field(inspector, "padding").line.hint == "default 0"


def test_a_formula_is_typed_into_a_field_as_a_number_is(inspector: InspectorPanel, workspace: Workspace) -> None:
    workspace.select(("fc1",))
    type_formula(inspector, "out_features", "=wide // 4")
    assert workspace.document.nodes["fc1"].settings["out_features"] == "=wide // 4"
    assert workspace.report.nodes["fc1"].shape is not None
    assert field(inspector, "out_features").line.hint == "= 8"
    assert field(inspector, "out_features").line.text() == "=wide // 4"
    QTest.keyClick(field(inspector, "out_features").editor, Qt.Key.Key_Up)
    assert workspace.document.nodes["fc1"].settings["out_features"] == "=wide // 4"


def test_a_formula_of_variables_that_are_there_needs_no_sign(inspector: InspectorPanel, workspace: Workspace) -> None:
    workspace.select(("fc1",))
    type_formula(inspector, "out_features", "2*wide")
    assert workspace.document.nodes["fc1"].settings["out_features"] == "=2*wide"
    QTest.keyClick(field(inspector, "out_features").editor, Qt.Key.Key_Return)
    assert field(inspector, "out_features").line.text() == "=2*wide"
    type_formula(inspector, "out_features", "2*high")
    assert "must be a whole number" in note(inspector, "out_features")
    assert field(inspector, "out_features").line.hint == ""


def test_the_name_of_a_variable_is_completed(inspector: InspectorPanel, workspace: Workspace) -> None:
    workspace.select(("fc1",))
    type_formula(inspector, "out_features", "=2*wi")
    completer = field(inspector, "out_features").line.completer()
    assert [completer.completionModel().index(row, 0).data() for row in range(completer.completionCount())] == [
        "wide", "width",
    ]  # fmt: skip
    popup = completer.popup()
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert field(inspector, "out_features").line.text() == "=2*wide"
    assert workspace.document.nodes["fc1"].settings["out_features"] == "=2*wide"


def test_a_number_completes_nothing(inspector: InspectorPanel, workspace: Workspace) -> None:
    workspace.select(("image",))
    type_formula(inspector, "shape", "wi")
    assert field(inspector, "shape").line.completer().completionCount() == 0


def test_a_formula_may_be_part_of_a_shape(inspector: InspectorPanel, workspace: Workspace) -> None:
    workspace.select(("image",))
    type_formula(inspector, "shape", "1, =width, =width // 2")
    assert workspace.document.nodes["image"].settings["shape"] == (1, "=width", "=width // 2")
    assert field(inspector, "shape").line.hint == "= 1, 16, 8"


@pytest.mark.parametrize(("typed", "said"), [("=2/3", "fraction"), ("=2*", "ends too early"), ("=", "empty")])
def test_a_wrong_formula_is_marked_at_its_field(
    inspector: InspectorPanel, workspace: Workspace, typed: str, said: str
) -> None:
    workspace.select(("fc1",))
    type_formula(inspector, "out_features", typed)
    assert said in note(inspector, "out_features")
    QTest.keyClick(field(inspector, "out_features").line, Qt.Key.Key_Escape)
    assert note(inspector, "out_features") == ""


def test_a_variable_that_is_not_there_is_added_from_the_field(inspector: InspectorPanel, workspace: Workspace) -> None:
    workspace.select(("fc1",))
    type_formula(inspector, "out_features", "=classes")
    assert "no variable called classes" in note(inspector, "out_features")
    page = inspector.page
    assert isinstance(page, NodePage)
    assert page.form is not None
    page.form.rows["out_features"].note.fixes.buttons[0].click()
    assert workspace.document.variables["classes"] == 64
    assert note(inspector, "out_features") == ""


def test_a_groups_page_has_a_field_for_each_variable_inside(inspector: InspectorPanel, workspace: Workspace) -> None:
    workspace.select(("block1",))
    assert field(inspector, "size").line.text() == "8"
    type_formula(inspector, "size", "=wide")
    assert workspace.document.nodes["block1"].settings == {"repeat": 2, "size": "=wide"}
    assert field(inspector, "size").line.hint == "= 32"
    type_formula(inspector, "size", "8")
    assert workspace.document.nodes["block1"].settings == {"repeat": 2}


def test_the_fields_of_a_group_follow_its_variables(inspector: InspectorPanel, workspace: Workspace) -> None:
    workspace.select(("block1",))
    inside = workspace.document.nodes["block1"].inside
    assert inside is not None
    new = Node("block1", "Group", {}, replace(inside, variables={"size": 8, "k": 3}))
    workspace.commit(lambda document: replace(document, nodes={**document.nodes, "block1": new}), "Add k")
    assert field(inspector, "k").line.text() == "3"


def test_several_layers_take_a_formula_together(inspector: InspectorPanel, workspace: Workspace) -> None:
    workspace.commit(lambda document: edits.add_node(document, Node("fc2", "Linear")), "Add fc2")
    workspace.select(("fc1", "fc2"))
    type_formula(inspector, "out_features", "=wide")
    assert [workspace.document.nodes[name].settings["out_features"] for name in ("fc1", "fc2")] == ["=wide"] * 2
    assert field(inspector, "out_features").line.hint == "= 32"


def test_training_settings_take_no_formula(
    qtbot: QtBot, workspace: Workspace, appearance: Appearance, runner: Runner, tmp_path_factory: pytest.TempPathFactory
) -> None:
    runs = Runs(workspace, runner, tmp_path_factory.mktemp("runs"))
    panel = TrainingPanel(workspace, appearance, runs)
    qtbot.addWidget(panel)
    line = panel.rows["epochs"].field
    assert isinstance(line, TextField)
    line.line.setText("")
    QTest.keyClicks(line.line, "=2*width")
    assert "must be a whole number" in panel.rows["epochs"].note.sentence.text()
    assert workspace.document.training == {}


def test_the_table_takes_the_colours_of_another_theme(panel: VariablesPanel, appearance: Appearance) -> None:
    before = panel.add.icon().cacheKey()
    appearance.choose(DARK)
    assert panel.add.icon().cacheKey() != before
