"""Links taken off at either end, moved together, cut, and led through dots."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from designer.graph import edits, routes
from designer.graph.document import Link

Keys, Right = Qt.KeyboardModifier, Qt.MouseButton.RightButton
IMAGE, RELU, SUM, SKIP = (
    Link("image", "conv1"), Link("conv1", "relu1"), Link("relu1", "sum"), Link("conv1", "sum"),
)  # fmt: skip


def on(hand, link: Link, share: float) -> QPointF:
    """A place on a link, at a share of its length, in the viewport."""
    return QPointF(hand.canvas.mapFromScene(hand.canvas.design.links[link].path.pointAtPercent(share)))


def steps(workspace) -> int:
    return len(workspace.history.states)


@pytest.fixture
def bent(workspace):
    """The skip link runs through two dots, far above the nodes."""
    workspace.commit(lambda document: routes.reroute(document, {SKIP: ((440.0, -120.0), (600.0, -120.0))}), "Bend")
    return workspace


# Either end.


def test_a_link_pulled_near_its_start_gets_another_source(workspace, hand):
    before = steps(workspace)
    hand.drag(on(hand, SKIP, 0.06), hand.port("image", "outputs"))
    assert workspace.document.links == (IMAGE, RELU, SUM, Link("image", "sum"))
    assert steps(workspace) == before + 1


def test_a_link_pulled_near_its_end_gets_another_target_and_keeps_its_dots(bent, hand):
    dots = bent.document.routes[SKIP]
    hand.drag(on(hand, SKIP, 0.97), hand.port("fc1", "inputs"))
    assert bent.document.links == (IMAGE, RELU, SUM, Link("conv1", "fc1"))
    assert bent.document.routes == {Link("conv1", "fc1"): dots}


def test_a_start_taken_off_and_dropped_on_nothing_takes_the_link_away(workspace, hand):
    hand.drag(on(hand, SKIP, 0.06), hand.at(500, 320))
    assert workspace.document.links == (IMAGE, RELU, SUM)


def test_the_same_place_gives_a_link_its_start_back(workspace, canvas, hand):
    before = workspace.document
    hand.pull(on(hand, SKIP, 0.06), hand.at(500, 320))
    assert not canvas.design.links[SKIP].isVisible()
    hand.go(hand.port("conv1", "outputs"))
    hand.release(hand.port("conv1", "outputs"))
    assert workspace.document is before
    assert canvas.design.links[SKIP].isVisible()


def test_ctrl_moves_all_links_of_an_output_in_one_step(workspace, hand):
    before = steps(workspace)
    hand.drag(hand.port("conv1", "outputs"), hand.port("image", "outputs"), keys=Keys.ControlModifier)
    assert workspace.document.links == (IMAGE, Link("image", "relu1"), SUM, Link("image", "sum"))
    assert steps(workspace) == before + 1


def test_ctrl_moves_all_links_of_an_input_but_not_to_one_that_takes_a_single_link(workspace, hand, qtbot):
    before = workspace.document
    with qtbot.waitSignal(workspace.refused) as refused:
        hand.drag(hand.port("sum", "inputs"), hand.port("fc1", "inputs"), keys=Keys.ControlModifier)
    assert refused.args == ["fc1.x takes one link, and these are 2."]
    assert workspace.document is before
    hand.drag(hand.port("relu1", "inputs"), hand.port("fc1", "inputs"), keys=Keys.ControlModifier)
    assert workspace.document.incoming["fc1"] == (Link("conv1", "fc1"),)


def test_links_moved_together_and_dropped_on_nothing_stay(workspace, canvas, hand):
    before = workspace.document
    hand.drag(hand.port("conv1", "outputs"), hand.at(500, 320), keys=Keys.ControlModifier)
    assert workspace.document is before
    assert all(item.isVisible() for item in canvas.design.links.values())


# What is said while a link is drawn.


@pytest.mark.parametrize(
    ("start", "over", "words"),
    [
        (("sum", "outputs"), ("fc1", "inputs"), "sum → fc1: N x 16 x 8 x 8"),
        (("image", "outputs"), ("relu1", "inputs"), "Takes the place of conv1."),
        (("sum", "outputs"), ("lstm1", "inputs"), "steps x features"),
        (("sum", "outputs"), ("conv1", "inputs"), "circle"),
        (("lstm1", "outputs"), ("lstm1", "inputs"), "itself"),
        (("sum", "outputs"), ("image", "outputs"), "Two outputs"),
    ],
)
def test_what_a_link_would_do_or_why_it_cannot_be_is_said_at_the_pointer(canvas, hand, start, over, words):
    hand.pull(hand.port(*start), hand.port(*over))
    assert words in canvas.mouse.gesture.message()
    hand.key(Qt.Key.Key_Escape)
    hand.release(hand.port(*over))


def test_ports_that_would_not_take_what_flows_are_lit_hollow_and_say_why(workspace, canvas, hand):
    workspace.add("Embedding", (660.0, 200.0))
    hand.pull(hand.port("image", "outputs"), hand.port("embedding1", "inputs"))
    assert "float32" in canvas.mouse.gesture.message()
    fits = canvas.design.look.fits
    assert not fits(("embedding1", "inputs", "x"))
    assert fits(("fc1", "inputs", "x"))
    hand.release(hand.port("embedding1", "inputs"))
    assert canvas.design.look.fits is None


def test_what_flows_along_a_link_is_said_wherever_the_pointer_meets_it(canvas, hand):
    hand.hover(on(hand, SKIP, 0.5))
    assert canvas.mouse.note == "N x 16 x 8 x 8"
    hand.hover(hand.at(500, 320))
    assert canvas.mouse.note == ""
    hand.hover(on(hand, SKIP, 0.5))
    hand.click(on(hand, SKIP, 0.5))
    hand.key(Qt.Key.Key_Delete)
    assert canvas.mouse.note == ""


# Cutting.


def test_alt_and_a_click_cuts_a_link(workspace, hand):
    hand.click(on(hand, SKIP, 0.5), Keys.AltModifier)
    assert workspace.document.links == (IMAGE, RELU, SUM)
    assert workspace.history.undo_label == "Cut conv1 → sum"


@pytest.mark.parametrize(
    ("button", "keys"), [(Qt.MouseButton.LeftButton, Keys.AltModifier), (Right, Keys.ControlModifier)]
)
def test_a_stroke_of_the_knife_cuts_all_it_crosses_in_one_step(workspace, canvas, hand, button, keys):
    before = steps(workspace)
    x = canvas.design.nodes["relu1"].pos().x() + 194  # between relu1 and sum, where two links pass
    hand.pull(hand.at(x, -200), hand.at(x, 150), button, keys)
    assert set(canvas.mouse.gesture.crossed) == {SUM, SKIP}
    assert canvas.mouse.gesture.message() == "Cut 2 links"
    hand.release(hand.at(x, 150), button, keys)
    assert workspace.document.links == (IMAGE, RELU)
    assert steps(workspace) == before + 1
    assert not canvas.findChildren(QMenu)


def test_escape_puts_the_knife_away(workspace, hand):
    before = workspace.document
    hand.pull(hand.at(630, -200), hand.at(630, 150), keys=Keys.AltModifier)
    hand.key(Qt.Key.Key_Escape)
    hand.release(hand.at(630, 150), keys=Keys.AltModifier)
    assert workspace.document is before


def test_the_right_button_asks_for_a_menu_unless_it_holds_the_knife(canvas, hand):
    at = hand.at(500, 320)
    for keys, menus in ((Keys.ControlModifier, 0), (Keys.NoModifier, 1)):
        hand.press(at, Right, keys)
        where = at.toPoint()
        everywhere = canvas.viewport().mapToGlobal(where)
        QApplication.sendEvent(
            canvas.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, everywhere, keys)
        )
        hand.release(at, Right, keys)
        assert len(canvas.findChildren(QMenu)) == menus
    canvas.findChildren(QMenu)[0].close()


# Dots.


def test_a_double_click_adds_a_dot_and_another_takes_it_away(workspace, canvas, hand):
    at = on(hand, SKIP, 0.5)
    hand.double_click(at)
    ((x, y),) = workspace.document.routes[SKIP]
    assert (x % 10, y % 10) == (0, 0)
    assert abs(x - canvas.to_scene(at).x()) <= 5
    assert canvas.design.chosen_dots == {(SKIP, 0)}
    hand.double_click(hand.at(x, y))
    assert not workspace.document.routes


def test_a_new_dot_stands_between_its_neighbours_on_the_way(bent, hand):
    hand.double_click(on(hand, SKIP, 0.5))
    columns = [x for x, _ in bent.document.routes[SKIP]]
    assert len(columns) == 3
    assert columns == sorted(columns)


def test_a_dot_is_dragged_along_the_grid_without_a_new_check(bent, hand):
    nodes = dict(bent.report.nodes)
    hand.drag(hand.at(440, -120), hand.at(483, -84))
    assert bent.document.routes[SKIP] == ((480.0, -80.0), (600.0, -120.0))
    assert all(bent.report.nodes[name] is nodes[name] for name in nodes)
    bent.undo()
    assert bent.document.routes[SKIP] == ((440.0, -120.0), (600.0, -120.0))


def test_a_link_pulled_in_its_middle_bends(workspace, hand):
    before = steps(workspace)
    hand.drag(on(hand, SKIP, 0.5), hand.at(500, -102))
    assert workspace.document.routes == {SKIP: ((500.0, -100.0),)}
    assert steps(workspace) == before + 1


def test_escape_gives_dots_and_bent_links_back(bent, canvas, hand):
    before, path = bent.document, canvas.design.links[SKIP].path
    for start in (hand.at(440, -120), on(hand, SKIP, 0.5)):
        hand.pull(start, hand.at(500, -180))
        assert canvas.design.links[SKIP].path != path
        hand.key(Qt.Key.Key_Escape)
        hand.release(hand.at(500, -180))
        assert bent.document is before
        assert canvas.design.links[SKIP].path == path


def test_dots_are_selected_with_a_rectangle_moved_together_and_deleted(bent, canvas, hand):
    hand.drag(hand.at(400, -160), hand.at(640, -90))
    assert canvas.design.chosen_dots == {(SKIP, 0), (SKIP, 1)}
    hand.drag(hand.at(600, -120), hand.at(600, -140))
    assert bent.document.routes[SKIP] == ((440.0, -140.0), (600.0, -140.0))
    hand.key(Qt.Key.Key_Delete)
    assert not bent.document.routes
    assert SKIP in bent.document.links


def test_dots_go_along_when_both_ends_are_dragged(bent, canvas, hand):
    bent.select(("conv1", "relu1", "sum"))
    hand.pull(hand.node("relu1"), hand.node("relu1") + QPointF(0, 40) * canvas.zoom)
    assert canvas.design.links[SKIP].dots == ((440.0, -80.0), (600.0, -80.0))
    hand.key(Qt.Key.Key_Escape)
    assert canvas.design.links[SKIP].dots == ((440.0, -120.0), (600.0, -120.0))
    hand.release(hand.node("relu1"))
    hand.drag(hand.node("relu1"), hand.node("relu1") + QPointF(0, 40) * canvas.zoom)
    assert bent.document.routes[SKIP] == ((440.0, -80.0), (600.0, -80.0))


def test_a_selected_dot_goes_along_with_a_selected_node(bent, hand):
    hand.click(hand.node("fc1"))
    hand.click(hand.at(440, -120), Keys.ShiftModifier)
    hand.drag(hand.node("fc1"), hand.node("fc1") + QPointF(20, 0) * hand.canvas.zoom)
    assert bent.document.positions["fc1"] == (460.0, 200.0)
    assert bent.document.routes[SKIP] == ((460.0, -120.0), (600.0, -120.0))
    hand.drag(hand.at(460, -120), hand.at(440, -120))
    assert bent.document.positions["fc1"] == (440.0, 200.0)


@pytest.mark.usefixtures("bent")
def test_a_link_runs_through_its_dots_near_and_from_afar(canvas):
    item = canvas.design.links[SKIP]
    for dot in item.dots:
        assert any((item.path.pointAtPercent(step / 400) - QPointF(*dot)).manhattanLength() < 4 for step in range(401))
    assert len(canvas.design.overview._further[SKIP]) == 2
    assert canvas.design.bounds().top() < -120


def test_arrows_move_a_selected_dot_and_straighten_takes_all_dots_away(bent, canvas, hand):
    hand.click(hand.at(440, -120))
    hand.key(Qt.Key.Key_Up, Keys.ControlModifier)
    hand.key(Qt.Key.Key_Up, Keys.ControlModifier)
    assert bent.document.routes[SKIP] == ((440.0, -140.0), (600.0, -120.0))
    bent.select(("fc1",))
    canvas.commands.straighten()
    assert bent.document.routes
    bent.select(())
    canvas.commands.straighten()
    assert not bent.document.routes


def test_a_group_says_before_the_link_is_dropped_what_does_not_fit_inside(workspace, canvas, hand):
    workspace.enter(("block1",))
    workspace.commit(lambda inside: edits.change_layer(inside, "fc", "LSTM"), "Another layer")
    workspace.enter(())
    hand.pull(hand.port("sum", "outputs"), hand.port("block1", "inputs"))
    assert "steps x features" in canvas.mouse.gesture.message()
    hand.release(hand.port("block1", "inputs"))
    assert Link("sum", "block1") in workspace.document.links
