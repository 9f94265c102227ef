"""What every layout keeps to, whatever the design: no node on another, links forwards, ways that are free."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from drawing import Drawing
from hypothesis import given
from hypothesis import strategies as st

from designer.graph.document import Document, Frame, Link, Node, Position, Sticky
from designer.graph.layout import Box, Direction, Layout, apply, arranged, part_of, put_back, usual_boxes
from designer.graph.layout.remote import answer, ask, read

DIRECTIONS = st.sampled_from(Direction)


@st.composite
def designs(draw: st.DrawFn, *, circles: bool = False) -> tuple[Document, dict[str, Box]]:
    """Up to thirty nodes of all sizes with any links among them."""
    count = draw(st.integers(0, 30))
    names = [f"n{number}" for number in range(count)]
    ends = st.integers(0, max(count - 1, 0))
    pairs = draw(st.lists(st.tuples(ends, ends), max_size=2 * count)) if count else []
    links = [
        Link(
            names[a if circles else min(a, b)], names[b if circles else max(a, b)], "", draw(st.sampled_from(("", "b")))
        )
        for a, b in pairs
        if circles or a != b
    ]
    boxes = {
        name: Box(draw(st.sampled_from((168.0, 168.0, 300.0))), draw(st.sampled_from((60.0, 90.0, 245.0))), {"b": 50.0})
        for name in names
    }
    return Document({name: Node(name, "Identity") for name in names}, tuple(dict.fromkeys(links))), boxes


def area(at: Position, box: Box) -> tuple[float, float, float, float]:
    return at[0], at[1], at[0] + box.width, at[1] + box.height


def covers(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def hit(start: Position, end: Position, box: tuple[float, float, float, float]) -> bool:
    """Whether the straight way between two dots enters an area; only ways along an axis are asked for."""
    left, right = sorted((start[0], end[0]))
    top, bottom = sorted((start[1], end[1]))
    return left < box[2] and right > box[0] and top < box[3] and bottom > box[1]


@given(designs(circles=True), DIRECTIONS)
def test_no_node_covers_another_whatever_the_links(design: tuple[Document, dict[str, Box]], way: Direction) -> None:
    document, boxes = design
    layout = arranged(document, boxes, way)
    assert list(layout.positions) == list(document.nodes)
    areas = [area(at, boxes[name]) for name, at in layout.positions.items()]
    assert not any(covers(one, other) for one, other in combinations(areas, 2))
    assert arranged(document, boxes, way) == layout


@given(designs(), DIRECTIONS)
def test_long_links_run_clear_of_all_nodes(design: tuple[Document, dict[str, Box]], way: Direction) -> None:
    document, boxes = design
    layout = arranged(document, boxes, way)
    along = 0 if way is Direction.RIGHT else 1
    for link, dots in layout.routes.items():
        assert all(here[along] <= there[along] for here, there in pairwise(dots))
        for here, there in pairwise(dots):
            if here[1 - along] == there[1 - along]:
                met = [name for name, at in layout.positions.items() if hit(here, there, area(at, boxes[name]))]
                assert met == [], link


def laid_out(drawing: Drawing, way: Direction = Direction.RIGHT) -> tuple[Document, Layout]:
    document = drawing.done()
    return document, arranged(document, usual_boxes(document), way)


def test_the_main_line_of_a_residual_block_is_straight_and_its_shortcut_passes_beside_it() -> None:
    drawing = Drawing((4, 8, 8))
    first = drawing.last
    drawing.row("Conv2d", "ReLU", "Conv2d")
    drawing.add("Add", [drawing.last, first], "sum")
    document, layout = laid_out(drawing)
    assert len({y for _, y in layout.positions.values()}) == 1
    (route,) = layout.routes.values()
    y = layout.positions["sum"][1]
    assert all(not y - 10 < at < y + 70 for _, at in route)
    assert layout.routes.keys() == {Link("x", "sum")} & set(document.links)


def test_what_ends_at_the_first_port_stands_above_what_ends_at_the_second() -> None:
    drawing = Drawing((4,))
    drawing.add("Linear", "x", "lower")
    drawing.add("Linear", "x", "upper")
    drawing.add("Subtract", "upper", "difference", ports={"b": "lower"})
    _, layout = laid_out(drawing)
    assert layout.positions["upper"][1] < layout.positions["lower"][1]
    assert layout.positions["upper"][0] == layout.positions["lower"][0]


def test_the_long_links_of_an_hourglass_are_straight_and_what_they_span_goes_down() -> None:
    drawing = Drawing((4, 32, 32))
    down = []
    for number in range(4):
        down.append(drawing.add("Conv2d", name=f"down{number}"))
        drawing.add("MaxPool2d", name=f"pool{number}")
    for number in reversed(range(4)):
        drawing.add("ConvTranspose2d", name=f"up{number}")
        drawing.add("Concat", [drawing.last, down[number]], f"join{number}")
    _, layout = laid_out(drawing)
    heights = [layout.positions[name][1] for name in down]
    assert heights == sorted(set(heights))
    assert [layout.positions[f"join{number}"][1] for number in range(4)] == heights


def test_a_long_chain_stands_in_rows_like_a_text() -> None:
    drawing = Drawing((4,))
    drawing.row(*["Linear"] * 40)
    _, layout = laid_out(drawing)
    rows = sorted({y for _, y in layout.positions.values()})
    assert 4 <= len(rows) <= 9
    assert {min(x for x, at in layout.positions.values() if at == y) for y in rows} == {0.0}
    _, layout = laid_out(drawing, Direction.DOWN)
    assert len({x for x, _ in layout.positions.values()}) == 1


def test_parts_without_links_between_them_stand_apart() -> None:
    document = Document({name: Node(name, "Linear") for name in "abcdefgh"}, (Link("a", "b"), Link("c", "d")))
    layout = arranged(document, usual_boxes(document))
    assert layout.positions["a"][1] == layout.positions["b"][1]
    assert len(set(layout.positions.values())) == 8


def test_the_longest_of_very_many_links_are_led_around_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("designer.graph.layout.arranging.FEW", 5)
    monkeypatch.setattr("designer.graph.layout.arranging.BENDS", 0)
    drawing = Drawing((4,))
    drawing.row(*["Linear"] * 9)
    drawing.add("Add", [drawing.last, "x", "linear_2"], "sum")
    _, layout = laid_out(drawing)
    top = min(y for _, y in layout.positions.values())
    levels = [route[0][1] for route in layout.routes.values()]
    assert len(set(levels)) == 2
    assert max(levels) < top


def test_a_selection_keeps_its_middle_and_covers_nothing_that_stays() -> None:
    nodes = {name: Node(name, "Linear") for name in ("a", "b", "c", "d")}
    places = {"a": (1000.0, 0.0), "b": (1000.0, 300.0), "c": (1000.0, 600.0), "d": (1000.0, 240.0)}
    document = Document(nodes, (Link("a", "b"), Link("b", "c"), Link("c", "d")), places)
    boxes = usual_boxes(document)
    part = part_of(document, ("a", "b", "c"))
    after = apply(document, put_back(document, boxes, arranged(part, boxes)))
    assert after.positions["d"] == places["d"]
    areas = [area(at, boxes[name]) for name, at in after.positions.items()]
    assert not any(covers(one, other) for one, other in combinations(areas, 2))
    assert abs(after.positions["b"][0] - 1000.0) <= 10.0
    assert abs(after.positions["b"][1] - 300.0) <= 240.0


def test_laying_out_again_changes_nothing() -> None:
    drawing = Drawing((4,))
    drawing.row(*["Linear"] * 3)
    drawing.add("Add", [drawing.last, "x"], "sum")
    document = drawing.done()
    boxes = usual_boxes(document)
    once = apply(document, put_back(document, boxes, arranged(document, boxes)))
    assert once.routes
    assert apply(once, put_back(once, boxes, arranged(once, boxes))) is once


def test_a_process_of_its_own_answers_the_same() -> None:
    drawing = Drawing((4,))
    drawing.row(*["Linear"] * 3)
    drawing.add("Add", [drawing.last, "x"], "sum")
    document = drawing.done()
    boxes = usual_boxes(document)
    here = arranged(document, boxes, Direction.DOWN)
    assert read(document, answer(ask(document, boxes, Direction.DOWN))) == here


@given(designs(circles=True), DIRECTIONS, st.data())
def test_nothing_else_stands_among_the_nodes_of_a_frame(
    design: tuple[Document, dict[str, Box]], way: Direction, data: st.DataObject
) -> None:
    document, boxes = design
    homes = {name: data.draw(st.sampled_from(("", "", "one", "other"))) for name in document.nodes}
    members = {key: tuple(name for name in homes if homes[name] == key) for key in ("one", "other")}
    frames = {key: Frame(members=names) for key, names in members.items() if names}
    document = replace(document, frames=frames)
    layout = arranged(document, boxes, way)
    areas = {name: area(at, boxes[name]) for name, at in layout.positions.items()}
    assert not any(covers(one, other) for one, other in combinations(areas.values(), 2))
    for frame in frames.values():
        lefts, tops, rights, bottoms = zip(*(areas[name] for name in frame.members), strict=True)
        around = (min(lefts) - 20, min(tops) - 44, max(rights) + 20, max(bottoms) + 20)
        assert not [name for name in areas if name not in frame.members and covers(around, areas[name])]
    assert read(document, answer(ask(document, boxes, way))) == layout


def test_a_note_that_nodes_would_cover_goes_above_them() -> None:
    nodes = {name: Node(name, "Linear") for name in ("a", "b")}
    places = {"a": (0.0, 0.0), "b": (0.0, 500.0)}
    notes = {"near": Sticky("On the way", (230.0, 10.0)), "far": Sticky("Elsewhere", (0.0, 900.0))}
    document = Document(nodes, (Link("a", "b"),), places, stickies=notes)
    boxes = usual_boxes(document)
    after = apply(document, put_back(document, boxes, arranged(document, boxes)))
    assert after.stickies["far"] is notes["far"]
    x, y = after.stickies["near"].position
    assert (x, y + notes["near"].size[1] < 0) == (0.0, True)
