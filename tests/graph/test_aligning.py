"""Edges on one line, equal gaps, and nothing hidden behind another."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.graph.aligning import Area, Edge, aligned, distributed

PLACES = st.integers(-500, 500).map(lambda steps: 10.0 * steps)
AREAS = st.dictionaries(
    st.integers(0, 99),
    st.builds(Area, PLACES, PLACES, st.just(168.0), st.sampled_from([60.0, 90.0, 105.0])),
    min_size=2,
    max_size=8,
)


def overlap(one: Area, other: Area) -> bool:
    return all(
        one.start(axis) < other.start(axis) + other.size(axis) and other.start(axis) < one.start(axis) + one.size(axis)
        for axis in (0, 1)
    )


def at(area: Area, place: tuple[float, float]) -> Area:
    return area._replace(x=place[0], y=place[1])


def test_left_edges_go_to_the_leftmost_and_bottoms_to_the_lowest():
    areas = {"a": Area(10, 0, 168, 60), "b": Area(0, 100, 168, 90)}
    assert aligned(areas, Edge.LEFT) == {"a": (0, 0), "b": (0, 100)}
    areas = {"a": Area(0, 0, 168, 60), "b": Area(200, 10, 168, 90)}
    assert aligned(areas, Edge.BOTTOM) == {"a": (0, 40), "b": (200, 10)}
    assert aligned(areas, Edge.MIDDLE) == {"a": (0, 20), "b": (200, 5)}


def test_what_would_be_hidden_goes_below():
    areas = {"a": Area(0, 0, 168, 60), "b": Area(220, 0, 168, 60)}
    assert aligned(areas, Edge.LEFT) == {"a": (0, 0), "b": (0, 80)}


def test_gaps_become_equal_and_the_outermost_stay():
    areas = {"a": Area(0, 0, 100, 60), "b": Area(150, 30, 100, 60), "c": Area(500, 0, 100, 60)}
    assert distributed(areas, 0) == {"a": (0, 0), "b": (250, 30), "c": (500, 0)}


def test_positions_have_no_digits_that_only_sums_of_fractions_leave():
    heights = (60.0, 90.1, 105.2, 60.3, 90.4)
    areas = {height: Area(0, 130.1 * number, 168, height) for number, height in enumerate(heights)}
    assert all(round(y, 3) == y for _, y in distributed(areas, 1).values())
    assert all(round(y, 3) == y for _, y in aligned(areas, Edge.MIDDLE).values())


@given(AREAS, st.sampled_from(Edge))
def test_after_aligning_all_stand_on_one_line_and_none_on_another(areas, edge):
    placed = {key: at(areas[key], place) for key, place in aligned(areas, edge).items()}
    axis, share = edge.value
    assert placed.keys() == areas.keys()
    lines = {round(area.start(axis) + share * area.size(axis), 6) for area in placed.values()}
    assert len(lines) == 1
    assert not any(overlap(one, other) for one, other in combinations(placed.values(), 2))
    again = aligned(placed, edge)
    assert all(again[key] == pytest.approx((area.x, area.y)) for key, area in placed.items())


@given(AREAS, st.sampled_from([0, 1]))
def test_after_distributing_all_gaps_are_equal_and_nothing_moved_across(areas, axis):
    places = distributed(areas, axis)
    assert all(place[1 - axis] == areas[key].start(1 - axis) for key, place in places.items())
    row = sorted((at(areas[key], place) for key, place in places.items()), key=lambda area: area.start(axis))
    gaps = [after.start(axis) - before.start(axis) - before.size(axis) for before, after in pairwise(row)]
    assert gaps == pytest.approx([gaps[0]] * len(gaps), abs=0.002)
    assert min(gaps) >= 20 - 0.002
