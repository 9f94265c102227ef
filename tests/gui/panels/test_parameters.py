"""The per-layer table: what every layer costs, and how it learns while a run is under way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer import protocol
from designer.compiler.cost import size_text, training_cost
from designer.compiler.lowering.lower import lower
from designer.graph import edits
from designer.graph.document import Document, Link, Node
from designer.gui.panels import parameters
from designer.gui.panels.parameters import ParametersPanel
from designer.gui.panels.parameters_model import COLUMNS, FIRST_OF_RUN, SHARE, SHARE_COLUMN
from designer.gui.runner import Runner, State
from designer.gui.theme import Appearance
from designer.gui.workspace import Workspace
from designer.plan import Call

ID, LAYER, SHAPE, PARAMETERS, MACS = 0, 1, 2, 3, 5
WEIGHTS, KEPT, FIELD = 6, 7, 8


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[Runner]:
    runner = Runner(qapp)
    yield runner
    runner.shutdown()


@pytest.fixture
def panel(qtbot: QtBot, workspace: Workspace, appearance: Appearance, runner: Runner) -> ParametersPanel:
    panel = ParametersPanel(workspace, appearance, runner)
    qtbot.addWidget(panel)
    panel.resize(700, 300)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def cell(panel: ParametersPanel, name: str, column: int) -> QModelIndex:
    place = next(place for place, row in enumerate(panel.model.rows) if row.id == name)
    return panel.model.index(place, column)


def ids(panel: ParametersPanel) -> list[str]:
    return [panel.model.index(place, ID).data() for place in range(panel.model.rowCount())]


def begin_run(runner: Runner, name: str) -> None:
    """What the runner tells when Train is pressed."""
    runner.run = name
    runner.state = State.TRAINING
    runner.state_changed.emit(State.TRAINING)


def progress(*figures: tuple[str, float | None]) -> protocol.Progress:
    layers = {name: protocol.Layer(norm, 0.5, 0.001) for name, norm in figures}
    return protocol.Progress("run", 1, 1, (0.7,), layers)


def test_every_layer_has_a_row_with_its_shape_and_cost(panel: ParametersPanel, workspace: Workspace) -> None:
    assert ids(panel) == [name for name, _ in workspace.report.rows()]
    assert "block1.1.conv" in ids(panel)
    assert cell(panel, "conv1", LAYER).data() == "Convolution 2D"
    assert cell(panel, "conv1", SHAPE).data() == "N x 16 x 8 x 8"
    assert cell(panel, "conv1", PARAMETERS).data() == "160"
    assert cell(panel, "conv1", MACS).data() == "9,216"


def test_memory_and_receptive_field_stand_beside_the_cost(panel: ParametersPanel, workspace: Workspace) -> None:
    assert cell(panel, "conv1", WEIGHTS).data() == "640 B"
    assert cell(panel, "conv1", FIELD).data() == "3 x 3"
    found = training_cost(workspace.report)
    assert cell(panel, "relu1", KEPT).data() == size_text(found.nodes["relu1"].activation_bytes)
    assert size_text(found.training) in panel.memory.sum.text()


def test_batch_size_and_precision_are_for_the_reckoning_alone(panel: ParametersPanel, workspace: Workspace) -> None:
    before = workspace.document
    panel.memory.batch.setValue(64)
    panel.memory.precision.setCurrentText("bfloat16")
    assert cell(panel, "conv1", WEIGHTS).data() == "320 B"
    found = training_cost(workspace.report, 64, "bfloat16")
    assert cell(panel, "relu1", KEPT).data() == size_text(found.nodes["relu1"].activation_bytes)
    assert size_text(found.training) in panel.memory.sum.text()
    assert workspace.document is before


def test_a_new_batch_size_of_the_design_is_taken_over(panel: ParametersPanel, workspace: Workspace) -> None:
    workspace.commit_whole(lambda document: edits.change_training(document, {"batch_size": 8}), "Set the batch size")
    assert panel.memory.batch.value() == 8
    assert size_text(training_cost(workspace.report).training) in panel.memory.sum.text()


def test_shares_add_up_to_the_whole(panel: ParametersPanel) -> None:
    shares = [panel.model.index(place, SHARE_COLUMN).data(SHARE) for place in range(panel.model.rowCount())]
    assert sum(shares) == pytest.approx(1)


def test_the_totals_stand_above(panel: ParametersPanel, workspace: Workspace) -> None:
    assert f"{workspace.report.parameters:,} parameters" in panel.totals.text()


def test_an_empty_design_says_what_will_be_here(panel: ParametersPanel, workspace: Workspace) -> None:
    workspace.new()
    assert panel.empty.isVisible()


def test_an_edit_changes_cells_and_keeps_the_rows(qtbot: QtBot, panel: ParametersPanel, workspace: Workspace) -> None:
    with qtbot.assertNotEmitted(panel.model.modelReset):
        workspace.commit(lambda document: edits.change_settings(document, "fc1", {"out_features": 20}), "Widen it")
    assert cell(panel, "fc1", SHAPE).data() == "N x 20"


def test_another_set_of_layers_makes_the_table_anew(qtbot: QtBot, panel: ParametersPanel, workspace: Workspace) -> None:
    with qtbot.waitSignal(panel.model.modelReset):
        workspace.add("ReLU")
    assert "relu2" in ids(panel)


def test_moving_a_node_touches_nothing(qtbot: QtBot, panel: ParametersPanel, workspace: Workspace) -> None:
    with qtbot.assertNotEmitted(panel.model.dataChanged):
        workspace.commit(lambda document: edits.move(document, {"conv1": (5.0, 5.0)}), "Move it")


def test_a_click_selects_the_node_inside_its_group(qtbot: QtBot, panel: ParametersPanel, workspace: Workspace) -> None:
    place = panel.table.visualRect(cell(panel, "block1.1.conv", ID)).center()
    qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert workspace.place == ("block1",)
    assert workspace.selection == {"conv"}
    assert panel.table.currentIndex().row() == cell(panel, "block1.1.conv", ID).row()


def test_selecting_a_node_shows_its_row(panel: ParametersPanel, workspace: Workspace) -> None:
    workspace.select(("fc1",))
    assert panel.table.currentIndex().row() == cell(panel, "fc1", ID).row()
    workspace.select(())
    assert not panel.table.currentIndex().isValid()


def test_columns_sort_and_the_third_click_gives_the_order_of_the_design(qtbot: QtBot, panel: ParametersPanel) -> None:
    natural = ids(panel)
    header = panel.table.horizontalHeader()
    x = header.sectionViewportPosition(PARAMETERS) + 20

    def click() -> None:
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 8))

    click()
    counts = [row.parameters for row in panel.model.rows]
    assert counts == sorted(counts)
    click()
    counts = [row.parameters for row in panel.model.rows]
    assert counts == sorted(counts, reverse=True)
    click()
    assert ids(panel) == natural


def test_a_sorted_table_follows_edits(panel: ParametersPanel, workspace: Workspace) -> None:
    panel.table.sortByColumn(PARAMETERS, Qt.SortOrder.DescendingOrder)
    workspace.select(("conv1",))
    workspace.commit(lambda document: edits.change_settings(document, "conv1", {"out_channels": 900}), "Widen it")
    counts = [row.parameters for row in panel.model.rows]
    assert counts == sorted(counts, reverse=True)
    assert panel.table.currentIndex().data() == "conv1"


def test_figures_of_a_run_appear_with_the_first_of_them(panel: ParametersPanel, runner: Runner) -> None:
    assert panel.table.isColumnHidden(FIRST_OF_RUN)
    begin_run(runner, "run")
    runner.told.emit(progress(("conv1", 1.25), ("block1.0.conv", None)))
    assert not panel.table.isColumnHidden(FIRST_OF_RUN)
    assert cell(panel, "conv1", FIRST_OF_RUN).data() == "1.25"
    assert cell(panel, "conv1", FIRST_OF_RUN + 2).data() == "0.001"
    assert cell(panel, "block1.0.conv", FIRST_OF_RUN).data() == "not finite"
    assert cell(panel, "relu1", FIRST_OF_RUN).data() == ""


def test_figures_of_an_earlier_design_are_marked_until_it_is_back(
    panel: ParametersPanel, workspace: Workspace, runner: Runner, appearance: Appearance
) -> None:
    begin_run(runner, "run")
    runner.told.emit(progress(("conv1", 1.25)))
    assert not panel.note.isVisible()
    workspace.commit(lambda document: edits.move(document, {"conv1": (9.0, 9.0)}), "Move it")
    assert not panel.note.isVisible()
    workspace.commit(lambda document: edits.change_settings(document, "fc1", {"out_features": 20}), "Widen it")
    assert panel.note.isVisible()
    colour = cell(panel, "conv1", FIRST_OF_RUN).data(Qt.ItemDataRole.ForegroundRole)
    assert colour == QColor(appearance.theme.muted)
    workspace.undo()
    assert not panel.note.isVisible()


def test_a_new_run_begins_without_figures(panel: ParametersPanel, runner: Runner) -> None:
    begin_run(runner, "first")
    runner.told.emit(progress(("conv1", 1.25)))
    begin_run(runner, "second")
    assert cell(panel, "conv1", FIRST_OF_RUN).data() == ""


def test_the_table_is_copied_as_text(qtbot: QtBot, panel: ParametersPanel) -> None:
    panel.table.setFocus()
    qtbot.mouseClick(panel.copy, Qt.MouseButton.LeftButton)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[:4] == ["id", "layer", "output shape", "parameters"]
    assert "conv1\tConvolution 2D\tN x 16 x 8 x 8\t160" in lines[2]
    assert "parameters" in lines[-1]


def test_a_thousand_layers_change_in_place(qtbot: QtBot, panel: ParametersPanel, workspace: Workspace) -> None:
    names = [f"relu{number}" for number in range(1000)]
    nodes = {"image": Node("image", "Input"), **{name: Node(name, "ReLU") for name in names}}
    links = tuple(Link(one, other) for one, other in zip(["image", *names], names, strict=False))
    workspace.commit_whole(lambda _: Document(nodes, links), "Open a long design")
    assert panel.model.rowCount() == 1001
    with qtbot.assertNotEmitted(panel.model.modelReset):
        workspace.commit(lambda document: edits.change_settings(document, "image", {"shape": (4,)}), "Change it")
    assert cell(panel, "relu999", SHAPE).data() == "N x 4"


def test_a_very_large_table_follows_when_the_edits_pause(
    qtbot: QtBot, panel: ParametersPanel, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parameters, "LARGE", 3)
    before = panel.totals.text()
    workspace.add("Linear")
    assert panel.totals.text() == before
    qtbot.waitUntil(lambda: panel.totals.text() != before)
    assert panel.model.rowCount() == len(list(workspace.report.rows()))


def test_a_real_run_fills_the_table(
    qtbot: QtBot, panel: ParametersPanel, workspace: Workspace, runner: Runner, tmp_path_factory: pytest.TempPathFactory
) -> None:
    loss = Call("nn.CrossEntropyLoss")
    recipe = protocol.Recipe(
        protocol.Source("digits"), ("image",), (protocol.Target("digit", "digit", loss, "classes"),),
        Call("torch.optim.Adam", {"lr": 0.001}), epochs=1, device="cpu",
    )  # fmt: skip
    with qtbot.waitSignal(
        runner.told,
        timeout=60_000,
        check_params_cb=lambda event: isinstance(event, (protocol.Finished, protocol.Failed)),
    ) as end:
        runner.train(protocol.Train(lower(workspace.report), recipe, str(tmp_path_factory.mktemp("run"))))
    assert isinstance(end.args[0], protocol.Finished), end.args
    for name in ("conv1", "block1.0.conv", "block1.1.conv", "fc1"):
        assert float(cell(panel, name, FIRST_OF_RUN).data()) > 0
    assert not panel.note.isVisible()


def test_behind_another_panel_it_waits_until_it_is_looked_at(panel: ParametersPanel, workspace: Workspace) -> None:
    panel.set_in_front(False)
    workspace.commit(lambda document: edits.remove(document, ("relu1",)), "Delete relu1")
    assert "relu1" in {row.id for row in panel.model.rows}
    panel.set_in_front(True)
    assert "relu1" not in {row.id for row in panel.model.rows}


def test_columns_grow_with_what_is_added(panel: ParametersPanel, workspace: Workspace) -> None:
    workspace.commit(lambda document: edits.rename(document, "fc1", "a_name_of_some_length"), "Rename fc1")
    assert panel.table.columnWidth(0) > panel.table.fontMetrics().horizontalAdvance("a_name_of_some_length")


def test_columns_are_chosen_in_a_menu(panel: ParametersPanel, runner: Runner) -> None:
    begin_run(runner, "run")
    runner.told.emit(progress(("conv1", 1.25)))
    dead = next(place for place, column in enumerate(COLUMNS) if column.title == "dead units")
    actions = {action.text(): action for action in panel.choice.actions()}
    actions["Dead units"].trigger()
    assert panel.table.isColumnHidden(dead)
    actions["Dead units"].trigger()
    assert not panel.table.isColumnHidden(dead)
    assert not actions["Id"].isEnabled()


def test_a_layer_without_weights_shows_what_comes_out_of_it(panel: ParametersPanel, runner: Runner) -> None:
    begin_run(runner, "run")
    outputs = {"relu1": protocol.Activation(0.5, None, 0.25), "conv1": protocol.Activation(0.0, 1.0)}
    runner.told.emit(protocol.Progress("run", 1, 1, (0.7,), {}, activations=outputs))
    texts = [cell(panel, "relu1", place).data() for place in range(FIRST_OF_RUN, len(COLUMNS))]
    assert texts == ["", "", "", "25.0%", "0.5", "not finite"]
    assert cell(panel, "conv1", FIRST_OF_RUN + 3).data() == ""


def test_the_details_of_the_selected_layer_are_asked_of_the_worker(
    qtbot: QtBot, panel: ParametersPanel, workspace: Workspace, runner: Runner, tmp_path: Path
) -> None:
    loss = Call("nn.CrossEntropyLoss")
    recipe = protocol.Recipe(
        protocol.Source("digits"), ("image",), (protocol.Target("digit", "digit", loss, "classes"),),
        Call("torch.optim.Adam", {"lr": 0.001}), epochs=100_000, device="cpu",
    )  # fmt: skip
    qtbot.mouseClick(panel.closer, Qt.MouseButton.LeftButton)
    assert panel.detail.isVisible()
    runner.train(protocol.Train(lower(workspace.report), recipe, str(tmp_path / "run")))
    workspace.select(("conv1",))
    qtbot.waitUntil(lambda: bool(panel.detail.spread.counts), timeout=60_000)
    assert sum(panel.detail.spread.counts) == 16 * 9
    panel.detail.figure.setCurrentText("update ratio")
    panel.detail.figure.activated.emit(panel.detail.figure.currentIndex())
    qtbot.waitUntil(lambda: "conv1" in panel.detail.course.values_at(5))
    runner.stop()
    qtbot.waitUntil(lambda: runner.state is State.IDLE, timeout=60_000)
    panel.detail.which.setCurrentText("gradient of bias")
    panel.detail.which.activated.emit(panel.detail.which.currentIndex())
    qtbot.waitUntil(lambda: sum(panel.detail.spread.counts) == 16)
    workspace.select(("relu1",))
    qtbot.waitUntil(lambda: "no weights" in panel.detail.said.text())
