"""The outline: the design as a tree, selected, renamed and read there as on the canvas."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from designer.graph import edits
from designer.graph.document import Document, Link, Node
from designer.gui.panels.outline import OutlinePanel
from designer.gui.panels.outline_model import OutlineModel
from designer.gui.theme import LIGHT, Appearance
from designer.gui.workspace import Workspace

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def design() -> Document:
    """image -> block (inside: conv -> relu) -> flat -> class; the order of the file is another one."""
    inside = Document(
        {"input": Node("input", "Input"), "conv": Node("conv", "Conv2d", {"padding": 1}), "relu": Node("relu", "ReLU"),
         "output": Node("output", "Output")},
        (Link("input", "conv"), Link("conv", "relu"), Link("relu", "output")),
    )  # fmt: skip
    nodes = [
        Node("flat", "Flatten"), Node("image", "Input", {"shape": (1, 8, 8)}),
        Node("block", "Group", inside=inside), Node("scores", "Linear", {"out_features": 10}), Node("lone", "Linear"),
    ]  # fmt: skip
    links = (Link("image", "block"), Link("block", "flat"), Link("flat", "scores"))
    return Document({node.id: node for node in nodes}, links)


@pytest.fixture
def workspace(design: Document) -> Workspace:
    workspace = Workspace()
    workspace.commit_whole(lambda _: design, "Open the design")
    return workspace


@pytest.fixture
def outline(workspace: Workspace, qapp: QApplication) -> Iterator[OutlinePanel]:
    appearance = Appearance(qapp, LIGHT)
    panel = OutlinePanel(workspace, appearance)
    QAbstractItemModelTester(panel.model, QAbstractItemModelTester.FailureReportingMode.Warning, panel)
    panel.resize(420, 400)
    panel.show()
    panel.tree.setFocus()
    QApplication.processEvents()
    yield panel
    panel.close()
    panel.deleteLater()
    appearance.deleteLater()


def cells(model: QAbstractItemModel, column: int = 0, above: QModelIndex | None = None) -> list[str]:
    """The texts of a column."""
    above = QModelIndex() if above is None else above
    return [model.index(row, column, above).data() for row in range(model.rowCount(above))]


def press(outline: OutlinePanel, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(outline.tree, key)


def test_nodes_stand_in_the_order_of_computation_with_what_is_known_of_them(outline):
    assert cells(outline.model) == ["image", "block", "flat", "scores", "lone"]
    assert cells(outline.model, 1) == ["Input", "Group", "Flatten", "Linear", "Linear"]
    assert cells(outline.model, 2)[3] == "N x 10"
    warned = outline.model.find(("lone",)).siblingAtColumn(3)
    assert warned.data(Qt.ItemDataRole.AccessibleTextRole) == "1 warning"
    assert warned.data(Qt.ItemDataRole.DecorationRole) is not None


def test_a_group_is_a_branch(outline):
    block = outline.model.find(("block",))
    outline.tree.expand(block)
    assert cells(outline.model, 0, block) == ["input", "conv", "relu", "output"]
    assert cells(outline.model, 2, block)[1] == "N x 16 x 8 x 8"


def test_a_screen_reader_reads_all_of_a_row(outline):
    text = Qt.ItemDataRole.AccessibleTextRole
    assert outline.model.find(("block", "conv")).data(text) == "conv, Convolution 2D, 16 x 8 x 8, 160 parameters"
    assert outline.model.find(("lone",)).data(text) == "lone, Linear, shape not known yet, 1 warning"


def test_the_selection_is_shared_both_ways(workspace, outline):
    workspace.select(("flat", "scores"))
    assert {outline.model.path(index) for index in outline.tree.selectionModel().selectedRows()} == {
        ("flat",), ("scores",),
    }  # fmt: skip
    outline.tree.setCurrentIndex(outline.model.find(("image",)))
    assert workspace.selection == {"image"}
    QTest.keyClick(outline.tree, Key.Key_Down, SHIFT)
    assert workspace.selection == {"image", "block"}


def test_enter_goes_to_a_node_inside_a_group(workspace, outline, qtbot):
    outline.tree.setCurrentIndex(outline.model.find(("block", "relu")))
    assert workspace.place == ()
    with qtbot.waitSignal(outline.gone_to):
        press(outline, Key.Key_Return)
    assert workspace.place == ("block",)
    assert workspace.selection == {"relu"}
    workspace.select(("conv",))
    assert outline.model.path(outline.tree.currentIndex()) == ("block", "conv")


def test_f2_renames_in_place_and_an_id_that_cannot_be_is_refused(workspace, outline, qtbot):
    outline.tree.setCurrentIndex(outline.model.find(("block", "conv")))
    press(outline, Key.Key_F2)
    field = outline.tree.findChild(QLineEdit)
    field.setText("first")
    QTest.keyClick(field, Key.Key_Return)
    qtbot.waitUntil(lambda: "first" in workspace.document.at(("block",)).nodes)
    assert workspace.history.undo_label == "Rename conv to first"
    assert outline.model.path(outline.tree.currentIndex()) == ("block", "first")
    with qtbot.waitSignal(workspace.refused):
        assert not outline.model.setData(outline.tree.currentIndex(), "no id")


def test_delete_and_the_menu_are_asked_for_where_the_row_stands(workspace, outline, qtbot):
    outline.tree.setCurrentIndex(outline.model.find(("block", "relu")))
    with qtbot.waitSignal(outline.menu_wanted):
        QTest.keyClick(outline.tree, Key.Key_F10, SHIFT)
    with qtbot.waitSignal(outline.delete_wanted):
        press(outline, Key.Key_Delete)
    assert workspace.selection == {"relu"} or workspace.place == ("block",)


def test_what_happens_behind_other_panels_is_caught_up_with(workspace, outline):
    outline.set_in_front(False)
    workspace.commit(lambda document: edits.rename(document, "lone", "alone"), "Rename")
    workspace.select(("alone",))
    assert "alone" not in cells(outline.model)
    outline.set_in_front(True)
    assert "alone" in cells(outline.model)
    assert outline.tree.selectionModel().isSelected(outline.model.find(("alone",)))


def test_a_very_large_design_is_shown_when_somebody_rests(workspace, outline, qtbot, monkeypatch):
    monkeypatch.setattr("designer.gui.panels.outline.LARGE", 3)
    workspace.add("Linear")
    assert "linear1" not in cells(outline.model)
    qtbot.waitUntil(lambda: "linear1" in cells(outline.model))
    assert outline.model.path(outline.tree.currentIndex()) == ("linear1",)


def test_an_open_group_stays_open_when_another_node_comes_or_it_is_renamed(workspace, outline):
    outline.tree.expand(outline.model.find(("block",)))
    workspace.add("Linear")
    workspace.commit(lambda document: edits.rename(document, "block", "stem"), "Rename")
    assert outline.tree.isExpanded(outline.model.find(("stem",)))


NAMES = st.sampled_from("abcdefgh")
EDITS = st.lists(st.one_of(
    st.tuples(st.just("add"), NAMES, NAMES), st.tuples(st.just("remove"), NAMES, NAMES),
    st.tuples(st.just("link"), NAMES, NAMES), st.tuples(st.just("rename"), NAMES, NAMES),
    st.tuples(st.just("undo"), NAMES, NAMES),
), max_size=25)  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EDITS)
def test_whatever_is_done_the_rows_are_the_design(qapp, steps):
    """Qt's own tester watches every signal of the model on the way."""
    workspace, appearance = Workspace(), Appearance(qapp, LIGHT)
    model = OutlineModel(lambda _path, _new: False, appearance.theme)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    workspace.changed.connect(lambda *_: model.show_report(workspace.report))
    for what, one, other in steps:
        nodes = workspace.document.nodes
        if what == "add" and one not in nodes:
            layer = "Group" if other < "d" else "Linear"
            inside = Document({"input": Node("input", "Input")}) if layer == "Group" else None
            node = Node(one, layer, inside=inside)
            workspace.commit(lambda d, n=node: edits.add_node(d, n, (0.0, 0.0)), "Add")
        elif what == "remove" and one in nodes:
            workspace.commit(lambda d, n=one: edits.remove(d, (n,)), "Remove")
        elif what == "link" and one in nodes and other in nodes:
            workspace.commit(lambda d, n=one, m=other: edits.connect(d, Link(n, m)), "Link")
        elif what == "rename" and one in nodes and other not in nodes:
            workspace.commit(lambda d, n=one, m=other: edits.rename(d, n, m), "Rename")
        elif what == "undo":
            workspace.undo()
        report = workspace.report
        assert cells(model) == list(dict.fromkeys((*report.order, *report.nodes)))
        for name in report.nodes:
            model.rowCount(model.find((name,)))
    del tester
    appearance.deleteLater()
