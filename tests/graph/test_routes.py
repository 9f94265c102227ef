"""Dots stay with their links, whatever happens to these."""

from __future__ import annotations

from designs import design, link, node, whole_documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designer.graph import edits, routes
from designer.graph.changes import Changes, difference
from designer.graph.document import Document, Node
from designer.graph.rewiring import rewire

AB, BC, AC = link("a", "b"), link("b", "c"), link("a", "c")
DOTS = ((10.0, 20.0), (30.0, 40.0), (50.0, 60.0))


def chain(**ways: tuple[tuple[float, float], ...]) -> Document:
    """a -> b -> c and a -> c; `ways` by the letters of both ends."""
    document = design(*(node(name, "Add") for name in "abc"), links="a b c, a c")
    return routes.reroute(document, {link(*name): dots for name, dots in ways.items()})


def test_dots_are_added_moved_and_removed_one_by_one() -> None:
    document = routes.add_dot(chain(ab=DOTS[:2]), AB, 1, (1.0, 2.0))
    assert document.routes == {AB: (DOTS[0], (1.0, 2.0), DOTS[1])}
    document = routes.move_dots(document, {(AB, 1): (3.0, 4.0), (AB, 9): (0.0, 0.0), (BC, 0): (0.0, 0.0)})
    assert document.routes == {AB: (DOTS[0], (3.0, 4.0), DOTS[1])}
    document = routes.remove_dots(document, [(AB, 0), (AB, 1)])
    assert document.routes == {AB: DOTS[1:2]}
    assert not routes.remove_dots(document, [(AB, 0), (BC, 5)]).routes


def test_what_changes_no_dot_gives_the_same_object() -> None:
    document = chain(ab=DOTS)
    assert routes.reroute(document, {AB: DOTS, BC: (), link("c", "a"): DOTS}) is document
    assert routes.move_dots(document, {(AB, 1): DOTS[1]}) is document
    assert routes.remove_dots(document, [(AB, 7), (AC, 0)]) is document
    assert rewire(document, {AB: AB, link("c", "a"): BC}) is document


def test_dots_go_with_their_link_and_nothing_else_does() -> None:
    document = chain(ab=DOTS, bc=DOTS[:1])
    cut = edits.disconnect(document, "a", "b")
    assert cut.routes == {BC: DOTS[:1]}
    assert cut.nodes is document.nodes
    assert not edits.remove(document, ("b",)).routes
    assert edits.rename(document, "b", "n").routes == {link("a", "n"): DOTS, link("n", "c"): DOTS[:1]}


def test_dots_move_with_both_ends_and_stay_where_one_end_stays() -> None:
    document = chain(ab=DOTS[:1], bc=DOTS[:1])
    both = edits.move(document, {name: (x + 0.1, y - 7) for name, (x, y) in document.positions.items() if name != "c"})
    assert both.routes == {AB: ((10.1, 13.0),), BC: DOTS[:1]}
    apart = edits.move(document, {"a": (5.0, 5.0), "b": (500.0, 0.0)})
    assert apart.routes is document.routes


def test_copies_have_dots_of_their_own_beside_their_nodes() -> None:
    document = chain(ab=DOTS[:1], bc=DOTS[:1])
    after, ids = edits.paste(document, edits.copy(document, ("a", "b")), (100.0, 10.0))
    assert after.routes == {**document.routes, link(ids["a"], ids["b"]): ((110.0, 30.0),)}


def test_a_node_put_into_a_link_has_the_dots_on_both_sides_of_it() -> None:
    document = chain(ac=((100.0, 100.0), (400.0, 100.0)))
    after = edits.insert_on_link(document, AC, Node("n", "ReLU"))
    assert after.routes == {link("a", "n"): ((100.0, 100.0),), link("n", "c"): ((400.0, 100.0),)}


def test_a_dissolved_node_leaves_its_dots_on_the_link_that_remains() -> None:
    document = chain(ab=DOTS[:2], bc=DOTS[2:])
    assert not edits.dissolve(document, "b").routes  # a and c are linked already, on a way of their own
    alone = edits.disconnect(document, "a", "c")
    assert edits.dissolve(alone, "b").routes == {AC: DOTS}


def test_a_link_taken_to_another_port_keeps_its_place_and_its_dots() -> None:
    after = rewire(chain(ab=DOTS), {AB: link("a", "c.side")})
    assert after.links == (link("a", "c.side"), BC, AC)
    assert after.routes == {link("a", "c.side"): DOTS}
    assert rewire(chain(), {AB: AC}).links == (AC, BC)


def test_changed_dots_are_told_and_are_no_change_of_the_network() -> None:
    document = chain(ab=DOTS)
    changes = difference(document, routes.move_dots(document, {(AB, 0): (0.0, 0.0)}))
    assert changes == Changes(rerouted=(AB,))
    assert not changes.structure
    assert difference(document, edits.disconnect(document, "a", "b")) == Changes(unlinked=(AB,))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(whole_documents(), st.data())
def test_a_copy_moved_and_moved_back_has_the_same_dots(document: Document, data: st.DataObject) -> None:
    some = data.draw(st.sets(st.sampled_from(document.ids))) if document.nodes else set()
    fragment = edits.copy(document, some)
    there, _ = edits.paste(Document(), fragment, (64.0, -32.0))
    places = {name: (x - 64.0, y + 32.0) for name, (x, y) in there.positions.items()}
    assert edits.move(there, places).routes == fragment.routes
    assert set(fragment.routes) == set(document.routes) & set(fragment.links)


@given(
    st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), max_size=5).map(tuple),
    st.integers(0, 5),
)
def test_a_node_on_a_place_of_the_way_splits_it_without_losing_a_dot(way, index) -> None:
    at = ((0, 0), *way, (9, 9))[min(index, len(way) + 1)]
    before, after = routes.split(way, (0, 0), at, (9, 9))
    assert before + after == way
