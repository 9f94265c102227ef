"""Edits are pure, keep what they do not touch, and refuse what cannot be."""

from __future__ import annotations

from typing import Any

import pytest
from designs import assert_whole, design, group, link, made, node, random_edits, whole_documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designer.graph import edits
from designer.graph.document import Document, Link, Node
from designer.problems import UserError

INSIDE = design(node("x", "Input"), node("lin", "Linear"), node("y", "Output"), links="x lin y")


def chain(**parts: Any) -> Document:
    return design(
        node("a", "Input"), node("b", "ReLU"), node("c", "Add"), node("d", "Output"), group("g", INSIDE),
        links="a b c d, a c", **parts,
    )  # fmt: skip


REFUSED = {
    "a taken id": lambda d: edits.add_node(d, node("a", "ReLU")),
    "a link from nowhere": lambda d: edits.connect(d, link("nobody", "a")),
    "a link to nowhere": lambda d: edits.connect(d, link("a", "nobody")),
    "a rename to a taken id": lambda d: edits.rename(d, "a", "b"),
    "a rename to no name": lambda d: edits.rename(d, "a", "for"),
    "a rename of nobody": lambda d: edits.rename(d, "nobody", "n"),
    "settings of nobody": lambda d: edits.change_settings(d, "nobody", {"p": 1}),
    "the layer of nobody": lambda d: edits.change_layer(d, "nobody", "ReLU"),
    "something before nobody": lambda d: edits.insert_before(d, "nobody", "ReLU"),
    "something on no link": lambda d: edits.insert_on_link(d, link("d", "a"), node("n", "ReLU")),
    "a taken id on a link": lambda d: edits.insert_on_link(d, link("a", "b"), node("c", "ReLU")),
    "nobody dissolved": lambda d: edits.dissolve(d, "nobody"),
    "something after nobody": lambda d: edits.append_after(d, "nobody", "ReLU"),
    "something in front of nobody": lambda d: edits.prepend_before(d, "nobody", "ReLU"),
    "an edit inside nobody": lambda d: edits.within(d, ("nobody",), lambda inside: inside),
    "an edit inside no group": lambda d: edits.within(d, ("b",), lambda inside: inside),
}
SAME = {
    "removing nobody": lambda d: edits.remove(d, ("nobody",), (link("x", "y"),)),
    "a link that is there": lambda d: edits.connect(d, link("a", "b")),
    "cutting what is not there": lambda d: edits.disconnect(d, "d", "a"),
    "moving to the same place": lambda d: edits.move(d, {"a": d.positions["a"], "nobody": (1.0, 1.0)}),
    "the same settings": lambda d: edits.change_settings(d, "b", {}, ("p",)),
    "the same layer": lambda d: edits.change_layer(d, "b", "ReLU"),
    "the same id": lambda d: edits.rename(d, "b", "b"),
    "something before a port without links": lambda d: edits.insert_before(d, "b", "Flatten", {}, "state"),
    "pasting nothing": lambda d: edits.paste(d, Document())[0],
    "the same data": lambda d: edits.change_data(d, {"source": None}),
    "the same training": lambda d: edits.change_training(d, {}),
    "the same name": lambda d: edits.describe(d, name="", notes=None),
    "an id that stood once": lambda d: edits.accept_id(d, "a"),
    "nothing inside": lambda d: edits.within(d, ("g",), lambda inside: edits.rename(inside, "lin", "lin")),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_is_refused_in_a_sentence(what: str) -> None:
    with pytest.raises(UserError, match=r"^[^\n]+\.$"):
        REFUSED[what](chain())


@pytest.mark.parametrize("what", SAME)
def test_an_edit_that_changes_nothing_gives_the_same_object(what: str) -> None:
    document = chain()
    assert SAME[what](document) is document


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(whole_documents(), st.data())
def test_no_edit_changes_its_design_or_leaves_loose_ends(document: Document, data: st.DataObject) -> None:
    before = repr(document)
    after = made(data.draw(random_edits(document)), document)
    assert repr(document) == before
    assert_whole(after)
    for name in document.nodes.keys() & after.nodes.keys():
        if after.nodes[name] == document.nodes[name] and after.nodes[name].inside is None:
            assert after.nodes[name] is document.nodes[name]


def test_cutting_a_link_leaves_nodes_and_places_the_same_objects() -> None:
    document = chain()
    after = edits.disconnect(document, "a", "b")
    assert after.nodes is document.nodes
    assert after.positions is document.positions
    assert link("a", "b") not in after.links


def test_removing_a_node_takes_its_links_and_what_was_kept_beside_them() -> None:
    extra = {link("a", "b"): {"route": 1}, link("c", "d"): {"route": 2}}
    after = edits.remove(chain(link_extra=extra, renamed={"b": "a"}), ("b",))
    assert after.links == (link("c", "d"), link("a", "c"))
    assert after.link_extra == {link("c", "d"): {"route": 2}}
    assert after.renamed == {}


def test_a_link_takes_the_place_of_another_at_its_port_unless_told_otherwise() -> None:
    document = chain()
    assert edits.connect(document, link("a", "d")).incoming["d"] == (link("a", "d"),)
    assert len(edits.connect(document, link("a", "d"), replacing=False).incoming["d"]) == 2
    assert len(edits.connect(document, link("a", "d.other")).incoming["d"]) == 2


def test_true_is_not_one_and_three_is_not_three_point_nought() -> None:
    document = design(node("a", "Linear", bias=1, out_features=3.0, shape=(1, 2)))
    assert edits.change_settings(document, "a", {"bias": True}).nodes["a"].settings["bias"] is True
    assert isinstance(
        edits.change_settings(document, "a", {"out_features": 3}).nodes["a"].settings["out_features"], int
    )
    assert edits.change_settings(document, "a", {"shape": (1, 2)}) is document
    trained = edits.change_training(document, {"epochs": 1})
    assert edits.change_training(trained, {"epochs": True}).training["epochs"] is True


def test_a_new_id_is_followed_everywhere_it_is_named() -> None:
    document = design(
        node("image", "Input"), node("out", "Output", target="image"),
        Node("dec", "Linear", {}, None, {"shared_with": "image"}), node("other", "ReLU"),
        links="image out, dec.output out.side",
        data={"inputs": {"image": "f"}, "targets": {"image": "g"}, "source": "s"},
        renamed={"image": "old"}, link_extra={link("image", "out"): {"route": 1}},
    )  # fmt: skip
    after = edits.rename(document, "image", "picture")
    assert list(after.nodes) == ["picture", "out", "dec", "other"]
    assert after.nodes["picture"].id == "picture"
    assert after.nodes["out"].settings == {"target": "picture"}
    assert after.nodes["dec"].learning == {"shared_with": "picture"}
    assert after.nodes["other"] is document.nodes["other"]
    assert after.links[0] == link("picture", "out")
    assert after.links[1] is document.links[1]
    assert after.link_extra == {link("picture", "out"): {"route": 1}}
    assert after.data == {"inputs": {"picture": "f"}, "targets": {"picture": "g"}, "source": "s"}
    assert after.renamed == {}
    assert list(after.positions) == list(after.nodes)
    assert edits.rename(document, "other", "o").data is document.data


@pytest.mark.parametrize("data", [{"inputs": 5}, {"inputs": None}, {"targets": ["a"]}, {"inputs": {"a": {"b": 1}}}])
def test_renaming_leaves_data_of_odd_kinds_alone(data: dict[str, Any]) -> None:
    assert edits.rename(chain(data=data), "b", "bb").data is not None


def test_an_insertion_keeps_the_place_among_the_links_of_a_port_with_many() -> None:
    document = chain()
    after = edits.insert_before(document, "c", "Flatten")
    assert [each.source for each in after.incoming["c"]] == ["flatten1", "flatten2"]
    assert after.incoming["flatten1"] == (link("b", "flatten1"),)
    assert after.incoming["flatten2"] == (link("a", "flatten2"),)


def test_an_insertion_makes_room_to_the_right_and_none_on_a_link_that_runs_back() -> None:
    after = edits.insert_on_link(chain(), link("a", "b"), node("n", "ReLU"))
    assert [after.positions[name][0] for name in "anbc"] == [0.0, 220.0, 440.0, 660.0]
    back = edits.connect(chain(), link("d", "a"))
    after = edits.insert_on_link(back, link("d", "a"), node("n", "ReLU"))
    assert {name: after.positions[name] for name in "abcd"} == {name: back.positions[name] for name in "abcd"}


def test_dissolving_hands_on_what_was_read_to_all_readers_in_their_places() -> None:
    document = design(*(node(name, "Add") for name in "abcd"), links="a.out b c, b d, a d")
    after = edits.dissolve(document, "b")
    assert after.links == (link("a.out", "c"), link("a.out", "d"), link("a", "d"))
    assert edits.dissolve(document, "a").links == (link("b", "c"), link("b", "d"))


def test_dissolving_in_a_circle_leaves_no_node_linked_to_itself() -> None:
    document = design(*(node(name, "Add") for name in "ab"), links="a b a, b b")
    assert edits.dissolve(document, "b").links == ()


def test_what_is_pasted_gets_free_ids_and_keeps_its_links_and_references() -> None:
    document = chain(link_extra={link("a", "b"): {"route": 1}})
    fragment = edits.copy(edits.change_settings(document, "d", {"target": "a"}), ("a", "b", "d"))
    after, ids = edits.paste(document, fragment, (10.0, 20.0))
    assert ids == {"a": "a2", "b": "b2", "d": "d2"}
    assert after.links[len(document.links) :] == (link("a2", "b2"),)
    assert after.nodes["d2"].settings == {"target": "a2"}
    assert after.positions["b2"] == (document.positions["b"][0] + 10, 20.0)
    assert after.link_extra[link("a2", "b2")] == {"route": 1}
    assert all(after.nodes[name] is document.nodes[name] for name in document.nodes)
    again, ids = edits.paste(after, fragment)
    assert ids["a"] == "a3"
    assert len(again.nodes) == len(document.nodes) + 6


def test_a_copy_of_the_same_nodes_pasted_into_nothing_is_the_copy() -> None:
    fragment = edits.copy(chain(), ("a", "b", "nobody"))
    assert edits.paste(Document(), fragment)[0] == fragment


def test_an_edit_inside_groups_changes_those_alone() -> None:
    document = chain()
    after = edits.within(document, ("g",), lambda inside: edits.change_settings(inside, "lin", {"out_features": 3}))
    assert after.at(("g",)).nodes["lin"].settings == {"out_features": 3}
    assert all(after.nodes[name] is document.nodes[name] for name in "abcd")
    assert after.at(("g",)).nodes["x"] is document.at(("g",)).nodes["x"]
    assert after.links is document.links


def test_ten_thousand_nodes_are_pasted_in_a_moment() -> None:
    nodes = {f"conv{number}": node(f"conv{number}", "Conv2d") for number in range(1, 10_001)}
    after, _ = edits.paste(Document(nodes), Document(nodes))
    assert len(after.nodes) == 20_000


def test_a_link_writes_its_ends_as_a_file_does() -> None:
    assert Link("lstm1", "out", "state").ends == ("lstm1.state", "out")
