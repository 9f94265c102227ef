"""What differs between two designs is found, all of it and nothing else."""

from __future__ import annotations

from dataclasses import replace

from designs import design, group, link, made, node, plain, random_edits, whole_documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designer.compiler.checking.check import check
from designer.compiler.checking.facts import data_facts
from designer.compiler.checking.report import dressed
from designer.graph import edits
from designer.graph.changes import Changes, difference
from designer.graph.document import Document, Sticky
from designer.graph.frames import add_frame
from designer.graph.looks import set_note
from designer.graph.stickies import add_sticky

CHAIN = design(node("a", "Input"), node("b", "ReLU"), node("c", "Output"), links="a b c")


def test_the_same_design_has_no_changes() -> None:
    assert difference(CHAIN, CHAIN) == Changes()
    assert not difference(CHAIN, CHAIN).structure


def test_nodes_and_links_that_came_went_or_changed_are_named() -> None:
    after = edits.change_settings(
        edits.insert_on_link(CHAIN, link("a", "b"), node("n", "ReLU")), "b", {"inplace": True}
    )
    after = edits.remove(after, ("c",))
    changes = difference(CHAIN, after)
    assert (changes.added, changes.removed, changes.changed) == (("n",), ("c",), ("b",))
    assert set(changes.linked) == {link("a", "n"), link("n", "b")}
    assert set(changes.unlinked) == {link("a", "b"), link("b", "c")}
    assert changes.structure


def test_a_move_is_no_change_of_structure() -> None:
    changes = difference(CHAIN, edits.move(CHAIN, {"a": (9.0, 9.0)}))
    assert changes == Changes(moved=("a",))
    assert not changes.structure


def test_a_new_node_has_not_moved() -> None:
    assert difference(CHAIN, edits.add_node(CHAIN, node("n", "ReLU"), (1.0, 2.0))).moved == ()


def test_data_training_and_text_are_told_apart() -> None:
    assert difference(CHAIN, edits.change_data(CHAIN, {"source": "iris"})) == Changes(data=True)
    assert difference(CHAIN, edits.change_training(CHAIN, {"epochs": 3})) == Changes(training=True)
    assert difference(CHAIN, edits.describe(CHAIN, notes="n")) == Changes(text=True)


def test_another_order_of_links_or_nodes_blocks_and_accepted_ids_are_changes_too() -> None:
    turned = replace(CHAIN, links=CHAIN.links[::-1])
    twice = replace(CHAIN, renamed={"b": "a"})
    assert difference(CHAIN, turned).structure
    assert difference(CHAIN, replace(CHAIN, nodes=dict(reversed(CHAIN.nodes.items())))).structure
    assert difference(twice, edits.accept_id(twice, "b")).structure
    assert difference(CHAIN, replace(CHAIN, blocks={"res": CHAIN})).structure


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(whole_documents(), st.data())
def test_a_report_changes_only_where_changes_say_so(document: Document, data: st.DataObject) -> None:
    after = made(data.draw(random_edits(document)), document)
    changes = difference(document, after)
    if not (changes.structure or changes.data):
        facts = data_facts(document)[0]
        assert plain(dressed(check(document, facts), after)) == plain(check(after, facts))


def test_colours_notes_frames_and_stickies_are_no_change_of_the_network_however_deep() -> None:
    inside = replace(CHAIN, nodes=CHAIN.nodes)
    outer = design(group("g", inside), node("n", "ReLU"))
    after = edits.within(outer, ("g",), lambda d: add_sticky(set_note(d, "b", "why?"), Sticky("here")))
    assert difference(outer, after) == Changes(dressed=("g",))
    assert difference(outer, edits.within(outer, ("g",), lambda d: edits.move(d, {"a": (1.0, 2.0)}))).dressed == ("g",)
    assert difference(CHAIN, add_frame(CHAIN, ("a", "b"))) == Changes(frames=True)
    assert difference(CHAIN, add_sticky(CHAIN, Sticky())) == Changes(stickies=True)
    assert difference(CHAIN, edits.change_settings(CHAIN, "b", {"inplace": 1})).changed == ("b",)


def test_a_node_that_is_bypassed_is_another_part_of_the_network() -> None:
    document = design(node("a", "ReLU"), node("b", "ReLU"), links="a b")
    changes = difference(document, edits.set_bypassed(document, ("b",), True))
    assert (changes.changed, changes.dressed) == (("b",), ())
    assert edits.set_bypassed(document, ("a", "b"), False) is document
