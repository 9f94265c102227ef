"""Links run clear of nodes, wherever these are put."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QLineF, QPointF, QRectF
from pytestqt.qtbot import QtBot
from same_scene import assert_shows_its_design

from designer.graph.document import Document, Link, Node
from designer.gui.canvas.paths.curves import bodies_met, crosses, nearest_piece, pieces, through
from designer.gui.canvas.paths.ways import Ways
from designer.gui.canvas.view import Canvas
from designer.gui.workspace import Workspace

LINK = Link("a", "b")
START, FORTH, BACK = QPointF(168, 30), QPointF(900, 30), QPointF(-400, 330)


def body(x: float, y: float) -> QRectF:
    return QRectF(x, y, 168, 60)


@pytest.mark.parametrize(
    ("end", "others"),
    [
        (FORTH, [(400, 0)]),
        (FORTH, [(400, 0), (380, -70), (420, 70)]),
        (FORTH, [(300, 0), (560, -20), (430, 50)]),
        (BACK, [(-100, 150)]),
        (BACK, [(180, 100)]),
        (BACK, [(-560, 200)]),
        (BACK, [(-100, 150), (180, 100), (-560, 200), (-300, 90)]),
    ],
)
def test_a_link_leads_round_the_nodes_in_its_way(end, others):
    ways = Ways()
    before = ways.find(LINK, START, end)
    places = {f"n{number}": body(*place) for number, place in enumerate(others)}
    assert bodies_met(before, list(places.values()))
    areas = [area for name, place in places.items() for area in ways.put_node(name, place)]
    assert ways.affected(areas) == {LINK}
    path = ways.find(LINK, START, end)
    assert not bodies_met(path, list(places.values()))
    assert (path.pointAtPercent(0) - START).manhattanLength() < 0.1
    assert (path.pointAtPercent(1) - end).manhattanLength() < 0.1


def test_a_link_runs_straight_again_when_its_way_is_free():
    ways = Ways()
    straight = ways.find(LINK, START, FORTH)
    ways.put_node("n", body(400, 0))
    assert ways.find(LINK, START, FORTH) != straight
    assert ways.affected([ways.drop_node("n")]) == {LINK}
    assert ways.find(LINK, START, FORTH) == straight


def test_a_link_is_told_of_a_nearer_way_that_opens_where_it_does_not_run():
    ways = Ways()
    ways.put_node("tall", QRectF(400, -1000, 168, 1400))
    ways.put_node("below", body(400, 404))
    far = ways.find(LINK, START, FORTH)
    assert ways.affected([ways.drop_node("below")]) == {LINK}
    assert ways.find(LINK, START, FORTH) != far


def test_to_ask_for_a_way_without_a_node_changes_nothing_of_what_a_link_is_told():
    ways = Ways()
    ways.put_node("tall", QRectF(400, -1000, 168, 1400))
    around = ways.find(LINK, START, FORTH)
    assert ways.find_over("tall", LINK, START, FORTH) != around
    assert ways.affected(ways.put_node("n", body(400, 420))) == {LINK}


def test_of_two_ways_that_are_as_near_the_same_is_taken_whatever_was_there_before():
    found = set()
    for number in range(40):
        ways = Ways()
        ways.put_node(f"upper{number}", QRectF(-100, 100, 168, 90))
        ways.put_node(f"lower{number}", QRectF(-100, 170, 168, 90))
        path = ways.find(LINK, START, BACK)
        found.add(tuple((path.elementAt(each).x, path.elementAt(each).y) for each in range(path.elementCount())))
    assert len(found) == 1


def test_a_way_through_dots_on_one_level_stays_on_it():
    path = through(QPointF(0, 0), [QPointF(100, -80), QPointF(300, -80), QPointF(500, -80)], QPointF(600, 0))
    assert path.boundingRect().top() == pytest.approx(-80)


numbers = st.integers(-500, 500)
points = st.tuples(numbers, numbers).map(lambda at: QPointF(*at))


@settings(deadline=None)
@given(points, st.lists(points, max_size=4), points)
def test_a_way_meets_its_dots_in_their_order_and_is_cut_by_a_stroke_across_one(start, dots, end):
    way = [start, *dots, end]
    assume(all(one != other for one, other in pairwise(way)))
    path = through(start, dots, end)
    assert [piece.end for piece in pieces(path)] == way[1:]
    for dot in dots:
        assert way[nearest_piece(path, dot)] == dot or way[nearest_piece(path, dot) + 1] == dot
        assert crosses(path, QLineF(dot - QPointF(3, 700), dot + QPointF(3, 700)))


def test_the_links_of_a_large_design_are_led_around_nodes_when_there_is_time(
    canvas: Canvas, workspace: Workspace, qtbot: QtBot
) -> None:
    names = [f"n{number}" for number in range(700)]
    nodes = {name: Node(name, "ReLU") for name in names}
    chain = tuple(Link(one, other) for one, other in pairwise(names))
    jump = Link("n0", "n4")
    places = {name: (220.0 * (place % 30), 120.0 * (place // 30)) for place, name in enumerate(names)}
    workspace.commit_whole(lambda _: Document(nodes, (*chain, jump), places), "Draw")
    item = canvas.design.links[jump]
    below = canvas.design.nodes["n2"].body.translated(*places["n2"])
    assert bodies_met(item.path, [below])
    qtbot.waitUntil(lambda: not bodies_met(item.path, [below]))
    assert_shows_its_design(canvas)
