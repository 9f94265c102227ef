"""The card beside a node that the pointer rests on."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication

from designer.graph.looks import set_note
from designer.gui.canvas.floating.figures import figures_of


def rest(canvas, at: QPointF) -> None:
    """The pointer stands still at a place of the viewport."""
    place = at.toPoint()
    QApplication.sendEvent(
        canvas.viewport(), QHelpEvent(QEvent.Type.ToolTip, place, canvas.viewport().mapToGlobal(place))
    )


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_the_card_tells_shapes_counts_costs_the_note_and_problems(canvas, workspace, hand, qtbot):
    workspace.commit(lambda document: set_note(document, "conv1", "<why> 16?"), "Note")
    hand.hover(hand.node("conv1"))
    rest(canvas, hand.node("conv1"))
    qtbot.waitUntil(lambda: "Sees" in canvas.card.text)
    text = plain(canvas.card.text)
    assert "Convolution 2D conv1 In N x 1 x 8 x 8 Out N x 16 x 8 x 8 Parameters 160 Multiply-adds 9,216" in text
    assert "Memory 640 B of weights" in text
    assert "Sees 3 x 3 places" in text
    assert "&lt;why&gt; 16?" in text
    rest(canvas, hand.node("fc1"))
    assert workspace.report.problems_by_node["fc1"][0].message in plain(canvas.card.text).replace("&#x27;", "'")


@pytest.mark.parametrize("zoom", [0.3, 1.0, 3.9])
@pytest.mark.parametrize("name", ["image", "sum", "lstm1"])
def test_the_card_never_covers_the_pointer_and_stays_inside(canvas, zoom, name):
    canvas.set_zoom(zoom)
    for where in (QPointF(30, 12), QPointF(140, 30)):
        canvas.ensureVisible(canvas.design.nodes[name].body.translated(canvas.design.nodes[name].pos()), 0, 0)
        at = QPointF(canvas.mapFromScene(canvas.design.nodes[name].pos() + where))
        if not canvas.viewport().rect().contains(at.toPoint()):
            continue
        rest(canvas, at)
        assert canvas.card.isVisible()
        assert not canvas.card.geometry().contains(at.toPoint())
        assert canvas.rect().contains(canvas.card.geometry())


def test_the_card_goes_with_the_pointer_with_a_press_and_with_a_key(canvas, workspace, hand):
    for end in (
        lambda: hand.hover(hand.at(330, 150)),
        lambda: hand.click(hand.node("sum")),
        lambda: hand.key(Qt.Key.Key_Control),
        lambda: hand.wheel(hand.node("conv1"), 1),
        lambda: workspace.commit(lambda document: document.__class__(), "Clear"),
    ):
        hand.hover(hand.node("conv1"))
        rest(canvas, hand.node("conv1"))
        assert canvas.card.isVisible()
        end()
        assert not canvas.card.isVisible()


def test_a_port_has_no_card_but_a_few_words(canvas, hand):
    rest(canvas, hand.port("conv1", "outputs"))
    assert not canvas.card.isVisible()


def test_the_card_of_the_selected_node_comes_by_key(canvas, workspace, qtbot):
    workspace.select(("block1",))
    canvas.card.show_selected()
    qtbot.waitUntil(lambda: "…" not in canvas.card.text)
    assert "Group" in plain(canvas.card.text)
    workspace.enter(("block1",))
    assert not canvas.card.isVisible()


def test_figures_of_a_group_are_the_sums_of_all_its_rounds(workspace):
    workspace.commit(lambda d: d, "Nothing")
    found = figures_of(workspace.report)
    rounds = [found[f"block1.{number}"] for number in (0, 1)]
    assert found["block1"].weights == sum(each.weights for each in rounds)
    assert found["conv1"].weights == 640


def test_figures_of_the_shown_group_have_its_full_ids(canvas, workspace, qtbot):
    workspace.enter(("block1",))
    assert canvas.colouring.figures.prefix == "block1.0."
    assert canvas.colouring.figures.of("fc") is None
    with qtbot.waitSignal(canvas.colouring.figures.ready):
        pass
    assert canvas.colouring.figures.of("fc") is not None
