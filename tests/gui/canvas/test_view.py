"""Zoom, pan, what is painted, what is said, and pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter
from PySide6.QtWidgets import QApplication

from designer.graph import edits
from designer.graph.document import Document, Link, Node
from designer.gui.canvas.floating.telling import explain, in_one_line, on_link
from designer.gui.canvas.look import FEW_OVERVIEW_BELOW, count_text
from designer.gui.canvas.picture import write_png, write_svg
from designer.gui.canvas.spots import Spot
from designer.gui.canvas.view import Canvas
from designer.gui.theme import DARK
from designer.gui.workspace import Workspace
from designer.problems import UserError

CONTROL = Qt.KeyboardModifier.ControlModifier


def pixel(canvas: Canvas, at: QPointF) -> QColor:
    return canvas.viewport().grab().toImage().pixelColor(at.toPoint())


def close(one: QColor, other: QColor) -> bool:
    return max(abs(a - b) for a, b in zip(one.getRgb(), other.getRgb(), strict=True)) < 12


@pytest.mark.parametrize("keys", [Qt.KeyboardModifier.NoModifier, CONTROL])
def test_the_wheel_zooms_at_the_pointer(canvas, hand, keys):
    at = hand.node("sum")
    before, zoom = canvas.to_scene(at), canvas.zoom
    hand.wheel(at, 1, keys)
    after = canvas.to_scene(at)
    assert canvas.zoom > zoom
    assert abs(after.x() - before.x()) < 2
    assert abs(after.y() - before.y()) < 2


def test_two_fingers_pan(canvas, hand):
    before, zoom = hand.node("conv1"), canvas.zoom
    hand.swipe(before, 30, -20)
    assert hand.node("conv1") - before == QPointF(30, -20)
    assert canvas.zoom == zoom


def test_the_zoom_has_limits_and_is_told(canvas, qtbot):
    with qtbot.waitSignal(canvas.zoom_changed) as told:
        canvas.zoom_by(1000)
    assert told.args[0] == canvas.zoom == 4.0
    canvas.zoom_by(1e-6)
    assert canvas.zoom == 0.04
    canvas.zoom_reset()
    assert canvas.zoom == pytest.approx(1.0)


def test_the_middle_button_drags_the_view(workspace, hand):
    before, design = hand.node("conv1"), workspace.document
    hand.drag(hand.at(330, 150), hand.at(330, 150) + QPointF(40, 25), Qt.MouseButton.MiddleButton)
    moved = hand.node("conv1") - before
    assert abs(moved.x() - 40) <= 2
    assert abs(moved.y() - 25) <= 2
    assert workspace.document is design


def test_space_makes_a_drag_move_the_view(workspace, canvas, hand, qtbot):
    design, before = workspace.document, hand.node("conv1")
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    hand.drag(hand.node("conv1"), hand.node("conv1") + QPointF(40, 25))
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    assert abs((hand.node("conv1") - before).x() - 40) <= 2
    assert workspace.document is design
    assert not canvas.space_held


def test_fit_shows_every_node(canvas):
    canvas.set_zoom(2.0)
    canvas.centerOn(QPointF(5000, 5000))
    canvas.fit_all()
    shown = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
    assert shown.contains(canvas.design.bounds())


def test_fit_selection_and_show_selection_bring_nodes_into_view(workspace, canvas):
    workspace.select(("sum",))
    canvas.centerOn(QPointF(5000, 5000))
    canvas.show_selection()
    assert canvas.mapToScene(canvas.viewport().rect()).boundingRect().contains(canvas.design.bounds(("sum",)))
    canvas.set_zoom(0.1)
    canvas.fit_selection()
    assert canvas.zoom == 1.0


def test_a_node_shows_its_category_its_selection_and_the_theme(workspace, canvas, hand, appearance):
    canvas.zoom_reset()
    strip = hand.node("conv1") + QPointF(-82, 34)
    theme = appearance.theme
    assert close(pixel(canvas, strip), theme.category("Convolution"))
    workspace.select(("conv1",))
    top = hand.node("conv1") + QPointF(0, -12)
    assert close(pixel(canvas, top), theme.accent)
    workspace.select(())
    appearance.choose(DARK)
    assert close(pixel(canvas, strip), appearance.theme.category("Convolution"))
    assert close(pixel(canvas, hand.at(330, 150)), appearance.theme.canvas)


def test_a_problem_is_shown_on_its_node_and_told(workspace, canvas, appearance):
    canvas.zoom_reset()
    workspace.commit(lambda document: edits.change_settings(document, "conv1", {"kernel_size": 50}), "Break")
    item = canvas.design.nodes["conv1"]
    at = QPointF(canvas.mapFromScene(item.pos() + item.badge_rect().center())) + QPointF(-5, 0)
    assert close(pixel(canvas, at), appearance.theme.error)
    assert "50" in in_one_line(canvas.design, Spot("conv1"))
    assert canvas.design.links[Link("conv1", "relu1")].carried is None
    assert item.description() == "conv1: Convolution 2D"


def test_from_afar_nodes_are_blocks_that_follow_every_change(workspace, canvas, hand, appearance):
    canvas.set_zoom(FEW_OVERVIEW_BELOW / 1.5)
    canvas.centerOn(canvas.design.bounds().center())
    head = hand.node("conv1")
    assert close(pixel(canvas, head), appearance.theme.category("Convolution"))
    workspace.commit(lambda document: edits.move(document, {"conv1": (220.0, -300.0)}), "Move")
    assert close(pixel(canvas, head), appearance.theme.canvas)
    assert close(pixel(canvas, hand.node("conv1")), appearance.theme.category("Convolution"))
    hand.click(hand.node("conv1"))
    assert workspace.selection == {"conv1"}


def test_the_pointer_is_told_what_is_under_it(canvas, hand):
    said = []
    canvas.hovered.connect(said.append)
    hand.hover(hand.node("conv1"))
    assert said[-1] == "conv1: Convolution 2D, N x 16 x 8 x 8, 160 parameters"
    hand.hover(hand.middle_of(Link("conv1", "relu1")))
    assert said[-1] == "conv1 → relu1: N x 16 x 8 x 8"
    hand.hover(hand.port("lstm1", "inputs", 1))
    assert said[-1].startswith("lstm1.state, optional input — ")
    hand.hover(hand.at(330, 150))
    assert said[-1] == ""


def test_the_card_of_a_node_says_all_that_is_cut_on_it(workspace, canvas, hand):
    long = "a_name_that_is_far_too_long_for_any_node_on_the_canvas"
    workspace.commit(lambda document: edits.rename(document, "conv1", long), "Rename")
    at = hand.node(long).toPoint()
    asked = QHelpEvent(QEvent.Type.ToolTip, at, canvas.viewport().mapToGlobal(at))
    QApplication.sendEvent(canvas.viewport(), asked)
    assert long in canvas.card.text


def test_a_place_without_measure_in_a_file_does_no_harm(workspace, canvas):
    far = {"image": (-1e12, 0.0), "sum": (1e12, 5e11)}
    workspace.commit(lambda document: edits.move(document, far), "Move")
    canvas.fit_all()
    canvas.grab()
    workspace.undo()
    canvas.fit_all()
    assert canvas.mapToScene(canvas.viewport().rect()).boundingRect().contains(canvas.design.bounds())


def test_an_input_of_a_group_shows_what_it_is_given(workspace, canvas):
    workspace.commit(lambda document: edits.connect(document, Link("image", "block1")), "Connect")
    workspace.enter(("block1",))
    canvas.grab()
    assert canvas.design.nodes["input"]._shape == "N x 1 x 8 x 8"
    assert canvas.design.nodes["input"]._badge == ""


def test_a_link_says_what_flows_at_the_pointer_and_not_again_in_a_tooltip(canvas):
    spot = Spot(link=Link("image", "conv1"))
    assert on_link(canvas.design, spot) == "N x 1 x 8 x 8"
    assert explain(canvas.design, spot) == ""


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0"), (1234, "1,234"), (9999, "9,999"), (12_345, "12.3 k"), (999_949, "999.9 k"), (999_950, "1.0 M"),
     (4_500_000, "4.5 M"), (7_000_000_000, "7.0 G"), (2_500_000_000_000, "2.5 T")],
)  # fmt: skip
def test_parameter_counts_are_short(count, text):
    assert count_text(count) == text


def test_an_empty_canvas_says_how_to_begin(workspace, canvas):
    assert not canvas.hint.isVisible()
    workspace.new()
    assert canvas.hint.isVisible()
    workspace.add("ReLU", (0.0, 0.0))
    assert not canvas.hint.isVisible()


def test_another_design_takes_the_place_of_the_old_one(workspace, canvas, tmp_path):
    path = tmp_path / "other.netwright"
    workspace.save(path)
    workspace.new()
    assert canvas.design.nodes == {}
    assert canvas.design.links == {}
    workspace.open(path)
    assert set(canvas.design.nodes) == set(workspace.document.nodes)
    shown = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
    assert shown.contains(canvas.design.bounds())


def test_links_lead_around_nodes_and_straight_again(workspace, canvas):
    link = Link("conv1", "sum")
    relu = canvas.design.nodes["relu1"]

    def hidden() -> bool:
        path = canvas.design.links[link].path
        body = relu.body.translated(relu.pos())
        return any(body.contains(path.pointAtPercent(step / 50)) for step in range(51))

    assert not hidden()
    around = canvas.design.links[link].path.boundingRect().height()
    workspace.commit(lambda document: edits.move(document, {"relu1": (440.0, 120.0)}), "Move")
    assert canvas.design.links[link].path.boundingRect().height() < around
    assert not hidden()


def test_an_svg_holds_every_name_as_text(workspace, appearance, tmp_path):
    path = tmp_path / "design.svg"
    write_svg(workspace.report, path, appearance.theme)
    text = path.read_text(encoding="utf-8")
    for name in ("image", "conv1", "N x 16 x 8 x 8", "state"):
        assert name in text
    assert "<image" not in text
    assert text.count(", sans-serif") == text.count("font-family")


def test_a_large_design_loses_no_detail_in_a_picture(appearance, tmp_path):
    nodes = {f"n{i}": Node(f"n{i}", "ReLU") for i in range(200)}
    design = Document(nodes, (), {name: (220.0 * i, 0.0) for i, name in enumerate(nodes)})
    workspace = Workspace()
    workspace.commit_whole(lambda _: design, "Open")
    path = tmp_path / "wide.svg"
    write_svg(workspace.report, path, appearance.theme)
    assert path.read_text(encoding="utf-8").count("ReLU") == 200
    write_png(workspace.report, tmp_path / "wide.png", appearance.theme)
    assert QImage(str(tmp_path / "wide.png")).width() <= 32_000


def test_a_png_has_the_scale_that_was_asked_for(workspace, appearance, tmp_path):
    widths = []
    for scale in (1.0, 2.0):
        path = tmp_path / f"{scale}.png"
        write_png(workspace.report, path, appearance.theme, scale)
        widths.append(QImage(str(path)).width())
    assert widths[1] == 2 * widths[0]


@pytest.mark.parametrize("write", [write_svg, write_png])
def test_a_picture_that_cannot_be_written_is_one_sentence(workspace, appearance, write):
    with pytest.raises(UserError, match="cannot be written"):
        write(workspace.report, Path("/nowhere/at/all.svg"), appearance.theme)


def test_an_empty_design_makes_a_picture_too(appearance, tmp_path):
    write_svg(Workspace().report, tmp_path / "empty.svg", appearance.theme)
    assert (tmp_path / "empty.svg").stat().st_size > 0


def test_painting_is_fine_again_after_motion(canvas, hand, qtbot):
    canvas._painting_time = 1.0
    hand.wheel(hand.node("sum"), 1)
    assert not canvas.renderHints() & QPainter.RenderHint.Antialiasing
    qtbot.waitUntil(lambda: bool(canvas.renderHints() & QPainter.RenderHint.Antialiasing))


def test_a_canvas_made_for_an_open_design_shows_it(workspace, appearance):
    workspace.select(("sum",))
    canvas = Canvas(workspace, appearance)
    assert set(canvas.design.nodes) == set(workspace.document.nodes)
    assert canvas.design.nodes["sum"].chosen
    canvas.show()
    QApplication.processEvents()
    assert canvas.mapToScene(canvas.viewport().rect()).boundingRect().intersects(QRectF(0, 0, 800, 200))
    canvas.close()


def test_what_was_just_added_comes_into_view(workspace, canvas, qapp):
    workspace.select(("fc1",))
    for _ in range(8):
        name = workspace.add("ReLU")
        item = canvas.design.nodes[name]
        shown = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
        assert shown.contains(item.body.translated(item.pos()))
        qapp.processEvents()


def test_a_fitted_design_stays_fitted_when_the_window_changes_until_the_hand_moves_it(canvas, qapp):
    canvas.fit_all()
    canvas.resize(500, 300)
    qapp.processEvents()
    shown = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
    assert shown.contains(canvas.design.bounds())
    canvas.zoom_by(1.5)
    zoom = canvas.zoom
    canvas.resize(900, 500)
    qapp.processEvents()
    assert canvas.zoom == zoom


def test_a_group_is_titled_by_its_name_and_a_long_title_by_the_name_in_code(workspace, canvas):
    workspace.add("AdaptiveAvgPool2d", (0.0, 400.0))
    canvas.grab()
    group = canvas.design.nodes["block1"]
    assert (group._title, group._below) == ("block1", "Group")
    titles = {item.report.node.layer: item._title for item in canvas.design.nodes.values()}
    assert titles["AdaptiveAvgPool2d"] == "AdaptiveAvgPool2d"
    assert titles["Conv2d"] == "Convolution 2D"


def test_leaving_a_group_selects_it(workspace, canvas):
    canvas.enter_group("block1")
    canvas.leave_group()
    assert workspace.selection == {"block1"}


def test_going_from_node_to_node_moves_no_design_that_is_all_in_view(workspace, canvas):
    canvas.resize(600, 400)
    canvas.fit_all()
    before = canvas.viewportTransform()
    for name in workspace.shown.nodes:
        workspace.select((name,))
        canvas.show_selection()
    assert canvas.viewportTransform() == before
