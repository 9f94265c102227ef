"""The inspector, used as a person would: every key in a field is a change of the design, and one undo step a field."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QKeySequence, QShortcut, QTextDocument, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyle, QWidget
from pytestqt.qtbot import QtBot

from designer.catalogue import LAYERS
from designer.graph import edits
from designer.graph.document import Document, Link, Node
from designer.gui.panels.design_page import DesignPage
from designer.gui.panels.inspector import InspectorPanel
from designer.gui.panels.many_page import ManyPage
from designer.gui.panels.node_page import NodePage
from designer.gui.panels.setting_fields import ChoiceField, SwitchField, TextField
from designer.gui.panels.settings_form import SettingRow
from designer.gui.theme import Appearance
from designer.gui.workspace import Workspace


@pytest.fixture
def inspector(qtbot: QtBot, workspace: Workspace, appearance: Appearance) -> InspectorPanel:
    panel = InspectorPanel(workspace, appearance)
    qtbot.addWidget(panel)
    panel.resize(300, 700)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def node_page(inspector: InspectorPanel) -> NodePage:
    assert isinstance(inspector.page, NodePage)
    return inspector.page


def row(inspector: InspectorPanel, name: str) -> SettingRow:
    page = inspector.page
    assert isinstance(page, (NodePage, ManyPage))
    assert page.form is not None
    return page.form.rows[name]


def editor(inspector: InspectorPanel, name: str) -> QWidget:
    field = row(inspector, name).field
    assert isinstance(field, TextField)
    return field.editor


def text(inspector: InspectorPanel, name: str) -> str:
    field = row(inspector, name).field
    assert isinstance(field, TextField)
    return field.line.text()


def type_into(qtbot: QtBot, inspector: InspectorPanel, name: str, typed: str) -> None:
    field = row(inspector, name).field
    assert isinstance(field, TextField)
    field.editor.setFocus()
    field.line.selectAll()
    qtbot.keyClicks(field.editor, typed)


def settings(workspace: Workspace, node: str) -> dict[str, object]:
    return dict(workspace.document.nodes[node].settings)


def test_typing_a_number_changes_the_design_at_every_key(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace
) -> None:
    workspace.select(("conv1",))
    type_into(qtbot, inspector, "out_channels", "32")
    assert settings(workspace, "conv1") == {"padding": 1, "out_channels": 32}
    assert workspace.report.nodes["conv1"].outgoing["output"].shape == (32, 8, 8)  # type: ignore[union-attr]
    assert "N x 32 x 8 x 8" in node_page(inspector).facts.text().replace("\u200b", "")


def test_typing_into_one_field_is_one_undo_step_and_enter_ends_it(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace
) -> None:
    workspace.select(("conv1",))
    steps = len(workspace.history.states)
    type_into(qtbot, inspector, "out_channels", "128")
    assert len(workspace.history.states) == steps + 1
    qtbot.keyClick(editor(inspector, "out_channels"), Qt.Key.Key_Return)
    type_into(qtbot, inspector, "out_channels", "64")
    assert len(workspace.history.states) == steps + 2
    workspace.undo()
    assert settings(workspace, "conv1")["out_channels"] == 128
    assert text(inspector, "out_channels") == "128"


def test_undo_in_a_field_is_the_undo_of_the_design(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace
) -> None:
    QShortcut(QKeySequence.StandardKey.Undo, inspector).activated.connect(workspace.undo)
    qtbot.waitActive(inspector)
    workspace.select(("conv1",))
    type_into(qtbot, inspector, "out_channels", "128")
    QTest.keySequence(editor(inspector, "out_channels"), QKeySequence(QKeySequence.StandardKey.Undo))
    assert settings(workspace, "conv1") == {"padding": 1}
    assert text(inspector, "out_channels") == "16"
    assert workspace.history.redo_label == "Set out_channels"


def test_leaving_a_field_ends_its_undo_step(qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace) -> None:
    workspace.select(("conv1",))
    steps = len(workspace.history.states)
    type_into(qtbot, inspector, "stride", "2")
    type_into(qtbot, inspector, "out_channels", "8")
    type_into(qtbot, inspector, "stride", "3")
    assert len(workspace.history.states) == steps + 3


def test_a_value_equal_to_the_default_is_not_held(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace
) -> None:
    workspace.select(("conv1",))
    type_into(qtbot, inspector, "padding", "0")
    assert settings(workspace, "conv1") == {}


def test_a_text_that_is_no_value_stays_and_says_why(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace
) -> None:
    workspace.select(("conv1",))
    before = workspace.document
    type_into(qtbot, inspector, "kernel_size", "abc")
    assert workspace.document is before
    assert text(inspector, "kernel_size") == "abc"
    note = row(inspector, "kernel_size").note
    assert note.isVisible()
    assert "kernel_size is abc" in note.sentence.text().replace("\u200b", "")
    workspace.commit(lambda document: edits.change_settings(document, "fc1", {"bias": False}), "Change another node")
    assert text(inspector, "kernel_size") == "abc"
    qtbot.keyClick(editor(inspector, "kernel_size"), Qt.Key.Key_Escape)
    assert text(inspector, "kernel_size") == "3"
    assert not note.isVisible()


def test_a_number_below_the_minimum_is_refused(qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace) -> None:
    workspace.select(("conv1",))
    type_into(qtbot, inspector, "out_channels", "0")
    assert "at least 1" in row(inspector, "out_channels").note.sentence.text()
    assert "out_channels" not in settings(workspace, "conv1")


@pytest.mark.parametrize(
    ("typed", "value"), [("5", 5), ("3, 5", (3, 5)), ("(3,5)", (3, 5)), ("3x5", (3, 5)), ("3 × 5", (3, 5))]
)
def test_sizes_are_read_as_people_write_them(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace, typed: str, value: object
) -> None:
    workspace.select(("conv1",))
    type_into(qtbot, inspector, "kernel_size", typed)
    assert settings(workspace, "conv1")["kernel_size"] == value


def test_a_word_can_stand_for_sizes(qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace) -> None:
    workspace.select(("conv1",))
    type_into(qtbot, inspector, "padding", "same")
    assert settings(workspace, "conv1")["padding"] == "same"


def test_a_shape_takes_a_name_for_a_free_length(qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace) -> None:
    workspace.select(("image",))
    type_into(qtbot, inspector, "shape", "1, T, 8")
    assert settings(workspace, "image")["shape"] == (1, "T", 8)


def test_an_optional_number_can_be_none(qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace) -> None:
    pool = workspace.add("MaxPool2d")
    type_into(qtbot, inspector, "stride", "1")
    assert settings(workspace, pool) == {"stride": 1}
    type_into(qtbot, inspector, "stride", "none")
    assert settings(workspace, pool) == {}


def test_a_real_number_takes_an_exponent(qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace) -> None:
    norm = workspace.add("BatchNorm2d")
    type_into(qtbot, inspector, "eps", "1e-4")
    assert settings(workspace, norm) == {"eps": 1e-4}
    assert text(inspector, "eps") == "1e-4"


def test_arrow_keys_step_numbers_within_their_limits(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace
) -> None:
    workspace.select(("conv1",))
    editor(inspector, "stride").setFocus()
    qtbot.keyClick(editor(inspector, "stride"), Qt.Key.Key_Up)
    assert settings(workspace, "conv1")["stride"] == 2
    for _ in range(3):
        qtbot.keyClick(editor(inspector, "stride"), Qt.Key.Key_Down)
    assert "stride" not in settings(workspace, "conv1")
    assert text(inspector, "stride") == "1"


def turn_wheel(widget: QWidget) -> None:
    place = QPointF(widget.rect().center())
    none, steps = Qt.MouseButton.NoButton, QPoint(0, 120)
    event = QWheelEvent(
        place, widget.mapToGlobal(place), QPoint(), steps, none, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def test_the_wheel_changes_only_the_field_with_the_focus(inspector: InspectorPanel, workspace: Workspace) -> None:
    workspace.select(("conv1",))
    before = workspace.document
    choice = row(inspector, "padding_mode").field
    assert isinstance(choice, ChoiceField)
    turn_wheel(editor(inspector, "stride"))
    turn_wheel(choice.combo)
    assert workspace.document is before
    editor(inspector, "stride").setFocus()
    turn_wheel(editor(inspector, "stride"))
    assert settings(workspace, "conv1")["stride"] == 2


def test_a_check_box_and_a_choice_change_the_design(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace
) -> None:
    workspace.select(("conv1",))
    switch, choice = row(inspector, "bias").field, row(inspector, "padding_mode").field
    assert isinstance(switch, SwitchField)
    assert isinstance(choice, ChoiceField)
    switch.box.setFocus()
    qtbot.keyClick(switch.box, Qt.Key.Key_Space)
    choice.combo.setFocus()
    qtbot.keyClick(choice.combo, Qt.Key.Key_Down)
    assert settings(workspace, "conv1") == {"padding": 1, "bias": False, "padding_mode": "reflect"}


def test_reset_puts_the_default_back_and_hides(qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace) -> None:
    workspace.select(("conv1",))
    reset = row(inspector, "padding").reset
    assert reset.isVisible()
    assert not row(inspector, "stride").reset.isVisible()
    qtbot.mouseClick(reset, Qt.MouseButton.LeftButton)
    assert settings(workspace, "conv1") == {}
    assert not reset.isVisible()
    assert text(inspector, "padding") == "0"


def test_a_problem_stands_at_its_field_and_its_fix_mends_it(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace
) -> None:
    workspace.select(("conv1",))
    type_into(qtbot, inspector, "kernel_size", "21")
    note = row(inspector, "kernel_size").note
    assert note.isVisible()
    assert "window does not fit" in note.sentence.text()
    qtbot.mouseClick(note.fixes.buttons[0], Qt.MouseButton.LeftButton)
    assert workspace.report.sound
    assert not note.isVisible()
    assert text(inspector, "kernel_size") == str(settings(workspace, "conv1")["kernel_size"])


def test_a_problem_without_a_field_stands_below_the_form(inspector: InspectorPanel, workspace: Workspace) -> None:
    workspace.commit(lambda document: edits.remove(document, links=[Link("image", "conv1")]), "Cut a link")
    workspace.select(("conv1",))
    (shown,) = [each for each in node_page(inspector).problems if each.isVisible()]
    assert "Nothing reaches conv1" in shown.sentence.text()


def test_the_id_can_be_changed_and_the_page_stays(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace
) -> None:
    workspace.select(("conv1",))
    page = node_page(inspector)
    page.id_field.selectAll()
    qtbot.keyClicks(page.id_field, "first")
    assert "conv1" in workspace.document.nodes
    qtbot.keyClick(page.id_field, Qt.Key.Key_Return)
    assert "first" in workspace.document.nodes
    assert workspace.selection == {"first"}
    assert inspector.page is page
    type_into(qtbot, inspector, "out_channels", "4")
    assert settings(workspace, "first")["out_channels"] == 4


def test_an_id_that_cannot_be_had_is_refused_at_its_field(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace
) -> None:
    workspace.select(("conv1",))
    page, before = node_page(inspector), workspace.document
    for name, sentence in (("2nd", "cannot be a name"), ("fc1", "There is a node called fc1")):
        page.id_field.selectAll()
        qtbot.keyClicks(page.id_field, name)
        assert page.id_note.isVisible()
        assert sentence in page.id_note.text()
        qtbot.keyClick(page.id_field, Qt.Key.Key_Return)
    assert workspace.document is before
    qtbot.keyClick(page.id_field, Qt.Key.Key_Escape)
    assert page.id_field.text() == "conv1"
    assert not page.id_note.isVisible()


def test_an_id_typed_in_part_is_given_up_when_something_else_is_selected(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace
) -> None:
    workspace.select(("conv1",))
    page = node_page(inspector)
    page.id_field.setFocus()
    page.id_field.selectAll()
    qtbot.keyClicks(page.id_field, "fir")
    added = workspace.add("ReLU")
    assert workspace.selection == {added}
    assert "conv1" in workspace.document.nodes
    assert node_page(inspector).node == added


def test_the_page_is_made_anew_only_for_another_node(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace
) -> None:
    workspace.select(("conv1",))
    page = inspector.page
    type_into(qtbot, inspector, "out_channels", "12")
    workspace.undo()
    assert inspector.page is page
    workspace.select(("fc1",))
    assert inspector.page is not page
    page = inspector.page
    workspace.commit(lambda document: edits.change_layer(document, "fc1", "ReLU"), "Change the layer")
    assert inspector.page is not page


def test_an_output_can_be_compared_with_an_input(qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace) -> None:
    workspace.select(("digit",))
    field = row(inspector, "target").field
    assert isinstance(field, ChoiceField)
    field.combo.setFocus()
    qtbot.keyClick(field.combo, Qt.Key.Key_Down)
    assert settings(workspace, "digit") == {"target": "image"}


def test_a_group_opens_and_its_inside_can_be_edited(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace
) -> None:
    workspace.select(("block1",))
    page = node_page(inspector)
    assert "3 nodes inside" in page.inside.text()
    assert page.form is not None
    assert list(page.form.rows) == ["repeat"]
    qtbot.mouseClick(page.open_button, Qt.MouseButton.LeftButton)
    assert workspace.place == ("block1",)
    workspace.select(("conv",))
    type_into(qtbot, inspector, "kernel_size", "5")
    inside = workspace.document.nodes["block1"].inside
    assert inside is not None
    assert inside.nodes["conv"].settings["kernel_size"] == 5


def test_a_problem_inside_a_group_is_mended_inside_it(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace
) -> None:
    workspace.enter(("block1",))
    workspace.select(("conv",))
    type_into(qtbot, inspector, "groups", "3")
    fixes = row(inspector, "groups").note.fixes
    qtbot.mouseClick(fixes.buttons[0], Qt.MouseButton.LeftButton)
    assert workspace.report.sound


def test_several_nodes_of_one_layer_are_set_in_one_step(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace
) -> None:
    workspace.select(("conv1",))
    second = workspace.add("Conv2d")
    workspace.select(("conv1", second))
    steps = len(workspace.history.states)
    assert text(inspector, "padding") == ""
    type_into(qtbot, inspector, "padding", "2")
    type_into(qtbot, inspector, "out_channels", "24")
    for node in ("conv1", second):
        assert settings(workspace, node) == {"padding": 2, "out_channels": 24}
    assert len(workspace.history.states) == steps + 2
    assert isinstance(inspector.page, ManyPage)
    assert "parameters" in inspector.page.totals.text()


def test_different_layers_are_set_together_in_what_all_of_them_have(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace
) -> None:
    workspace.select(("conv1",))
    pool = workspace.add("AvgPool2d")
    workspace.select(("conv1", pool))
    assert isinstance(inspector.page, ManyPage)
    assert inspector.page.form is not None
    assert set(inspector.page.form.rows) == {"kernel_size"}
    steps = len(workspace.history.states)
    assert text(inspector, "kernel_size") == ""
    type_into(qtbot, inspector, "kernel_size", "3")
    assert [settings(workspace, name).get("kernel_size") for name in ("conv1", pool)] == [None, 3]
    assert len(workspace.history.states) == steps + 1


def test_layers_that_have_no_setting_in_common_have_no_common_form(
    inspector: InspectorPanel, workspace: Workspace
) -> None:
    for others in (("conv1", "relu1", "flatten1"), ("conv1", "block1"), ("conv1", "digit")):
        workspace.select(others)
        assert isinstance(inspector.page, ManyPage)
        assert inspector.page.form is None


def test_a_bypassed_node_says_so_and_can_be_switched_on(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace
) -> None:
    workspace.select(("relu1",))
    assert node_page(inspector).bypassed.isHidden()
    workspace.commit(lambda document: edits.set_bypassed(document, ("relu1",), True), "Bypass")
    assert node_page(inspector).bypassed.isVisible()
    qtbot.mouseClick(node_page(inspector).on_button, Qt.MouseButton.LeftButton)
    assert not workspace.document.nodes["relu1"].bypassed
    assert node_page(inspector).on_button.isHidden()


def test_selected_layers_are_counted_the_most_frequent_first(inspector: InspectorPanel, workspace: Workspace) -> None:
    workspace.select(("fc1",))
    workspace.add("Linear")
    workspace.select(workspace.shown.nodes)
    assert isinstance(inspector.page, ManyPage)
    said = inspector.page.totals.text()
    places = [said.index(f">{title}<") for title in ("Linear", "Convolution 2D", "Flatten")]
    assert places == sorted(places)


def test_without_a_selection_the_design_is_named_and_described(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace
) -> None:
    page = inspector.page
    assert isinstance(page, DesignPage)
    steps = len(workspace.history.states)
    page.name.selectAll()
    qtbot.keyClicks(page.name, "Reader")
    page.notes.field.setFocus()
    qtbot.keyClicks(page.notes.field, "# Why")
    assert (workspace.document.name, workspace.document.notes) == ("Reader", "# Why")
    assert len(workspace.history.states) == steps + 2
    workspace.undo()
    assert page.notes.field.toPlainText() == ""


def test_notes_are_read_as_markdown_and_written_after_a_double_click(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace
) -> None:
    workspace.commit(lambda document: edits.describe(document, notes="# Why\n\n**Because**"), "Write notes")
    assert isinstance(inspector.page, DesignPage)
    notes = inspector.page.notes
    assert not notes.writing
    assert notes.page.toPlainText() == "Why\nBecause"
    qtbot.mouseDClick(notes.page.viewport(), Qt.MouseButton.LeftButton)
    assert notes.writing
    qtbot.keyClicks(notes.field, ".")
    assert workspace.document.notes == "# Why\n\n**Because**."
    qtbot.keyClick(notes.field, Qt.Key.Key_Escape)
    assert not notes.writing
    assert notes.page.toPlainText() == "Why\nBecause."


def test_notes_of_a_foreign_file_load_nothing(inspector: InspectorPanel, workspace: Workspace) -> None:
    picture = "![picture](file:///etc/hostname) ![more](https://example.org/pixel.png)"
    workspace.commit(lambda document: edits.describe(document, notes=picture), "Write notes")
    assert isinstance(inspector.page, DesignPage)
    page = inspector.page.notes.page
    for name in ("file:///etc/hostname", "https://example.org/pixel.png"):
        assert page.loadResource(QTextDocument.ResourceType.ImageResource, QUrl(name)) is None


def test_an_unknown_layer_is_shown_as_it_is_in_the_file(inspector: InspectorPanel, workspace: Workspace) -> None:
    node = Node("odd", "Wavelet", {"width": 3})
    workspace.commit(lambda document: edits.add_node(document, node), "Add a node")
    workspace.select(("odd",))
    page = node_page(inspector)
    assert page.form is None
    assert "width" in page.facts.text()
    assert "Wavelet" in page.problems[0].sentence.text()


def test_a_setting_of_the_wrong_kind_is_shown_and_can_be_put_back(
    qtbot: QtBot, inspector: InspectorPanel, workspace: Workspace
) -> None:
    workspace.commit(lambda document: edits.change_settings(document, "fc1", {"out_features": "many"}), "Break it")
    workspace.select(("fc1",))
    assert text(inspector, "out_features") == "many"
    assert row(inspector, "out_features").note.isVisible()
    qtbot.mouseClick(row(inspector, "out_features").reset, Qt.MouseButton.LeftButton)
    assert settings(workspace, "fc1") == {}


def test_every_layer_has_a_page_that_fits_a_narrow_dock(
    inspector: InspectorPanel, workspace: Workspace, appearance: Appearance
) -> None:
    inspector.resize(280, 600)
    for layer in LAYERS:
        workspace.add(layer)
        page = node_page(inspector)
        room = 280 - page.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        assert page.minimumSizeHint().width() <= room, layer
    appearance.choose("dark")


def test_another_design_leaves_the_page_of_the_old_one(
    inspector: InspectorPanel, workspace: Workspace, design: Document
) -> None:
    workspace.select(("conv1",))
    workspace.new()
    assert isinstance(inspector.page, DesignPage)
    workspace.commit_whole(lambda _: replace(design, name="Other"), "Open the design")
    assert inspector.page.name.text() == "Other"


def test_a_renamed_node_stays_selected_and_so_does_its_page(workspace: Workspace, inspector: InspectorPanel) -> None:
    workspace.select(("conv1",))
    page = node_page(inspector)
    workspace.commit(lambda document: edits.rename(document, "conv1", "first"), "Rename conv1")
    assert workspace.selection == {"first"}
    assert inspector.page is page
    assert page.id_field.text() == "first"
    workspace.undo()
    assert workspace.selection == {"conv1"}
    assert inspector.page is page
    assert page.id_field.text() == "conv1"
