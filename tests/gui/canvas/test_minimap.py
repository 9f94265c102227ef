"""The minimap: the whole design in a corner, with what is in view."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtWidgets import QApplication

from designer.graph import edits
from designer.graph.document import Document, Link, Node
from designer.gui.canvas.view import Canvas
from designer.gui.theme import DARK
from designer.gui.workspace import Workspace

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton


@pytest.fixture
def map_shown(canvas: Canvas, qtbot):
    """The canvas close to the design's left end, so that the map is of use."""
    canvas.set_zoom(2.0)
    canvas.centerOn(QPointF(100, 50))
    qtbot.waitUntil(canvas.minimap.isVisible)
    return canvas.minimap


def send(target, kind: QEvent.Type, at: QPointF, button=LEFT, held=LEFT) -> None:
    everywhere = QPointF(target.mapToGlobal(at.toPoint()))
    QApplication.sendEvent(target, QMouseEvent(kind, at, everywhere, button, held, Qt.KeyboardModifier.NoModifier))


def click(target, at: QPointF) -> None:
    send(target, QEvent.Type.MouseButtonPress, at)
    send(target, QEvent.Type.MouseButtonRelease, at, held=NONE)


def middle(canvas: Canvas) -> QPointF:
    return canvas.to_scene(canvas.viewport().rect().center())


def test_there_is_no_map_while_all_is_in_view(canvas, map_shown):
    canvas.fit_all()
    assert map_shown.isHidden()
    canvas.set_zoom(3.0)
    assert map_shown.isVisible()


def test_a_click_on_the_map_goes_there(canvas, map_shown):
    there = canvas.design.nodes["sum"].sceneBoundingRect().center()
    click(map_shown, map_shown.at(there))
    assert (middle(canvas) - there).manhattanLength() < 12
    assert map_shown.frame().contains(map_shown.at(there))


def test_the_frame_is_dragged_by_where_it_was_taken(canvas, map_shown):
    before = middle(canvas)
    grip = map_shown.frame().center() + QPointF(5, 3)
    send(map_shown, QEvent.Type.MouseButtonPress, grip)
    assert (middle(canvas) - before).manhattanLength() < 4
    send(map_shown, QEvent.Type.MouseMove, grip + QPointF(30, 0))
    send(map_shown, QEvent.Type.MouseButtonRelease, grip + QPointF(30, 0), held=NONE)
    scale = map_shown.width() / map_shown.area.width()
    assert abs(middle(canvas).x() - before.x() - 30 / scale) < 4
    assert abs(middle(canvas).y() - before.y()) < 4


def test_the_wheel_over_the_map_zooms(canvas, map_shown):
    zoom = canvas.zoom
    at = QPointF(map_shown.rect().center())
    event = QWheelEvent(at, QPointF(map_shown.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, 120), NONE,
                        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    QApplication.sendEvent(map_shown, event)
    assert canvas.zoom > zoom


def test_the_map_follows_the_design_and_the_theme(workspace, map_shown, appearance, qtbot):
    reach = map_shown.area.right()
    workspace.commit(lambda document: edits.move(document, {"sum": (3000.0, 0.0)}), "Move")
    qtbot.waitUntil(lambda: map_shown.area.right() > reach + 1000)
    light = map_shown.grab().toImage().pixelColor(map_shown.rect().bottomRight() - QPoint(8, 8))
    appearance.choose(DARK)
    dark = map_shown.grab().toImage().pixelColor(map_shown.rect().bottomRight() - QPoint(8, 8))
    assert dark.lightnessF() < light.lightnessF()


def test_the_map_can_be_put_away(canvas, map_shown):
    map_shown.show_wanted(False)
    assert map_shown.isHidden()
    canvas.set_zoom(3.0)
    assert map_shown.isHidden()
    map_shown.show_wanted(True)
    assert map_shown.isVisible()


def test_the_map_of_a_large_design_is_not_drawn_at_every_step(workspace, canvas, qtbot):
    nodes = {f"n{place}": Node(f"n{place}", "ReLU") for place in range(2000)}
    links = tuple(Link(f"n{place}", f"n{place + 1}") for place in range(1999))
    places = {f"n{place}": (220.0 * (place % 50), 120.0 * (place // 50)) for place in range(2000)}
    workspace.commit(lambda _: Document(nodes, links, places), "Fill")
    canvas.set_zoom(1.0)
    canvas.centerOn(QPointF(0, 0))
    qtbot.waitUntil(canvas.minimap.isVisible)
    drawn = []
    canvas.minimap.follow_design()
    began = time.perf_counter()
    while time.perf_counter() - began < 0.25:
        workspace.select((f"n{len(drawn) % 2000}",))
        drawn.append(canvas.minimap.picture.cacheKey())
        QApplication.processEvents()
    assert 1 <= len(set(drawn)) <= 4


@pytest.mark.parametrize(("key", "shown"), [(Qt.Key.Key_Home, ("image", "fc1")), (Qt.Key.Key_F, ("sum",))])
def test_home_shows_all_and_f_what_is_selected(workspace: Workspace, canvas, hand, key, shown):
    workspace.select(("sum",))
    canvas.centerOn(QPointF(5000, 5000))
    hand.key(key)
    seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
    assert seen.contains(canvas.design.bounds(shown))


def test_a_pinch_zooms_at_the_fingers(canvas, hand):
    at, zoom = hand.node("sum"), canvas.zoom
    before = canvas.to_scene(at)
    everywhere = QPointF(canvas.viewport().mapToGlobal(at.toPoint()))
    kind = Qt.NativeGestureType.ZoomNativeGesture
    event = QNativeGestureEvent(kind, QPointingDevice.primaryPointingDevice(), 2, at, at, everywhere, 0.2, QPointF())
    QApplication.sendEvent(canvas.viewport(), event)
    assert canvas.zoom == pytest.approx(zoom * 1.2)
    assert (canvas.to_scene(at) - before).manhattanLength() < 3
