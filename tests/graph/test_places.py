"""Room for a node between two others: what is in the way goes aside, and nothing comes to stand on another."""

from __future__ import annotations

from designs import design, link, node
from hypothesis import given
from hypothesis import strategies as st

from designer.graph import edits
from designer.graph.document import Document
from designer.graph.places import HIGH, WIDE

COORDINATES = st.integers(-6, 6).map(lambda steps: steps * 100.0)


def on_each_other(document: Document) -> set[tuple[str, str]]:
    places = document.positions
    return {
        (one, other)
        for one, (x, y) in places.items()
        for other, (u, v) in places.items()
        if one < other and abs(x - u) < WIDE and abs(y - v) < HIGH
    }


@st.composite
def drawings(draw: st.DrawFn) -> Document:
    names = "abcdefgh"[: draw(st.integers(2, 8))]
    pairs = [(one, other) for one in names for other in names if one != other]
    links = draw(st.lists(st.sampled_from(pairs), min_size=1, unique=True))
    document = design(*(node(name, "Add") for name in names), links=", ".join(" ".join(pair) for pair in links))
    return edits.move(document, {name: (draw(COORDINATES), draw(COORDINATES)) for name in names})


@given(drawings(), st.none() | st.tuples(COORDINATES, COORDINATES))
def test_an_insertion_puts_no_node_on_another(document: Document, at: tuple[float, float] | None) -> None:
    before = document.positions
    chosen = document.links[0]
    after = edits.insert_on_link(document, chosen, node("new", "ReLU"), at)
    forwards = before[chosen.source][0] < before[chosen.target][0]
    found = {pair for pair in on_each_other(after) if forwards or "new" not in pair}
    assert found <= on_each_other(document)
    assert all(after.positions[name][0] >= before[name][0] for name in before)
    if forwards:
        x = [after.positions[name][0] for name in (chosen.source, "new", chosen.target)]
        assert min(x[1] - x[0], x[2] - x[1]) >= 220 - 1e-6


def test_what_has_room_and_what_stands_elsewhere_stays_where_it_is() -> None:
    document = design(*(node(name, "ReLU") for name in "abcd"), links="a b c")
    document = edits.move(document, {"b": (600.0, 0.0), "c": (820.0, 0.0), "d": (700.0, 400.0)})
    after = edits.insert_on_link(document, link("a", "b"), node("n", "ReLU"))
    assert {name: after.positions[name] for name in "abcd"} == dict(document.positions)
    tight = edits.insert_on_link(document, link("b", "c"), node("n", "ReLU"))
    assert {name for name in "abcd" if tight.positions[name] != document.positions[name]} == {"c"}
