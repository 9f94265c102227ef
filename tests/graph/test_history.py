"""Undo gives back the very design; edits of one gesture are one step."""

from __future__ import annotations

from designs import node
from hypothesis import given
from hypothesis import strategies as st

from designer.graph import edits, history
from designer.graph.document import Document
from designer.graph.history import History


def documents(number: int) -> list[Document]:
    found = [Document()]
    for count in range(number):
        found.append(edits.add_node(found[-1], node(f"n{count}", "ReLU")))
    return found


def test_undo_goes_back_to_the_exact_start_and_redo_to_the_exact_end() -> None:
    steps = documents(5)
    done = History.of(steps[0])
    for step in steps[1:]:
        done = done.commit(step, "Add")
    back = done
    for step in reversed(steps[:-1]):
        back = back.undo()
        assert back.document is step
    assert back.undo_label is None
    assert back.undo().document is steps[0]
    for step in steps[1:]:
        back = back.redo()
        assert back.document is step
    assert back.redo_label is None
    assert back.redo().document is steps[-1]


def test_labels_name_the_edit_that_would_be_taken_back_or_made_again() -> None:
    first, second, third = documents(2)
    done = History.of(first).commit(second, "Add one").commit(third, "Add two").undo()
    assert (done.undo_label, done.redo_label) == ("Add one", "Add two")


def test_a_new_edit_after_undo_forgets_what_was_undone() -> None:
    first, second, third = documents(2)
    done = History.of(first).commit(second, "Add").undo().commit(third, "Else")
    assert done.redo_label is None
    assert done.undo().document is first


def test_edits_with_the_same_key_are_one_step() -> None:
    first, second, third, fourth = documents(3)
    done = (
        History.of(first).commit(second, "Move", "drag").commit(third, "Move", "drag").commit(fourth, "Move", "other")
    )
    assert done.undo().document is third
    assert done.undo().undo().document is first


def test_the_first_edit_of_all_is_never_joined_to_the_start() -> None:
    first, second, _ = documents(2)
    assert History.of(first).commit(second, "Move", None).undo().document is first
    assert History.of(first).commit(second, "Move", "drag").undo().document is first


def test_a_settled_gesture_is_not_joined_by_the_next_of_the_same_key() -> None:
    first, second, third = documents(2)
    done = History.of(first).commit(second, "Type", "field").settle().commit(third, "Type", "field")
    assert done.undo().document is second


def test_undo_and_redo_settle() -> None:
    first, second, third, fourth = documents(3)
    done = History.of(first).commit(second, "Type", "k").commit(third, "Type", "j").undo().commit(fourth, "Type", "k")
    assert done.undo().document is second
    done = History.of(first).commit(second, "Type", "k").undo().redo().commit(third, "Type", "k")
    assert done.undo().document is second


def test_an_edit_that_changed_nothing_is_no_step() -> None:
    done = History.of(documents(0)[0])
    assert done.commit(done.document, "Nothing") is done
    assert done.settle() is done


def test_only_so_many_steps_are_kept() -> None:
    done = History.of(Document())
    for step in documents(history.LONGEST + 5)[1:]:
        done = done.commit(step, "Add")
    assert len(done.states) == history.LONGEST
    assert done.document.nodes.keys() >= {"n0", f"n{history.LONGEST + 4}"}
    for _ in range(history.LONGEST):
        done = done.undo()
    assert done.undo_label is None


def test_a_jump_is_as_many_steps_of_undo_or_redo() -> None:
    steps = documents(6)
    done = History.of(steps[0])
    for step in steps[1:]:
        done = done.commit(step, "Add", "drag")
        done = done.settle()
    assert done.jump(2).document is steps[2]
    assert done.jump(2) == done.undo().undo().undo().undo()
    assert done.jump(2).jump(6) == done
    assert done.jump(-3).document is steps[0]
    assert done.jump(99).document is steps[-1]


@given(st.lists(st.sampled_from(["commit", "merge", "settle", "undo", "redo"]), max_size=30))
def test_whatever_is_done_undo_to_the_end_is_the_start(gestures: list[str]) -> None:
    steps = iter(documents(40))
    start = next(steps)
    done = History.of(start)
    for gesture in gestures:
        if gesture in ("commit", "merge"):
            done = done.commit(next(steps), gesture, "key" if gesture == "merge" else None)
        else:
            done = getattr(done, gesture)()
    shown = done.document
    moves = 0
    while done.undo_label is not None:
        done, moves = done.undo(), moves + 1
    assert done.document is start
    for _ in range(moves):
        done = done.redo()
    assert done.document is shown
