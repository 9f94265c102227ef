"""Frames hold nodes by a list, and keep to it whatever happens to the nodes."""

from __future__ import annotations

import pytest
from designs import design, looks_edits, made, node, random_edits, whole_documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designer.graph import edits
from designer.graph.document import Document, Frame, Node
from designer.graph.frames import add_frame, change_frame, join, release, remove_frames
from designer.graph.looks import set_color, set_note
from designer.problems import UserError

CHAIN = design(node("a", "Input"), node("b", "ReLU"), node("c", "Add"), node("d", "Output"), links="a b c d")
FRAMED = add_frame(CHAIN, ("c", "b"), "Middle", "red")


def members(document: Document) -> dict[str, tuple[str, ...]]:
    return {key: frame.members for key, frame in document.frames.items()}


def test_a_frame_is_put_around_nodes_and_touches_nothing_else() -> None:
    assert FRAMED.frames == {"frame1": Frame("Middle", "red", ("b", "c"))}
    assert FRAMED.nodes is CHAIN.nodes
    assert FRAMED.links is CHAIN.links
    assert FRAMED.positions is CHAIN.positions
    with pytest.raises(UserError):
        add_frame(CHAIN, ("nobody",))


def test_a_node_goes_from_one_frame_into_another_and_an_empty_frame_goes() -> None:
    again = add_frame(FRAMED, ("c", "d"))
    assert members(again) == {"frame1": ("b",), "frame2": ("c", "d")}
    assert members(join(again, "frame2", ("b",))) == {"frame2": ("c", "d", "b")}
    assert members(release(again, ("b", "c"))) == {"frame2": ("d",)}
    assert release(again, ("a", "nobody")) is again
    assert join(again, "frame2", ("c", "nobody")) is again


def test_a_frame_gets_another_title_and_colour_and_goes_without_its_nodes() -> None:
    other = change_frame(FRAMED, "frame1", title="Core", color="green")
    assert other.frames["frame1"] == Frame("Core", "green", ("b", "c"))
    assert change_frame(other, "frame1", title="Core") is other
    gone = remove_frames(other, ("frame1",))
    assert not gone.frames
    assert gone.nodes is CHAIN.nodes
    with pytest.raises(UserError):
        change_frame(gone, "frame1", title="?")


def test_members_are_renamed_removed_and_copied_with_their_frame() -> None:
    assert members(edits.rename(FRAMED, "b", "n")) == {"frame1": ("n", "c")}
    assert members(edits.remove(FRAMED, ("b",))) == {"frame1": ("c",)}
    assert members(edits.remove(FRAMED, ("b", "c"))) == {}
    assert members(edits.dissolve(FRAMED, "b")) == {"frame1": ("c",)}
    pasted, ids = edits.paste(FRAMED, edits.copy(FRAMED, ("a", "b", "c")))
    assert members(pasted) == {"frame1": ("b", "c"), "frame2": (ids["b"], ids["c"])}
    assert not edits.copy(FRAMED, ("b",)).frames


def test_a_node_put_between_two_members_is_one_too() -> None:
    after = edits.insert_on_link(FRAMED, FRAMED.links[1], Node("n", "ReLU"))
    assert members(after) == {"frame1": ("b", "c", "n")}
    assert members(edits.insert_on_link(FRAMED, FRAMED.links[0], Node("n", "ReLU"))) == {"frame1": ("b", "c")}


def test_colours_and_notes_change_their_node_alone() -> None:
    after = set_note(set_color(CHAIN, ("b", "nobody"), "teal"), "c", "why?")
    assert (after.nodes["b"].color, after.nodes["c"].note) == ("teal", "why?")
    assert after.nodes["a"] is CHAIN.nodes["a"]
    assert set_color(after, ("b",), "teal") is after
    assert set_note(set_note(after, "nobody", "x"), "c", "why?") is after


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(whole_documents(), st.data())
def test_whatever_is_done_frames_hold_nodes_that_are_there_each_once(document: Document, data: st.DataObject) -> None:
    names = st.sampled_from([*document.nodes, "nobody"])
    for _ in range(3):
        document = made(data.draw(st.one_of(looks_edits(names), random_edits(document))), document)
    for place in (document, *(each.inside for each in document.nodes.values() if each.inside is not None)):
        held = [name for frame in place.frames.values() for name in frame.members]
        assert len(held) == len(set(held))
        assert set(held) <= set(place.nodes)
        assert all(frame.members for frame in place.frames.values())
