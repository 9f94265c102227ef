"""Links from outside go with a copy, and are drawn where what they come from stands."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.graph import edits, files
from designer.graph.document import Document, Link, Node
from designer.graph.excerpts import design_in
from designer.graph.incoming import KEY, led_into, with_incoming
from designer.graph.writing import dumps
from designer.problems import UserError

PLACE = ("block1",)


@pytest.fixture
def design() -> Document:
    """a and b are joined in that order; b reads a too."""
    layers = {"a": "Input", "b": "ReLU", "join": "Concat", "lstm": "LSTM", "end": "Output"}
    links = (Link("a", "b"), Link("a", "join"), Link("b", "join"), Link("lstm", "end", "state"), Link("a", "lstm"))
    return Document({name: Node(name, layer) for name, layer in layers.items()}, links)


def pasted(design: Document, fragment: Document, place: tuple[str, ...] = PLACE) -> tuple[Link, ...]:
    """The new links after what went over the clipboard was pasted."""
    there = files.loads(dumps(fragment))
    return edits.paste(design, led_into(there, design, place))[0].links[len(design.links) :]


def test_the_order_of_links_into_one_port_is_kept(design):
    fragment = with_incoming(edits.copy(design, ("b", "join")), design, PLACE)
    assert pasted(design, fragment) == (Link("a", "b2"), Link("a", "join2"), Link("b2", "join2"))


def test_ports_are_kept_and_a_node_that_is_gone_gives_nothing(design):
    fragment = with_incoming(edits.copy(design, ("end",)), design, PLACE)
    assert pasted(design, fragment) == (Link("lstm", "end2", "state"),)
    assert pasted(edits.remove(design, ("lstm",)), fragment) == ()


def test_in_another_place_nothing_is_linked(design):
    fragment = with_incoming(edits.copy(design, ("b",)), design, PLACE)
    assert pasted(design, fragment, ()) == ()


def test_what_reads_nothing_outside_says_nothing_of_it(design):
    fragment = edits.copy(design, ("a", "b"))
    assert with_incoming(fragment, design, PLACE) is fragment


@pytest.mark.parametrize("told", [3, {"links": [["a"]]}, {"links": [[1, 2]]}, {"place": "x"}])
def test_what_is_no_list_of_links_is_refused_in_a_sentence(design, told):
    fragment = replace(edits.copy(design, ("b",)), extra={KEY: told})
    with pytest.raises(UserError, match="incoming"):
        led_into(fragment, design, PLACE)


@given(before=st.text("abc {}>`\n\xa0", max_size=40), after=st.text("abc {}[]`\n", max_size=40))
def test_a_design_is_found_among_other_words(before, after):
    document = Document({"a": Node("a", "ReLU", note="left > right {}")}, (), {"a": (0.0, 0.0)})
    assert files.loads(design_in(f"{before}\n{dumps(document)}\n{after}")) == document


@pytest.mark.parametrize("mark", ["> ", ">> ", "\xa0\xa0", "\ufeff"])
def test_what_chats_and_mails_add_does_no_harm(mark):
    document = Document({"a": Node("a", "ReLU")}, (), {"a": (0.0, 0.0)})
    lines = "".join(f"{mark}{line}\n" for line in dumps(document).splitlines())
    text = lines if mark != "\ufeff" else mark + dumps(document)
    assert files.loads(design_in(f"Look:\n{text}" if mark != "\ufeff" else text)) == document


def test_a_text_of_braces_is_looked_through_quickly():
    assert design_in('{"format"' * 20_000) == '{"format"' * 20_000
