"""Sticky notes are placed, written on, moved, resized, copied and taken away."""

from __future__ import annotations

import pytest
from designs import design, node
from hypothesis import given
from hypothesis import strategies as st

from designer.graph import edits
from designer.graph.document import Document, Sticky
from designer.graph.stickies import (
    add_sticky,
    change_sticky,
    fitting,
    move_stickies,
    place_sticky,
    remove_stickies,
)
from designer.problems import UserError

NOTED = add_sticky(design(node("a", "Input")), Sticky("Read **me**", (10.0, 20.0), (200.0, 100.0), "yellow"))


def test_a_note_is_placed_written_on_moved_resized_and_taken_away() -> None:
    assert NOTED.stickies == {"note1": Sticky("Read **me**", (10.0, 20.0), (200.0, 100.0), "yellow")}
    after = change_sticky(NOTED, "note1", text="Other", color="green")
    after = move_stickies(after, {"note1": (1.0, 2.0), "nobody": (0.0, 0.0)})
    after = place_sticky(after, "note1", (0.0, 2.0), (300.0, 1.0))
    assert after.stickies == {"note1": Sticky("Other", (0.0, 2.0), (300.0, 50.0), "green")}
    assert after.nodes is NOTED.nodes
    assert not remove_stickies(after, ("note1", "nobody")).stickies


def test_what_changes_nothing_gives_the_same_design_and_what_is_gone_is_said() -> None:
    assert change_sticky(NOTED, "note1", text="Read **me**") is NOTED
    assert move_stickies(NOTED, {"note1": (10.0, 20.0)}) is NOTED
    assert place_sticky(NOTED, "note1", (10.0, 20.0), (200.0, 100.0)) is NOTED
    assert remove_stickies(NOTED, ("nobody",)) is NOTED
    with pytest.raises(UserError):
        change_sticky(NOTED, "nobody", text="")


def test_notes_are_copied_where_they_are_chosen_and_pasted_beside_their_place() -> None:
    assert not edits.copy(NOTED, ("a",)).stickies
    alone = edits.copy(NOTED, (), ("note1",))
    pasted, _ = edits.paste(NOTED, alone, (5.0, 6.0))
    assert list(pasted.stickies) == ["note1", "note2"]
    assert pasted.stickies["note2"].position == (15.0, 26.0)
    assert edits.paste(NOTED, Document())[0] is NOTED


@given(st.tuples(st.floats(allow_nan=False), st.floats(allow_nan=False)))
def test_every_size_is_brought_within_the_limits_once(size: tuple[float, float]) -> None:
    assert fitting(fitting(size)) == fitting(size)
    assert 80 <= fitting(size)[0] <= 4000
    assert 50 <= fitting(size)[1] <= 4000
