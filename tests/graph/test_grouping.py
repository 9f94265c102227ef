"""Grouping and ungrouping: names change, the network does not."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest
from designs import assert_whole, design, group, link, node, whole_documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sound import sound_designs

from designer.compiler.checking.check import check
from designer.graph.document import Document, Frame, Link, Node, Sticky
from designer.graph.grouping import group as grouped
from designer.graph.ungrouping import Known, ungroup
from designer.problems import UserError

QUIET: Any = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def two_roads() -> Document:
    """x -> a -> b -> sum -> y, x -> sum, x -> c -> sum."""
    return design(
        node("x", "Input", shape=(6,)), node("a", "Linear", out_features=6), node("b", "ReLU"),
        node("c", "Linear", out_features=6), node("sum", "Add"), node("y", "Output"),
        links="x a b sum y, x sum, x c sum",
    )  # fmt: skip


def test_the_ports_of_a_group_follow_from_the_links_that_cross_its_border() -> None:
    after = grouped(two_roads(), ("a", "b", "c"), "g")
    assert list(after.nodes) == ["x", "g", "sum", "y"]
    assert after.links == (link("x", "g"), link("g.b_out", "sum"), link("sum", "y"), link("x", "sum"),
                           link("g.c_out", "sum"))  # fmt: skip
    inside = after.nodes["g"].inside
    assert inside is not None
    assert list(inside.nodes) == ["input", "a", "b", "c", "b_out", "c_out"]
    assert inside.links == (link("input", "a"), link("a", "b"), link("input", "c"), link("b", "b_out"),
                            link("c", "c_out"))  # fmt: skip
    assert inside.positions["a"] == two_roads().positions["a"]


def test_several_inputs_are_called_after_what_they_bring() -> None:
    document = design(
        node("words", "Input"), node("rnn", "LSTM"), node("dec", "LSTM"), node("y", "Output"),
        links="words rnn, words dec.x, rnn.state dec.state, dec y",
    )  # fmt: skip
    inside = grouped(document, ("dec",), "g").nodes["g"].inside
    assert inside is not None
    assert [name for name, each in inside.nodes.items() if each.layer == "Input"] == ["words", "rnn_state"]


def test_what_is_read_first_stands_first_at_the_group_too() -> None:
    document = design(node("x", "Input"), node("y", "Input"), node("both", "Concat"), node("z", "Output"),
                      links="x both z, y both")  # fmt: skip
    document = replace(document, positions={**document.positions, "x": (0.0, 300.0)})
    after = grouped(document, ("both",), "g")
    inside = after.nodes["g"].inside
    assert inside is not None
    assert [each.source for each in inside.incoming["both"]] == ["x", "y"]  # the order at a port of many links stays
    assert list(inside.nodes)[:2] == ["y", "x"]  # from the top of the canvas to its bottom


REFUSED = {
    "nothing": ((), "Select"),
    "an end of the design": (("x", "a"), "x is an Input"),
    "what another lies between": (("a", "sum"), "b lies between"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_a_group_is_refused_in_a_sentence(what: str) -> None:
    chosen, said = REFUSED[what]
    with pytest.raises(UserError, match=said):
        grouped(two_roads(), chosen, "g")


def test_weights_are_not_shared_across_a_border() -> None:
    document = two_roads()
    shared = Node("c", "Linear", {"out_features": 6}, learning={"shared_with": "a"})
    document = replace(document, nodes={**document.nodes, "c": shared})
    with pytest.raises(UserError, match="Select a too"):
        grouped(document, ("c",), "g")
    with pytest.raises(UserError, match="Select c too"):
        grouped(document, ("a", "b"), "g")
    both = grouped(document, ("a", "b", "c"), "g")
    assert check(both).parameters == check(document).parameters
    alone, _ = ungroup(both, "g")
    assert alone.nodes["c"].learning == {"shared_with": "a"}


def formulas() -> Document:
    return design(
        node("x", "Input", shape=(6,)), node("a", "Linear", out_features="=2*width"),
        node("b", "Linear", out_features="=half"), node("y", "Output"),
        links="x a b y", variables={"width": 8, "half": "=width//2", "unused": 3},
    )  # fmt: skip


def test_variables_go_into_the_group_and_follow_those_around() -> None:
    after = grouped(formulas(), ("a", "b"), "g")
    new = after.nodes["g"]
    assert new.settings == {"width": "=width", "half": "=half"}
    assert new.inside is not None
    assert new.inside.variables == {"width": 8, "half": 4}
    wider = replace(after, variables={**after.variables, "width": 100})
    assert check(wider).nodes["y"].shape == check(replace(formulas(), variables=wider.variables)).nodes["y"].shape


def test_ungrouping_writes_formulas_of_the_variables_around() -> None:
    document = formulas()
    again, _ = ungroup(grouped(document, ("a", "b"), "g"), "g")
    assert again.nodes == document.nodes
    layers = (node("l", "Linear", out_features="=2*n"), node("m", "Linear", out_features="=k"))
    inside = design(node("i", "Input"), *layers, node("o", "Output"), links="i l m o", variables={"n": 5, "k": "=n+1"})
    for told, first, second in (
        ({}, 10, 6),
        ({"n": "=width+1"}, "=2 * (width + 1)", "=width + 1 + 1"),
        ({"k": 7}, 10, 7),
    ):
        whole = design(node("x", "Input"), group("g", inside, **told), node("y", "Output"), links="x g y",
                       variables={"width": 8})  # fmt: skip
        flat, _ = ungroup(whole, "g")
        assert (flat.nodes["l"].settings["out_features"], flat.nodes["m"].settings["out_features"]) == (first, second)


def test_formulas_that_double_again_and_again_end() -> None:
    doubling = {f"b{n + 1}": f"=b{n}+b{n}" for n in range(50)}
    inside = design(node("i", "Input"), node("l", "Linear", out_features="=b50//b49"), node("o", "Output"),
                    links="i l o", variables={"b0": 1, **doubling})  # fmt: skip
    whole = design(node("x", "Input"), group("g", inside, b0="=width"), node("y", "Output"), links="x g y",
                   variables={"width": 8})  # fmt: skip
    flat, _ = ungroup(whole, "g")
    assert flat.nodes["l"].settings["out_features"] == 2


def test_a_repeated_group_becomes_its_rounds_one_after_another() -> None:
    inside = design(node("i", "Input"), node("l", "Linear", out_features="=n"), node("o", "Output"), links="i l o",
                    variables={"n": 5})  # fmt: skip
    whole = design(node("x", "Input"), group("g", inside, repeat="=times"), node("y", "Output"), links="x g y",
                   variables={"times": 3})  # fmt: skip
    flat, new = ungroup(whole, "g")
    assert list(new) == ["l", "l2", "l3"]
    assert flat.links == (link("x", "l"), link("l", "l2"), link("l2", "l3"), link("l3", "y"))
    assert check(flat).parameters == check(whole).parameters
    columns = sorted(flat.positions[name][0] for name in flat.nodes)
    assert all(right - left >= 220 for left, right in itertools.pairwise(columns))


def test_what_a_group_says_of_learning_is_said_at_its_layers() -> None:
    inside = design(node("i", "Input"), node("l", "Linear"), node("r", "ReLU"), node("o", "Output"), links="i l r o")
    first = replace(inside.nodes["l"], learning={"l2": 0.5, "l1": 1.0})
    inside = replace(inside, nodes={**inside.nodes, "l": first})
    frozen = Node("g", "Group", {}, inside, {"trainable": False, "l2": 0.25})
    whole = design(node("x", "Input"), frozen, node("y", "Output"), links="x g y")
    flat, _ = ungroup(whole, "g", known=Known({}, {"l"}))
    assert flat.nodes["l"].learning == {"trainable": False, "l2": 0.75, "l1": 1.0}
    assert flat.nodes["r"] is inside.nodes["r"]
    assert not check(flat).trainable_parameters


def test_a_group_whose_weights_others_name_is_not_taken_apart() -> None:
    inside = design(node("i", "Input"), node("l", "Linear"), node("o", "Output"), links="i l o")
    again = Node("h", "Group", {}, inside, {"shared_with": "g"})
    whole = design(node("x", "Input"), group("g", inside), again, node("y", "Output"), links="x g h y")
    for name in ("g", "h"):
        with pytest.raises(UserError, match="h shares the weights of g"):
            ungroup(whole, name)
    loading = Node("g", "Group", {}, inside, {"load": "w.safetensors"})
    with pytest.raises(UserError, match="a file"):
        ungroup(design(loading), "g")
    with pytest.raises(UserError, match="Switch it on"):
        ungroup(design(replace(group("g", inside), bypassed=True)), "g")


def test_a_value_that_would_be_read_twice_by_one_port_is_refused() -> None:
    passing = design(node("i", "Input"), node("o", "Output"), links="i o")
    whole = design(node("x", "Input"), group("g", passing), node("sum", "Add"), node("y", "Output"),
                   links="x g sum y, x sum")  # fmt: skip
    with pytest.raises(UserError, match="sum would read x twice"):
        ungroup(whole, "g")


def test_dots_and_unknown_parts_of_links_come_back_where_they_were() -> None:
    document = two_roads()
    everything = {each: ((float(n), 1.0), (float(n), 2.0)) for n, each in enumerate(document.links)}
    document = replace(document, routes=everything, link_extra={each: {"note": each.ends} for each in document.links})
    for chosen in (("a", "b"), ("a", "b", "c"), ("sum",), ("a", "b", "c", "sum")):
        again, _ = ungroup(grouped(document, chosen, "g"), "g")
        assert again.routes == document.routes
        assert again.link_extra == document.link_extra
        assert again.positions == document.positions


def groupable(document: Document, data: st.DataObject) -> Document | None:
    """The design with some of its nodes in a group; None where they cannot be one."""
    inner = [name for name, each in document.nodes.items() if each.layer not in ("Input", "Output")]
    chosen = data.draw(st.sets(st.sampled_from(inner))) if inner else set()
    try:
        return grouped(document, chosen, "grp")
    except UserError:
        return None


def by_port(document: Document) -> dict[tuple[str, str], list[Link]]:
    found: dict[tuple[str, str], list[Link]] = {}
    for each in document.links:
        found.setdefault((each.target, each.target_port), []).append(each)
    return found


@settings(max_examples=60, **QUIET)
@given(sound_designs(), st.data())
def test_a_group_changes_no_shape_and_no_count_and_ungrouping_takes_it_back(
    document: Document, data: st.DataObject
) -> None:
    document = replace(document, positions={name: (250.0 * n, 0.0) for n, name in enumerate(document.nodes)})
    after = groupable(document, data)
    if after is None:
        return
    before, now = check(document), check(after)
    assert now.sound == before.sound
    totals = ("parameters", "trainable_parameters", "macs")
    assert [getattr(now, each) for each in totals] == [getattr(before, each) for each in totals]
    inner = now.nodes["grp"].rounds[0].nodes
    for name, each in before.nodes.items():
        assert (now.nodes if name in now.nodes else inner)[name].outgoing == each.outgoing
    again, _ = ungroup(after, "grp")
    assert again.nodes == document.nodes
    assert by_port(again) == by_port(document)
    assert again.positions == document.positions


@settings(max_examples=60, **QUIET)
@given(sound_designs(), st.data())
def test_ungrouping_changes_no_shape_and_no_count(document: Document, data: st.DataObject) -> None:
    groups = [name for name, each in document.nodes.items() if each.layer == "Group"]
    if not groups:
        return
    name = data.draw(st.sampled_from(groups))
    before = check(document)
    try:
        after, new = ungroup(document, name)
    except UserError:
        return
    now = check(after)
    assert now.sound or not before.sound
    assert (now.parameters, now.macs) == (before.parameters, before.macs)
    assert all(now.nodes[each].outgoing == before.nodes[each].outgoing for each in document.nodes if each != name)
    assert set(after.nodes) == set(document.nodes) - {name} | set(new)


@settings(max_examples=150, **QUIET)
@given(whole_documents(), st.data())
def test_broken_designs_are_grouped_and_ungrouped_without_loose_ends(document: Document, data: st.DataObject) -> None:
    told = repr(document)
    after = groupable(document, data)
    groups = [name for name, each in document.nodes.items() if each.layer == "Group"]
    if after is not None:
        assert_whole(after)
        again, _ = ungroup(after, "grp")
        assert_whole(again)
        assert again.nodes == document.nodes or document.variables
        assert set(again.links) == set(document.links)
    for name in groups:
        try:
            flat, _ = ungroup(document, name, document.blocks)
        except UserError:
            continue
        assert_whole(flat)
        check(flat)
    assert repr(document) == told


def test_frames_go_into_a_group_whole_and_notes_come_out_of_it() -> None:
    document = two_roads()
    frames = {"frame1": Frame("Road", "blue", ("a", "b")), "frame2": Frame("Rest", "red", ("c", "sum"))}
    document = replace(document, frames=frames)
    whole = grouped(document, ("a", "b"), "g")
    assert whole.frames == {"frame2": frames["frame2"]}
    assert whole.nodes["g"].inside is not None
    assert whole.nodes["g"].inside.frames == {"frame1": frames["frame1"]}
    again = ungroup(whole, "g")[0].frames.values()
    assert sorted(again, key=repr) == sorted(frames.values(), key=repr)
    part = grouped(document, ("c",), "g")
    assert part.frames["frame2"].members == ("g", "sum")
    inside = replace(part.nodes["g"].inside or document, stickies={"note1": Sticky("Look", (0.0, 0.0))})
    flat, _ = ungroup(replace(part, nodes={**part.nodes, "g": replace(part.nodes["g"], inside=inside)}), "g")
    assert flat.frames == frames
    assert flat.stickies == {"note1": Sticky("Look", (0.0, 0.0))}
