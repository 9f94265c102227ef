"""An expanded group makes others give way, and nothing is lost when it is collapsed."""

from __future__ import annotations

from dataclasses import replace

from designs import assert_whole, design, group, node, whole_documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designer.graph.document import Document
from designer.graph.expanding import collapse, expand


def test_what_stands_right_of_a_group_and_below_gives_way_and_comes_back() -> None:
    document = design(node("x", "Input"), group("g", Document()), node("y", "Output"), node("z", "ReLU"))
    document = replace(document, positions={**document.positions, "z": (220.0, 120.0)})
    wide = expand(document, "g", (300.0, 200.0))
    assert wide.positions == {"x": (0.0, 0.0), "g": (220.0, 0.0), "y": (740.0, 0.0), "z": (220.0, 320.0)}
    assert expand(wide, "g", (300.0, 200.0)) is wide
    assert collapse(wide, "g", (300.0, 200.0)) == document


def test_what_would_touch_another_stays_when_a_group_is_collapsed() -> None:
    document = design(group("g", Document()), node("y", "Output"), node("z", "ReLU"))
    wide = expand(document, "g", (300.0, 200.0))
    crowded = replace(wide, positions={**wide.positions, "z": (250.0, 20.0)})
    assert collapse(crowded, "g", (300.0, 200.0)).positions == crowded.positions


def test_a_chain_that_goes_on_in_the_row_below_is_not_torn_apart() -> None:
    names = ("x", "g", "a", "b", "c", "y")
    document = design(
        node("x", "Input"), group("g", Document()), *(node(name, "ReLU") for name in "abc"), node("y", "Output"),
        links=" ".join(names),
    )  # fmt: skip
    rows = {name: (220.0 * (place % 3), 300.0 * (place // 3)) for place, name in enumerate(names)}
    document = replace(document, positions=rows)
    assert expand(document, "g", (300.0, 40.0)).positions == {**rows, "a": (740.0, 0.0)}


def test_what_follows_a_group_towards_the_right_goes_along_in_every_row() -> None:
    document = design(group("g", Document()), node("a", "ReLU"), node("head", "Output"), links="g a head")
    document = replace(document, positions={"g": (0.0, 0.0), "a": (220.0, 0.0), "head": (440.0, 400.0)})
    assert expand(document, "g", (300.0, 40.0)).positions["head"] == (740.0, 400.0)


def test_what_gave_way_comes_back_exactly_unless_it_was_moved_since() -> None:
    document = design(group("g", Document()), node("y", "Output"), node("z", "ReLU"), node("far", "ReLU"))
    document = replace(document, positions={**document.positions, "far": (0.0, 300.0)})
    wide = expand(document, "g", (300.0, 60.0))
    before = {name: (place, wide.positions[name]) for name, place in document.positions.items()}
    assert collapse(wide, "g", (300.0, 60.0), before) == document
    moved = replace(wide, positions={**wide.positions, "z": (990.0, 550.0)})
    back = collapse(moved, "g", (300.0, 60.0), before)
    assert back.positions == {**document.positions, "z": (990.0, 550.0)}


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(whole_documents(), st.data())
def test_expanding_changes_looks_and_places_alone(document: Document, data: st.DataObject) -> None:
    groups = [name for name, each in document.nodes.items() if each.layer == "Group"]
    if not groups:
        return
    name = data.draw(st.sampled_from(groups))
    wide = expand(document, name, (300.0, 200.0))
    assert_whole(wide)
    assert replace(wide, nodes=document.nodes, positions=document.positions, routes=document.routes) == document
    back = collapse(wide, name, (300.0, 200.0))
    assert_whole(back)
    assert back.nodes == document.nodes
